import { FootfallError } from "../errors";

/** Degrees that coordinates from -1 to 1 span. */
export type Box = readonly [south: number, west: number, north: number, east: number];

/** The box of RAW's code: its inverse transform has these four numbers (Rising0321/RAW, dump_region.py). */
export const RAW_BOX: Box = [39.442078, 115.416827, 41.058964, 117.508217];

/** Throws "bad-input" for degrees that span no box. */
export function checkBox(box: Box): void {
  const [south, west, north, east] = box;
  const areDegrees = south >= -90 && north <= 90 && west >= -180 && east <= 180;
  if (areDegrees && south < north && west < east) return;
  throw new FootfallError(
    "bad-input",
    `the box ${box.join(", ")} is no box; expected south, west, north, east in degrees, such as ${RAW_BOX.join(", ")}`,
  );
}

/** Places in degrees as coordinates from -1 to 1 of the box, and back (RAW: min-max). */
export interface BoxScale {
  readonly toX: (lng: number) => number;
  readonly toY: (lat: number) => number;
  readonly toLng: (x: number) => number;
  readonly toLat: (y: number) => number;
}

/** The scale of a box. */
export function createBoxScale([south, west, north, east]: Box): BoxScale {
  const [midLng, halfLng] = [(east + west) / 2, (east - west) / 2];
  const [midLat, halfLat] = [(north + south) / 2, (north - south) / 2];
  return {
    toX: (lng) => (lng - midLng) / halfLng,
    toY: (lat) => (lat - midLat) / halfLat,
    toLng: (x) => midLng + x * halfLng,
    toLat: (y) => midLat + y * halfLat,
  };
}

/** Places, longitude and latitude in turn; NaN where there is none. */
type Places = ArrayLike<number>;

/** How many places there are, and how many of them lie outside the box. */
export function countOutside(places: Places, [south, west, north, east]: Box) {
  let [count, outside] = [0, 0];
  for (let at = 0; at < places.length; at += 2) {
    const [lng, lat] = [places[at]!, places[at + 1]!];
    if (Number.isNaN(lng)) continue;
    count++;
    if (lng < west || lng > east || lat < south || lat > north) outside++;
  }
  return { count, outside };
}

/** Boxes are rounded outward to millionths of a degree: about 10 cm. */
const DIGITS = 1e6;
/** Degrees on each side of places that all lie on one line. */
const LEAST_DEG = 0.001;

/** The smallest box around all places. Throws "no-data" without any. */
export function boundsOf(places: Places): Box {
  let [south, west, north, east] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let at = 0; at < places.length; at += 2) {
    const [lng, lat] = [places[at]!, places[at + 1]!];
    if (Number.isNaN(lng)) continue;
    [south, west] = [Math.min(south, lat), Math.min(west, lng)];
    [north, east] = [Math.max(north, lat), Math.max(east, lng)];
  }
  if (south === Infinity) throw new FootfallError("no-data", "there are no places to span a box");
  if (north - south < LEAST_DEG) [south, north] = [south - LEAST_DEG, north + LEAST_DEG];
  if (east - west < LEAST_DEG) [west, east] = [west - LEAST_DEG, east + LEAST_DEG];
  const [down, up] = [Math.floor, Math.ceil].map(
    (round) => (degrees: number) => round(degrees * DIGITS) / DIGITS,
  );
  return [down!(south), down!(west), up!(north), up!(east)];
}

/** Data of which at least this share lies in RAW's box are called Beijing's. */
const BEIJING_SHARE = 0.9;

/** RAW's box where the places lie in it but for a tenth, else their own. Throws "no-data". */
export function chooseBox(places: Places): Box {
  const { count, outside } = countOutside(places, RAW_BOX);
  const isBeijing = count > 0 && count - outside >= BEIJING_SHARE * count;
  return isBeijing ? RAW_BOX : boundsOf(places);
}
