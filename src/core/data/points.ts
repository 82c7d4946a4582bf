import { createRandom, shuffle } from "../random";

/** Location points as columns of one length; `user` counts into `users`. */
export interface Points {
  users: string[];
  user: Uint32Array;
  /** Milliseconds since 1970-01-01 UTC. */
  timeMs: Float64Array;
  lat: Float64Array;
  lng: Float64Array;
}

/** True where each user's points stand together and in time order. */
export function isSorted({ user, timeMs }: Points): boolean {
  const seen = new Set<number>();
  for (let i = 0; i < user.length; i++) {
    if (i > 0 && user[i] === user[i - 1]) {
      if (timeMs[i]! < timeMs[i - 1]!) return false;
    } else {
      if (seen.has(user[i]!)) return false;
      seen.add(user[i]!);
    }
  }
  return true;
}

/** Rows in the order of user and time; equal times keep the order of the file. */
function sortedRows({ users, user, timeMs }: Points): Uint32Array {
  const next = new Uint32Array(users.length + 1);
  for (const u of user) next[u + 1]!++;
  for (let u = 0; u < users.length; u++) next[u + 1]! += next[u]!;
  const starts = next.slice();
  const rows = new Uint32Array(user.length);
  for (let i = 0; i < user.length; i++) rows[next[user[i]!]!++] = i;
  for (let u = 0; u < users.length; u++) {
    rows.subarray(starts[u], starts[u + 1]).sort((a, b) => timeMs[a]! - timeMs[b]! || a - b);
  }
  return rows;
}

/** The same points by user and time; its argument itself where that holds already. */
export function sortPoints(points: Points): Points {
  if (isSorted(points)) return points;
  const rows = sortedRows(points);
  return {
    users: points.users,
    user: Uint32Array.from(rows, (i) => points.user[i]!),
    timeMs: Float64Array.from(rows, (i) => points.timeMs[i]!),
    lat: Float64Array.from(rows, (i) => points.lat[i]!),
    lng: Float64Array.from(rows, (i) => points.lng[i]!),
  };
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
