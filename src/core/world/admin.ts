import { KM_PER_DEGREE, cosLat, planeKm } from "./plane";
import type { Seat } from "./seats";

/** A run of neighbouring cells: the land children of one parent. */
export interface Patch {
  readonly from: number;
  readonly to: number;
  /** Middle of the cells and the distance of the farthest one from it. */
  readonly lat: number;
  readonly lng: number;
  readonly radiusKm: number;
}

/** The patch of cells from .. to - 1. */
export function createPatch(lat: Float64Array, lng: Float64Array, from: number, to: number): Patch {
  let sumLat = 0;
  let sumLng = 0;
  for (let n = from; n < to; n++) {
    sumLat += lat[n]!;
    sumLng += lng[n]!;
  }
  const midLat = sumLat / (to - from);
  const midLng = sumLng / (to - from);
  let radiusKm = 0;
  for (let n = from; n < to; n++) {
    radiusKm = Math.max(radiusKm, planeKm(midLat, midLng, lat[n]!, lng[n]!));
  }
  return { from, to, lat: midLat, lng: midLng, radiusKm: radiusKm * 1.01 + 0.01 };
}

/** A seat as seen from a patch; `lead` km are taken off its distance. */
interface Rival {
  readonly id: number;
  readonly lat: number;
  readonly lng: number;
  readonly lead: number;
}

/** The seats that can be the nearest of some cell in the patch. */
function findRivals(patch: Patch, seats: readonly Seat[], leads: Float64Array): Rival[] {
  const reach = seats.map(
    (seat, id) => planeKm(patch.lat, patch.lng, seat.lat, seat.lng) - leads[id]!,
  );
  const least = reach.reduce((a, b) => Math.min(a, b), Infinity);
  const limit = least + 2 * patch.radiusKm * 1.02; // the plane's scale changes a little with the latitude
  return seats.flatMap(({ lat, lng }, id) =>
    reach[id]! <= limit ? [{ id, lat, lng, lead: leads[id]! }] : [],
  );
}

/** Who competes for which cells, and where the outcome goes. */
export interface Contest {
  readonly seats: readonly Seat[];
  /** Taken off the distance of each seat, km, [seats]. */
  readonly leads: Float64Array;
  /** Cells outside keep what they have. */
  readonly isOpen?: (n: number) => boolean;
  /** Index of the winning seat, [N]. */
  readonly winner: Uint16Array;
  /** Its distance less its lead, km, [N]. */
  readonly km: Float32Array;
}

/** For each cell of the patch the seat of least distance minus lead: an additively weighted Voronoi diagram. */
export function assignNearest(
  patch: Patch,
  places: { lat: Float64Array; lng: Float64Array },
  { seats, leads, isOpen, winner, km }: Contest,
): void {
  const rivals = findRivals(patch, seats, leads);
  const kmPerLng = KM_PER_DEGREE * cosLat(patch.lat);
  for (let n = patch.from; n < patch.to; n++) {
    if (isOpen && !isOpen(n)) continue;
    let best = Infinity;
    for (const rival of rivals) {
      const dy = (rival.lat - places.lat[n]!) * KM_PER_DEGREE;
      const dx = (rival.lng - places.lng[n]!) * kmPerLng;
      const reach = Math.sqrt(dx * dx + dy * dy) - rival.lead;
      if (reach >= best) continue;
      best = reach;
      winner[n] = rival.id;
    }
    km[n] = best;
  }
}
