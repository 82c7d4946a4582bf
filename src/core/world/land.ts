import { FootfallError } from "../errors";
import type { CellTable } from "../geo/cells";
import { CellTableBuilder, cellBase, cellPath, hashToHi, hashToLo } from "../geo/cells";

/*
 * The land mask: a bitmap of the 343 children of resolution 8 for each parent of resolution 5 with land.
 *
 *   "FFL1" | uint8 8 | uint8 5 | uint16 0 | uint32 P | uint32 key [P] | uint8 bitmap [P, 43]
 *
 * Little-endian. A key is baseCell << 15 | the five octal digits; bit c of a bitmap is child c in base 7.
 */
const MAGIC = 0x314c4646; // "FFL1"
const HEADER_BYTES = 12;
const CHILDREN = 343;
const BITMAP_BYTES = 43;
const RESOLUTION = 8;
const PARENT_RESOLUTION = 5;

/** The land: its cells in ascending order of the index, grouped by parent. */
export interface Land {
  /** The parents that have land, resolution 5, [P]. */
  readonly parents: CellTable;
  /** All land cells, resolution 8, [N]. */
  readonly cells: CellTable;
  /** Cells of parent p are starts[p] .. starts[p + 1] - 1, [P + 1]. */
  readonly starts: Uint32Array;
}

/** Cell hashes of resolution 8 as the bytes of a land mask. */
export function encodeLand(hashes: Iterable<string>): Uint8Array {
  const cells = new CellTableBuilder(RESOLUTION);
  for (const hash of hashes) cells.add(hash);
  return encodeCells(cells.build());
}

const keyOf = (hi: number, lo: number): number =>
  cellBase(hi) * 32768 + cellPath(hi, lo, 1, PARENT_RESOLUTION);

/** Cells of resolution 8, in any order, as the bytes of a land mask. */
export function encodeCells(cells: CellTable): Uint8Array {
  const bitmaps = new Map<number, Uint8Array>();
  cells.hi.forEach((hi, n) => {
    const lo = cells.lo[n]!;
    const key = keyOf(hi, lo);
    const octal = cellPath(hi, lo, PARENT_RESOLUTION + 1, RESOLUTION);
    const child = (octal >> 6) * 49 + ((octal >> 3) & 7) * 7 + (octal & 7);
    const bitmap = bitmaps.get(key) ?? new Uint8Array(BITMAP_BYTES);
    bitmap[child >> 3]! |= 1 << (child & 7);
    bitmaps.set(key, bitmap);
  });
  return packLand(bitmaps);
}

/** Hashes of resolution 5 (no pentagons) as the bytes of a mask of all their cells. */
export function encodeParents(hashes: Iterable<string>): Uint8Array {
  const bitmaps = new Map<number, Uint8Array>();
  for (const hash of hashes) {
    bitmaps.set(keyOf(hashToHi(hash), hashToLo(hash)), new Uint8Array(BITMAP_BYTES).fill(255));
  }
  return packLand(bitmaps);
}

function packLand(bitmaps: Map<number, Uint8Array>): Uint8Array {
  const keys = [...bitmaps.keys()].sort((a, b) => a - b);
  const P = keys.length;
  const bytes = new Uint8Array(HEADER_BYTES + P * (4 + BITMAP_BYTES));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint8(4, RESOLUTION);
  view.setUint8(5, PARENT_RESOLUTION);
  view.setUint32(8, P, true);
  keys.forEach((key, p) => {
    view.setUint32(HEADER_BYTES + 4 * p, key, true);
    bytes.set(bitmaps.get(key)!, HEADER_BYTES + 4 * P + BITMAP_BYTES * p);
  });
  return bytes;
}

/** Number of parents in the file. Throws "bad-file" where the bytes are no land mask. */
function checkLand(view: DataView): number {
  const isMask = view.byteLength >= HEADER_BYTES && view.getUint32(0, true) === MAGIC;
  const P = isMask ? view.getUint32(8, true) : -1;
  if (view.byteLength !== HEADER_BYTES + P * (4 + BITMAP_BYTES)) {
    throw new FootfallError(
      "bad-file",
      `the land mask has ${view.byteLength} bytes and does not read as one; make it again with scripts/make-land.ts`,
    );
  }
  return P;
}

/** Upper half of the index at a resolution for a key; the lowest bit comes from digit 5. */
function keyToHi(key: number, resolution: number): number {
  return ((1 << 27) | (resolution << 20) | ((key >>> 15) << 13) | ((key & 32767) >>> 2)) >>> 0;
}

/** Lower half with digits 6 to 8 (three octal digits in one integer) and all finer digits set to 7. */
function keyToLo(key: number, octal: number): number {
  return (((key & 3) << 30) | (octal << 21) | 0x1fffff) >>> 0;
}

/** The bytes of a land mask as cells in ascending order. Throws "bad-file". */
export function decodeLand(bytes: Uint8Array): Land {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const P = checkLand(view);
  const starts = new Uint32Array(P + 1);
  const parents = columns(PARENT_RESOLUTION, P);
  const cells = columns(RESOLUTION, P * CHILDREN);
  let n = 0;
  for (let p = 0; p < P; p++) {
    const key = view.getUint32(HEADER_BYTES + 4 * p, true);
    const bitmap = HEADER_BYTES + 4 * P + BITMAP_BYTES * p;
    parents.hi[p] = keyToHi(key, PARENT_RESOLUTION);
    parents.lo[p] = keyToLo(key, 0o777);
    starts[p] = n;
    const hi = keyToHi(key, RESOLUTION);
    for (let child = 0; child < CHILDREN; child++) {
      if (((bytes[bitmap + (child >> 3)]! >> (child & 7)) & 1) === 0) continue;
      const tens = Math.floor(child / 7);
      const octal = Math.floor(tens / 7) * 64 + (tens % 7) * 8 + (child % 7);
      cells.hi[n] = hi;
      cells.lo[n++] = keyToLo(key, octal);
    }
  }
  starts[P] = n;
  const trimmed = { resolution: RESOLUTION, hi: cells.hi.slice(0, n), lo: cells.lo.slice(0, n) };
  return { parents, cells: trimmed, starts };
}

function columns(resolution: number, length: number): CellTable {
  return { resolution, hi: new Uint32Array(length), lo: new Uint32Array(length) };
}
