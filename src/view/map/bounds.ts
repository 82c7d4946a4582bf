import { cellCentres } from "../../core/geo/cells";
import type { CellTable } from "../../core/geo/cells";
import type { Bounds } from "./cell-geometry";
import { cellRing } from "./shapes";
import type { LngLat } from "./shapes";

/** The box around places; west after east when there are none. */
export function boundsOf(places: readonly LngLat[]): Bounds {
  let [west, south, east, north] = [180, 90, -180, -90];
  for (const [lng, lat] of places) {
    west = Math.min(west, lng);
    east = Math.max(east, lng);
    south = Math.min(south, lat);
    north = Math.max(north, lat);
  }
  return [west, south, east, north];
}

/** The box around cells. */
export function boundsOfCells(hashes: readonly string[]): Bounds {
  return boundsOf(hashes.flatMap(cellRing));
}

const tableBounds = new WeakMap<CellTable, Bounds>();

/** The box around the middles of a table's cells, found once per table. */
export function boundsOfTable(cells: CellTable): Bounds {
  const known = tableBounds.get(cells);
  if (known) return known;
  const { lat, lng } = cellCentres(cells);
  let [west, south, east, north] = [180, 90, -180, -90];
  for (let n = 0; n < lat.length; n++) {
    west = Math.min(west, lng[n]!);
    east = Math.max(east, lng[n]!);
    south = Math.min(south, lat[n]!);
    north = Math.max(north, lat[n]!);
  }
  const bounds: Bounds = [west, south, east, north];
  tableBounds.set(cells, bounds);
  return bounds;
}
