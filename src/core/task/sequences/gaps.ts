/** Gaps in trajectories, and how well they are filled. */
import { cellsOfTrajectory, type Trajectories } from "../../data/trajectories";
import { haversineKm, type CellTable } from "../../geo/cells";
import { createRandom } from "../../random";
import { createNearestCells } from "../baselines";
import type { Places } from "../coordinates";
import { mean } from "../metrics";
import { dynamicTimeWarping, geoBleu } from "../sequence-metrics";
import type { Route } from "./impute";

/** One gap, and what was put into it. */
export interface ImputedGap {
  /** Number of the trajectory in the data set, and of the first missing check-in in it. */
  readonly trajectory: number;
  readonly at: number;
  readonly truth: readonly number[];
  readonly before: readonly number[];
  readonly after: readonly number[];
  /** Best first; cells are numbers of the data set's table. */
  readonly routes: readonly Route[];
}

/** How well one way of filling gaps does, over all gaps. */
export interface ImputeScores {
  readonly name: string;
  /** Share of the missing cells that are exactly right, and mean distance. */
  readonly exact: number;
  readonly km: number;
  /** Dynamic time warping, km a check-in, and GEO-BLEU (n up to 3, beta 0.5 per km). */
  readonly dtwKm: number;
  readonly geoBleu: number;
}

/** Check-ins around a gap that the model sees; what lies farther away says little. */
const AROUND = 24;

/** A gap in each of some trajectories that have room for it, drawn by seed; never at an end. */
export function drawGaps(
  trajectories: Trajectories,
  asked: Uint32Array,
  { missing, seed }: { missing: number; seed: number },
): ImputedGap[] {
  return Array.from(asked).flatMap((trajectory) => {
    const cells = Array.from(cellsOfTrajectory(trajectories, trajectory));
    const room = cells.length - missing - 1;
    if (room < 1) return [];
    const at = 1 + createRandom(seed, "gap", trajectory).integer(room);
    const [before, after] = [cells.slice(Math.max(0, at - AROUND), at), cells.slice(at + missing)];
    const truth = cells.slice(at, at + missing);
    return [{ trajectory, at, truth, before, after: after.slice(0, AROUND), routes: [] }];
  });
}

/** Scores of one way of filling all gaps. */
export function scoreGaps(
  name: string,
  gaps: readonly ImputedGap[],
  fill: (gap: ImputedGap, n: number) => readonly number[],
  { lat, lng }: Places,
): ImputeScores {
  const km = (a: number, b: number): number => haversineKm(lat[a]!, lng[a]!, lat[b]!, lng[b]!);
  const scored = gaps.map((gap, n) => {
    const { truth } = gap;
    const cells = fill(gap, n);
    const between = (i: number, j: number): number => km(cells[i]!, truth[j]!);
    const m = truth.length;
    return {
      exact: mean(truth.map((cell, i) => Number(cells[i] === cell))),
      km: mean(truth.map((cell, i) => km(cells[i]!, cell))),
      dtwKm: dynamicTimeWarping(m, m, between) / m,
      geoBleu: geoBleu(m, m, between),
    };
  });
  const over = (pick: (one: (typeof scored)[0]) => number): number => mean(scored.map(pick));
  return {
    name,
    exact: over((one) => one.exact),
    km: over((one) => one.km),
    dtwKm: over((one) => one.dtwKm),
    geoBleu: over((one) => one.geoBleu),
  };
}

/** Cells on the straight line through a gap. */
export function createLine(cells: CellTable, centres: Places): (gap: ImputedGap) => number[] {
  const nearest = createNearestCells(cells, centres);
  const { lat, lng } = centres;
  return ({ before, after, truth }) => {
    const [a, b] = [before.at(-1)!, after[0]!];
    return truth.map((_, i) => {
      const share = (i + 1) / (truth.length + 1);
      const between = (values: Float64Array): number =>
        values[a]! + share * (values[b]! - values[a]!);
      return nearest(between(lat), between(lng))[0] ?? a;
    });
  };
}
