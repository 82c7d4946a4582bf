const MAGIC = 0x184d2204;
const SHORTEST_MATCH = 4;

/** Output that grows; matches reach back into all of it. */
class Output {
  bytes: Uint8Array<ArrayBuffer>;
  length = 0;

  constructor(capacity: number) {
    this.bytes = new Uint8Array(Math.max(64, capacity));
  }

  reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.length + count, this.bytes.length * 2));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }

  append(piece: Uint8Array): void {
    this.reserve(piece.length);
    this.bytes.set(piece, this.length);
    this.length += piece.length;
  }

  /** Repeats what stands `distance` bytes before the end; the two may overlap. */
  repeat(distance: number, count: number): void {
    if (distance === 0 || distance > this.length) throw new Error("a match before the beginning");
    this.reserve(count);
    for (let end = this.length + count; this.length < end; this.length++) {
      this.bytes[this.length] = this.bytes[this.length - distance]!;
    }
  }
}

/** A length of 15 goes on in the next bytes until one is below 255. */
function readLength(block: Uint8Array, from: number, start: number): [length: number, at: number] {
  let [length, at] = [start, from];
  if (start < 15) return [length, at];
  for (;;) {
    const byte = block[at++];
    if (byte === undefined) throw new Error("a length that is cut");
    length += byte;
    if (byte < 255) return [length, at];
  }
}

/** One block of LZ4: literals and matches by turns (LZ4 block format, version of 2022). */
function decodeBlock(block: Uint8Array, output: Output): void {
  let at = 0;
  while (at < block.length) {
    const token = block[at++]!;
    const [literals, from] = readLength(block, at, token >> 4);
    if (from + literals > block.length) throw new Error("literals that are cut");
    output.append(block.subarray(from, from + literals));
    at = from + literals;
    if (at >= block.length) return; // the last sequence has no match
    const distance = block[at]! | (block[at + 1]! << 8);
    const [match, next] = readLength(block, at + 2, token & 15);
    output.repeat(distance, match + SHORTEST_MATCH);
    at = next;
  }
}

/** Undoes an LZ4 frame as Arrow and the lz4 command write it. Throws Error where it is damaged. */
export function decodeLz4Frame(frame: Uint8Array): Uint8Array {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (view.getUint32(0, true) !== MAGIC) throw new Error("no LZ4 frame");
  const flags = view.getUint8(4);
  const hasSize = (flags & 8) !== 0;
  const output = new Output(
    hasSize ? Math.min(view.getUint32(6, true), 2 ** 28) : frame.length * 3,
  );
  let at = 7 + (hasSize ? 8 : 0) + (flags & 1 ? 4 : 0);
  for (;;) {
    const size = view.getUint32(at, true);
    at += 4;
    if (size === 0) return output.bytes.subarray(0, output.length);
    const length = size & 0x7fffffff;
    const block = frame.subarray(at, at + length);
    if (block.length < length) throw new Error("a block that is cut");
    if (size & 0x80000000) output.append(block);
    else decodeBlock(block, output);
    at += length + (flags & 16 ? 4 : 0); // a checksum after each block
  }
}
