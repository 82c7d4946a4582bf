/** A country of its own beside the one of Japan's shape: coast, cities and prefectures are invented, all of them. */
import { gridDisk, latLngToCell } from "h3-js";
import { cellCentres, hashToHi, hashToLo, takeCells } from "../geo/cells";
import { createPace } from "../pace";
import type { Progress } from "../pace";
import { decodeLand, encodeCells, encodeParents } from "./land";
import { centresBetween } from "./places";
import { inSlices } from "./slices";
import { namedWaves, toPlane } from "./terrain";
import type { Waves } from "./terrain";

/** Seed of coast, cities and names: the archipelago is the same for every seed of its people, as Japan's coast is. */
export const ARCHIPELAGO_SEED = 27;

/** Open ocean between Hawaii and Alaska, without one of H3's twelve pentagons, 4,000 km from the nearest cell of Japan. */
const MIDDLE = { lat: 36.5, lng: -160 } as const;
/** The ellipse that holds all land, its long axis turned from east to north, and the rings of parents around it. */
const HALF_LENGTH_KM = 880;
const HALF_WIDTH_KM = 430;
const TURN = { cos: 0.8, sin: 0.6 } as const;
const RINGS = 62;

/** Wavelengths in km and heights of the waves that make a coast: wide ones place islands, narrow ones cut bays. */
const WIDE = [
  [420, 1],
  [170, 0.62],
] as const;
const NARROW = [
  [70, 0.3],
  [30, 0.16],
  [12, 0.08],
] as const;
/** More than narrow waves reach, nearly always: beyond it a cell is land, or a parent all sea, without a look at them. */
const REACH = 1.4;
/** Sets the share of land, and how the land sinks towards the rim. */
const SEA_LEVEL = 0.1;
const SINKING = 2.2;

function addWaves(scales: readonly (readonly [km: number, height: number])[]): Waves {
  const waves = scales.map(
    ([km, height]) => [namedWaves(ARCHIPELAGO_SEED, `coast-${km}`, km), height] as const,
  );
  return (x, y) => waves.reduce((sum, [at, height]) => sum + height * at(x, y), 0);
}

/** Height of the wide waves above the sea, less what the land sinks towards the rim; none beyond it. */
function createShapes(): Waves {
  const wide = addWaves(WIDE);
  const [middleX, middleY] = toPlane(MIDDLE.lat, MIDDLE.lng);
  return (x, y) => {
    const [dx, dy] = [x - middleX, y - middleY];
    const along = (dx * TURN.cos + dy * TURN.sin) / HALF_LENGTH_KM;
    const across = (dy * TURN.cos - dx * TURN.sin) / HALF_WIDTH_KM;
    const rim = along * along + across * across;
    return rim > 1 ? -Infinity : wide(x, y) - SEA_LEVEL - SINKING * rim * rim;
  };
}

/** The bytes of the archipelago's land mask, as `decodeLand` reads them. Throws "stopped". */
export async function* drawCoast(signal?: AbortSignal): AsyncGenerator<Progress, Uint8Array> {
  const hashes = gridDisk(latLngToCell(MIDDLE.lat, MIDDLE.lng, 5), RINGS);
  const parents = {
    resolution: 5,
    hi: Uint32Array.from(hashes, hashToHi),
    lo: Uint32Array.from(hashes, hashToLo),
  };
  const shapes = createShapes();
  const middles = cellCentres(parents);
  const heights = hashes.map((_, p) => shapes(...toPlane(middles.lat[p]!, middles.lng[p]!)));
  const { cells } = decodeLand(encodeParents(hashes.filter((_, p) => heights[p]! > -REACH)));
  const isLand = new Uint8Array(cells.hi.length);
  const narrow = addWaves(NARROW);
  const course = {
    pace: createPace(signal),
    done: 0,
    weight: cells.hi.length,
    total: cells.hi.length,
    phase: "draw the coast",
  };
  yield* inSlices(cells.hi.length, course, (from, to) => {
    const { lat, lng } = centresBetween(cells, from, to);
    for (let n = from; n < to; n++) {
      const [x, y] = toPlane(lat[n - from]!, lng[n - from]!);
      const shape = shapes(x, y);
      isLand[n] = shape > REACH || (shape > -REACH && shape + narrow(x, y) > 0) ? 1 : 0;
    }
  });
  const rows = new Uint32Array(isLand.reduce((sum, one) => sum + one, 0));
  for (let n = 0, k = 0; n < isLand.length; n++) if (isLand[n] === 1) rows[k++] = n;
  return encodeCells(takeCells(cells, rows));
}
