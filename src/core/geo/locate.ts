import type { CellTableBuilder } from "./cells";
import { TileEncoder } from "./tile-encoder";

/** Numbers the cells of many places in a builder's table. */
export class CellLocator {
  readonly #encoder: TileEncoder;
  readonly #cells: CellTableBuilder;
  #hi = 0;
  #lo = 0;
  #number = -1;

  constructor(resolution: number, cells: CellTableBuilder) {
    this.#encoder = new TileEncoder(resolution);
    this.#cells = cells;
  }

  /** The number of the cell of a place in degrees. Throws what h3-js throws for NaN. */
  locate(lat: number, lng: number): number {
    this.#encoder.encode(lat, lng);
    const { halves } = this.#encoder;
    const hi = halves[0]!;
    const lo = halves[1]!;
    if (lo === this.#lo && hi === this.#hi) return this.#number; // people stay where they are
    this.#hi = hi;
    this.#lo = lo;
    this.#number = this.#cells.addHalves(hi, lo);
    return this.#number;
  }
}
