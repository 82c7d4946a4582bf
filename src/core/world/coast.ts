import type { CellGrid } from "./cell-grid";

/** Pixels are 2 x 2 bins of the cell grid, about 2.2 km, so that land has no holes. */
const BINS = 2;
const STEP_KM = 2.2;
const DIAGONAL_KM = 3.1;
const FAR_KM = 1000;

/**
 * Distance of each cell from the sea in km, [N], in steps of the raster: two passes of a chamfer distance
 * over bins with and without land. Cells in a bin beside the sea have 2.2.
 */
export function coastDistances(grid: CellGrid): Float32Array {
  const width = Math.ceil(grid.columnCount / BINS) + 2;
  const height = Math.ceil(grid.rowCount / BINS) + 2;
  const distance = new Float32Array(width * height);
  const rasterOf = new Uint32Array(grid.lat.length);
  for (let row = 0, bin = 0; row < grid.rowCount; row++) {
    for (let column = 0; column < grid.columnCount; column++, bin++) {
      if (grid.starts[bin] === grid.starts[bin + 1]) continue;
      const pixel = ((row >> 1) + 1) * width + (column >> 1) + 1;
      distance[pixel] = FAR_KM;
      rasterOf.fill(pixel, grid.starts[bin], grid.starts[bin + 1]); // by member, not by cell
    }
  }
  sweep(distance, width, 1);
  sweep(distance, width, -1);
  const kms = new Float32Array(rasterOf.length);
  rasterOf.forEach((pixel, m) => (kms[grid.members[m]!] = distance[pixel]!));
  return kms;
}

/** One pass; direction 1 looks back at west and north, -1 at east and south. */
function sweep(distance: Float32Array, width: number, direction: 1 | -1): void {
  const count = distance.length - 2 * width - 2;
  let pixel = direction === 1 ? width + 1 : distance.length - width - 2;
  for (let k = 0; k < count; k++, pixel += direction) {
    if (distance[pixel] === 0) continue;
    const straight = Math.min(distance[pixel - direction]!, distance[pixel - direction * width]!);
    const slanted = Math.min(
      distance[pixel - direction * (width + 1)]!,
      distance[pixel - direction * (width - 1)]!,
    );
    const nearest = Math.min(straight + STEP_KM, slanted + DIAGONAL_KM);
    if (nearest < distance[pixel]!) distance[pixel] = nearest;
  }
}
