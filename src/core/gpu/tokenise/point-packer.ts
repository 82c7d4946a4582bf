import type { Points } from "../../data/points";
import { TILE_COLUMNS, TILE_ROWS } from "../../geo/tiles";
import { LONGEST_MS, OTHER_USER } from "./check-ins.wgsl";
import { NO_PLACE } from "./encode.wgsl";
import { TILE_UNITS, UNITS_PER_DEG, type TileRecords } from "./tile-records";

/** A tile is made once so many points have come into it: fitting one takes as long as finding their cells. */
const WORTH_A_TILE = 64;
const NORTH = 90 * UNITS_PER_DEG;
const EAST = 180 * UNITS_PER_DEG;

/** Points to whole numbers for the kernels, batch by batch, into the same memory. */
export class PointPacker {
  /** [capacity, 2] latitude and longitude in 1e-7 degrees; `NO_PLACE` outside the globe */
  readonly places: Int32Array;
  /** [capacity] milliseconds since the point before, cut off at `LONGEST_MS`, or `OTHER_USER` */
  readonly gaps: Uint32Array;
  readonly #hits = new Uint32Array(TILE_ROWS * TILE_COLUMNS);
  readonly #tiles: TileRecords;
  readonly #worth: number;

  constructor(capacity: number, tiles: TileRecords, worth = WORTH_A_TILE) {
    this.places = new Int32Array(2 * capacity);
    this.gaps = new Uint32Array(capacity);
    this.#tiles = tiles;
    this.#worth = worth;
  }

  /** Packs rows `from` to `to` and makes the tiles that they need. */
  pack({ user, timeMs, lat, lng }: Points, from: number, to: number): void {
    this.#packGaps(user, timeMs, from, to);
    this.#packPlaces(lat, lng, from, to).forEach((tile) => this.#tiles.add(tile));
  }

  #packGaps(user: Uint32Array, timeMs: Float64Array, from: number, to: number): void {
    const { gaps } = this;
    for (let i = from; i < to; i++) {
      const isOther = i === 0 || user[i] !== user[i - 1];
      const gap = isOther ? 0 : timeMs[i]! - timeMs[i - 1]!;
      gaps[i - from] = isOther ? OTHER_USER : gap < LONGEST_MS ? gap : LONGEST_MS;
    }
  }

  /** The tiles that have become worth making. */
  #packPlaces(lat: Float64Array, lng: Float64Array, from: number, to: number): number[] {
    const { places } = this;
    const hits = this.#hits;
    const worth = this.#worth;
    const worthy: number[] = [];
    for (let i = from, at = 0; i < to; i++, at += 2) {
      const north = Math.floor(lat[i]! * UNITS_PER_DEG + (NORTH + 0.5));
      const east = Math.floor(lng[i]! * UNITS_PER_DEG + (EAST + 0.5));
      if (!(north >= 0 && north <= 2 * NORTH && east >= 0 && east <= 2 * EAST)) {
        places[at] = NO_PLACE;
        places[at + 1] = 0;
        continue;
      }
      places[at] = north - NORTH;
      places[at + 1] = east - EAST;
      const row = Math.min((north / TILE_UNITS) | 0, TILE_ROWS - 1);
      const tile = row * TILE_COLUMNS + Math.min((east / TILE_UNITS) | 0, TILE_COLUMNS - 1);
      if (++hits[tile]! === worth) worthy.push(tile);
    }
    return worthy;
  }
}
