import { damagedPage } from "./parquet-header";

/** Bits that hold numbers up to this one. */
export const widthOf = (largest: number): number => 32 - Math.clz32(largest);

/** A place in bytes that moves on while they are read. */
export interface Cursor {
  at: number;
}

/** An unsigned number of up to 31 bits in groups of seven. Throws Error beyond `end`. */
export function readVarint(bytes: Uint8Array, cursor: Cursor, end: number): number {
  let value = 0;
  for (let scale = 1; scale <= 2 ** 28; scale *= 128) {
    if (cursor.at >= end) break;
    const byte = bytes[cursor.at++]!;
    value += (byte & 127) * scale;
    if (byte < 128 && value < 2 ** 31) return value;
    if (byte < 128) break;
  }
  throw damagedPage();
}

/** What is looked at, and how many values of how many bits it must hold. */
export interface Runs {
  bytes: Uint8Array;
  from: number;
  end: number;
  width: number;
  count: number;
}

/** How many of packed values are `wanted`; of up to 8 bits each. */
function countPacked({ bytes, from, width, count }: Omit<Runs, "end">, wanted: number): number {
  const mask = (1 << width) - 1;
  let found = 0;
  for (let i = 0; i < count; i++) {
    const bit = i * width;
    const at = from + (bit >> 3);
    const two = bytes[at]! | ((bytes[at + 1] ?? 0) << 8);
    if (((two >> (bit & 7)) & mask) === wanted) found++;
  }
  return found;
}

/**
 * Goes through runs and packed groups (Parquet's RLE hybrid) without unpacking them: together they must hold so
 * many values and no more. Gives how many of them are `wanted`, for levels. Throws Error.
 */
export function checkRuns({ bytes, from, end, width, count }: Runs, wanted?: number): number {
  const cursor = { at: from };
  let [seen, found] = [0, 0];
  while (seen < count) {
    const header = readVarint(bytes, cursor, end);
    const isPacked = header % 2 === 1;
    const length = isPacked ? (header >> 1) * 8 : header >> 1;
    const stored = isPacked ? (header >> 1) * width : (width + 7) >> 3;
    const left = count - seen;
    const { at } = cursor;
    if (length > (isPacked ? Math.ceil(left / 8) * 8 : left)) throw damagedPage();
    if (length === 0 && isPacked) throw damagedPage();
    if (at + stored > end) throw damagedPage();
    if (wanted !== undefined && isPacked) {
      found += countPacked({ bytes, from: at, width, count: Math.min(length, left) }, wanted);
    } else if (wanted !== undefined && (width === 0 || bytes[at] === wanted)) found += length;
    cursor.at += stored;
    seen += length;
  }
  return found;
}
