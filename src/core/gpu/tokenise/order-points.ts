import { locatePoints, type Points } from "../../data/points";
import { runSlices } from "../../data/slices";
import { sortPoints } from "../../data/sort-points";
import { CellTableBuilder } from "../../geo/cells";
import { TileEncoder } from "../../geo/tile-encoder";

type Order = "sorted" | "ties" | "none";

/** "ties": users by their numbers and times in order, but points of one moment at different places. */
function findOrder({ user, timeMs, lat, lng }: Points): Order {
  let order: Order = "sorted";
  for (let i = 1; i < user.length; i++) {
    if (user[i]! < user[i - 1]!) return "none";
    if (user[i] !== user[i - 1]) continue;
    const gap = timeMs[i]! - timeMs[i - 1]!;
    if (gap > 0) continue;
    if (gap < 0) return "none";
    if (lat[i] !== lat[i - 1] || lng[i] !== lng[i - 1]) order = "ties";
  }
  return order;
}

/** Rows of one moment by cell and place; only their cells are found. */
function orderTies(points: Points, resolution: number): Points {
  const { users, user, timeMs, lat, lng } = points;
  const encoder = new TileEncoder(resolution);
  const rows = Uint32Array.from(user, (_, i) => i);
  for (let from = 0; from < rows.length;) {
    let to = from + 1;
    while (to < rows.length && user[to] === user[from] && timeMs[to] === timeMs[from]) to++;
    if (to - from > 1) sortRows(rows.subarray(from, to), points, encoder);
    from = to;
  }
  const take = (column: Float64Array): Float64Array =>
    Float64Array.from(rows, (row) => column[row]!);
  return { users, user, timeMs, lat: take(lat), lng: take(lng) };
}

function sortRows(rows: Uint32Array, { lat, lng }: Points, encoder: TileEncoder): void {
  const first = rows[0]!;
  const cells = Array.from(rows, (row) => {
    encoder.encode(lat[row]!, lng[row]!);
    return [encoder.halves[0]!, encoder.halves[1]!] as const;
  });
  rows.sort((a, b) => {
    const [one, two] = [cells[a - first]!, cells[b - first]!];
    const byCell = one[0] - two[0] || one[1] - two[1];
    return byCell || lat[a]! - lat[b]! || lng[a]! - lng[b]! || a - b;
  });
}

/**
 * Points by user and time, those of one moment in the order of their cells, as `sortPoints` has them; the
 * points themselves where nothing is to be done.
 */
export function orderPoints(points: Points, resolution: number): Points {
  const order = findOrder(points);
  if (order === "sorted") return points;
  if (order === "ties") return orderTies(points, resolution);
  const located = runSlices(locatePoints(points, new CellTableBuilder(resolution)));
  const { users, user, timeMs, lat, lng } = runSlices(sortPoints(located));
  return { users, user, timeMs, lat: lat!, lng: lng! };
}
