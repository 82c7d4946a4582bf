import { FootfallError } from "../core/errors";
import type { NamedFile } from "../core/job/session";
import { groupLayers } from "../core/truth/layer-kinds";
import type { NotebookDocument } from "../notebook/document";
import { openNotebook, type Notebook } from "../notebook/store";
import type { RunJob } from "../worker/channel";
import { createFolderNotebook, holdsDataset } from "./folder-notebook";
import { createImportNotebook, createStoredNotebook, mayHoldPoints } from "./import-notebook";
import type { OpenedFolder } from "./open-folder";
import { SHIPPED, type ShippedName } from "./shipped";

/** The open notebook and what it stands on. */
export interface Session {
  notebook: Notebook;
  /** Which shipped notebook it is; undefined for the user's own data. */
  shipped?: ShippedName;
  /** Name of the user's own data; undefined for a shipped notebook. */
  own?: string;
  /** Id of the data set that the browser keeps, or will once it is imported. */
  stored?: string;
  /** True where that data set was there already: the address may name it. */
  isReopened?: boolean;
}

interface SessionOptions {
  run: RunJob;
  seed: number;
}

/** A shipped notebook: its first run starts by itself. */
export function openShipped(shipped: ShippedName, { run, seed }: SessionOptions): Session {
  const notebook = openNotebook({
    document: SHIPPED[shipped],
    run,
    seed,
    folders: new Map(),
    startAll: true,
  });
  return { notebook, shipped };
}

function openOwn(
  document: NotebookDocument,
  first: string,
  { run, seed }: SessionOptions,
  folder: OpenedFolder,
): Session {
  const folders = new Map([[folder.name, folder.files]]);
  const notebook = openNotebook({ document, run, seed, folders, startAll: false });
  notebook.start(first);
  return { notebook, own: folder.name };
}

/** Map layers are no locations; they wait for a step that asks for a truth. */
const LAYER_FILE = /\.(tiff?|shp|dbf|shx|prj|cpg|gpkg|fgb|topojson)$/i;

/** True for a file that can be nothing but a map layer. */
export const isLayerFile = (path: string): boolean => LAYER_FILE.test(path);

/** Adds the steps of layers; their code comes with the first ones. */
function addLayersTo(notebook: Notebook, files: readonly NamedFile[]): void {
  if (files.length === 0) return;
  void import("../notebook/add-layers").then(({ addLayers }) => addLayers(notebook, files));
}

/** Keeps layers with the imported data, and brings those of an earlier visit back. */
function keepLayersOf(notebook: Notebook, id: string): void {
  void import("./keep-layers").then(({ keepLayers }) => keepLayers(notebook, id));
}

/** Files of the layers of a folder that holds tokens and no model: with one, each is a task already. */
function layersWithoutModel({ files }: OpenedFolder, { steps }: NotebookDocument): NamedFile[] {
  if (steps.some(({ kind }) => kind === "model")) return [];
  const paths = new Set(groupLayers(files.map(({ path }) => path)).flat());
  return files.filter(({ path }) => paths.has(path));
}

function openImport(folder: OpenedFolder, options: SessionOptions): Session {
  const files = folder.files.filter(({ path }) => !isLayerFile(path));
  const layers = folder.files.filter(({ path }) => isLayerFile(path));
  const id = crypto.randomUUID().slice(0, 8);
  const name = layers.length > 0 && files.length === 1 ? files[0]!.path : folder.name;
  const document = createImportNotebook(name, id);
  const session = openOwn(document, "files", options, { name, files });
  addLayersTo(session.notebook, layers);
  keepLayersOf(session.notebook, id);
  return { ...session, stored: id };
}

/**
 * The notebook of a folder or of some files: tokens and weights are shown, locations are imported. Opening a
 * data set asks for the first look, so that runs; everything else waits for its Run. Throws "missing-file"
 * where the files cannot serve.
 */
export function openFolder(folder: OpenedFolder, options: SessionOptions): Session {
  if (!holdsDataset(folder) && mayHoldPoints(folder)) return openImport(folder, options);
  const document = createFolderNotebook(folder);
  const first = document.steps.find(({ id }) => id === "masked" || id === "forecast")?.id;
  const session = openOwn(document, first ?? "data", options, folder);
  addLayersTo(session.notebook, layersWithoutModel(folder, document));
  return session;
}

/** The notebook of a data set that was imported before. */
export function openStored(name: string, id: string, options: SessionOptions): Session {
  const document = createStoredNotebook(name, id);
  const session = openOwn(document, "data", options, { name, files: [] });
  keepLayersOf(session.notebook, id);
  return { ...session, stored: id, isReopened: true };
}

/** The stored data set that the address names. Rejects with "missing-file" where it is gone. */
export async function findStored(id: string): Promise<{ name: string; id: string }> {
  const { listSets } = await import("../worker/stored-sets");
  const found = (await listSets()).find((set) => set.id === id);
  if (found !== undefined) return found;
  throw new FootfallError(
    "missing-file",
    "the data that the address names are not, or no longer, kept in this browser",
  );
}
