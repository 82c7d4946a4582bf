import type { CellTable, CellTableBuilder } from "../geo/cells";
import { CellLocator } from "../geo/locate";
import { createRandom, shuffle } from "../random";
import { release } from "./growing";
import { ROWS_PER_SLICE, type Sliced } from "./slices";

/** Degrees, two columns of one length. */
export interface Places {
  lat: Float64Array;
  lng: Float64Array;
}

/** Location points as columns of one length; `user` counts into `users`. */
export interface Points extends Places {
  users: string[];
  user: Uint32Array;
  /** Milliseconds since 1970-01-01 UTC. */
  timeMs: Float64Array;
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

/** The numbers of places' cells in a builder's table, [n]; new cells go into it. */
export function* locatePlaces({ lat, lng }: Places, cells: CellTableBuilder): Sliced<Uint32Array> {
  const locator = new CellLocator(cells.resolution, cells);
  const cell = new Uint32Array(lat.length);
  for (let i = 0; i < cell.length; i++) {
    // a resident who stays sends the same place again and again: that needs no look-up
    const isSame = i > 0 && lat[i] === lat[i - 1] && lng[i] === lng[i - 1];
    cell[i] = isSame ? cell[i - 1]! : locator.locate(lat[i]!, lng[i]!);
    if (i % ROWS_PER_SLICE === 0) yield i;
  }
  return cell;
}

/** Finds the cell of every point; new cells go into the builder. The other columns are shared. */
export function* locatePoints(points: Points, cells: CellTableBuilder): Sliced<LocatedPoints> {
  const { lat, lng, users, user, timeMs } = points;
  const cell = yield* locatePlaces(points, cells);
  return { users, user, timeMs, cell, lat, lng, cells: cells.build() };
}

/** The columns of points, by name. */
const POINT_COLUMNS = ["user", "cell", "timeMs", "lat", "lng", "offsetMin"] as const;
type PointColumn = Uint32Array | Float64Array | Int16Array;
type Columns = { [Name in (typeof POINT_COLUMNS)[number]]?: PointColumn | undefined };

/** The same points with every column put through `change`. */
export function mapColumns(
  points: LocatedPoints,
  change: (column: PointColumn) => PointColumn,
): LocatedPoints {
  const changed = { ...points };
  const columns: Columns = changed;
  for (const name of POINT_COLUMNS) {
    const column = columns[name];
    if (column !== undefined) columns[name] = change(column);
  }
  return changed;
}

/** Gives the memory of all columns back; the points are not to be used any more. */
export function releasePoints(points: LocatedPoints): void {
  for (const name of POINT_COLUMNS) if (points[name]) release(points[name]);
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
