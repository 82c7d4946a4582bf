import { KM_PER_DEGREE, cosLat } from "./plane";

/** Cells sorted into bins of about 1.1 km, to find those near a place. */
export interface CellGrid {
  readonly lat: Float64Array; // [N]
  readonly lng: Float64Array; // [N]
  readonly rowCount: number;
  readonly columnCount: number;
  readonly south: number;
  readonly west: number;
  /** Cells of bin b are members[starts[b]] .. members[starts[b + 1] - 1]. */
  readonly starts: Uint32Array;
  readonly members: Uint32Array;
}

const ROWS_PER_DEGREE = 100;
const COLUMNS_PER_DEGREE = 80;

/** Beyond this from the nearest centre a place is at sea: a cell of resolution 8 has an edge of 0.53 km. */
const REACH_KM = 0.65;

function range(values: Float64Array): [least: number, most: number] {
  let least = Infinity;
  let most = -Infinity;
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return [least, most];
}

/** Sorts the centres [N] of cells into bins. */
export function createCellGrid(lat: Float64Array, lng: Float64Array): CellGrid {
  const [southmost, northmost] = range(lat);
  const [westmost, eastmost] = range(lng);
  const south = southmost - 1 / ROWS_PER_DEGREE; // a margin of one bin, so that 3 x 3 searches stay inside
  const west = westmost - 1 / COLUMNS_PER_DEGREE;
  const rowCount = Math.floor((northmost - south) * ROWS_PER_DEGREE) + 2;
  const columnCount = Math.floor((eastmost - west) * COLUMNS_PER_DEGREE) + 2;
  const starts = new Uint32Array(rowCount * columnCount + 1);
  const bins = new Uint32Array(lat.length);
  for (let n = 0; n < bins.length; n++) {
    const row = Math.floor((lat[n]! - south) * ROWS_PER_DEGREE);
    bins[n] = row * columnCount + Math.floor((lng[n]! - west) * COLUMNS_PER_DEGREE);
    starts[bins[n]! + 1]!++;
  }
  for (let b = 0; b < starts.length - 1; b++) starts[b + 1]! += starts[b]!;
  const next = starts.slice();
  const members = new Uint32Array(lat.length);
  for (let n = 0; n < bins.length; n++) members[next[bins[n]!]!++] = n;
  return { lat, lng, rowCount, columnCount, south, west, starts, members };
}

/** The land cell whose centre is nearest to a place, or -1 where the place is not on land. */
export function nearestCell(grid: CellGrid, lat: number, lng: number): number {
  const row = Math.floor((lat - grid.south) * ROWS_PER_DEGREE);
  const column = Math.floor((lng - grid.west) * COLUMNS_PER_DEGREE);
  if (row < 1 || column < 1 || row > grid.rowCount - 2 || column > grid.columnCount - 2) return -1;
  const kmPerLng = KM_PER_DEGREE * cosLat(lat);
  let best = -1;
  let bestSquare = REACH_KM * REACH_KM;
  for (let r = row - 1; r <= row + 1; r++) {
    const first = r * grid.columnCount + column - 1;
    for (let m = grid.starts[first]!; m < grid.starts[first + 3]!; m++) {
      const n = grid.members[m]!;
      const dy = (grid.lat[n]! - lat) * KM_PER_DEGREE;
      const dx = (grid.lng[n]! - lng) * kmPerLng;
      const square = dx * dx + dy * dy;
      if (square >= bestSquare) continue;
      bestSquare = square;
      best = n;
    }
  }
  return best;
}

/** Calls `visit` with each cell nearer than `radiusKm` to a place and its squared distance in km2. */
export function visitCellsWithin(
  grid: CellGrid,
  place: { lat: number; lng: number; radiusKm: number },
  visit: (n: number, squareKm2: number) => void,
): void {
  const { lat, lng, radiusKm } = place;
  const kmPerLng = KM_PER_DEGREE * cosLat(lat);
  const clampRow = (row: number): number => Math.max(0, Math.min(grid.rowCount - 1, row));
  const clampColumn = (column: number): number =>
    Math.max(0, Math.min(grid.columnCount - 1, column));
  const toRow = (y: number): number => Math.floor((y - grid.south) * ROWS_PER_DEGREE);
  const toColumn = (x: number): number => Math.floor((x - grid.west) * COLUMNS_PER_DEGREE);
  const lastRow = toRow(lat + radiusKm / KM_PER_DEGREE);
  const lastColumn = toColumn(lng + radiusKm / kmPerLng);
  const firstRow = toRow(lat - radiusKm / KM_PER_DEGREE);
  const firstColumn = toColumn(lng - radiusKm / kmPerLng);
  if (lastRow < 0 || lastColumn < 0) return;
  if (firstRow >= grid.rowCount || firstColumn >= grid.columnCount) return;
  for (let row = clampRow(firstRow); row <= clampRow(lastRow); row++) {
    const from = row * grid.columnCount + clampColumn(firstColumn);
    const to = row * grid.columnCount + clampColumn(lastColumn) + 1;
    for (let m = grid.starts[from]!; m < grid.starts[to]!; m++) {
      const n = grid.members[m]!;
      const dy = (grid.lat[n]! - lat) * KM_PER_DEGREE;
      const dx = (grid.lng[n]! - lng) * kmPerLng;
      const square = dx * dx + dy * dy;
      if (square < radiusKm * radiusKm) visit(n, square);
    }
  }
}
