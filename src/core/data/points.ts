import type { CellTable, CellTableBuilder } from "../geo/cells";
import { CellLocator } from "../geo/locate";
import { createRandom, shuffle } from "../random";
import { release } from "./growing";
import { ROWS_PER_SLICE, type Sliced } from "./slices";

/** Location points as columns of one length; `user` counts into `users`. */
export interface Points {
  users: string[];
  user: Uint32Array;
  /** Milliseconds since 1970-01-01 UTC. */
  timeMs: Float64Array;
  lat: Float64Array;
  lng: Float64Array;
}

/** `offsetMin` of a point whose file does not tell its local clock. */
export const NO_OFFSET = -32_768;

/** Points as the rules take them: a cell each in place of two coordinates, 16 bytes a point. */
export interface LocatedPoints {
  users: string[];
  cells: CellTable;
  user: Uint32Array;
  /** Cell numbers in `cells`. */
  cell: Uint32Array;
  /** Milliseconds since 1970-01-01 UTC. */
  timeMs: Float64Array;
  /** Degrees; only where a rule needs places (`needsCoordinates`). */
  lat?: Float64Array | undefined;
  lng?: Float64Array | undefined;
  /** Minutes that the local clock is ahead of UTC, or `NO_OFFSET`; absent where no file tells. */
  offsetMin?: Int16Array | undefined;
}

/** Finds the cell of every point; new cells go into the builder. The other columns are shared. */
export function* locatePoints(points: Points, cells: CellTableBuilder): Sliced<LocatedPoints> {
  const locator = new CellLocator(cells.resolution, cells);
  const { lat, lng, users, user, timeMs } = points;
  const cell = new Uint32Array(user.length);
  for (let i = 0; i < cell.length; i++) {
    // a resident who stays sends the same place again and again: that needs no look-up
    const isSame = i > 0 && lat[i] === lat[i - 1] && lng[i] === lng[i - 1];
    cell[i] = isSame ? cell[i - 1]! : locator.locate(lat[i]!, lng[i]!);
    if (i % ROWS_PER_SLICE === 0) yield i;
  }
  return { users, user, timeMs, cell, lat, lng, cells: cells.build() };
}

/** Order of two rows of one user: by time; at one moment by cell and place, whatever the file's order. */
function compareRows({ cells, cell, timeMs, lat, lng }: LocatedPoints, a: number, b: number) {
  const byTime = timeMs[a]! - timeMs[b]!;
  if (byTime !== 0) return byTime;
  const [one, two] = [cell[a]!, cell[b]!];
  const byCell = cells.hi[one]! - cells.hi[two]! || cells.lo[one]! - cells.lo[two]!;
  if (byCell !== 0 || lat === undefined || lng === undefined) return byCell;
  return lat[a]! - lat[b]! || lng[a]! - lng[b]!;
}

/** True where points stand in the order of their users' numbers, and each user's in order. */
function isSorted(points: LocatedPoints): boolean {
  const { user } = points;
  for (let i = 1; i < user.length; i++) {
    if (user[i]! < user[i - 1]!) return false;
    if (user[i] === user[i - 1] && compareRows(points, i - 1, i) > 0) return false;
  }
  return true;
}

/** Rows by user, and where each user's begin. */
function rowsByUser({ users, user }: LocatedPoints): { rows: Uint32Array; starts: Uint32Array } {
  const starts = new Uint32Array(users.length + 1);
  for (const u of user) starts[u + 1]!++;
  for (let u = 0; u < users.length; u++) starts[u + 1]! += starts[u]!;
  const next = starts.slice();
  const rows = new Uint32Array(user.length);
  for (let i = 0; i < user.length; i++) rows[next[user[i]!]!++] = i;
  return { rows, starts };
}

const COLUMNS = ["user", "cell", "timeMs", "lat", "lng", "offsetMin"] as const;
type PointColumn = Uint32Array | Float64Array | Int16Array;

function takeColumn<T extends PointColumn>(column: T, rows: Uint32Array): T {
  const kept = new (column.constructor as new (length: number) => T)(rows.length);
  for (let i = 0; i < rows.length; i++) kept[i] = column[rows[i]!]!;
  return kept;
}

/** The rows of all columns in the order given. */
export function takeRows(points: LocatedPoints, rows: Uint32Array): LocatedPoints {
  const taken = { ...points };
  orderRows(taken, rows);
  return taken;
}

/** Puts other columns in the place of the points' own, one by one, so that each owned one can go at once. */
function orderRows(points: LocatedPoints, rows: Uint32Array, isOwned = false): void {
  const columns: { [Name in (typeof COLUMNS)[number]]?: PointColumn | undefined } = points;
  for (const name of COLUMNS) {
    const column = columns[name];
    if (column === undefined) continue;
    columns[name] = takeColumn(column, rows);
    if (isOwned) release(column);
  }
}

/**
 * Puts points by user and time: users by their numbers, which readers give in the order of first coming. Points
 * of one moment are put in the order of their cells, so that the result does not depend on the order of the rows.
 * Owned columns are given back when they are replaced.
 */
export function* sortInPlace(points: LocatedPoints, isOwned: boolean): Sliced<void> {
  if (isSorted(points)) return;
  const { rows, starts } = rowsByUser(points);
  const compare = (a: number, b: number): number => compareRows(points, a, b) || a - b;
  for (let u = 0; u < points.users.length; u++) {
    rows.subarray(starts[u], starts[u + 1]).sort(compare);
    yield starts[u + 1]!;
  }
  orderRows(points, rows, isOwned);
  release(rows);
}

/** Gives the memory of all columns back; the points are not to be used any more. */
export function releasePoints(points: LocatedPoints): void {
  for (const name of COLUMNS) if (points[name]) release(points[name]);
}

/** The same points by user and time; the columns themselves where that holds already. */
export function* sortPoints(points: LocatedPoints): Sliced<LocatedPoints> {
  const sorted = { ...points };
  yield* sortInPlace(sorted, false);
  return sorted;
}

/**
 * Names u000001, u000002, ... in a shuffled order, so that neither the name nor the place in the list
 * tells who it was (paper 1, A.1.1; DI-25).
 */
export function anonymousNames(count: number, seed: number): string[] {
  const digits = Math.max(6, String(count).length);
  const names = Array.from({ length: count }, (_, i) => `u${String(i + 1).padStart(digits, "0")}`);
  return shuffle(names, createRandom(seed, "anonymous-names"));
}
