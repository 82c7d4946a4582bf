import { CellEncoder } from "./encode";
import { findHexagon, type GridPlace } from "./hexagon";
import { COEFFICIENTS, TILE_COLUMNS, TILE_ROWS, TileFitter, tileLat, tileLng } from "./tiles";

/** Numbers of a record: middle (2), limit, face, then the coefficients of P1 and of P2. */
const HEAD = 4;
const P1_AT = HEAD;
const P2_AT = HEAD + COEFFICIENTS;
const RECORD = HEAD + 2 * COEFFICIENTS;

/** A tile is fitted when so many points have been in it: that takes as long as what it saves them. */
const WORTH_A_TILE = 100;
/** No tile, and none will be made: an edge between two faces runs through, or there are too many. */
const NEVER = -(2 ** 31);
/** More tiles than these have too few points each (5 MB). */
const MOST_TILES = 20_000;
/** Beyond it digits do not fit 32 bits. */
const FINEST = 10;

/**
 * Finds the cells that `CellEncoder` finds, for many points in few places: in tiles of half a degree by a
 * polynomial, and without the digits while a point stays in the hexagon of the one before.
 */
export class TileEncoder {
  /** Upper and lower 32 bits of the last cell. */
  readonly halves: Uint32Array;
  readonly #exact: CellEncoder;
  readonly #fitter: TileFitter;
  /** The hexagon whose cell stands in `halves`; a face of -1 for none. */
  readonly #place: GridPlace = { face: -1, i: 0, j: 0 };
  /** [360 x 720] where a tile's record begins, or below 0 how many points it still lacks. */
  readonly #grid = new Int32Array(TILE_ROWS * TILE_COLUMNS);
  #records = new Float64Array(32 * RECORD);
  #tiles = 0;

  constructor(resolution: number) {
    this.#exact = new CellEncoder(resolution);
    this.halves = this.#exact.halves;
    this.#fitter = new TileFitter(resolution);
    this.#grid.fill(resolution <= FINEST ? -WORTH_A_TILE : NEVER);
  }

  /** The cell of a place in degrees, into `halves`. Throws what h3-js throws for NaN. */
  encode(lat: number, lng: number): void {
    if (!(lat >= -90 && lng >= -180)) return this.#ask(lat, lng);
    const row = ((lat + 90) * 2) | 0;
    const column = ((lng + 180) * 2) | 0;
    // the sums are rounded: 180 less a hair is 180 here
    if (row >= TILE_ROWS || column >= TILE_COLUMNS) return this.#ask(lat, lng);
    const tile = row * TILE_COLUMNS + column;
    const at = this.#grid[tile]!;
    if (at < 0) return this.#visit(tile, lat, lng);
    const r = this.#records;
    const s = (lat - r[at]!) * 4;
    const t = (lng - r[at + 1]!) * 4;
    const p1 = valueOf(r, at + P1_AT, s, t);
    const p2 = valueOf(r, at + P2_AT, s, t);
    const limit = r[at + 2]!;
    const face = r[at + 3]!;
    const place = this.#place;
    if (face === place.face) {
      const q1 = p1 - (2 * place.i - place.j);
      const q2 = p2 - (place.i + place.j);
      if (Math.abs(q1) < limit && Math.abs(q2) < limit && Math.abs(q2 - q1) < limit) return;
    }
    if (findHexagon(p1, p2, place) >= limit) return this.#ask(lat, lng);
    place.face = face;
    if (!this.#exact.encodeGrid(place)) this.#ask(lat, lng);
  }

  /** The cells of rows `from` to `to`, into `hi` and `lo` from their beginning. */
  encodeRows(
    { lat, lng }: { lat: Float64Array; lng: Float64Array },
    { from, to }: { from: number; to: number },
    { hi, lo }: { hi: Uint32Array; lo: Uint32Array },
  ): void {
    const { halves } = this;
    for (let row = from, n = 0; row < to; row++, n++) {
      this.encode(lat[row]!, lng[row]!);
      hi[n] = halves[0]!;
      lo[n] = halves[1]!;
    }
  }

  #ask(lat: number, lng: number): void {
    this.#place.face = -1;
    this.#exact.encode(lat, lng);
  }

  /** A place in a tile that there is not (yet). */
  #visit(tile: number, lat: number, lng: number): void {
    const count = this.#grid[tile]!;
    if (count < -1 && count !== NEVER) this.#grid[tile] = count + 1;
    if (count === -1) this.#grid[tile] = this.#create(tile);
    this.#ask(lat, lng);
  }

  /** Where the new record begins, or `NEVER`. */
  #create(tile: number): number {
    if (this.#tiles === MOST_TILES) return NEVER;
    const [row, column] = [Math.floor(tile / TILE_COLUMNS), tile % TILE_COLUMNS];
    const fitted = this.#fitter.fit(row, column);
    const face = fitted?.edge === undefined ? fitted?.faces[0] : undefined;
    if (face === undefined) return NEVER;
    const at = RECORD * this.#tiles++;
    if (at + RECORD > this.#records.length) this.#grow();
    this.#records.set([tileLat(row), tileLng(column), 1 - face.error, face.face], at);
    this.#records.set(face.p1, at + P1_AT);
    this.#records.set(face.p2, at + P2_AT);
    return at;
  }

  #grow(): void {
    const grown = new Float64Array(this.#records.length * 2);
    grown.set(this.#records);
    this.#records = grown;
  }
}

/** A polynomial of degree 4 by `POWERS`, in Horner's form. */
function valueOf(c: Float64Array, at: number, s: number, t: number): number {
  const r0 = c[at]! + t * (c[at + 1]! + t * (c[at + 2]! + t * (c[at + 3]! + t * c[at + 4]!)));
  const r1 = c[at + 5]! + t * (c[at + 6]! + t * (c[at + 7]! + t * c[at + 8]!));
  const r2 = c[at + 9]! + t * (c[at + 10]! + t * c[at + 11]!);
  const r3 = c[at + 12]! + t * c[at + 13]!;
  return r0 + s * (r1 + s * (r2 + s * (r3 + s * c[at + 14]!)));
}
