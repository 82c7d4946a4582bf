import type { Guess } from "../model/decode";
import { toPlane, type Places } from "./coordinates";

/** Steps of Weiszfeld's iteration; it has settled to a few metres long before. */
const STEPS = 40;
/** Nearer than this a cell counts as reached: no division by a distance of nothing. */
const REACHED_KM = 0.01;

/**
 * The guess with the least expected distance from the truth, as the model believes: the guessed cell nearest
 * to the weighted geometric median (Weiszfeld 1937) of all guesses. The likeliest cell is the best bet for a
 * hit; when belief is spread over hundreds of cells, this one is the best bet for kilometres.
 * @param guesses at least one; `centres` of all cells, degrees
 * @returns the cell number
 */
export function middleOfBelief(guesses: readonly Guess[], centres: Places): number {
  const pick = (values: Float64Array): Float64Array =>
    Float64Array.from(guesses, ({ cell }) => values[cell]!);
  const { x, y } = toPlane({ lat: pick(centres.lat), lng: pick(centres.lng) });
  const km = (n: number, [px, py]: readonly [number, number]): number =>
    Math.hypot(x[n]! - px, y[n]! - py);
  let at: readonly [number, number] = [0, 0];
  for (let step = 0; step < STEPS; step++) {
    let [sumX, sumY, sum] = [0, 0, 0];
    for (const [n, { probability }] of guesses.entries()) {
      const weight = step === 0 ? probability : probability / Math.max(REACHED_KM, km(n, at));
      sumX += weight * x[n]!;
      sumY += weight * y[n]!;
      sum += weight;
    }
    at = [sumX / sum, sumY / sum];
  }
  let nearest = 0;
  for (let n = 1; n < guesses.length; n++) if (km(n, at) < km(nearest, at)) nearest = n;
  return guesses[nearest]!.cell;
}
