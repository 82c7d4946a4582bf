/** Cells with fewer users are hidden unless another number is chosen (PV-02). */
export const DEFAULT_K = 5;

/** Distinct users of each of N cells. `user` and `cell` are columns of one length, each user's rows together. */
export function countUsersPerCell(user: Uint32Array, cell: Uint32Array, N: number): Uint32Array {
  const counts = new Uint32Array(N);
  const last = new Float64Array(N).fill(-1);
  for (let i = 0; i < cell.length; i++) {
    if (last[cell[i]!] === user[i]) continue;
    last[cell[i]!] = user[i]!;
    counts[cell[i]!]!++;
  }
  return counts;
}

/** Which cells may be shown, and how many were visited but may not. */
export interface ShownCells {
  /** [N] 1 where the cell may be shown. */
  shown: Uint8Array;
  hidden: number;
}

/** k-anonymity of maps and exports: cells with 1 to k - 1 users are hidden (PV-02). */
export function hideRareCells(users: Uint32Array, k: number = DEFAULT_K): ShownCells {
  const shown = Uint8Array.from(users, (count) => (count >= k ? 1 : 0));
  const hidden = users.reduce((sum, count) => sum + (count > 0 && count < k ? 1 : 0), 0);
  return { shown, hidden };
}

/**
 * Hides users in the paths of files that are named after them: GeoLife's Data/163/... becomes Data/x/... . A
 * part of a path counts with and without its ending.
 */
export function createPathMask(users: readonly string[]): (path: string) => string {
  const names = new Set(users);
  const maskPart = (part: string): string => {
    if (names.has(part)) return "x";
    const dot = part.indexOf(".");
    return dot > 0 && names.has(part.slice(0, dot)) ? `x${part.slice(dot)}` : part;
  };
  return (path) => path.split("/").map(maskPart).join("/");
}
