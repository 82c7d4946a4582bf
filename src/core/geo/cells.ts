import { cellToLatLng, isValidCell } from "h3-js";
import { FootfallError } from "../errors";

/**
 * N distinct cells of one resolution. The position in this table is the cell number that all columns use;
 * `hi` and `lo` are the upper and lower 32 bits of the 64-bit H3 index.
 */
export interface CellTable {
  readonly resolution: number;
  readonly hi: Uint32Array; // [N]
  readonly lo: Uint32Array; // [N]
}

/** Some rows of a table of cells. */
export const takeCells = ({ resolution, hi, lo }: CellTable, rows: Uint32Array): CellTable => ({
  resolution,
  hi: Uint32Array.from(rows, (row) => hi[row]!),
  lo: Uint32Array.from(rows, (row) => lo[row]!),
});

/** The 15-digit hexadecimal H3 index of a cell that exists. Made by `checkCell` and `cellHash` only. */
export type CellId = string & { readonly __brand: "CellId" };

/** Text as a cell hash, in lower case. Throws "bad-input" where no such cell exists. */
export function checkCell(text: string): CellId {
  const hash = text.trim().toLowerCase();
  if (!isValidCell(hash)) {
    throw new FootfallError(
      "bad-input",
      `"${text}" is not an H3 cell; expected 15 hexadecimal digits such as 882e601a5dfffff`,
    );
  }
  return hash as CellId;
}

/** The upper 32 bits of a hash. */
export function hashToHi(hash: string): number {
  return Number.parseInt(hash.slice(0, -8), 16);
}

/** The lower 32 bits of a hash. */
export function hashToLo(hash: string): number {
  return Number.parseInt(hash.slice(-8), 16);
}

/** Two halves of an index as its hash. Nothing is checked: use `checkCell` at the door. */
export function halvesToHash(hi: number, lo: number): CellId {
  return (hi.toString(16) + lo.toString(16).padStart(8, "0")) as CellId;
}

/** The hash of cell number n. */
export function cellHash(table: CellTable, n: number): CellId {
  const hi = table.hi[n];
  const lo = table.lo[n];
  if (hi === undefined || lo === undefined) {
    throw new FootfallError("bad-input", `cell ${n} is outside the table of ${table.hi.length}`);
  }
  return halvesToHash(hi, lo);
}

/** Resolution of an index, 0 to 15. */
export function cellResolution(hi: number): number {
  return (hi >>> 20) & 15;
}

/** Base cell of an index, 0 to 121. */
export function cellBase(hi: number): number {
  return (hi >>> 13) & 127;
}

/** The digit of one level (1 to 15) of an index: 0 to 6, or 7 below the cell's own resolution. */
export function cellDigit(hi: number, lo: number, level: number): number {
  if (level <= 4) return (hi >>> (13 - 3 * level)) & 7;
  if (level === 5) return ((hi & 1) << 2) | (lo >>> 30);
  return (lo >>> (45 - 3 * level)) & 7;
}

/**
 * The digits of levels `from` to `to`, both included, read as one octal integer (at most 10 levels);
 * 0 where `to` is before `from`.
 */
export function cellPath(hi: number, lo: number, from: number, to: number): number {
  let path = 0;
  for (let level = from; level <= to; level++) path = path * 8 + cellDigit(hi, lo, level);
  return path;
}

/** An index with one digit replaced. */
function withDigit(halves: [number, number], level: number, digit: number): [number, number] {
  const [hi, lo] = halves;
  if (level <= 4) {
    const shift = 13 - 3 * level;
    return [((hi & ~(7 << shift)) | (digit << shift)) >>> 0, lo];
  }
  if (level === 5) {
    return [((hi & ~1) | (digit >>> 2)) >>> 0, ((lo & 0x3fffffff) | ((digit & 3) << 30)) >>> 0];
  }
  const shift = 45 - 3 * level;
  return [hi, ((lo & ~(7 << shift)) | (digit << shift)) >>> 0];
}

/** The ancestor of an index at a coarser resolution, as halves. */
export function cellParent(hi: number, lo: number, resolution: number): [hi: number, lo: number] {
  let halves: [number, number] = [((hi & ~(15 << 20)) | (resolution << 20)) >>> 0, lo];
  for (let level = resolution + 1; level <= 15; level++) halves = withDigit(halves, level, 7);
  return halves;
}

/** The descendant of an index `digits.length` levels below, as halves; digits are 0 to 6. */
export function cellDescendant(
  hi: number,
  lo: number,
  digits: readonly number[],
): [hi: number, lo: number] {
  const resolution = cellResolution(hi);
  const finer = resolution + digits.length;
  let halves: [number, number] = [((hi & ~(15 << 20)) | (finer << 20)) >>> 0, lo];
  digits.forEach((digit, i) => (halves = withDigit(halves, resolution + 1 + i, digit)));
  return halves;
}

function mixHalves(hi: number, lo: number): number {
  let h = Math.imul(hi ^ 0x9e3779b9, 0x85ebca6b) ^ lo;
  h = Math.imul(h ^ (h >>> 15), 0xc2b2ae35);
  return (h ^ (h >>> 13)) >>> 0;
}

/**
 * Collects distinct cells of one resolution and numbers them in the order of their first coming.
 * Open addressing on the two halves: no string is kept.
 */
