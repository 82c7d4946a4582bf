import { decodeMasked } from "../model/decode";
import { measurePerplexities } from "../model/scores";
import { BASELINE_NAMES, unigramPerplexity } from "../task/baselines";
import { chooseHidden, scoreGuesses, type MaskedScores } from "../task/masked-scores";
import type { DatasetSpec } from "./dataset";
import type { ModelSpec } from "./model";
import { openDataset, placesOf } from "./open-dataset";
import { openBaselines } from "./open-baselines";
import { openModel, toMaskedTarget } from "./open-model";
import type { Made, Report, Session } from "./session";

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

function toRow(
  name: string,
  { top1, top5, medianKm }: MaskedScores,
  perplexity: number | undefined,
  isModel: boolean,
): ScoreRow {
  const { value, low, high } = medianKm;
  return { name, top1, top5, medianKm: value, medianKmInterval: [low, high], perplexity, isModel };
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
  const model = yield* openModel(job.model, dataset, session, signal);
  const sequences = placesOf(dataset);
  const { centres } = dataset;
  const { seed } = job;
  const hidden = chooseHidden(sequences, dataset.test, { count: job.trajectories, seed });
  const score = (guesses: readonly number[][]): MaskedScores =>
    scoreGuesses({ sequences, hidden, guesses, centres, seed });
  const targets = hidden.map((one) => toMaskedTarget(dataset, model, one));
  const decoded = yield* decodeMasked(model.bert, model.pieces, targets, { top: 5, signal });
  const guessed = decoded.map(({ guesses }) => guesses.map(({ cell }) => cell));
  const { guessers, visits } = yield* openBaselines(dataset, session);
  const unigram = unigramPerplexity(
    visits,
    hidden.map(({ at }) => sequences.cell[at]!),
  );
  return {
    rows: [
      toRow("pre-trained model", score(guessed), measurePerplexities(decoded).perCell, true),
      ...BASELINE_NAMES.map((name, i) =>
        toRow(name, score(hidden.map(guessers[name])), i === 0 ? unigram : undefined, false),
      ),
    ],
    trajectories: hidden.length,
    maskedCells: hidden.length,
    made: {
      seed,
      data: dataset.key,
      model: model.name,
      engine: model.engine,
      seconds: (performance.now() - startedAt) / 1000,
    },
  };
}
