import type { Bert } from "../model/bert";
import type { TrainingRow } from "../model/folder";
import { countParameters } from "../model/parameters";
import type { Perplexities } from "../model/scores";
import type { Progress } from "../pace";
import { checkGeography, takeCellTokens } from "../task/geography-check";
import { measureTrainingPerplexity } from "../task/masked-evaluation";
import type { DatasetSpec } from "./dataset";
import { openMaskedData } from "./open-masked-data";
import { openDataset, type Dataset } from "./open-dataset";
import { openModel, type OpenModel } from "./open-model";
import { toMade, type Made, type NamedFile, type Report, type Session } from "./session";

export type ModelSpec =
  | { source: "shipped"; path: string }
  | { source: "folder"; name: string; files: NamedFile[] }
  /** The best model of a training run that the session's store keeps. */
  | { source: "trained"; run: string };

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
  /** Names of the answers of an adapted model, of which the encoder alone serves here; absent for all others. */
  answers?: readonly string[];
  /**
   * Measured here, on test trajectories of this data set, pieces of a masked cell decoded in sequence; absent for
   * adapted models, which guess no cells.
   */
  perplexity?: {
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

/** Test trajectories in which a fifth of the check-ins is hidden to measure perplexity. */
export const MEASURED = 100;

const WORDS = "bert.embeddings.word_embeddings.weight";

/** Where the coarse parents' embeddings lie to each other; undefined for pieces that are no cells. */
async function* lookAtGeography(
  { folder, tokeniser }: OpenModel,
  seed: number,
  signal: AbortSignal,
): AsyncGenerator<Progress, ModelResult["geography"], void> {
  const data = folder.tensors.get(WORDS)?.values ?? new Float32Array();
  const taken = takeCellTokens(tokeniser.vocabulary, { data, width: folder.config.width });
  if (taken === undefined) return undefined;
  const { embeddings, places } = taken;
  const found = yield* checkGeography(embeddings, places, { seed, signal });
  const { medianKm: modelKm, randomKm, perfectKm, places: parents } = found;
  return { parents, modelKm, randomKm, perfectKm };
}

/** Notes of the trainer that are one word or number each, as the page lists them. */
function toFacts(notes: Readonly<Record<string, unknown>>): ModelResult["facts"] {
  return Object.entries(notes).flatMap(([name, value]) => {
    if (typeof value === "object" && value !== null)
      return toFacts(value as Record<string, unknown>);
    return [{ name, value: String(value) }];
  });
}

/** Perplexity of the model and of its twin. */
async function* measure(
  dataset: Dataset,
  { bert, twin: random, pieces }: OpenModel,
  seed: number,
  { session, signal }: { session: Session; signal: AbortSignal },
): AsyncGenerator<Progress, NonNullable<ModelResult["perplexity"]>, void> {
  const data = yield* openMaskedData(dataset, session);
  const measureOne = (one: Bert, name: string): AsyncGenerator<Progress, Perplexities> =>
    measureTrainingPerplexity(data, { name, bert: one, pieces }, { count: MEASURED, seed, signal });
  const own = yield* measureOne(bert, "the model");
  const twin = yield* measureOne(random, "its twin");
  return {
    trajectories: Math.min(MEASURED, dataset.test.length),
    maskedCells: MEASURED,
    model: { perToken: own.perToken, perCell: own.perCell },
    twin: { perToken: twin.perToken, perCell: twin.perCell },
  };
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
  const { config, bytes, log, answers } = model.folder;
  const perplexity = answers
    ? undefined
    : yield* measure(dataset, model, seed, { session, signal });
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
    ...(answers && { answers }),
    ...(perplexity && { perplexity }),
    geography: yield* lookAtGeography(model, seed, signal),
    engine: model.engine,
    made: toMade(startedAt, { seed: seed, data: dataset.key, model: model }),
  };
}
