import { mapColumns, type LocatedPoints } from "./points";
import type { Sliced } from "./slices";

/** Order of two rows of one user: by time; at one moment by cell and place, whatever the file's order. */
export function compareRows(
  { cells, cell, timeMs, lat, lng }: LocatedPoints,
  a: number,
  b: number,
): number {
  const byTime = timeMs[a]! - timeMs[b]!;
  if (byTime !== 0) return byTime;
  const [one, two] = [cell[a]!, cell[b]!];
  const byCell = cells.hi[one]! - cells.hi[two]! || cells.lo[one]! - cells.lo[two]!;
  if (byCell !== 0 || lat === undefined || lng === undefined) return byCell;
  return lat[a]! - lat[b]! || lng[a]! - lng[b]!;
}

/** So many rows are sorted by way of a list of rows and a copy of one column at a time: 0.75 MiB. */
const SHORT = 65_536;

/**
 * Sorts rows of one user where they stand; equal ones keep their order. Many rows are sorted in short pieces,
 * which are then merged by turning parts of them over, without a second copy of anything.
 */
export class RowSorter {
  readonly #points: LocatedPoints;
  readonly #short: number;
  readonly #rows: Uint32Array;
  readonly #values: Float64Array;

  /** `short` is for tests. */
  constructor(points: LocatedPoints, short = SHORT) {
    this.#points = points;
    this.#short = short;
    this.#rows = new Uint32Array(short);
    this.#values = new Float64Array(short);
  }

  /** Sorts rows `from` to `to - 1`. */
  *sort(from: number, to: number): Sliced<void> {
    if (this.#isSorted(from, to)) return;
    if (to - from <= this.#short) {
      this.#sortShort(from, to);
      return;
    }
    const middle = (from + to) >>> 1;
    yield* this.sort(from, middle);
    yield* this.sort(middle, to);
    yield* this.#merge(from, middle, to);
  }

  #isSorted(from: number, to: number): boolean {
    for (let i = from + 1; i < to; i++) if (compareRows(this.#points, i - 1, i) > 0) return false;
    return true;
  }

  #sortShort(from: number, to: number): void {
    const rows = this.#rows.subarray(0, to - from);
    for (let i = 0; i < rows.length; i++) rows[i] = from + i;
    rows.sort((a, b) => compareRows(this.#points, a, b) || a - b);
    mapColumns(this.#points, (column) => {
      for (let i = 0; i < rows.length; i++) this.#values[i] = column[rows[i]!]!;
      column.set(this.#values.subarray(0, rows.length), from);
      return column;
    });
  }

  /** Merges two sorted pieces that stand side by side. */
  *#merge(from: number, middle: number, to: number): Sliced<void> {
    yield from;
    if (from === middle || middle === to) return;
    if (compareRows(this.#points, middle - 1, middle) <= 0) return;
    if (to - from <= this.#short) {
      this.#sortShort(from, to);
      return;
    }
    const isFirstLonger = middle - from > to - middle;
    const left = isFirstLonger ? (from + middle) >>> 1 : 0;
    const right = isFirstLonger ? 0 : (middle + to) >>> 1;
    const cut = isFirstLonger ? left : this.#search(from, middle, (i) => this.#isAfter(i, right));
    const end = isFirstLonger ? this.#search(middle, to, (i) => !this.#isAfter(left, i)) : right;
    this.#swapParts(cut, middle, end);
    const between = cut + end - middle;
    yield* this.#merge(from, cut, between);
    yield* this.#merge(between, end, to);
  }

  #isAfter(a: number, b: number): boolean {
    return compareRows(this.#points, a, b) > 0;
  }

  /** The first row of a piece for which `holds` is true; from there on it is for all. */
  #search(from: number, to: number, holds: (i: number) => boolean): number {
    let [low, high] = [from, to];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (holds(middle)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** Rows `from` to `middle - 1` change places with those from `middle` to `to - 1`. */
  #swapParts(from: number, middle: number, to: number): void {
    mapColumns(this.#points, (column) => {
      column.subarray(from, middle).reverse();
      column.subarray(middle, to).reverse();
      column.subarray(from, to).reverse();
      return column;
    });
  }
}
