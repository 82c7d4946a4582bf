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
