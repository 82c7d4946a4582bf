import { FootfallError } from "../errors";

/** Bytes that are read by ranges: a file, or an address of the page's own server. */
export interface RangeReader {
  /** Bytes in all. */
  readonly size: number;
  /** The bytes from `offset` on, as many as asked for or as there are. Throws "missing-file", "stopped". */
  read(offset: number, length: number, signal?: AbortSignal): Promise<ArrayBuffer>;
}

/** A damaged file asks for anything; Node dies of a slice that begins at no whole number. */
function checkRange(offset: number, length: number, size: number): void {
  if (Number.isSafeInteger(offset) && offset >= 0 && offset <= size && length >= 0) return;
  throw new FootfallError(
    "bad-file",
    `it points to byte ${offset} of a file of ${size.toLocaleString("en")} bytes: it is damaged or cut`,
  );
}

/** A file as a reader by ranges. */
export function blobRange(blob: Blob): RangeReader {
  const { size } = blob;
  const read: RangeReader["read"] = async (offset, length) => {
    checkRange(offset, length, size);
    return blob.slice(offset, Math.min(size, offset + length)).arrayBuffer();
  };
  return { size, read };
}

/** One request of a server brings at least this much: a GeoTIFF asks for many small pieces of its directory. */
const BLOCK_BYTES = 65_536;
/** 4 MB are kept; reads longer than a block go through and are not kept. */
const KEPT_BLOCKS = 64;

/** The same bytes, small reads answered from blocks that are kept. For readers where each read is a request. */
export function keepBlocks(range: RangeReader): RangeReader {
  const kept = new Map<number, Promise<ArrayBuffer>>();
  const readBlock = (block: number, signal?: AbortSignal): Promise<ArrayBuffer> => {
    const known = kept.get(block);
    if (known) return known;
    const read = range.read(block * BLOCK_BYTES, BLOCK_BYTES, signal);
    kept.set(block, read);
    read.catch(() => kept.delete(block)); // a failed or stopped read may be tried again
    if (kept.size > KEPT_BLOCKS) kept.delete(kept.keys().next().value!);
    return read;
  };
  const read: RangeReader["read"] = async (offset, length, signal) => {
    const end = Math.min(offset + length, range.size);
    const first = Math.floor(offset / BLOCK_BYTES);
    const last = Math.floor((end - 1) / BLOCK_BYTES);
    if (end <= offset) return new ArrayBuffer(0);
    if (last > first + 1) return range.read(offset, end - offset, signal);
    const bytes = new Uint8Array(end - offset);
    for (let block = first; block <= last; block++) {
      const from = block * BLOCK_BYTES;
      const data = new Uint8Array(await readBlock(block, signal));
      const part = data.subarray(Math.max(0, offset - from), end - from);
      bytes.set(part, Math.max(0, from - offset));
    }
    return bytes.buffer;
  };
  return { size: range.size, read };
}
