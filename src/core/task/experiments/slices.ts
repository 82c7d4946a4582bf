import type { PlaceSequences } from "../baselines";

/** Parts of the week (paper 2, experiment 3). */
export const WEEK_SLICES = [
  "weekday, day",
  "weekday, night",
  "weekend, day",
  "weekend, night",
] as const;
export type WeekSlice = (typeof WEEK_SLICES)[number];

const [DAY_BEGINS, DAY_ENDS] = [7, 19];
/** Hours from Monday 0:00 on. */
const WEEKEND_BEGINS = 5 * 24;

/** The part of the week in which an hour of the week lies; a day goes from 7 to 19 o'clock. */
export function sliceOf(hourOfWeek: number): WeekSlice {
  const hour = hourOfWeek % 24;
  const isDay = hour >= DAY_BEGINS && hour < DAY_ENDS;
  return WEEK_SLICES[(hourOfWeek >= WEEKEND_BEGINS ? 2 : 0) + (isDay ? 0 : 1)]!;
}

/** Trajectories of one part of the week, and which of the whole ones each is of. */
export interface Sliced extends PlaceSequences {
  readonly of: readonly number[];
}

/** The check-ins of one part of the week alone; trajectories that keep too few are left out. */
export function takeSlice(
  { offsets, cell }: PlaceSequences,
  hours: ArrayLike<number>,
  slice: WeekSlice,
  least: number,
): Sliced {
  const cells: number[] = [];
  const ends = [0];
  const of: number[] = [];
  for (let k = 0; k + 1 < offsets.length; k++) {
    const own: number[] = [];
    for (let at = offsets[k]!; at < offsets[k + 1]!; at++) {
      if (sliceOf(hours[at]!) === slice) own.push(cell[at]!);
    }
    if (own.length < least) continue;
    cells.push(...own);
    ends.push(cells.length);
    of.push(k);
  }
  return { offsets: Uint32Array.from(ends), cell: Uint32Array.from(cells), of };
}
