import { countUsersPerCell } from "../data/privacy";
import type { Trajectories } from "../data/trajectories";
import { parentTable, type CellTable } from "../geo/cells";

/** Check-ins (and people) of each cell, in the cells' order. */
export interface Coverage {
  cells: CellTable;
  /** Check-ins. [N] */
  values: Float32Array;
  /** Different people, of real ones only: their map hides cells of a few (PV-02). [N] */
  people?: Uint32Array;
}

/** Check-ins per cell of a resolution that is the cells' own or coarser; people too where they are real. */
export function coverageOf(
  { checkIns }: Pick<Trajectories, "checkIns">,
  resolution: number,
  isReal: boolean,
): Coverage {
  const { parents, parentOf } = parentTable(checkIns.cells, resolution);
  const cell = checkIns.cell.map((n) => parentOf[n]!);
  const N = parents.hi.length;
  const values = new Float32Array(N);
  for (const n of cell) values[n]!++;
  return {
    cells: parents,
    values,
    ...(isReal && { people: countUsersPerCell(checkIns.user, cell, N) }),
  };
}
