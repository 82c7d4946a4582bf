import type { Bert } from "../model/bert";
import { decodeMasked, type DecodeOptions } from "../model/decode";
import { decodeFreely } from "../model/decode-free";
import { hideCheckIn, type MaskedTarget } from "../model/masked-target";
import { measurePerplexities, type Perplexities } from "../model/scores";
import { createPace, inPhase, type Progress } from "../pace";
import { createRandom } from "../random";
import type { CellPieces } from "../token/tokeniser";
import {
  BASELINE_NAMES,
  unigramPerplexity,
  type BaselineName,
  type Guesser,
  type Hidden,
  type PlaceSequences,
} from "./baselines";
import { middleOfBelief } from "./belief";
import { chooseHidden, scoreGuesses, type MaskedScores } from "./masked-scores";

/** A study area and its trajectories, as the evaluation needs them. */
export interface MaskedData {
  readonly centres: { lat: Float64Array; lng: Float64Array };
  readonly sequences: PlaceSequences;
  /** Visits of each cell in the training trajectories (`countVisits`): all that the unigram knows. */
  readonly visits: Uint32Array; // [N]
  /** What the models must beat (`createBaselines`). */
  readonly guessers: Readonly<Record<BaselineName, Guesser>>;
  /** Trajectories that are asked about. */
  readonly test: ArrayLike<number>;
}

/** A model and the pieces of all cells of the area in its vocabulary. */
export interface MaskedModel {
  readonly name: string;
  readonly bert: Bert;
  readonly pieces: CellPieces;
}

