import { CellTableBuilder, type CellTable } from "../geo/cells";
import { CellLocator } from "../geo/locate";
import { createPace, type Progress } from "../pace";
import { growFloat64, growUint32 } from "./growing";
import { sortPoints, type Points } from "./points";

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
  /** Number of points merged. */
  points: Uint32Array;
}

export interface CheckInOptions {
  /** H3 resolution; default 8 (paper 1, A.1.1). */
  resolution?: number;
  /** Points of one cell merge up to this time after the first of them; default 10 minutes. */
  windowMs?: number;
  /** A builder that goes on numbering cells over several calls; default a fresh one. */
  cells?: CellTableBuilder;
}

/** Rows between two looks at the clock: about 5 ms of h3-js. */
const ROWS_PER_SLICE = 5000;

/**
 * Merges points into check-ins: consecutive points of one user in one cell, no later than `windowMs` after
 * the first of them. A change of cell closes a check-in, so A B A gives three.
 */
class CheckInBuilder {
  readonly #cells: CellTableBuilder;
  readonly #locator: CellLocator;
  readonly #windowMs: number;
  readonly #user = growUint32();
  readonly #cell = growUint32();
  readonly #startMs = growFloat64();
  readonly #endMs = growFloat64();
  readonly #points = growUint32();
  #openUser = -1;
  #openCell = -1;
  #openStartMs = 0;
  #openEndMs = 0;
  #openPoints = 0;
  #lastLat = NaN;
  #lastLng = NaN;
  #lastCell = -1;

  constructor({ resolution = 8, windowMs = 600_000, cells }: CheckInOptions) {
    this.#windowMs = windowMs;
    this.#cells = cells ?? new CellTableBuilder(resolution);
    this.#locator = new CellLocator(resolution, this.#cells);
  }

  /** Takes rows `from` to `to - 1` of points sorted by user and time. */
  add(points: Points, from: number, to: number): void {
    for (let i = from; i < to; i++) {
      const user = points.user[i]!;
      const cell = this.#cellAt(points.lat[i]!, points.lng[i]!);
      const timeMs = points.timeMs[i]!;
      const isSame = user === this.#openUser && cell === this.#openCell;
      if (!isSame || timeMs - this.#openStartMs > this.#windowMs) {
        this.#close();
        this.#openUser = user;
        this.#openCell = cell;
        this.#openStartMs = timeMs;
      }
      this.#openEndMs = timeMs;
      this.#openPoints++;
    }
  }

  build(users: string[]): CheckIns {
    this.#close();
    return {
      users,
      cells: this.#cells.build(),
      user: this.#user.build(),
      cell: this.#cell.build(),
      startMs: this.#startMs.build(),
      endMs: this.#endMs.build(),
      points: this.#points.build(),
    };
  }

  /** A resident who stays sends the same place again and again: that needs no look-up. */
  #cellAt(lat: number, lng: number): number {
    if (lat === this.#lastLat && lng === this.#lastLng) return this.#lastCell;
    this.#lastLat = lat;
    this.#lastLng = lng;
    this.#lastCell = this.#locator.locate(lat, lng);
    return this.#lastCell;
  }

  #close(): void {
    if (this.#openPoints === 0) return;
    this.#user.push(this.#openUser);
    this.#cell.push(this.#openCell);
    this.#startMs.push(this.#openStartMs);
    this.#endMs.push(this.#openEndMs);
    this.#points.push(this.#openPoints);
    this.#openPoints = 0;
  }
}

/** Points to check-ins (paper 1, A.1.1). Points in another order are sorted first. */
export function findCheckIns(points: Points, options: CheckInOptions = {}): CheckIns {
  const sorted = sortPoints(points);
  const builder = new CheckInBuilder(options);
  builder.add(sorted, 0, sorted.user.length);
  return builder.build(points.users);
}

/** The same in slices with reports, for workers and large files. Throws "stopped" after an abort. */
export async function* findCheckInsInSlices(
  points: Points,
  options: CheckInOptions & { signal?: AbortSignal | undefined } = {},
): AsyncGenerator<Progress, CheckIns> {
  const pace = createPace(options.signal);
  const sorted = sortPoints(points);
  const builder = new CheckInBuilder(options);
  const total = sorted.user.length;
  for (let from = 0; from < total; from += ROWS_PER_SLICE) {
    const done = Math.min(total, from + ROWS_PER_SLICE);
    builder.add(sorted, from, done);
    if (!pace.due()) continue;
    yield { phase: "find check-ins", done, total, unit: "points" };
    await pace.rest();
  }
  return builder.build(points.users);
}
