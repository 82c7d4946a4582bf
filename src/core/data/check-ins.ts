import { CellTableBuilder, type CellTable } from "../geo/cells";
import { LongColumn, release } from "./growing";
import { locatePoints, NO_OFFSET, type LocatedPoints, type Points } from "./points";
import { ROWS_PER_SLICE, runSlices, type Sliced } from "./slices";
import { sortPoints } from "./sort-points";

/** Check-ins as columns of one length, each user's together and in time order. */
export interface CheckIns {
  users: string[];
  cells: CellTable;
  user: Uint32Array;
  /** Cell numbers in `cells`. */
  cell: Uint32Array;
  /** Time of the first and of the last point. */
  startMs: Float64Array;
  endMs: Float64Array;
  /** Number of points merged; 0 where a resampled position was filled in. */
  points: Uint32Array;
  /** Minutes that the local clock is ahead of UTC, or `NO_OFFSET`; absent where no file tells. */
  offsetMin?: Int16Array | undefined;
}

/** Gives the memory of all columns back; the check-ins are not to be used any more. */
export function releaseCheckIns({ user, cell, startMs, endMs, points, offsetMin }: CheckIns): void {
  for (const column of [user, cell, startMs, endMs, points, offsetMin]) if (column) release(column);
}

/** One check-in, on its way into the columns. */
export interface CheckIn {
  user: number;
  cell: number;
  startMs: number;
  endMs: number;
  points: number;
  offsetMin: number;
}

/** Collects check-ins into columns. */
export class CheckInBuilder {
  readonly #user = new LongColumn(Uint32Array);
  readonly #cell = new LongColumn(Uint32Array);
  readonly #startMs = new LongColumn(Float64Array);
  readonly #endMs = new LongColumn(Float64Array);
  readonly #points = new LongColumn(Uint32Array);
  readonly #offsetMin = new LongColumn(Int16Array);
  readonly #hasOffsets: boolean;

  constructor(hasOffsets: boolean) {
    this.#hasOffsets = hasOffsets;
  }

  /** The object may be used again. */
  push({ user, cell, startMs, endMs, points, offsetMin }: CheckIn): void {
    this.#user.push(user);
    this.#cell.push(cell);
    this.#startMs.push(startMs);
    this.#endMs.push(endMs);
    this.#points.push(points);
    if (this.#hasOffsets) this.#offsetMin.push(offsetMin);
  }

  /** The columns; the builder is empty then. */
  build(users: string[], cells: CellTable): CheckIns {
    return {
      users,
      cells,
      user: this.#user.take(),
      cell: this.#cell.take(),
      startMs: this.#startMs.take(),
      endMs: this.#endMs.take(),
      points: this.#points.take(),
      ...(this.#hasOffsets ? { offsetMin: this.#offsetMin.take() } : {}),
    };
  }
}

/**
 * Check-ins by the window rule (paper 1, A.1.1): consecutive points of one user in one cell, no later than
 * `windowMs` after the first of them. A change of cell closes a check-in, so A B A gives three. Takes points
 * sorted by user and time.
 */
export function* findWindowStays(points: LocatedPoints, windowMs: number): Sliced<CheckIns> {
  const { user, cell, timeMs, offsetMin } = points;
  const builder = new CheckInBuilder(offsetMin !== undefined);
  const open: CheckIn = { user: -1, cell: -1, startMs: 0, endMs: 0, points: 0, offsetMin: 0 };
  for (let i = 0; i < user.length; i++) {
    const isSame = user[i] === open.user && cell[i] === open.cell;
    if (!isSame || timeMs[i]! - open.startMs > windowMs) {
      if (open.points > 0) builder.push(open);
      open.user = user[i]!;
      open.cell = cell[i]!;
      open.startMs = timeMs[i]!;
      open.points = 0;
      open.offsetMin = offsetMin?.[i] ?? NO_OFFSET;
    }
    open.endMs = timeMs[i]!;
    open.points++;
    if (i % ROWS_PER_SLICE === 0) yield i;
  }
  if (open.points > 0) builder.push(open);
  return builder.build(points.users, points.cells);
}

export interface CheckInOptions {
  /** H3 resolution; default 8 (paper 1, A.1.1). */
  resolution?: number;
  /** Points of one cell merge up to this time after the first of them; default 10 minutes. */
  windowMs?: number;
  /** A builder that goes on numbering cells over several calls; default a fresh one. */
  cells?: CellTableBuilder;
}

/** Points in any order to check-ins by the window rule, at once: for small sets and whole users. */
export function findCheckIns(points: Points, options: CheckInOptions = {}): CheckIns {
  const { resolution = 8, windowMs = 600_000 } = options;
  const cells = options.cells ?? new CellTableBuilder(resolution);
  const sorted = runSlices(sortPoints(runSlices(locatePoints(points, cells))));
  return runSlices(findWindowStays(sorted, windowMs));
}
