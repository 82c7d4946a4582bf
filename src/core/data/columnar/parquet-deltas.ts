import { damagedPage } from "./parquet-header";
import { readVarint, type Cursor } from "./parquet-runs";

const LARGEST_BLOCK = 1 << 16;

/** A number of up to 32 bits that begins at a bit. */
function readBits(bytes: Uint8Array, bit: number, width: number): number {
  let [value, scale] = [0, 1];
  for (let done = 0; done < width;) {
    const inByte = (bit + done) & 7;
    const taken = Math.min(8 - inByte, width - done);
    const byte = bytes[(bit + done) >>> 3]!;
    value += ((byte >> inByte) & ((1 << taken) - 1)) * scale;
    scale *= 2 ** taken;
    done += taken;
  }
  return value;
}

/** A signed number; lengths have no more than 32 bits. */
function readSigned(bytes: Uint8Array, cursor: Cursor): number {
  const value = readVarint(bytes, cursor, bytes.length);
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}

/** Sizes of the blocks of differences. Throws Error where they do not fit one another. */
function readSizes(bytes: Uint8Array, cursor: Cursor): { parts: number; perPart: number } {
  const block = readVarint(bytes, cursor, bytes.length);
  const parts = readVarint(bytes, cursor, bytes.length);
  readVarint(bytes, cursor, bytes.length); // the count, which the page tells, too
  if (block > LARGEST_BLOCK || parts === 0 || block === 0 || block % parts !== 0) {
    throw damagedPage();
  }
  return { parts, perPart: block / parts };
}

/** Checks how differences (DELTA_BINARY_PACKED) begin: what follows is bounded by the values of the page. */
export function checkDeltas(bytes: Uint8Array, at: number): void {
  readSizes(bytes, { at });
}

/** Lengths that are stored as differences; the cursor then stands behind them. Throws Error. */
function readLengths(bytes: Uint8Array, cursor: Cursor, count: number): Float64Array {
  const { parts, perPart } = readSizes(bytes, cursor);
  const lengths = new Float64Array(count);
  let value = readSigned(bytes, cursor);
  let done = 0;
  if (count > 0) lengths[done++] = value;
  while (done < count) {
    const least = readSigned(bytes, cursor);
    const widths = bytes.subarray(cursor.at, (cursor.at += parts));
    for (let part = 0; part < parts && done < count; part++) {
      const width = widths[part] ?? 33;
      const from = cursor.at;
      cursor.at += Math.ceil((perPart * width) / 8);
      if (width > 32 || cursor.at > bytes.length) throw damagedPage();
      for (let i = 0; i < perPart && done < count; i++) {
        value = (value + least + readBits(bytes, 8 * from + i * width, width)) | 0;
        lengths[done++] = value;
      }
    }
  }
  return lengths;
}

/** Checks texts of which each begins as the one before (DELTA_BYTE_ARRAY) against a size for all. Throws Error. */
export function checkSharedTexts(
  bytes: Uint8Array,
  at: number,
  { count, mostBytes }: { count: number; mostBytes: number },
): void {
  const cursor = { at };
  const shared = readLengths(bytes, cursor, count);
  const own = readLengths(bytes, cursor, count);
  let [before, all, stored] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    if (shared[i]! < 0 || own[i]! < 0 || shared[i]! > before) throw damagedPage();
    before = shared[i]! + own[i]!;
    all += before;
    stored += own[i]!;
  }
  if (all > mostBytes || cursor.at + stored > bytes.length) throw damagedPage();
}
