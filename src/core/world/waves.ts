import { sinCos } from "../exact";
import type { Random } from "../random";

const WAVE_COUNT = 16;

/**
 * Cosine of an angle given in turns, within 0.0025: a polynomial fitted by least squares in the distance from
 * the nearest crest. Fast, and made of basic operations only, so equal on every machine.
 */
function cosTurns(turns: number): number {
  const u = 2 * Math.abs(turns - Math.floor(turns + 0.5)); // 0 at a crest, 1 in a trough
  const s = u * u;
  return 1 - s * (4.9011 - s * (3.8445 - 0.9434 * s));
}

/**
 * A random field of standard deviation 1 as the sum of cosines in random directions, their wavelengths within a
 * fifth of `wavelengthKm`. Takes plane coordinates in km.
 */
export function createWaves(
  random: Random,
  wavelengthKm: number,
): (x: number, y: number) => number {
  const kx = new Float64Array(WAVE_COUNT);
  const ky = new Float64Array(WAVE_COUNT);
  const phase = new Float64Array(WAVE_COUNT);
  for (let w = 0; w < WAVE_COUNT; w++) {
    const [sin, cos] = sinCos(2 * Math.PI * random.uniform());
    const turnsPerKm = 1 / (wavelengthKm * (0.8 + 0.4 * random.uniform()));
    kx[w] = cos * turnsPerKm;
    ky[w] = sin * turnsPerKm;
    phase[w] = random.uniform();
  }
  const amplitude = Math.sqrt(2 / WAVE_COUNT);
  return (x, y) => {
    let sum = 0;
    for (let w = 0; w < WAVE_COUNT; w++) sum += cosTurns(kx[w]! * x + ky[w]! * y + phase[w]!);
    return sum * amplitude;
  };
}
