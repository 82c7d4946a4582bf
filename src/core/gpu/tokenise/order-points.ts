import { locatePoints, sortPoints, type Points } from "../../data/points";
import { runSlices } from "../../data/slices";
import { CellTableBuilder } from "../../geo/cells";

/** True where users stand together, times ascend, and points of one moment are at one place. */
function isOrdered({ users, user, timeMs, lat, lng }: Points): boolean {
  const seen = new Uint8Array(users.length);
  for (let i = 0, last = -1; i < user.length; i++) {
    if (user[i] !== last) {
      last = user[i]!;
      if (seen[last] === 1) return false;
      seen[last] = 1;
      continue;
    }
    const gap = timeMs[i]! - timeMs[i - 1]!;
    if (gap > 0) continue;
    if (gap < 0 || lat[i] !== lat[i - 1] || lng[i] !== lng[i - 1]) return false;
  }
  return true;
}

/**
 * Points by user and time, those of one moment in the order of their cells, as `sortPoints` has them; the
 * points themselves where nothing is to be done.
 */
export function orderPoints(points: Points, resolution: number): Points {
  if (isOrdered(points)) return points;
  const located = runSlices(locatePoints(points, new CellTableBuilder(resolution)));
  const { users, user, timeMs, lat, lng } = runSlices(sortPoints(located));
  return { users, user, timeMs, lat: lat!, lng: lng! };
}
