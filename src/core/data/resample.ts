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

/** Where a user is at a moment, of the points around it. */
class Position {
  readonly #points: LocatedPoints;
  readonly #options: ResampleOptions;
  readonly #locator: CellLocator | undefined;

  constructor(points: LocatedPoints, options: ResampleOptions, cells: CellTableBuilder) {
    this.#points = points;
    this.#options = options;
    const isLinear = options.fill === "linear";
    this.#locator = isLinear ? new CellLocator(cells.resolution, cells) : undefined;
  }

  /** The cell at `atMs`, when point `i` was the last one and `next` comes; -1 where it is not known. */
  cellAt(atMs: number, i: number, next: number | undefined): number {
    const { timeMs, cell } = this.#points;
    const { intervalMs, maxGapMs, fill } = this.#options;
    const ageMs = atMs - timeMs[i]!;
    const spanMs = next === undefined ? Infinity : timeMs[next]! - timeMs[i]!;
    if (fill === "linear" && next !== undefined && ageMs > 0 && spanMs <= maxGapMs) {
      return this.#between(i, next, ageMs / spanMs);
    }
    if (ageMs < intervalMs) return cell[i]!;
    return fill === "hold" && ageMs <= maxGapMs ? cell[i]! : -1;
  }

  #between(i: number, next: number, share: number): number {
    const { lat, lng } = this.#points as PlacedPoints;
    const nextLng = unwrapLng(lng[next]!, lng[i]!);
    return this.#locator!.locate(
      lat[i]! + share * (lat[next]! - lat[i]!),
      unwrapLng(lng[i]! + share * (nextLng - lng[i]!), 0),
    );
  }
}

/**
 * One position every `intervalMs` (RAW: 15 minutes), at multiples of it counted from 1970, from a user's first
 * point to the first such moment not before the last one. A moment has a point where one lies in the interval
 * that ends with it; all others are filled: `hold` takes the place of the last point, `linear` the place on
 * the straight line (in degrees) to the next point and `hold`'s behind the last, `drop` leaves them out.
 * `points` counts the points of the interval, 0 where it was filled. Takes points sorted by user and time,
 * with places for `linear`; `cells` holds the points' cells already.
 */
export function* resample(
  points: LocatedPoints,
  options: ResampleOptions,
  cells: CellTableBuilder,
): Sliced<Resampled> {
  const { user, timeMs, offsetMin } = points;
  const { intervalMs } = options;
  const builder = new CheckInBuilder(offsetMin !== undefined);
  const position = new Position(points, options, cells);
  const slotOf = (i: number): number => Math.ceil(timeMs[i]! / intervalMs) * intervalMs;
  const slot: CheckIn = { user: 0, cell: 0, startMs: 0, endMs: 0, points: 0, offsetMin: 0 };
  let filled = 0;
  let work = 0;
  let own = 0; // points in the interval that ends with the next moment
  for (let i = 0; i < user.length; i++) {
    own++;
    if (++work % ROWS_PER_SLICE === 0) yield i;
    const next = user[i + 1] === user[i] ? i + 1 : undefined;
    const endMs = next === undefined ? slotOf(i) + intervalMs : slotOf(next);
    for (let atMs = slotOf(i); atMs < endMs; atMs += intervalMs) {
      const cell = position.cellAt(atMs, i, next);
      if (cell < 0) break; // the last point only grows older
      if (++work % ROWS_PER_SLICE === 0) yield i;
      if (own === 0) filled++;
      slot.user = user[i]!;
      slot.cell = cell;
      slot.startMs = atMs;
      slot.endMs = atMs;
      slot.points = own;
      slot.offsetMin = offsetMin?.[i] ?? NO_OFFSET;
      builder.push(slot);
      own = 0;
    }
  }
  return { checkIns: builder.build(points.users, cells.build()), filled };
}
