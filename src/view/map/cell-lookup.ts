import { h3IndexToSplitLong, latLngToCell } from "h3-js";
import { indexCells } from "../../core/geo/cells";
import type { CellTable, CellTableBuilder } from "../../core/geo/cells";

/** Indexes made so far; they go when their table goes. */
const indexes = new WeakMap<CellTable, CellTableBuilder>();

function indexOf(table: CellTable): CellTableBuilder {
  const index = indexes.get(table) ?? indexCells(table);
  indexes.set(table, index);
  return index;
}

/** The cell number at a place, -1 where the table has none: how maps know what the pointer is over. */
export function cellAt(table: CellTable, lat: number, lng: number): number {
  if (Math.abs(lat) > 90 || table.hi.length === 0) return -1;
  const [lo, hi] = h3IndexToSplitLong(latLngToCell(lat, lng, table.resolution));
  return indexOf(table).find(hi >>> 0, lo >>> 0);
}
