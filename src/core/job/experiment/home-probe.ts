/** Where somebody lives, read off a frozen model's states of a month by a linear probe. */
import { cellsOfTrajectory } from "../../data/trajectories";
import { haversineKm } from "../../geo/cells";
import type { Bert } from "../../model/bert";
import { createRandom, shuffle } from "../../random";
import { allRows, applyLinear, type LinearModel, type Matrix } from "../../task/linear-model";
import { median } from "../../task/quantiles";
import { chooseRidge } from "../../task/strength";
import { embedSequences } from "../../task/table/embed-sequences";
import { mostFrequent } from "../../task/tasks/months";
import { FootfallError } from "../../errors";
import type { CellPieces } from "../../token/tokeniser";
import { toSequence } from "../../train/labelled-rows";
import type { Report } from "../session";
import type { Stand } from "./ask";

/** Months that the probe learns from and is tested on, as cells. */
export interface Months {
  readonly learn: readonly Uint32Array[];
  readonly test: readonly Uint32Array[];
}

/** Fewer months teach a probe nothing. */
const LEAST_MONTHS = 40;
/** Share of the months that the probe is tested on. */
export const TEST_SHARE = 0.3;
const VALIDATION_SHARE = 0.2;

/** Months of the test part, drawn by seed. Throws "no-data" for too few. */
export function drawMonths(
  { dataset }: Pick<Stand, "dataset">,
  count: number,
  seed: number,
): Months {
  const { test, trajectories } = dataset;
  const drawn = shuffle(Array.from(test), createRandom(seed, "months")).slice(0, count);
  if (drawn.length < LEAST_MONTHS) {
    throw new FootfallError(
      "no-data",
      `${drawn.length} trajectories are kept for testing, expected ${LEAST_MONTHS} to fit a probe on`,
    );
  }
  const months = drawn.map((k) => cellsOfTrajectory(trajectories, k).slice());
  const tested = Math.round(TEST_SHARE * months.length);
  return { learn: months.slice(tested), test: months.slice(0, tested) };
}

/** Mean states of months, [n, C]. */
function embed(
  bert: Bert,
  pieces: CellPieces,
  months: readonly Uint32Array[],
  signal: AbortSignal,
): AsyncGenerator<Report, Matrix, void> {
  const { maxPositions } = bert.config;
  const rows = months.map((cells) => toSequence(pieces, cells, maxPositions));
  return embedSequences(bert, rows, signal);
}

/** Latitude and longitude of the cell most often visited in each month, [n, 2]. */
function homesOf({ data }: Stand, months: readonly Uint32Array[]): Matrix {
  const { lat, lng } = data.centres;
  const homes = months.map((cells) => mostFrequent(cells));
  return { data: Float64Array.from(homes.flatMap((cell) => [lat[cell]!, lng[cell]!])), width: 2 };
}

/** Fits the probe on undisturbed months. */
export async function* fitHomes(
  stand: Stand,
  bert: Bert,
  { learn }: Months,
  signal: AbortSignal,
): AsyncGenerator<Report, LinearModel, void> {
  const states = yield* embed(bert, stand.model.pieces, learn, signal);
  const rows = allRows(learn.length);
  const cut = Math.round(VALIDATION_SHARE * learn.length);
  const parts = { train: rows.slice(cut), validation: rows.slice(0, cut), signal };
  return (yield* chooseRidge(states, homesOf(stand, learn), parts)).model;
}

/** Median kilometres by which the probe misses the homes of `test`, which it sees as `shown`. */
export async function* testHomes(
  stand: Stand,
  bert: Bert,
  {
    probe,
    test,
    shown,
    pieces,
  }: {
    probe: LinearModel;
    test: readonly Uint32Array[];
    shown: readonly Uint32Array[];
    pieces: CellPieces;
  },
  signal: AbortSignal,
): AsyncGenerator<Report, number, void> {
  const states = yield* embed(bert, pieces, shown, signal);
  const guessed = applyLinear(probe, states, allRows(shown.length));
  const { data } = homesOf(stand, test);
  return median(
    test.map((_, n) =>
      haversineKm(data[2 * n]!, data[2 * n + 1]!, guessed[2 * n]!, guessed[2 * n + 1]!),
    ),
  );
}
