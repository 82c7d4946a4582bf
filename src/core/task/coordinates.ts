/** What coordinates alone can do: the bar that an embedding of places must pass. */
import { haversineKm } from "../geo/cells";
import { createRandom } from "../random";
import type { Matrix } from "./linear-model";
import { createNeighbours } from "./neighbours";

export interface Places {
  readonly lat: Float64Array; // [N], degrees
  readonly lng: Float64Array; // [N]
}

/** Kilometres east and north of the middle of the places; good to some per cent over a country. */
export function toPlane({ lat, lng }: Places): { x: Float64Array; y: Float64Array } {
  const middle = (values: Float64Array): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [lat0, lng0] = [middle(lat), middle(lng)];
  const kmEast = haversineKm(lat0, lng0 - 0.5, lat0, lng0 + 0.5);
  const kmNorth = haversineKm(lat0 - 0.5, lng0, lat0 + 0.5, lng0);
  return { x: lng.map((l) => (l - lng0) * kmEast), y: lat.map((l) => (l - lat0) * kmNorth) };
}

/** Waves that stand for a place, as many as the shipped model is wide. */
const WAVES = 128;

/**
 * Random Fourier features (Rahimi and Recht 2007) of places: a linear model on them is close to a kernel
 * machine with a Gaussian kernel of `scaleKm`. The same seed draws the same waves.
 */
export function toWaves(places: Places, scaleKm: number, seed: number): Matrix {
  const random = createRandom(seed, "waves", Math.round(scaleKm * 1000));
  const waves = Array.from({ length: WAVES }, () => ({
    east: random.normal() / scaleKm,
    north: random.normal() / scaleKm,
    phase: 2 * Math.PI * random.uniform(),
  }));
  const { x, y } = toPlane(places);
  const data = new Float32Array(x.length * WAVES);
  for (let n = 0; n < x.length; n++) {
    waves.forEach(({ east, north, phase }, w) => {
      data[n * WAVES + w] = Math.cos(east * x[n]! + north * y[n]! + phase);
    });
  }
  return { data, width: WAVES };
}

/** Kernel scales to choose from: fractions of the spread of the places. */
export function findScalesKm(places: Places): number[] {
  const { x, y } = toPlane(places);
  const square = x.reduce((sum, value, n) => sum + value * value + y[n]! * y[n]!, 0);
  const spread = Math.sqrt(square / x.length) || 1;
  return [1, 1 / 2, 1 / 4, 1 / 8, 1 / 16].map((share) => share * spread);
}

export const NEIGHBOUR_COUNTS = [1, 3, 5, 10, 20] as const;

/** A search for the places among `known` nearest to a place: nearest first, as many as the largest count. */
export function createNearest(places: Places, known: Uint32Array): (row: number) => Uint32Array {
  const { x, y } = toPlane(places);
  const take = (values: Float64Array): Float64Array =>
    Float64Array.from(known, (row) => values[row]!);
  const neighbours = createNeighbours(take(x), take(y));
  const most = NEIGHBOUR_COUNTS.at(-1)!;
  return (row) => Uint32Array.from(neighbours.find(x[row]!, y[row]!, most), (i) => known[i]!);
}

/** The mean of the k nearest. */
export function meanOf(nearest: Uint32Array, values: ArrayLike<number>, k: number): number {
  const near = nearest.subarray(0, k);
  return near.reduce((sum, row) => sum + values[row]!, 0) / near.length;
}

/** The class that most of the k nearest have; of equally frequent ones the nearest. */
export function vote(nearest: Uint32Array, classes: ArrayLike<number>, k: number): number {
  return voteWithShare(nearest, classes, k)[0];
}

/** The same with the share of them that have it. */
export function voteWithShare(
  nearest: Uint32Array,
  classes: ArrayLike<number>,
  k: number,
): readonly [most: number, share: number] {
  const counts = new Map<number, number>();
  const near = nearest.subarray(0, k);
  for (const row of near) counts.set(classes[row]!, (counts.get(classes[row]!) ?? 0) + 1);
  let best: [number, number] = [0, 0];
  for (const entry of counts) if (entry[1] > best[1]) best = entry;
  return [best[0], best[1] / Math.max(1, near.length)];
}
