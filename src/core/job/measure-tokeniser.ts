import { trajectoriesOf } from "../data/columnar/tables";
import { FootfallError } from "../errors";
import type { CellTable } from "../geo/cells";
import { createPace, type Progress } from "../pace";
import { countVisits, type Hidden, type PlaceSequences } from "../task/baselines";
import {
  checkInsOf,
  countingPerplexity,
  pieceUnigram,
  slotSizes,
  stayShare,
  type LogChances,
} from "../task/counting-models";
import {
  compareDecoding,
  measureTrainingPerplexity,
  type FirstGuesses,
} from "../task/masked-evaluation";
import { chooseHidden } from "../task/masked-scores";
import { findUnknown, measureTokenLengths, type Truncation } from "../token/token-lengths";
import type { Tokeniser, TokeniserRule } from "../token/tokeniser";
import { isChoice, makeTokeniser, type Tokenised, type TokeniserChoice } from "./make-tokeniser";
import { openMaskedData } from "./open-masked-data";
import { MEASURED, type ModelSpec } from "./model";
import type { Dataset } from "./open-dataset";
import { openModel } from "./open-model";
import type { Resampled } from "./open-resolution";
import type { Session } from "./session";

/** Hidden check-ins whose first guesses are compared: shares to two percent. */
const COMPARED = 50;
/** Row lengths whose losses are told: the shipped model's and the papers'. */
export const ROW_LENGTHS = [128, 512] as const;

/** One tokeniser at one resolution, measured (TK-01, TK-06). */
export interface TokeniserRow {
  tokeniser: TokeniserChoice;
  resolution: number;
  vocabularySize: number;
  /** Cells of the area, and how many of them the vocabulary was made from. */
  cells: number;
  madeFrom: number;
  trajectories: number;
  checkIns: number;
  /** Mean over the check-ins, and over trajectories with [CLS] and [SEP]. */
  tokensPerCheckIn: number;
  tokensPerTrajectory: { mean: number; median: number; most: number };
  truncated: Truncation[];
  /** Share of test check-ins with an [UNK]: vocabulary of the area, and of the cells of the training part alone. */
  unknown: { area: number; training: number };
  /** Seconds to make the vocabulary, and cells written a second, on this machine just now. */
  makeSeconds: number;
  cellsPerSecond: number;
  /** Per check-in, over all of the test part; undefined where an [UNK] has no chance. */
  perplexity: { unigram: number | undefined; previous: number | undefined };
  /** The opened model's, where it writes cells this way, beside the two counts on the same hidden check-ins. */
  model: ModelPerplexity | undefined;
}

/** Perplexities per check-in of the model and of the counts, on hidden check-ins of the test part. */
export interface ModelPerplexity {
  model: number;
  unigram: number | undefined;
  previous: number | undefined;
  hidden: number;
  /** First guesses where pieces must form a cell of the area, and where nothing says so (TK-13). */
  guesses: { hidden: number; ruled: FirstGuesses; free: FirstGuesses };
}

/** What is counted once for all tokenisers of a resolution. */
export interface Counted {
  readonly resampled: Resampled;
  readonly places: PlaceSequences;
  readonly train: Uint32Array;
  readonly visits: Uint32Array; // [N], of the training part
  readonly testVisits: Uint32Array; // [N]
  readonly stay: number;
}

/** Visits and stays of a data set at a resolution. */
export function countPlaces(resampled: Resampled): Counted {
  const { trajectories, parts, test, cells } = resampled;
  const places = { offsets: trajectories.offsets, cell: trajectories.checkIns.cell };
  const train = trajectoriesOf(parts, "train");
  const N = cells.hi.length;
  return {
    resampled,
    places,
    train,
    visits: countVisits(places, train, N),
    testVisits: countVisits(places, test, N),
    stay: stayShare(places, train),
  };
}

function takeCells({ resolution, hi, lo }: CellTable, isTaken: (n: number) => boolean): CellTable {
  return {
    resolution,
    hi: hi.filter((_, n) => isTaken(n)),
    lo: lo.filter((_, n) => isTaken(n)),
  };
}

/** Share of the test check-ins in cells that a tokeniser writes with an [UNK]. */
function unknownShare(tokeniser: Tokeniser, { resampled, testVisits }: Counted): number {
  const unknown = findUnknown(tokeniser.encodeCells(resampled.cells));
  let [lost, all] = [0, 0];
  testVisits.forEach((count, n) => {
    lost += count * unknown[n]!;
    all += count;
  });
  return lost / all;
}

/** A measurement of speed takes this long: more cells are written until then. */
const SPEED_MS = 150;
const TURN_MS = 20;
const CELLS_A_TURN = 20_000;

async function measureSpeed(
  tokeniser: Tokeniser,
  { resolution, hi, lo }: CellTable,
  signal: AbortSignal,
): Promise<number> {
  const pace = createPace(signal);
  const N = hi.length;
  let [seconds, written, from] = [0, 0, 0];
  while (seconds * 1000 < SPEED_MS) {
    const before = performance.now();
    do {
      const to = Math.min(N, from + CELLS_A_TURN);
      tokeniser.encodeCells({ resolution, hi: hi.subarray(from, to), lo: lo.subarray(from, to) });
      written += to - from;
      from = to === N ? 0 : to;
    } while (performance.now() - before < TURN_MS); // a town's cells are written in microseconds
    seconds += (performance.now() - before) / 1000;
    await pace.rest();
  }
  return written / seconds;
}

