/** What a month of a person's cells says by itself: the true answers of the trajectory tasks. */
import { haversineKm } from "../../geo/cells";
import { cellsOfTrajectory } from "../../data/trajectories";
import type { TaskData, LocalDay } from "./types";

/** How often each value comes, NaN left out. */
function countEach(values: Iterable<number>): Map<number, number> {
  const counts = new Map<number, number>();
  for (const value of values) {
    if (!Number.isNaN(value)) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return counts;
}

/** The most frequent value; of equally frequent ones the one that comes first. NaN for none. */
export function mostFrequent(values: Iterable<number>): number {
  let [best, most] = [NaN, 0];
  for (const [value, count] of countEach(values)) if (count > most) [best, most] = [value, count];
  return best;
}

/** The cell most often visited. */
export const homeOf = ({ trajectories }: TaskData, k: number): number =>
  mostFrequent(cellsOfTrajectory(trajectories, k));

/** The different districts visited, in the order of the first visit (paper 1, 4.2, geographic diversity). */
export function findDistricts(data: TaskData, districts: ArrayLike<number>, k: number): number[] {
  const cells = cellsOfTrajectory(data.trajectories, k);
  return [...countEach(Array.from(cells, (cell) => districts[cell]!)).keys()];
}

/** Distances between the centres of successive cells, km. */
export function tripSteps(
  { trajectories, centres: { lat, lng } }: TaskData,
  k: number,
): Float64Array {
  const cells = cellsOfTrajectory(trajectories, k);
  return Float64Array.from({ length: Math.max(0, cells.length - 1) }, (_, i) => {
    const [a, b] = [cells[i]!, cells[i + 1]!];
    return haversineKm(lat[a]!, lng[a]!, lat[b]!, lng[b]!);
  });
}

/** Mean distance between the centres of successive cells, km (paper 1, 4.2, trip length); NaN for one cell. */
export function meanTripKm(data: TaskData, k: number): number {
  const steps = tripSteps(data, k);
  return steps.reduce((sum, km) => sum + km, 0) / steps.length;
}

/**
 * Mean of a share over the check-ins in cells that have one, each counting 1 unless told; NaN where none has (paper 1,
 * 4.2, greenery).
 */
export function meanShare(
  data: TaskData,
  shares: ArrayLike<number>,
  k: number,
  weightOf: (i: number) => number = () => 1, // of check-in i of the trajectory
): number {
  let [sum, count] = [0, 0];
  for (const [i, cell] of cellsOfTrajectory(data.trajectories, k).entries()) {
    if (Number.isNaN(shares[cell]!)) continue;
    sum += weightOf(i) * shares[cell]!;
    count += weightOf(i);
  }
  return sum / count;
}

/** A stay counts for no longer than this: between two check-ins days apart nobody knows where somebody was. */
export const MOST_DWELL_MIN = 480;

/** Minutes from check-in i of trajectory k to the next one, at most 8 hours; of the last one nothing is known: 0. */
export function dwellMin({ trajectories: { offsets, checkIns } }: TaskData, k: number, i: number) {
  const at = offsets[k]! + i;
  if (at + 1 >= offsets[k + 1]!) return 0;
  return Math.min(MOST_DWELL_MIN, (checkIns.startMs[at + 1]! - checkIns.startMs[at]!) / 60_000);
}

/** Why somebody counts as a traveller, or not. */
export interface Travel {
  /** The district of most check-ins; NaN where no cell has one. */
  readonly home: number;
  /** Free days with a check-in in another district, each once, in their order. */
  readonly days: readonly LocalDay[];
  /** The check-ins of those days outside the home district, by their places in the trajectory. */
  readonly places: readonly number[];
}

/** Free days (weekends and holidays) away from the home district (paper 1, 4.2, travel behaviour). */
export function findTravel(data: TaskData, districts: ArrayLike<number>, k: number): Travel {
  const { offsets, checkIns } = data.trajectories;
  const cells = cellsOfTrajectory(data.trajectories, k);
  const home = mostFrequent(Array.from(cells, (cell) => districts[cell]!));
  const days: LocalDay[] = [];
  const places: number[] = [];
  for (let i = offsets[k]!; i < offsets[k + 1]!; i++) {
    const district = districts[checkIns.cell[i]!]!;
    if (Number.isNaN(district) || district === home) continue;
    const day = data.dayOf(i);
    if (day.kind === "workday") continue;
    places.push(i - offsets[k]!);
    if (days.at(-1)?.day !== day.day) days.push(day);
  }
  return { home, days, places };
}
