import { evaluateMasked, type MaskedRow } from "../task/masked-evaluation";
import { chooseHidden } from "../task/masked-scores";
import type { DatasetSpec } from "./dataset";
import type { ModelSpec } from "./model";
import { openMaskedData } from "./open-masked-data";
import { openDataset } from "./open-dataset";
import { openModel, PRE_TRAINED } from "./open-model";
import { toMade, type Made, type Report, type Session } from "./session";

export interface ScoreJob {
  kind: "score";
  dataset: DatasetSpec;
  model: ModelSpec;
  trajectories: number;
  seed: number;
}

/** One way of guessing a masked cell; undefined where a measure makes no sense for it. */
export interface ScoreRow {
  name: string;
  top1: number | undefined;
  top5: number | undefined;
  medianKm: number | undefined;
  /** 95 % bootstrap interval of the median. */
  medianKmInterval: [low: number, high: number] | undefined;
  perplexity: number | undefined;
  isModel: boolean;
}

export interface ScoreResult {
  rows: ScoreRow[];
  trajectories: number;
  maskedCells: number;
  made: Made;
}

/** Parents followed up for each hidden check-in: a quarter of the default, which changes no hit and halves the time. */
const BEAM = 4;

function toRow({ name, isModel, scores, perplexities }: MaskedRow): ScoreRow {
  const { top1, top5, medianKm } = scores;
  const { value, low, high } = medianKm;
  return {
    name,
    top1,
    top5,
    medianKm: value,
    medianKmInterval: [low, high],
    perplexity: perplexities?.perCell,
    isModel,
  };
}

/**
 * Hides one check-in in each of many test trajectories and scores the model beside what it must beat, all
 * seeing the same neighbours (TT-08).
 */
export async function* runScore(
  job: ScoreJob,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, ScoreResult, void> {
  const startedAt = performance.now();
  const dataset = yield* openDataset(job.dataset, session, signal);
  const { bert, pieces, name, engine } = yield* openModel(job.model, dataset, session, signal);
  const data = yield* openMaskedData(dataset, session);
  const options = { count: job.trajectories, seed: job.seed, signal, decode: { beam: BEAM } };
  const rows = yield* evaluateMasked(data, [{ name: PRE_TRAINED, bert, pieces }], options);
  const hidden = chooseHidden(data.sequences, data.test, options);
  return {
    rows: rows.map(toRow),
    trajectories: new Set(hidden.map(({ trajectory }) => trajectory)).size,
    maskedCells: hidden.length,
    made: toMade(startedAt, { seed: job.seed, data: dataset.key, model: { name, engine } }),
  };
}
