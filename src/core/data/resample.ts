import type { CellTableBuilder } from "../geo/cells";
import { CellLocator } from "../geo/locate";
import { CheckInBuilder, type CheckIn, type CheckIns } from "./check-ins";
import { NO_OFFSET, type LocatedPoints } from "./points";
import { ROWS_PER_SLICE, type Sliced } from "./slices";
import { unwrapLng, type PlacedPoints } from "./stops";

/** What stands at a moment without a point: the last place, a place on the straight way, or nothing. */
export const FILLS = ["hold", "linear", "drop"] as const;
export type Fill = (typeof FILLS)[number];

export interface ResampleOptions {
  intervalMs: number;
  fill: Fill;
  /** Longer times without a point stay empty. */
  maxGapMs: number;
}

/** Positions at moments of equal distance, and how many of them no point stands behind. */
export interface Resampled {
  checkIns: CheckIns;
  filled: number;
}

/** Points as far as moments depend on them, sorted by user and time. */
export type TimedPoints = Pick<LocatedPoints, "user" | "timeMs">;

/** A moment of a user: where between two points it lies, and what stands behind it. */
export interface Moment {
  /** The last point before it. */
  i: number;
  atMs: number;
  /** Share of the way from that point to the next one: 0 is at the point itself. */
  share: number;
  /** Points in the interval that ends with it, 0 where it was filled. */
  own: number;
}

/** Share of the way at `atMs`, when point `i` was the last one and `next` comes; -1 where the place is not known. */
function shareAt(
  timeMs: Float64Array,
  { intervalMs, maxGapMs, fill }: ResampleOptions,
  atMs: number,
  i: number,
  next: number | undefined,
): number {
  const ageMs = atMs - timeMs[i]!;
  const spanMs = next === undefined ? Infinity : timeMs[next]! - timeMs[i]!;
  if (fill === "linear" && ageMs > 0 && spanMs <= maxGapMs) return ageMs / spanMs;
  if (ageMs < intervalMs) return 0;
  return fill === "hold" && ageMs <= maxGapMs ? 0 : -1;
}

/**
 * Moments of equal distance, at multiples of `intervalMs` counted from 1970, from a user's first point to the first
 * such moment not before the last one. A moment has a point where one lies in the interval that ends with it; all
 * others are filled: `hold` takes the place of the last point, `linear` the place on the straight line (in degrees)
 * to the next point and `hold`'s behind the last, `drop` leaves them out. The moment may not be kept.
 */
export function* walkMoments(
  { user, timeMs }: TimedPoints,
  options: ResampleOptions,
  visit: (moment: Moment) => void,
): Sliced<void> {
  const { intervalMs } = options;
  const slotOf = (i: number): number => Math.ceil(timeMs[i]! / intervalMs) * intervalMs;
  const moment: Moment = { i: 0, atMs: 0, share: 0, own: 0 };
  let work = 0;
  let own = 0; // points in the interval that ends with the next moment
  for (let i = 0; i < user.length; i++) {
    own++;
    if (++work % ROWS_PER_SLICE === 0) yield i;
    const next = user[i + 1] === user[i] ? i + 1 : undefined;
    const endMs = next === undefined ? slotOf(i) + intervalMs : slotOf(next);
    for (let atMs = slotOf(i); atMs < endMs; atMs += intervalMs) {
      const share = shareAt(timeMs, options, atMs, i, next);
      if (share < 0) break; // the last point only grows older
      if (++work % ROWS_PER_SLICE === 0) yield i;
      moment.i = i;
      moment.atMs = atMs;
      moment.share = share;
      moment.own = own;
      visit(moment);
      own = 0;
    }
  }
}

/** The place at a share of the way from point i to the next one, as [latitude, longitude]. */
export function placeBetween(
  { lat, lng }: Pick<PlacedPoints, "lat" | "lng">,
  i: number,
  share: number,
): [lat: number, lng: number] {
  if (share === 0) return [lat[i]!, lng[i]!];
  const nextLng = unwrapLng(lng[i + 1]!, lng[i]!);
  return [
    lat[i]! + share * (lat[i + 1]! - lat[i]!),
    unwrapLng(lng[i]! + share * (nextLng - lng[i]!), 0),
  ];
}

/**
 * One position every `intervalMs` (RAW: 15 minutes), at the moments of `walkMoments`. `points` counts the points of
 * the interval, 0 where it was filled. Takes points sorted by user and time, with places for `linear`; `cells` holds
 * the points' cells already.
 */
export function* resample(
  points: LocatedPoints,
  options: ResampleOptions,
  cells: CellTableBuilder,
): Sliced<Resampled> {
  const { user, cell, offsetMin } = points;
  const builder = new CheckInBuilder(offsetMin !== undefined);
  const locator = options.fill === "linear" ? new CellLocator(cells.resolution, cells) : undefined;
  const slot: CheckIn = { user: 0, cell: 0, startMs: 0, endMs: 0, points: 0, offsetMin: 0 };
  let filled = 0;
  yield* walkMoments(points, options, ({ i, atMs, share, own }) => {
    if (own === 0) filled++;
    slot.user = user[i]!;
    slot.cell =
      share === 0 ? cell[i]! : locator!.locate(...placeBetween(points as PlacedPoints, i, share));
    slot.startMs = atMs;
    slot.endMs = atMs;
    slot.points = own;
    slot.offsetMin = offsetMin?.[i] ?? NO_OFFSET;
    builder.push(slot);
  });
  return { checkIns: builder.build(points.users, cells.build()), filled };
}
