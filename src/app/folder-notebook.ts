import { FootfallError } from "../core/errors";
import { groupLayers } from "../core/truth/layer-kinds";
import { ADAPT_STEPS } from "../notebook/adapt-steps";
import type { NotebookDocument, StepDocument } from "../notebook/document";
import type { OpenedFolder } from "./open-folder";

/** What an opened folder can give to a notebook. */
interface Contents {
  hasTokens: boolean;
  hasWeights: boolean;
  /** True where these are of a GPT on points. */
  isOfPoints: boolean;
  /** Layers that can serve as truth: the files of each. */
  layers: string[][];
}

const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** What a folder must hold to serve as tokens or as weights: the files of the project's promises 2 and 3. */
const TOKEN_FILES = ["check-ins.parquet", "trajectories.parquet", "report.json"];
export const WEIGHT_FILES = ["config.json", "model.safetensors", "tokenizer.json"];

/** A GPT on points has no tokens. */
export const POINT_WEIGHT_FILES = WEIGHT_FILES.filter((name) => name !== "tokenizer.json");

/** True where all files are there, false where none that marks the kind is. Throws for a half. */
function holdsAll(folder: OpenedFolder, wanted: readonly string[], what: string): boolean {
  const names = new Set(folder.files.map(({ path }) => baseName(path)));
  const marks = wanted.filter((name) => name !== "tokenizer.json"); // tokens may come with one too
  if (!marks.some((name) => names.has(name))) return false;
  const missing = wanted.filter((name) => !names.has(name));
  if (missing.length === 0) return true;
  throw new FootfallError(
    "missing-file",
    `the folder "${folder.name}" holds a part of ${what}: ${missing.join(" and ")} missing`,
  );
}

function lookInto(folder: OpenedFolder): Contents {
  const { isOfPoints = false } = folder;
  return {
    hasTokens: holdsAll(folder, TOKEN_FILES, "a set of tokens"),
    hasWeights: holdsAll(folder, isOfPoints ? POINT_WEIGHT_FILES : WEIGHT_FILES, "a model"),
    isOfPoints,
    layers: groupLayers(folder.files.map(({ path }) => path)),
  };
}

/** True where the folder holds tokens or weights, whole or in part. Throws for a part. */
export function holdsDataset(folder: OpenedFolder): boolean {
  const { hasTokens, hasWeights } = lookInto(folder);
  return hasTokens || hasWeights;
}

const ON_MODEL = { data: "data", model: "model" };

/** What stands below data without weights. */
export const TRAINING_STEPS: readonly StepDocument[] = [
  { id: "pretrain", kind: "pretrain", inputs: { data: "data" } },
  { id: "sweep", kind: "sweep", inputs: { data: "data" } },
  // of the open questions, those that train their own models
  {
    id: "experiment",
    kind: "experiment",
    inputs: { data: "data" },
    spec: { experiment: "tokens" },
  },
];

function layerSteps(layers: readonly string[][]): StepDocument[] {
  return layers.map((paths, i) => ({
    id: `truth-${i + 1}`,
    kind: "inference",
    inputs: ON_MODEL,
    spec: { target: { paths }, extent: "whole" },
  }));
}

function countrySteps(): StepDocument[] {
  return (["population", "builtUp", "trees"] as const).map((field) => ({
    id: field === "builtUp" ? "built-up" : field,
    kind: "inference",
    inputs: ON_MODEL,
    spec: { target: { field } },
  }));
}

function modelSteps(folder: string, truths: readonly StepDocument[]): StepDocument[] {
  return [
    { id: "model", kind: "model", inputs: { data: "data" }, spec: { source: "folder", folder } },
    { id: "masked", kind: "masked", inputs: ON_MODEL },
    { id: "score", kind: "score", inputs: ON_MODEL },
    ...truths,
    ...ADAPT_STEPS,
    { id: "experiment", kind: "experiment", inputs: ON_MODEL },
  ];
}

function pointSteps(folder: string): StepDocument[] {
  const spec = { model: { source: "folder", folder } };
  return [{ id: "forecast", kind: "forecast", inputs: { data: "data" }, spec }, ...TRAINING_STEPS];
}

function leadOf({ hasTokens, hasWeights, isOfPoints, layers }: Contents, name: string): string {
  if (!hasTokens) return `The weights of “${name}” on the simulated country.`;
  if (!hasWeights) {
    return `The people of “${name}”. The folder holds no weights, so nothing is guessed yet: train a model of your own below.`;
  }
  if (isOfPoints)
    return `Where does the GPT of “${name}” expect people next? Nothing of this folder leaves your machine.`;
  const truths = layers.length === 0 ? "" : ", and what the embeddings know about its layers";
  return `The same questions, asked of “${name}”: can the model guess a hidden place${truths}? Nothing of this folder leaves your machine.`;
}

/**
 * The notebook of an opened folder: tokens become the data, weights the model, each layer (raster, polygons,
 * table) a truth. Weights without tokens are shown on the simulated country. Throws "missing-file" where there is neither, or half.
 */
export function createFolderNotebook(folder: OpenedFolder): NotebookDocument {
  const contents = lookInto(folder);
  const { hasTokens, hasWeights, isOfPoints, layers } = contents;
  if (!hasTokens && !hasWeights) {
    throw new FootfallError(
      "missing-file",
      `"${folder.name}" is nothing that can be opened here: it holds neither locations nor a map layer, and neither tokens (${TOKEN_FILES.join(", ")}) nor weights (${WEIGHT_FILES.join(", ")})`,
    );
  }
  const dataSpec = hasTokens
    ? { source: "folder", folder: folder.name }
    : { source: "simulated", size: "small" };
  const truths = hasTokens ? layerSteps(layers) : countrySteps();
  const stepsBelow = (): readonly StepDocument[] => {
    if (!hasWeights) return TRAINING_STEPS;
    return isOfPoints ? pointSteps(folder.name) : modelSteps(folder.name, truths);
  };
  return {
    footfall: 1,
    title: hasTokens ? `What does masking teach about ${folder.name}?` : "What does masking teach?",
    lead: leadOf(contents, folder.name),
    steps: [
      { id: "data", kind: "data", spec: dataSpec },
      { id: "tokens", kind: "tokens", inputs: { data: "data" } },
      ...stepsBelow(),
    ],
  };
}
