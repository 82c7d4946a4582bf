/** Filling a gap in a trajectory by beam search, each step no farther than a few cells (KAMEL's way with BERT). */
import { gridDistance } from "h3-js";
import { cellHash, type CellTable } from "../../geo/cells";
import type { Bert } from "../../model/bert";
import { decodeMasked } from "../../model/decode";
import { hideCheckIn, type MaskedTarget } from "../../model/masked-target";
import { inPhase, type Progress } from "../../pace";
import type { CellPieces } from "../../token/tokeniser";

/** A gap: what lies before and behind it, and how many check-ins are missing. */
export interface Gap {
  readonly before: ArrayLike<number>;
  readonly after: ArrayLike<number>;
  readonly missing: number;
}

/** One way through a gap. */
export interface Route {
  readonly cells: readonly number[]; // [missing]
  /** Among the routes that were found. */
  readonly probability: number;
}

export interface ImputeOptions {
  /** Routes followed up at each check-in; default 4. */
  readonly beam?: number;
  /** Steps of the grid from one check-in to the next, at most; default 8. Infinity for no constraint. */
  readonly rings?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Guesses of each check-in among which the constraint chooses. */
const GUESSES = 64;

interface Way {
  readonly cells: readonly number[];
  readonly log: number;
}

/** Steps of the grid between two cells; Infinity where the grid cannot tell (far apart, across a pentagon). */
function createSteps(table: CellTable): (a: number, b: number) => number {
  return (a, b) => {
    if (a === b) return 0;
    try {
      return gridDistance(cellHash(table, a), cellHash(table, b));
    } catch {
      return Infinity;
    }
  };
}

/** The row that asks for the next missing check-in of a way; those behind it are hidden too. */
function toTarget(
  pieces: CellPieces,
  { before, after, missing }: Gap,
  way: Way,
  maxTokens: number,
): MaskedTarget {
  const known = [...Array.from(before), ...way.cells];
  const left = missing - way.cells.length;
  const stand = known.at(-1) ?? after[0]!; // any cell of as many pieces: it is hidden
  const cells = [...known, ...Array.from({ length: left }, () => stand), ...Array.from(after)];
  const hidden = Array.from({ length: left - 1 }, (_, i) => known.length + 1 + i);
  return hideCheckIn(pieces, cells, { target: known.length, hidden, maxTokens });
}

/** The best ways, their probabilities summing to 1. */
function toRoutes(ways: readonly Way[]): Route[] {
  const top = Math.max(...ways.map(({ log }) => log));
  const weights = ways.map(({ log }) => Math.exp(log - top));
  const sum = weights.reduce((a, b) => a + b, 0);
  return ways.map(({ cells }, n) => ({ cells, probability: weights[n]! / sum }));
}

/**
 * Fills a gap check-in by check-in, from its beginning: the likeliest few ways are followed up, and each check-in lies
 * within `rings` steps of the one before and near enough to what comes behind the gap. Where no guess keeps to that,
 * the likeliest is taken. Best route first. Throws "stopped".
 */
export async function* imputeGap(
  { bert, pieces, table }: { bert: Bert; pieces: CellPieces; table: CellTable },
  gap: Gap,
  { beam = 4, rings = 8, signal }: ImputeOptions = {},
): AsyncGenerator<Progress, Route[], void> {
  const steps = createSteps(table);
  const end = gap.after[0];
  let ways: Way[] = [{ cells: [], log: 0 }];
  for (let place = 0; place < gap.missing; place++) {
    const targets = ways.map((way) => toTarget(pieces, gap, way, bert.config.maxPositions));
    const work = decodeMasked(bert, pieces, targets, { top: GUESSES, signal });
    const decoded = yield* inPhase("fill the gap", work);
    const reach = rings * (gap.missing - place); // steps that are left to the other side
    const next = ways.flatMap((way, n) => {
      const from = way.cells.at(-1) ?? gap.before[gap.before.length - 1];
      const isNear = (cell: number): boolean =>
        (from === undefined || steps(from, cell) <= rings) &&
        (end === undefined || steps(cell, end) <= reach);
      const { guesses } = decoded[n]!;
      const near = guesses.filter(({ cell }) => isNear(cell));
      const open = near.length > 0 ? near : guesses.slice(0, 1);
      return open.map(({ cell, probability }) => {
        return {
          cells: [...way.cells, cell],
          log: way.log + Math.log(Math.max(probability, 1e-300)),
        };
      });
    });
    ways = next.sort((a, b) => b.log - a.log).slice(0, beam);
  }
  return toRoutes(ways);
}