export interface MaskedOptions {
  /** Hidden check-ins, one from each of as many test trajectories. */
  readonly count: number;
  readonly seed: number;
  /** How the models guess; its five likeliest cells and the middle of its belief are scored. */
  readonly decode?: Omit<DecodeOptions, "signal"> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** One way of guessing hidden check-ins. */
export interface MaskedRow {
  readonly name: string;
  readonly isModel: boolean;
  readonly scores: MaskedScores;
  /** Per cell and per token; of the visits per cell only; undefined where no probabilities are given. */
  readonly perplexities: Partial<Perplexities> | undefined;
}

/** The second row of each model: the guess that is best for kilometres instead of hits. */
const MIDDLE = "middle of its belief";

/** Share of check-ins that pre-training hides at once (paper 1, A.3.1). */
const TRAINING_SHARE = 0.2;

/** The row that the model sees for a hidden check-in; more of its trajectory is hidden where `share` says so. */
function toTarget(
  { bert, pieces }: MaskedModel,
  { cell, hours: hourOf }: PlaceSequences,
  { at, from, to }: Hidden,
  { share, seed }: { share: number; seed: number },
): MaskedTarget {
  const random = createRandom(seed, "hidden beside", at);
  const ordinals = Array.from({ length: to - from }, (_, i) => i);
  const hidden = share > 0 ? ordinals.filter(() => random.uniform() < share) : [];
  const { maxPositions: maxTokens } = bert.config;
  const hours = hourOf?.subarray(from, to);
  return hideCheckIn(pieces, cell.subarray(from, to), {
    target: at - from,
    hidden,
    hours,
    maxTokens,
  });
}

/** Guesses over which a belief is spread; beyond them little is left. */
export const BELIEF_CELLS = 512;

/** What a model makes of the hidden check-ins, all neighbours open: its likeliest cells, and its middle. */
async function* judgeModel(
  model: MaskedModel,
  { sequences, centres }: MaskedData,
  hidden: readonly Hidden[],
  { seed, decode, signal }: MaskedOptions,
): AsyncGenerator<Progress, MaskedRow[]> {
  const targets = hidden.map((one) => toTarget(model, sequences, one, { share: 0, seed }));
  const work = decodeMasked(model.bert, model.pieces, targets, {
    top: BELIEF_CELLS,
    ...decode,
    signal,
  });
  const decoded = yield* inPhase(`guess hidden check-ins by ${model.name}`, work);
  const score = (guesses: readonly (readonly number[])[]): MaskedScores =>
    scoreGuesses({ sequences, hidden, guesses, centres, seed });
  const likeliest = decoded.map(({ guesses }) => guesses.map(({ cell }) => cell));
  const middles = decoded.map(({ guesses }) => [middleOfBelief(guesses, centres)]);
  return [
    {
      name: model.name,
      isModel: true,
      scores: score(likeliest),
      perplexities: measurePerplexities(decoded),
    },
    {
      name: `${model.name}, ${MIDDLE}`,
      isModel: true,
      scores: score(middles),
      perplexities: undefined,
    },
  ];
}

/**
 * Scores models and what they must beat on the same hidden check-ins: one in each of `count` test
 * trajectories (`chooseHidden`), everything else open to all. Rows come in the order of the models, then the baselines.
 */
export async function* evaluateMasked(
  data: MaskedData,
  models: readonly MaskedModel[],
  options: MaskedOptions,
): AsyncGenerator<Progress, MaskedRow[]> {
  const { sequences, centres, visits, guessers } = data;
  const { seed, signal } = options;
  const pace = createPace(signal);
  const hidden = chooseHidden(sequences, data.test, options);
  const rows: MaskedRow[] = [];
  for (const model of models) rows.push(...(yield* judgeModel(model, data, hidden, options)));
  const truths = hidden.map(({ at }) => sequences.cell[at]!);
  for (const name of BASELINE_NAMES) {
    await pace.rest();
    const guesses = hidden.map((one) => guessers[name](one));
    const hasVisits = name === "most visited cells";
    rows.push({
      name,
      isModel: false,
      scores: scoreGuesses({ sequences, hidden, guesses, centres, seed }),
      perplexities: hasVisits ? { perCell: unigramPerplexity(visits, truths) } : undefined,
    });
  }
  return rows;
}

/**
 * Perplexities under the rule of pre-training: a fifth of the check-ins hidden at once, without guesses.
 * Comparable with the training log and with the paper, where one hidden check-in alone is easier.
 */
export async function* measureTrainingPerplexity(
  data: MaskedData,
  model: MaskedModel,
  { count, seed, signal }: MaskedOptions,
): AsyncGenerator<Progress, Perplexities> {
  const hidden = chooseHidden(data.sequences, data.test, { count, seed });
  const rule = { share: TRAINING_SHARE, seed };
  const targets = hidden.map((one) => toTarget(model, data.sequences, one, rule));
  const options = { beam: 0, top: 0, signal };
  const work = decodeMasked(model.bert, model.pieces, targets, options);
  return measurePerplexities(yield* inPhase(`measure the perplexity of ${model.name}`, work));
}

/** Shares of hidden check-ins. */
export interface FirstGuesses {
  /** Whose first guess is no cell of the area, or cannot be written. */
  readonly invalid: number;
  /** Whose first guess is the true cell. */
  readonly hit: number;
}

function countGuesses(guesses: readonly (number | undefined)[], truths: readonly number[]) {
  const invalid = guesses.filter((cell) => cell === undefined || cell < 0).length;
  const hit = guesses.filter((cell, n) => cell === truths[n]).length;
  return { invalid: invalid / truths.length, hit: hit / truths.length };
}

/**
 * What the rule is worth that pieces must form a cell of the area (TK-13): first guesses under it and without it, the
 * likeliest piece taken each time, under the rule of pre-training.
 */
export async function* compareDecoding(
  data: MaskedData,
  model: MaskedModel,
  { count, seed, signal }: MaskedOptions,
): AsyncGenerator<Progress, { ruled: FirstGuesses; free: FirstGuesses }> {
  const hidden = chooseHidden(data.sequences, data.test, { count, seed });
  const rule = { share: TRAINING_SHARE, seed };
  const targets = hidden.map((one) => toTarget(model, data.sequences, one, rule));
  const { bert, pieces } = model;
  const free = yield* decodeFreely(bert, pieces, targets, signal);
  const decoded = yield* decodeMasked(bert, pieces, targets, { beam: 1, top: 1, signal });
  const truths = targets.map(({ truth }) => truth);
  const ruled = decoded.map(({ guesses }) => guesses[0]?.cell);
  return { ruled: countGuesses(ruled, truths), free: countGuesses(free, truths) };
}
