import type { Placement } from "./crs";
import type { Ring } from "./geometry";

/** Why a ring cannot be used. No number stands in it: equal reasons are counted. */
export type RingFault =
  | "a coordinate is not a number"
  | "a place is not on Earth (latitude over 90 or longitude over 540)"
  | "a ring has fewer than three corners"
  | "a ring encloses no area";

/** An edge of a projected layer is followed to within this many degrees (about 0.1 m). */
const BEND_DEG = 1e-6;
/** Edges shorter than this in degrees bend by less than that on any map in use. */
const SHORT_DEG = 0.02;
const DEEPEST = 10;

type Place = [lng: number, lat: number];
type ToPlace = NonNullable<Placement["toPlace"]>;

/** Appends the corners of a straight edge of the file's map: on the globe's map it may bend. */
function followEdge(
  places: number[],
  [from, to]: readonly [Place, Place],
  half: (t: number) => Place,
  [t0, t1, depth]: readonly [number, number, number],
): void {
  const length = Math.max(Math.abs(to[0] - from[0]), Math.abs(to[1] - from[1]));
  if (length > SHORT_DEG && length < 180 && depth < DEEPEST) {
    const t = (t0 + t1) / 2;
    const middle = half(t);
    const bend = Math.max(
      Math.abs(middle[0] - (from[0] + to[0]) / 2),
      Math.abs(middle[1] - (from[1] + to[1]) / 2),
    );
    if (bend > BEND_DEG) {
      followEdge(places, [from, middle], half, [t0, t, depth + 1]);
      followEdge(places, [middle, to], half, [t, t1, depth + 1]);
      return;
    }
  }
  places.push(to[0], to[1]);
}

/** A ring of the file's map in degrees. */
function project(ring: Ring, toPlace: ToPlace): number[] {
  const places: number[] = [];
  let [beforeX, beforeY] = [ring.at(-2)!, ring.at(-1)!];
  let before = toPlace(beforeX, beforeY);
  for (let i = 0; i < ring.length; i += 2) {
    const [ax, ay, bx, by] = [beforeX, beforeY, ring[i]!, ring[i + 1]!];
    const place = toPlace(bx, by);
    const along = (t: number): Place => toPlace(ax + t * (bx - ax), ay + t * (by - ay));
    followEdge(places, [before, place], along, [0, 1, 0]);
    [beforeX, beforeY, before] = [bx, by, place];
  }
  return places;
}

/** The corners without those that repeat the one before; the last is not the first. */
function dropRepeats(ring: Ring): number[] {
  const kept: number[] = [];
  for (let i = 0; i < ring.length; i += 2) {
    if (ring[i] !== kept.at(-2) || ring[i + 1] !== kept.at(-1)) kept.push(ring[i]!, ring[i + 1]!);
  }
  while (kept.length > 2 && kept[0] === kept.at(-2) && kept[1] === kept.at(-1)) kept.length -= 2;
  return kept;
}

/** True where all corners lie on one line, so that no rule gives the ring an area. */
function isFlat(ring: readonly number[]): boolean {
  const [ax, ay] = [ring[0]!, ring[1]!];
  const far = ring.findIndex((value, i) => value !== (i % 2 === 0 ? ax : ay));
  if (far < 0) return true;
  const at = far - (far % 2);
  const [dx, dy] = [ring[at]! - ax, ring[at + 1]! - ay];
  for (let i = 2; i < ring.length; i += 2) {
    if (dx * (ring[i + 1]! - ay) !== dy * (ring[i]! - ax)) return false;
  }
  return true;
}

/**
 * A ring that steps over more than half the globe crosses the antimeridian there: the corners behind the step get
 * longitudes beyond 180. A ring that does not close that way (Antarctica, the whole world) stays as it is.
 */
function unroll(ring: readonly number[]): { ring: readonly number[]; isUnrolled: boolean } {
  const unrolled = [...ring];
  for (let i = 2; i < ring.length; i += 2) {
    const turns = Math.round((unrolled[i]! - unrolled[i - 2]!) / 360 - 1e-12);
    unrolled[i] = unrolled[i]! - 360 * turns;
  }
  const isClosed = Math.abs(unrolled.at(-2)! - unrolled[0]!) <= 180;
  if (!isClosed || isFlat(unrolled)) return { ring, isUnrolled: false };
  return { ring: unrolled, isUnrolled: unrolled.some((value, i) => value !== ring[i]) };
}

/** The same ring a turn or two around the globe, so that its west end lies in -180 to 180. */
function turnHome(ring: readonly number[]): readonly number[] {
  let west = Infinity;
  for (let i = 0; i < ring.length; i += 2) west = Math.min(west, ring[i]!);
  const turn = west < -180 || west >= 180 ? 360 * Math.floor((west + 180) / 360) : 0;
  return turn === 0 ? ring : ring.map((value, i) => (i % 2 === 0 ? value - turn : value));
}

function findFault(ring: readonly number[]): RingFault | undefined {
  if (!ring.every(Number.isFinite)) return "a coordinate is not a number";
  const isOff = ring.some((value, i) => Math.abs(value) > (i % 2 === 0 ? 540 : 90 + 1e-9));
  if (isOff) return "a place is not on Earth (latitude over 90 or longitude over 540)";
  if (ring.length < 6) return "a ring has fewer than three corners";
  return isFlat(ring) ? "a ring encloses no area" : undefined;
}

/** A usable ring in degrees: longitude and latitude in turn, open. */
export interface PlacedRing {
  readonly places: readonly number[];
  /** True where a step over the antimeridian was taken as the short way round. */
  readonly isUnrolled: boolean;
}

/** A ring of a file in degrees, or why it is none. */
export function placeRing(ring: Ring, { toPlace }: Placement): PlacedRing | RingFault {
  const corners = dropRepeats(ring);
  if (corners.length < 6) return "a ring has fewer than three corners";
  if (toPlace && !corners.every(Number.isFinite)) return "a coordinate is not a number";
  const places = toPlace ? dropRepeats(project(corners, toPlace)) : corners;
  const fault = findFault(places);
  if (fault !== undefined) return fault;
  const { ring: unrolled, isUnrolled } = unroll(places);
  return { places: turnHome(unrolled), isUnrolled };
}
