import { cellCentres, type CellTable } from "../geo/cells";

/** Columns over cells, [N] each, in degrees. */
export interface PlaceColumns {
  readonly lat: Float64Array;
  readonly lng: Float64Array;
}

/** Centres of cells `from` to `to` - 1: those of a whole country take half a second, too long for one go. */
export function centresBetween(cells: CellTable, from: number, to: number): PlaceColumns {
  return cellCentres({
    ...cells,
    hi: cells.hi.subarray(from, to),
    lo: cells.lo.subarray(from, to),
  });
}

/** The same, written into columns of all cells. */
export function placeCells(
  columns: PlaceColumns,
  cells: CellTable,
  from: number,
  to: number,
): void {
  const centres = centresBetween(cells, from, to);
  columns.lat.set(centres.lat, from);
  columns.lng.set(centres.lng, from);
}
