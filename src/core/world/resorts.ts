import { exp, pow } from "../exact";
import type { Random } from "../random";
import type { CellGrid } from "./cell-grid";
import { visitCellsWithin } from "./cell-grid";

/** Resorts for the whole country; a part of it gets its share. */
export const RESORT_COUNT = 700;
const SCALE_KM = 1.2;
const REACH_KM = 5;
const RANK_DECAY = 0.6;

/** What the placing of resorts looks at, and the column it fills; [N] each. */
export interface ResortColumns {
  readonly lat: Float64Array;
  readonly lng: Float64Array;
  readonly trees: Float32Array;
  readonly coastKm: Float32Array;
  readonly population: Float32Array;
  /** How much a cell draws leisure trips; 0 away from any resort. */
  readonly leisure: Float32Array;
}

/** How fit a cell is for a resort: wooded or on the shore, and not in town. */
function charm(columns: ResortColumns, n: number): number {
  const shore = columns.coastKm[n]! < 3 ? 0.5 : 0;
  const quiet = 1 / (1 + columns.population[n]! / 300);
  return Math.min(1, 0.9 * columns.trees[n]! * columns.trees[n]! + shore) * quiet;
}

/** Places resorts at charming cells; their draw falls with the rank to the power 0.6 and within some km. */
export function addResorts(
  columns: ResortColumns,
  grid: CellGrid,
  count: number,
  random: Random,
): void {
  for (let rank = 1, attempt = 0; rank <= count && attempt < 100 * count; attempt++) {
    const n = random.integer(columns.lat.length);
    if (random.uniform() >= charm(columns, n)) continue;
    const size = pow(rank++, -RANK_DECAY);
    const place = { lat: columns.lat[n]!, lng: columns.lng[n]!, radiusKm: REACH_KM };
    visitCellsWithin(grid, place, (near, square) => {
      columns.leisure[near]! += size * exp(-Math.sqrt(square) / SCALE_KM);
    });
  }
  columns.leisure.forEach((value, n) => (columns.leisure[n] = Math.round(value * 1e5) / 1e5));
}
