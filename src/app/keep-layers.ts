import { toFootfallError } from "../core/errors";
import type { NamedFile } from "../core/job/session";
import type { StepDocument } from "../notebook/document";
import type { Notebook, NotebookState } from "../notebook/store";
import { findRun, hasStorage } from "../worker/stored-sets";

/** Below the data set's own folder, so that it goes and is counted with it. */
const FOLDER = "layers";
/** What the folder holds: no layer by its name. */
const INDEX = "index.json";

/** Steps that stand on brought files, and the files' own paths under the name that each batch is kept by. */
interface KeptLayers {
  steps: StepDocument[];
  batches: Record<string, string[]>;
}

function isOwn({ kind, spec }: StepDocument): boolean {
  if (["layer", "truth", "embeddings"].includes(kind)) return true;
  const target = spec?.["target"];
  return kind === "inference" && typeof target === "object" && target !== null && "step" in target;
}

/** Name under which the page keeps a step's files; empty where it has none. */
function batchOf({ spec }: StepDocument): string {
  const files = spec?.["files"];
  return typeof files === "string" ? files : "";
}

function toKept({ order, authored, removed }: NotebookState, notebook: Notebook): KeptLayers {
  const steps = order.flatMap((id) => authored[id] ?? []).filter(isOwn);
  // files of steps that may still be put back are not let go
  const all = [...steps, ...(removed?.steps ?? [])];
  const names = new Set(all.map(batchOf).filter((name) => name !== ""));
  const pathsOf = (name: string): string[] => notebook.filesOf(name).map(({ path }) => path);
  return {
    steps,
    batches: Object.fromEntries([...names].map((name) => [name, pathsOf(name)])),
  };
}

/** The handle of a file by its path. */
async function fileAt(
  root: FileSystemDirectoryHandle,
  path: string,
  options: { create: boolean },
): Promise<FileSystemFileHandle> {
  const parts = path.split("/");
  const name = parts.pop()!;
  let folder = root;
  for (const part of parts) folder = await folder.getDirectoryHandle(part, options);
  return folder.getFileHandle(name, options);
}

async function writeFile(
  root: FileSystemDirectoryHandle,
  path: string,
  content: Blob | string,
): Promise<void> {
  const file = await (await fileAt(root, path, { create: true })).createWritable();
  await file.write(content);
  await file.close();
}

async function writeBatch(
  root: FileSystemDirectoryHandle,
  name: string,
  files: readonly NamedFile[],
): Promise<void> {
  const folder = await root.getDirectoryHandle(name, { create: true });
  for (const { path, blob } of files) await writeFile(folder, path, blob);
}

async function listNames(folder: FileSystemDirectoryHandle): Promise<string[]> {
  const names: string[] = [];
  for await (const name of folder.keys()) names.push(name);
  return names;
}

/** Brings the kept layers to what the notebook has: new batches are written, those that no step names go. */
async function write(
  run: FileSystemDirectoryHandle,
  kept: KeptLayers,
  notebook: Notebook,
): Promise<void> {
  const root = await run.getDirectoryHandle(FOLDER, { create: true });
  const there = await listNames(root);
  for (const name of Object.keys(kept.batches)) {
    if (!there.includes(name)) await writeBatch(root, name, notebook.filesOf(name));
  }
  await writeFile(root, INDEX, JSON.stringify(kept));
  for (const name of there) {
    if (name !== INDEX && !(name in kept.batches))
      await root.removeEntry(name, { recursive: true });
  }
  const isEmpty = kept.steps.length + Object.keys(kept.batches).length === 0;
  if (isEmpty) await run.removeEntry(FOLDER, { recursive: true });
}

async function readBatch(
  root: FileSystemDirectoryHandle,
  name: string,
  paths: readonly string[],
): Promise<NamedFile[]> {
  const folder = await root.getDirectoryHandle(name);
  const open = async (path: string): Promise<NamedFile> => ({
    path,
    blob: await (await fileAt(folder, path, { create: false })).getFile(),
  });
  return Promise.all(paths.map(open));
}

/** Puts the kept layers of a data set into its notebook; nothing where there are none. */
async function restore(notebook: Notebook, id: string): Promise<void> {
  const run = await findRun(id);
  if (run === undefined || !(await listNames(run.folder)).includes(FOLDER)) return;
  const root = await run.folder.getDirectoryHandle(FOLDER);
  const index = await (await root.getFileHandle(INDEX)).getFile();
  const { steps, batches } = JSON.parse(await index.text()) as KeptLayers;
  for (const [name, paths] of Object.entries(batches)) {
    notebook.addFiles(name, await readBatch(root, name, paths));
  }
  for (const step of steps) {
    const { authored } = notebook.store.getState();
    const isWhole = Object.values(step.inputs ?? {}).every((input) => authored[input]);
    if (isWhole) notebook.addSteps([step]); // a model of that visit may be gone
  }
}

/** A change is written when nothing has changed for this long. */
const CALM_MS = 400;

const KEPT = "Layers are kept in this browser with the imported data, and go with them.";

/**
 * Keeps the layers of a notebook beside its data set in the browser's storage, from the moment that the data set
 * is there; what an earlier visit kept comes back first. Ends with the page.
 */
export async function keepLayers(notebook: Notebook, id: string): Promise<void> {
  if (!(await hasStorage())) return;
  const { store } = notebook;
  const tell = (keeping: string): void => store.setState({ keeping });
  const tellWhyNot = (thrown: unknown): void =>
    tell(`Layers are not kept: ${toFootfallError(thrown, "no-space").message}`);
  await restore(notebook, id).catch(tellWhyNot);
  let written = JSON.stringify(toKept(store.getState(), notebook));
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastRun: string | undefined;
  const sync = async (): Promise<void> => {
    const run = await findRun(id);
    if (run === undefined) return; // not imported yet
    const kept = toKept(store.getState(), notebook);
    const text = JSON.stringify(kept);
    const isSame = text === written && (lastRun ?? run.run) === run.run;
    const isFirst = lastRun === undefined && kept.steps.length > 0;
    lastRun = run.run;
    if (!isSame || isFirst) await write(run.folder, kept, notebook);
    written = text;
    if (store.getState().keeping !== KEPT) tell(KEPT);
  };
  let last = Promise.resolve();
  const later = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      last = last.then(sync).catch(tellWhyNot);
    }, CALM_MS);
  };
  store.subscribe((state, old) => {
    const isData = Object.keys(state.outcome).length !== Object.keys(old.outcome).length;
    const isChanged = state.authored !== old.authored || state.removed !== old.removed;
    if (isChanged || isData) later();
  });
  later();
}
