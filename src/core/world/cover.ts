import { exp, log, pow } from "../exact";
import { namedWaves, toPlane } from "./terrain";
import type { Waves } from "./terrain";

/** Columns over cells, [N] each; the four shares are filled here. */
export interface CoverColumns {
  readonly lat: Float64Array;
  readonly lng: Float64Array;
  readonly terrain: Float32Array;
  readonly coastKm: Float32Array;
  /** People per km2. */
  readonly density: Float64Array;
  readonly builtUp: Float32Array;
  readonly trees: Float32Array;
  readonly crops: Float32Array;
  readonly water: Float32Array;
}

/** The random fields of the land cover; water's is independent of all others. */
export interface CoverWaves {
  readonly built: Waves;
  readonly trees: Waves;
  readonly lakes: Waves;
}

/** The fields of one country. */
export function createCoverWaves(seed: number): CoverWaves {
  return {
    built: namedWaves(seed, "built-6", 6),
    trees: namedWaves(seed, "trees-13", 13),
    lakes: namedWaves(seed, "lakes-11", 11),
  };
}

function sigmoid(x: number): number {
  return 1 / (1 + exp(-x));
}

/** Rounded to a thousandth, so that no last bit of any engine is kept. */
function toShare(x: number): number {
  return Math.round(Math.min(1, Math.max(0, x)) * 1000) / 1000;
}

/** Share of what is neither built, wooded nor wet that is tilled; the rest is bare. */
const TILLED_SHARE = 0.85;

/** Fills the shares from .. to - 1: built-up by density, water by chance, trees by terrain and emptiness. */
export function coverCells(
  columns: CoverColumns,
  waves: CoverWaves,
  from: number,
  to: number,
): void {
  for (let n = from; n < to; n++) {
    const [x, y] = toPlane(columns.lat[n]!, columns.lng[n]!);
    const density = columns.density[n]!;
    const beach = columns.coastKm[n]! < 3 ? 0.08 : 0;
    const water = toShare(0.9 * sigmoid(3.2 * (waves.lakes(x, y) - 2)) + beach);
    const paved = 1 - exp(-pow(density / 2200, 0.8));
    const builtUp = Math.min(
      toShare(paved * (1 - 0.6 * water) * exp(0.25 * waves.built(x, y))),
      1 - water,
    );
    const woodiness =
      1.3 * columns.terrain[n]! - 0.55 * log(1 + density / 40) + 1.3 + 0.6 * waves.trees(x, y);
    const trees = toShare((1 - builtUp - water) * sigmoid(woodiness));
    columns.water[n] = water;
    columns.builtUp[n] = toShare(builtUp);
    columns.trees[n] = trees;
    columns.crops[n] = toShare(TILLED_SHARE * (1 - builtUp - water - trees));
  }
}
