import { mapColumns, type LocatedPoints } from "./points";
import { ROWS_PER_SLICE, type Sliced } from "./slices";
import { compareRows, RowSorter } from "./sort-rows";

/** True where points stand in the order of their users' numbers, and each user's in order. */
function isSorted(points: LocatedPoints): boolean {
  const { user } = points;
  for (let i = 1; i < user.length; i++) {
    if (user[i]! < user[i - 1]!) return false;
    if (user[i] === user[i - 1] && compareRows(points, i - 1, i) > 0) return false;
  }
  return true;
}

/** Where each user's rows begin once they stand together; [users + 1]. */
export function startsOfUsers({ users, user }: LocatedPoints): Uint32Array {
  const starts = new Uint32Array(users.length + 1);
  for (const u of user) starts[u + 1]!++;
  for (let u = 0; u < users.length; u++) starts[u + 1]! += starts[u]!;
  return starts;
}

/**
 * Puts each user's rows together, in the order in which they came. The column of users holds the places to
 * which the rows go until each is there, and then tells the users again: nothing is needed beside it.
 */
function* groupByUser(points: LocatedPoints, starts: Uint32Array): Sliced<void> {
  const place = points.user;
  const next = starts.slice();
  for (let i = 0; i < place.length; i++) {
    place[i] = next[place[i]!]!++;
    if (i % ROWS_PER_SLICE === 0) yield 0;
  }
  yield* moveToPlaces(points, place);
  for (let u = 0; u + 1 < starts.length; u++) place.fill(u, starts[u], starts[u + 1]);
}

/** Moves every row to its place along the cycles of the permutation; `place` ends as 0, 1, 2, ... . */
function* moveToPlaces(
  { cell, timeMs, lat, lng, offsetMin }: LocatedPoints,
  place: Uint32Array,
): Sliced<void> {
  const others = [lat, lng, offsetMin].filter((column) => column !== undefined);
  const held = new Float64Array(others.length);
  let moved = 0;
  for (let i = 0; i < place.length; i++) {
    let to = place[i]!;
    let heldCell = cell[i]!;
    let heldMs = timeMs[i]!;
    for (let c = 0; c < others.length; c++) held[c] = others[c]![i]!;
    while (to !== place[to]) {
      const next = place[to]!;
      place[to] = to;
      const thisCell = cell[to]!;
      const thisMs = timeMs[to]!;
      cell[to] = heldCell;
      timeMs[to] = heldMs;
      heldCell = thisCell;
      heldMs = thisMs;
      for (let c = 0; c < others.length; c++) {
        const value = others[c]![to]!;
        others[c]![to] = held[c]!;
        held[c] = value;
      }
      to = next;
      if (++moved % ROWS_PER_SLICE === 0) yield moved;
    }
  }
}

/**
 * Puts points by user and time: users by their numbers, which readers give in the order of first coming. Points
 * of one moment are put in the order of their cells, so that the result does not depend on the order of the rows.
 * They are sorted where they stand: beside them there is only what a table of the users takes.
 */
export function* sortInPlace(points: LocatedPoints): Sliced<void> {
  if (isSorted(points)) return;
  const starts = startsOfUsers(points);
  yield* groupByUser(points, starts);
  const sorter = new RowSorter(points);
  for (let u = 0; u < points.users.length; u++) {
    yield* sorter.sort(starts[u]!, starts[u + 1]!);
    yield starts[u + 1]!;
  }
}

/** The same points by user and time; the columns themselves where that holds already. */
export function* sortPoints(points: LocatedPoints): Sliced<LocatedPoints> {
  if (isSorted(points)) return points;
  const sorted = mapColumns(points, (column) => column.slice());
  yield* sortInPlace(sorted);
  return sorted;
}