export class CellTableBuilder {
  #resolution: number;
  #count = 0;
  #hi = new Uint32Array(1024);
  #lo = new Uint32Array(1024);
  #slots = new Int32Array(4096).fill(-1);

  /** Without a resolution the first cell decides. */
  constructor(resolution = -1) {
    this.#resolution = resolution;
  }

  /** Number of distinct cells so far. */
  get count(): number {
    return this.#count;
  }

  /** Resolution of its cells; -1 before the first where none was given. */
  get resolution(): number {
    return this.#resolution;
  }

  /** The number of a cell given as its hash; a new cell gets the next number. */
  add(hash: string): number {
    return this.addHalves(hashToHi(hash), hashToLo(hash));
  }

  /** The same for an index given as halves. Throws "bad-input" for another resolution. */
  addHalves(hi: number, lo: number): number {
    const slot = this.#findSlot(hi, lo);
    const known = this.#slots[slot]!;
    if (known >= 0) return known;
    this.#checkResolution(hi, lo);
    if (this.#count === this.#hi.length) this.#growColumns();
    this.#hi[this.#count] = hi;
    this.#lo[this.#count] = lo;
    this.#slots[slot] = this.#count++;
    if (this.#count * 2 > this.#slots.length) this.#growSlots();
    return this.#count - 1;
  }

  /** The number of a known cell, -1 for a stranger. */
  find(hi: number, lo: number): number {
    return this.#slots[this.#findSlot(hi, lo)]!;
  }

  /** A copy of the table so far. */
  build(): CellTable {
    return {
      resolution: Math.max(this.#resolution, 0),
      hi: this.#hi.slice(0, this.#count),
      lo: this.#lo.slice(0, this.#count),
    };
  }

  #checkResolution(hi: number, lo: number): void {
    const resolution = cellResolution(hi);
    if (this.#resolution < 0) this.#resolution = resolution;
    if (resolution === this.#resolution) return;
    throw new FootfallError(
      "bad-input",
      `cell ${halvesToHash(hi, lo)} has resolution ${resolution}, expected ${this.#resolution}`,
    );
  }

  #findSlot(hi: number, lo: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = mixHalves(hi, lo) & mask; ; slot = (slot + 1) & mask) {
      const n = this.#slots[slot]!;
      if (n < 0 || (this.#lo[n] === lo && this.#hi[n] === hi)) return slot;
    }
  }

  #growColumns(): void {
    const hi = new Uint32Array(this.#count * 2);
    const lo = new Uint32Array(this.#count * 2);
    hi.set(this.#hi);
    lo.set(this.#lo);
    this.#hi = hi;
    this.#lo = lo;
  }

  #growSlots(): void {
    this.#slots = new Int32Array(this.#slots.length * 2).fill(-1);
    for (let n = 0; n < this.#count; n++) {
      this.#slots[this.#findSlot(this.#hi[n]!, this.#lo[n]!)] = n;
    }
  }
}

/** A builder that already holds every cell of a table, to look cells up by `find`. */
export function indexCells(table: CellTable): CellTableBuilder {
  const index = new CellTableBuilder(table.resolution);
  for (let n = 0; n < table.hi.length; n++) index.addHalves(table.hi[n]!, table.lo[n]!);
  return index;
}

/** The distinct ancestors of a table's cells, and for each cell the number of its ancestor. */
export function parentTable(
  table: CellTable,
  resolution: number,
): { parents: CellTable; parentOf: Uint32Array /* [N] */ } {
  const builder = new CellTableBuilder(resolution);
  const parentOf = Uint32Array.from(table.hi, (hi, n) =>
    builder.addHalves(...cellParent(hi, table.lo[n]!, resolution)),
  );
  return { parents: builder.build(), parentOf };
}

/**
 * Centres of all cells in degrees, [N] each. Rounded to 1e-7 (about a centimetre) so that the last bits of
 * two engines' sines do not show.
 */
export function cellCentres(table: CellTable): { lat: Float64Array; lng: Float64Array } {
  const N = table.hi.length;
  const lat = new Float64Array(N);
  const lng = new Float64Array(N);
  const halves: [number, number] = [0, 0]; // h3-js takes the lower half first
  for (let n = 0; n < N; n++) {
    halves[0] = table.lo[n]!;
    halves[1] = table.hi[n]!;
    const centre = cellToLatLng(halves);
    lat[n] = Math.round(centre[0] * 1e7) / 1e7;
    lng[n] = Math.round(centre[1] * 1e7) / 1e7;
  }
  return { lat, lng };
}

/** Mean radius of the Earth (IUGG), the one that H3 uses. */
const EARTH_RADIUS_KM = 6371.0088;
const RADIANS = Math.PI / 180;

/** Great-circle distance of two places given in degrees, in kilometres. */
export function haversineKm(lat1: number, lng1: number, lat2: number, lng2: number): number {
  const sinLat = Math.sin(((lat2 - lat1) * RADIANS) / 2);
  const sinLng = Math.sin(((lng2 - lng1) * RADIANS) / 2);
  const cosines = Math.cos(lat1 * RADIANS) * Math.cos(lat2 * RADIANS);
  const h = sinLat * sinLat + cosines * sinLng * sinLng;
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(h)));
}
