import { FootfallError } from "../core/errors";
import type { NamedFile } from "../core/job/session";
import type { LayerPreview } from "../core/truth/layer-types";
import { groupLayers, isMatrix } from "../core/truth/layer-kinds";
import type { StepDocument } from "./document";
import { layerKind, type LayerSpec } from "./steps/layer";
import type { Notebook } from "./store";

const DATA_KIND = "data";

/** A path without its folders. */
const fileName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** Id of the notebook's data step. Throws "bad-input" where there is none. */
function dataOf({ store }: Notebook): string {
  const { order, authored } = store.getState();
  const found = order.find((id) => authored[id]?.kind === DATA_KIND);
  if (found !== undefined) return found;
  throw new FootfallError(
    "bad-input",
    "this notebook has no people whose cells a layer could meet",
  );
}

/** The smallest number for which no step has one of these ids yet, removed ones included. */
function freeNumber({ store }: Notebook, ...stems: string[]): number {
  const { authored, removed } = store.getState();
  const taken = new Set([...Object.keys(authored), ...(removed?.steps.map(({ id }) => id) ?? [])]);
  let n = 1;
  while (stems.some((stem) => taken.has(`${stem}-${n}`))) n++;
  return n;
}

/** Starts a step as soon as the step above it has something to show that is good enough, if it ever has. */
function startAfter(
  { store, start }: Notebook,
  { above, id }: { above: string; id: string },
  isEnough: (outcome: unknown) => boolean,
): void {
  const stop = store.subscribe(({ outcome, authored }) => {
    const isGone = authored[id] === undefined;
    const found = outcome[above];
    if (!isGone && found === undefined) return;
    stop();
    if (!isGone && isEnough(found)) start(id);
  });
}

const isDone = ({ store }: Notebook, id: string): boolean =>
  store.getState().state[id]?.kind === "done";

/** A layer and what it says of each cell; measured at once where nothing has to be chosen and the people are there. */
function addLayer(notebook: Notebook, paths: string[], files: string): string {
  const data = dataOf(notebook);
  const n = freeNumber(notebook, "layer", "truth", "task");
  const [layer, truth] = [`layer-${n}`, `truth-${n}`];
  notebook.addSteps([
    { id: layer, kind: "layer", spec: { paths, files } },
    { id: truth, kind: "truth", inputs: { data, layer }, spec: { name: fileName(paths[0]!) } },
  ]);
  if (isDone(notebook, data)) {
    startAfter(notebook, { above: layer, id: truth }, (outcome) => {
      const { choice, extent } = outcome as LayerPreview;
      return choice !== undefined && extent !== undefined;
    });
  }
  return layer;
}

function addEmbeddings(notebook: Notebook, paths: string[], files: string): string {
  const data = dataOf(notebook);
  const id = `embeddings-${freeNumber(notebook, "embeddings")}`;
  notebook.addSteps([{ id, kind: "embeddings", inputs: { data }, spec: { paths, files } }]);
  if (isDone(notebook, data)) notebook.start(id);
  return id;
}

/** What a layer step was given. */
function layerSpecOf({ store }: Notebook, id: string): LayerSpec {
  return layerKind.toSpec(store.getState().authored[id]?.spec ?? {});
}

let batches = 0;

/** Keeps files under a name that no layer of an earlier visit has either. */
function keepFiles(notebook: Notebook, files: readonly NamedFile[]): string {
  const name = `layers-${Date.now().toString(36)}-${++batches}`;
  notebook.addFiles(name, files);
  return name;
}

/**
 * Adds the steps of dropped files at the end of a notebook: of each layer what it is and what it says of each
 * cell, of a matrix (with its keys) the embeddings. Returns the id of the first new step. Throws "missing-file"
 * for no file and "bad-input" for a notebook without people.
 */
export function addLayers(notebook: Notebook, files: readonly NamedFile[]): string {
  if (files.length === 0) throw new FootfallError("missing-file", "no file was given");
  const paths = files.map(({ path }) => path);
  const kept = keepFiles(notebook, files);
  if (paths.some(isMatrix)) return addEmbeddings(notebook, paths, kept);
  const groups = groupLayers(paths);
  // files of no known ending are looked into all the same: the reader says what they are not
  const layers = groups.length > 0 ? groups : paths.map((path) => [path]);
  return layers.map((group) => addLayer(notebook, group, kept))[0]!;
}

/** Adds a GeoTIFF that lies on the page's own server. */
export const addAddress = (notebook: Notebook, address: string): string =>
  addLayer(notebook, [address], "");

/** Takes the rows of a layer step's table as embeddings: the layer goes, an embeddings step comes. */
export function turnIntoEmbeddings(notebook: Notebook, layer: string): string {
  const { paths, files } = layerSpecOf(notebook, layer);
  notebook.removeStep(layer);
  notebook.store.setState({ removed: undefined }); // it was not taken away, it became something else
  return addEmbeddings(notebook, paths, files);
}

/** What a task can read its answers off. */
export interface TaskSource {
  /** "model", "embeddings", or "coordinates" where nothing but the place is known. */
  readonly kind: "model" | "embeddings" | "coordinates";
  /** The step that has it; undefined for coordinates. */
  readonly id: string | undefined;
  /** In words for a button. */
  readonly words: string;
}

/** All sources of a notebook: its model, brought embeddings, and always the coordinates. */
export function taskSources(
  order: readonly string[],
  authored: Readonly<Record<string, StepDocument>>,
): TaskSource[] {
  const steps = order.flatMap((id) => authored[id] ?? []);
  const own = steps.flatMap(({ id, kind, spec }): TaskSource[] => {
    if (kind === "model") return [{ kind, id, words: "the model’s embeddings" }];
    if (kind !== "embeddings") return [];
    const [path = "the file"] = (spec?.["paths"] ?? []) as string[];
    return [{ kind, id, words: fileName(path) }];
  });
  return [...own, { kind: "coordinates", id: undefined, words: "coordinates alone" }];
}

/** Makes the truth of a step the target of a new task, which runs at once. Returns the task's id. */
export function addTask(notebook: Notebook, truth: string, source: TaskSource): string {
  const { authored } = notebook.store.getState();
  const { data, layer } = authored[truth]?.inputs ?? {};
  const { paths } = layerSpecOf(notebook, layer!);
  const n = freeNumber(notebook, "task");
  const id = `task-${n}`;
  const from = source.id === undefined ? {} : { [source.kind]: source.id };
  notebook.addSteps([
    {
      id,
      kind: "inference",
      inputs: { data: data!, ...from, layer: layer!, truth },
      spec: { target: { step: fileName(paths[0] ?? "") }, extent: "whole" },
    },
  ]);
  notebook.start(id);
  return id;
}
