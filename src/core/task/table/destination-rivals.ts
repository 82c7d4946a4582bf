/** Simple answers to "where does the month end?" that any model must beat (TT-08). */
import { cellsOfTrajectory } from "../../data/trajectories";
import type { Examples } from "../tasks/examples";
import type { TaskData } from "../tasks/types";
import type { RowName } from "./rows";

/** Rows of the destination's table that need no training. */
export const DESTINATION_RIVALS = [
  "last-place",
  "most-visited",
  "markov",
  "last-week",
] as const satisfies readonly RowName[];
export type DestinationRival = (typeof DESTINATION_RIVALS)[number];

/** How many cells are ranked. */
export const RANKED = 10;

const WEEK_MS = 7 * 86_400_000;

/** The first ten different cells. */
function firstDifferent(cells: Iterable<number>): number[] {
  return [...new Set(cells)].slice(0, RANKED);
}

function byVisits(cells: ArrayLike<number>): number[] {
  const counts = new Map<number, number>();
  for (let i = 0; i < cells.length; i++) counts.set(cells[i]!, (counts.get(cells[i]!) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]).map(([cell]) => cell);
}

/** Which cells came after each cell in the training part, most often first. */
function countFollowers({ trajectories, train }: TaskData): (cell: number) => number[] {
  const followers = new Map<number, number[]>();
  for (const k of train) {
    const cells = cellsOfTrajectory(trajectories, k);
    for (let i = 1; i < cells.length; i++) {
      if (cells[i] === cells[i - 1]) continue;
      const known = followers.get(cells[i - 1]!);
      if (known) known.push(cells[i]!);
      else followers.set(cells[i - 1]!, [cells[i]!]);
    }
  }
  return (cell) => byVisits(followers.get(cell) ?? []);
}

/** Time of the week by which two moments differ, ms. */
function weekDistance(a: number, b: number): number {
  const apart = Math.abs(a - b) % WEEK_MS;
  return Math.min(apart, WEEK_MS - apart);
}

/** Cells of the beginning, those first whose time of the week is nearest to that of the destination. */
function byTimeOfWeek({ trajectories }: TaskData, k: number, shown: number): number[] {
  const { offsets, checkIns } = trajectories;
  const from = offsets[k]!;
  const target = checkIns.startMs[offsets[k + 1]! - 1]!;
  const places = Array.from({ length: shown }, (_, i) => from + i);
  const distance = (i: number): number => weekDistance(checkIns.startMs[i]!, target);
  return places.sort((a, b) => distance(a) - distance(b)).map((i) => checkIns.cell[i]!);
}

/** Ranked cells for every example by one rule; what a rule leaves open is filled with the most visited cells. */
export function rankDestinations(
  row: DestinationRival,
  data: TaskData,
  { count, of, cellsOf }: Examples,
): number[][] {
  const follow = row === "markov" ? countFollowers(data) : undefined;
  return Array.from({ length: count }, (_, n) => {
    const cells = Array.from(cellsOf(n));
    const backwards = cells.toReversed();
    const first: Record<DestinationRival, () => number[]> = {
      "last-place": () => backwards,
      "most-visited": () => [],
      markov: () => follow!(backwards[0]!),
      "last-week": () => byTimeOfWeek(data, of[n]!, cells.length),
    };
    return firstDifferent([...first[row](), ...byVisits(cells)]);
  });
}
