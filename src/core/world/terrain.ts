import { exp } from "../exact";
import { createRandom } from "../random";
import { KM_PER_DEGREE } from "./plane";
import { createWaves } from "./waves";

/** Columns over cells, [N] each; all but the places are filled here. */
export interface TerrainColumns {
  readonly lat: Float64Array;
  readonly lng: Float64Array;
  /** Distance of the nearest city and of the sea, km. */
  readonly cityKm: Float32Array;
  readonly coastKm: Float32Array;
  /** Standardised height: about 0 on average, 1 standard deviation, negative in towns. */
  readonly terrain: Float32Array;
}

/** A random field of one wavelength over plane coordinates in km. */
export type Waves = (x: number, y: number) => number;

/** Plane coordinates for random fields; 0.82 is the cosine of 35 degrees. */
export function toPlane(lat: number, lng: number): [x: number, y: number] {
  return [lng * KM_PER_DEGREE * 0.82, lat * KM_PER_DEGREE];
}

/** A named field: the same seed and name give the same field on every machine. */
export function namedWaves(seed: number, name: string, wavelengthKm: number): Waves {
  return createWaves(createRandom(seed, "geography", name), wavelengthKm);
}

/** Ridges of 90 and 40 km with hills of 14 km on them, not yet standardised. */
export function createRidges(seed: number): Waves {
  const wide = namedWaves(seed, "ridges-90", 90);
  const narrow = namedWaves(seed, "ridges-40", 40);
  const hills = namedWaves(seed, "hills-14", 14);
  return (x, y) => Math.abs(wide(x, y)) + 0.5 * Math.abs(narrow(x, y)) + 0.35 * hills(x, y);
}

// Mean and standard deviation of |n90| + 0.5 |n40| + 0.35 n14 for normal n: 1.5 sqrt(2 / pi) and
// sqrt(1.25 (1 - 2 / pi) + 0.35^2).
const RIDGES_MEAN = 1.1968;
const RIDGES_DEVIATION = 0.7593;

/** Fills `terrain` from .. to - 1: standardised ridges, lower near cities and the sea. */
export function raiseTerrain(
  columns: TerrainColumns,
  ridges: Waves,
  from: number,
  to: number,
): void {
  for (let n = from; n < to; n++) {
    const height =
      (ridges(...toPlane(columns.lat[n]!, columns.lng[n]!)) - RIDGES_MEAN) / RIDGES_DEVIATION;
    const shore = columns.coastKm[n]! / 4;
    const lowered = 1.6 * exp(-columns.cityKm[n]! / 12) + 0.5 / (1 + shore * shore);
    columns.terrain[n] = Math.round((height - lowered) * 1000) / 1000;
  }
}

/** Metres above the sea for a standardised height: 0 on the plain, 340 at the mean, below 3,800 on top. */
export function toMetres(terrain: number): number {
  const above = Math.max(0, terrain + 1.5);
  return Math.round((3800 * above * above) / (above * above + 23));
}
