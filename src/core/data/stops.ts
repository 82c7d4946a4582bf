import { haversineKm, type CellTableBuilder } from "../geo/cells";
import { CellLocator } from "../geo/locate";
import { CheckInBuilder, type CheckIns } from "./check-ins";
import { NO_OFFSET, type LocatedPoints } from "./points";
import { ROWS_PER_SLICE, type Sliced } from "./slices";

export interface StopOptions {
  /** How far from the first point of a stop its points may lie. */
  radiusM: number;
  /** How long a stop lasts at least, from its first point to its last. */
  minMs: number;
  /** Two points further apart in time are not of one stop: nobody knows what was between. */
  maxGapMs: number;
}

/** Points with places: what `stops` and linear resampling need. */
export type PlacedPoints = LocatedPoints & { lat: Float64Array; lng: Float64Array };

/** Metres of one degree of latitude, rounded up: no place is further away than this times the degrees. */
const M_PER_DEGREE = 111_200;

/** The longitude that is nearest to `near`, across the antimeridian where that is shorter. */
export function unwrapLng(lng: number, near: number): number {
  if (lng - near > 180) return lng - 360;
  return near - lng > 180 ? lng + 360 : lng;
}

/** True where two places lie within `radiusM`; most answers need no sine. */
function isWithin({ lat, lng }: PlacedPoints, a: number, b: number, radiusM: number): boolean {
  const dLat = lat[a]! - lat[b]!;
  const dLng = lng[a]! - unwrapLng(lng[b]!, lng[a]!);
  if (Math.sqrt(dLat * dLat + dLng * dLng) * M_PER_DEGREE <= radiusM) return true;
  if (Math.abs(dLat) * (M_PER_DEGREE - 200) > radiusM) return false;
  return haversineKm(lat[a]!, lng[a]!, lat[b]!, lng[b]!) * 1000 <= radiusM;
}

/** The middle of points `from` to `to - 1`. */
function middleOf({ lat, lng }: PlacedPoints, from: number, to: number): [number, number] {
  let [sumLat, sumLng] = [0, 0];
  for (let i = from; i < to; i++) {
    sumLat += lat[i]!;
    sumLng += unwrapLng(lng[i]!, lng[from]!);
  }
  return [sumLat / (to - from), unwrapLng(sumLng / (to - from), 0)];
}

/**
 * Check-ins by stop detection. A stop is a run of consecutive points of one user, as long as can be, that all
 * lie within `radiusM` of its first point and last at least `minMs` from first to last (the stay point of Li
 * et al., Mining user similarity based on location history, 2008, section 3; like Hariharan and Toyama,
 * Project Lachesis, 2004, a start that gives no stop is moved on by one point). The search goes on behind a
 * stop, so one stop may follow another at once. The cell is that of the middle of the points; points of no
 * stop are left out. Takes points sorted by user and time.
 */
export function* findStops(
  points: PlacedPoints,
  { radiusM, minMs, maxGapMs }: StopOptions,
  cells: CellTableBuilder,
): Sliced<CheckIns> {
  const { user, timeMs, offsetMin } = points;
  const builder = new CheckInBuilder(offsetMin !== undefined);
  const locator = new CellLocator(cells.resolution, cells);
  let from = 0;
  let work = 0;
  while (from < user.length) {
    if (++work % ROWS_PER_SLICE === 0) yield from;
    let to = from + 1;
    while (
      to < user.length &&
      user[to] === user[from] &&
      timeMs[to]! - timeMs[to - 1]! <= maxGapMs &&
      isWithin(points, from, to, radiusM)
    ) {
      to++;
      if (++work % ROWS_PER_SLICE === 0) yield from;
    }
    const [startMs, endMs] = [timeMs[from]!, timeMs[to - 1]!];
    if (endMs - startMs < minMs) {
      from++;
      continue;
    }
    const cell = locator.locate(...middleOf(points, from, to));
    const places = { user: user[from]!, cell, offsetMin: offsetMin?.[from] ?? NO_OFFSET };
    builder.push({ ...places, startMs, endMs, points: to - from });
    from = to;
  }
  return builder.build(points.users, cells.build());
}
