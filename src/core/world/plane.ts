import { sinCos } from "../exact";

/** Length of one degree of latitude on a sphere of 6,371.0088 km. */
export const KM_PER_DEGREE = 111.195;

const STEPS_PER_DEGREE = 10;
const COSINES = Float64Array.from(
  { length: 90 * STEPS_PER_DEGREE + 1 },
  (_, step) => sinCos((((step + 0.5) / STEPS_PER_DEGREE) * Math.PI) / 180)[1],
);

/** Cosine of a northern latitude in degrees, from a table of tenths of a degree. */
export function cosLat(lat: number): number {
  return COSINES[Math.floor(lat * STEPS_PER_DEGREE)]!;
}

/**
 * Distance in km on a plane fitted at the middle latitude: within 0.5 % up to 1,000 km over Japan, and made
 * of basic operations only, so equal on every machine.
 */
export function planeKm(lat1: number, lng1: number, lat2: number, lng2: number): number {
  const dy = (lat2 - lat1) * KM_PER_DEGREE;
  const dx = (lng2 - lng1) * KM_PER_DEGREE * cosLat((lat1 + lat2) / 2);
  return Math.sqrt(dx * dx + dy * dy);
}
