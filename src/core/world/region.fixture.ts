import { cellToChildren, gridDisk, latLngToCell } from "h3-js";
import { finish } from "../pace";
import { buildGeography } from "./geography";
import type { Geography } from "./geography";
import { encodeLand } from "./land";

/**
 * Land for tests: all cells within about 75 km of a place, sea or not. Made of hexagons alone, so that it is
 * the same in Node and in a browser without reading a file.
 */
export function createRegionMask(lat: number, lng: number): Uint8Array {
  const parents = gridDisk(latLngToCell(lat, lng, 4), 1);
  return encodeLand(parents.flatMap((parent) => cellToChildren(parent, 8)));
}

/** A country of 16,807 cells around Nagoya, built in a tenth of a second. */
export function buildRegion(seed?: number): Promise<Geography> {
  const mask = createRegionMask(35.18, 136.91);
  return finish(buildGeography(mask, seed === undefined ? {} : { seed }));
}
