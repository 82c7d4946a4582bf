import { haversineKm } from "../geo/cells";

const HOUR_MS = 3_600_000;
/** Clocks that count whole seconds: two points of one second are taken as a second apart. */
const SHORTEST_MS = 1000;
/** Kilometres of one degree at most: what is under this times the degrees needs no sine. */
const KM_PER_DEGREE = 111.2;

/** Kilometres an hour between two moments and places. */
export function speedKmh(elapsedMs: number, km: number): number {
  return (km * HOUR_MS) / Math.max(SHORTEST_MS, Math.abs(elapsedMs));
}

/** The speed from one place to another where it is above `limitKmh`, 0 where it is not. */
export function speedAbove(
  limitKmh: number,
  elapsedMs: number,
  from: { lat: number; lng: number },
  to: { lat: number; lng: number },
): number {
  const dLat = to.lat - from.lat;
  const dLng = to.lng - from.lng;
  const mostKm = Math.sqrt(dLat * dLat + dLng * dLng) * KM_PER_DEGREE;
  if (speedKmh(elapsedMs, mostKm) <= limitKmh) return 0;
  const speed = speedKmh(elapsedMs, haversineKm(from.lat, from.lng, to.lat, to.lng));
  return speed > limitKmh ? speed : 0;
}