/** The chances of every cell by pieces counted one by one. */
function chancesOf({ tokeniser, pieces }: Tokenised, visits: Uint32Array): LogChances {
  const { vocabularySize } = tokeniser;
  return pieceUnigram(pieces, visits, { sizes: slotSizes(tokeniser), vocabularySize });
}

/** The model's perplexity beside the counts on the very check-ins that were hidden from it. */
function besideModel(
  { result, rule, hidden, guesses }: MeasuredModel,
  choice: TokeniserChoice,
  { places, stay, resampled: { resolution } }: Counted,
  chances: LogChances,
): ModelPerplexity | undefined {
  if (rule.resolution !== resolution || !isChoice(rule, choice)) return undefined;
  if (result === undefined || guesses === undefined) return undefined;
  return {
    model: result,
    guesses,
    unigram: countingPerplexity(places, hidden, { chances }),
    previous: countingPerplexity(places, hidden, { chances, stay }),
    hidden: hidden.length,
  };
}

/** Makes a tokeniser and measures it; `model` is asked for its number only where it fits. */
export async function* measureTokeniser(
  choice: TokeniserChoice,
  counted: Counted,
  { model, signal }: { model: MeasuredModel | undefined; signal: AbortSignal },
): AsyncGenerator<Progress, TokeniserRow, void> {
  const { resampled, places, visits, stay } = counted;
  const { cells, areaCount, resolution, test } = resampled;
  const pace = createPace(signal);
  const startedAt = performance.now();
  const tokeniser = yield* makeTokeniser(choice, resampled, signal);
  const makeSeconds = (performance.now() - startedAt) / 1000;
  yield { phase: "count pieces", done: 0, total: 0, unit: "cells" }; // short, its end is not known
  await pace.rest();
  const pieces = tokeniser.encodeCells(cells);
  await pace.rest();
  const chances = chancesOf({ tokeniser, pieces }, visits);
  const perplexity = (options: { stay?: number }): number | undefined =>
    countingPerplexity(places, checkInsOf(places, test), { chances, ...options });
  const lengths = measureTokenLengths(places, pieces, ROW_LENGTHS);
  await pace.rest();
  const seen = takeCells(cells, (n) => visits[n]! > 0);
  const own = yield* makeTokeniser(choice, { cells: seen, allCells: () => seen }, signal);
  return {
    tokeniser: choice,
    resolution,
    vocabularySize: tokeniser.vocabularySize,
    cells: areaCount,
    madeFrom: choice === "flat" ? areaCount : cells.hi.length,
    trajectories: places.offsets.length - 1,
    checkIns: places.cell.length,
    tokensPerCheckIn: lengths.perCheckIn,
    tokensPerTrajectory: { mean: lengths.mean, median: lengths.median, most: lengths.most },
    truncated: lengths.truncated,
    unknown: { area: unknownShare(tokeniser, counted), training: unknownShare(own, counted) },
    makeSeconds,
    cellsPerSecond: await measureSpeed(tokeniser, cells, signal),
    perplexity: { unigram: perplexity({}), previous: perplexity({ stay }) },
    model: model && besideModel(model, choice, counted, chances),
  };
}

/** The opened model as the tables need it. */
export interface MeasuredModel {
  name: string;
  engine: string;
  /** Width of its embeddings. */
  width: number;
  rule: TokeniserRule;
  /** Perplexity per check-in; undefined where none of the choices is its own. */
  result: number | undefined;
  /** Undefined as well then. */
  guesses: ModelPerplexity["guesses"] | undefined;
  hidden: readonly Hidden[];
}

/**
 * The model's own perplexity per check-in, a fifth of the check-ins hidden at once: the number of the model
 * step, measured where one of `choices` is how it writes cells. Undefined without a model, and where its
 * weights do not fit the data. Throws "stopped".
 */
export async function* measureModel(
  spec: ModelSpec | undefined,
  dataset: Dataset,
  choices: readonly TokeniserChoice[],
  { seed, session, signal }: { seed: number; session: Session; signal: AbortSignal },
): AsyncGenerator<Progress, MeasuredModel | undefined, void> {
  if (spec === undefined) return undefined;
  try {
    const model = yield* openModel(spec, dataset, session, signal);
    const { name, engine, folder, tokeniser } = model;
    const { rule } = tokeniser;
    const common = { name, engine, width: folder.config.width, rule };
    if (!choices.some((choice) => isChoice(rule, choice))) {
      return { ...common, result: undefined, guesses: undefined, hidden: [] };
    }
    const data = yield* openMaskedData(dataset, session);
    const options = { count: MEASURED, seed, signal };
    const { perCell } = yield* measureTrainingPerplexity(data, model, options);
    const hidden = chooseHidden(data.sequences, data.test, options);
    const compared = { ...options, count: COMPARED };
    const guesses = yield* compareDecoding(data, model, compared);
    return { ...common, result: perCell, guesses: { hidden: COMPARED, ...guesses }, hidden };
  } catch (thrown) {
    if (thrown instanceof FootfallError && thrown.code === "weights-mismatch") return undefined;
    throw thrown;
  }
}
