import { cellToLatLng, isValidCell } from "h3-js";
import type { Bert } from "../model/bert";
import { decodeMasked } from "../model/decode";
import type { TrainingRow } from "../model/folder";
import type { MaskedTarget } from "../model/masked-target";
import { countParameters } from "../model/parameters";
import { measurePerplexities } from "../model/scores";
import type { Progress } from "../pace";
import { checkGeography } from "../task/geography-check";
import { chooseHidden } from "../task/masked-scores";
import type { DatasetSpec } from "./dataset";
import { openDataset, placesOf } from "./open-dataset";
import { openModel, toMaskedTarget, type OpenModel } from "./open-model";
import type { Made, NamedFile, Report, Session } from "./session";

export type ModelSpec =
  { source: "shipped"; path: string } | { source: "folder"; name: string; files: NamedFile[] };

export interface ModelJob {
  kind: "model";
  dataset: DatasetSpec;
  model: ModelSpec;
  seed: number;
}

export interface ModelResult {
  name: string;
  layers: number;
  hiddenSize: number;
  heads: number;
  vocabularySize: number;
  maxLength: number;
  parameters: number;
  bytes: number;
  tokeniser: string;
  /** Facts of the training, as the folder states them: "residents: 300,000". */
  facts: { name: string; value: string }[];
  log: TrainingRow[];
  /** Measured here, on test trajectories of this data set, pieces of a masked cell decoded in sequence. */
  perplexity: {
    trajectories: number;
    maskedCells: number;
    model: { perToken: number; perCell: number };
    twin: { perToken: number; perCell: number };
  };
  /** Median km from a parent to its nearest neighbour in embedding space (label-free). */
  geography: { parents: number; modelKm: number; randomKm: number; perfectKm: number } | undefined;
  engine: string;
  made: Made;
}

/** Check-ins that are hidden to measure perplexity, each in a trajectory of its own. */
const HIDDEN_CHECK_INS = 100;

async function* perplexityOf(
  bert: Bert,
  { pieces }: OpenModel,
  targets: readonly MaskedTarget[],
  signal: AbortSignal,
): AsyncGenerator<Progress, { perToken: number; perCell: number }, void> {
  return measurePerplexities(yield* decodeMasked(bert, pieces, targets, { beam: 0, signal }));
}

const WORDS = "bert.embeddings.word_embeddings.weight";

/** Where the coarse parents' embeddings lie to each other; undefined for pieces that are no cells. */
async function* lookAtGeography(
  { folder, tokeniser }: OpenModel,
  seed: number,
  signal: AbortSignal,
): AsyncGenerator<Progress, ModelResult["geography"], void> {
  const ids = [...tokeniser.vocabulary.keys()].filter((id) =>
    isValidCell(tokeniser.vocabulary[id]!),
  );
  const words = folder.tensors.get(WORDS)?.values;
  if (ids.length < 3 || words === undefined) return undefined;
  const width = folder.config.width;
  const data = new Float32Array(ids.length * width);
  ids.forEach((id, n) => data.set(words.subarray(id * width, (id + 1) * width), n * width));
  const centres = ids.map((id) => cellToLatLng(tokeniser.vocabulary[id]!));
  const places = {
    lat: Float64Array.from(centres, ([lat]) => lat),
    lng: Float64Array.from(centres, ([, lng]) => lng),
  };
  const found = yield* checkGeography({ data, width }, places, { seed, signal });
  const { medianKm: modelKm, randomKm, perfectKm } = found;
  return { parents: ids.length, modelKm, randomKm, perfectKm };
}

/** Notes of the trainer that are one word or number each, as the page lists them. */
function toFacts(notes: Readonly<Record<string, unknown>>): ModelResult["facts"] {
  return Object.entries(notes).flatMap(([name, value]) => {
    if (typeof value === "object" && value !== null)
      return toFacts(value as Record<string, unknown>);
    return [{ name, value: String(value) }];
  });
}

/** What a model is, what it was trained on, and what it knows before any task (PT-24, FEATURES EE-13). */
export async function* runModel(
  { dataset: datasetSpec, model: modelSpec, seed }: ModelJob,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, ModelResult, void> {
  const startedAt = performance.now();
  const dataset = yield* openDataset(datasetSpec, session, signal);
  const model = yield* openModel(modelSpec, dataset, session, signal);
  const hidden = chooseHidden(placesOf(dataset), dataset.test, { count: HIDDEN_CHECK_INS, seed });
  const targets = hidden.map((one) => toMaskedTarget(dataset, model, one));
  const own = yield* perplexityOf(model.bert, model, targets, signal);
  const twin = yield* perplexityOf(model.twin, model, targets, signal);
  const { config, bytes, log } = model.folder;
  return {
    name: model.name,
    layers: config.layerCount,
    hiddenSize: config.width,
    heads: config.headCount,
    vocabularySize: config.vocabularySize,
    maxLength: config.maxPositions,
    parameters: countParameters(config),
    bytes,
    tokeniser: model.tokeniser.kind,
    facts: toFacts(config.notes),
    log: [...log],
    perplexity: {
      trajectories: hidden.length,
      maskedCells: targets.length,
      model: { perToken: own.perToken, perCell: own.perCell },
      twin: { perToken: twin.perToken, perCell: twin.perCell },
    },
    geography: yield* lookAtGeography(model, seed, signal),
    engine: model.engine,
    made: {
      seed,
      data: dataset.key,
      model: model.name,
      engine: model.engine,
      seconds: (performance.now() - startedAt) / 1000,
    },
  };
}
