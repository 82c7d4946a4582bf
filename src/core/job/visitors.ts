import { countUsersPerCell } from "../data/privacy";
import type { Dataset } from "./open-dataset";

/** Visitors of each cell of real data; undefined for simulated people, of whom there is nothing to hide. */
export function visitorsOf({ geography, trajectories, cells }: Dataset): Uint32Array | undefined {
  if (geography !== undefined) return undefined;
  const { user, cell } = trajectories.checkIns;
  return countUsersPerCell(user, cell, cells.hi.length);
}
