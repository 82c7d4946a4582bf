import { Inflate, inflateSync } from "fflate";
import { FootfallError } from "../errors";
import { packedBlob, type ZipEntry } from "./zip-directory";

/** Packed bytes that are taken at once; a thousandfold of it comes out at most. */
const PIECE_BYTES = 65_536;
/** Only formats that jump in a file (Parquet, GeoTIFF) need an entry as a whole. */
const LARGEST_WHOLE = 2 ** 31;
/** Entries up to this size are unpacked at once and kept until the next one is asked for. */
const SMALL_BYTES = 2 ** 21;

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

function updateCrc(crc: number, bytes: Uint8Array): number {
  let next = crc;
  for (let i = 0; i < bytes.length; i++) {
    next = CRC_TABLE[(next ^ bytes[i]!) & 255]! ^ (next >>> 8);
  }
  return next;
}

/** What a LazyBlob reads from. */
interface BlobReader {
  readonly bytes: number;
  /** From the first byte on; whoever stops asking pays only for what came. */
  pieces(): AsyncGenerator<Uint8Array, void, void>;
  /** All bytes, for readers that jump. */
  whole(): Promise<Blob>;
}

/** The small entry of a zip that was read last: a file's head is looked at first, then the file is read. */
export interface LastEntry {
  entry?: ZipEntry;
  content?: Promise<Uint8Array>;
}

/** Bytes of one entry of a zip. */
class EntryReader implements BlobReader {
  readonly bytes: number;
  readonly #path: string;
  readonly #zip: Blob;
  readonly #entry: ZipEntry;
  readonly #last: LastEntry;
  #whole: Promise<Blob> | undefined;

  constructor(path: string, zip: Blob, entry: ZipEntry, last: LastEntry) {
    this.bytes = entry.bytes;
    this.#path = path;
    this.#zip = zip;
    this.#entry = entry;
    this.#last = last;
  }

  async *pieces(): AsyncGenerator<Uint8Array, void, void> {
    if (this.#isSmall()) yield await this.#content();
    else yield* this.#checked(await packedBlob(this.#path, this.#zip, this.#entry));
  }

  async whole(): Promise<Blob> {
    if (this.#isSmall()) return new Blob([await this.#content()]);
    this.#whole ??= this.#readWhole();
    return this.#whole;
  }

  /** What packs badly is no honest small entry and is read with care. */
  #isSmall(): boolean {
    return this.bytes <= SMALL_BYTES && this.#entry.packedBytes <= this.bytes + 1024;
  }

  #content(): Promise<Uint8Array> {
    if (this.#last.entry !== this.#entry || !this.#last.content) {
      this.#last.entry = this.#entry;
      this.#last.content = this.#unpack();
    }
    return this.#last.content;
  }

  async #unpack(): Promise<Uint8Array> {
    const packed = await packedBlob(this.#path, this.#zip, this.#entry);
    const source = new Uint8Array(await packed.arrayBuffer());
    const out = new Uint8Array(this.bytes + 1); // one more, to see whether more comes
    const content = this.#guard(() => inflateSync(source, { out }));
    this.#check(content.length, updateCrc(-1, content.subarray(0, this.bytes)));
    return content;
  }

  /** Streams, and holds the directory to its word: no more bytes than it says, and the same checksum. */
  async *#checked(packed: Blob): AsyncGenerator<Uint8Array, void, void> {
    let [bytes, crc] = [0, -1];
    for await (const piece of this.#inflate(packed)) {
      bytes += piece.length;
      if (bytes > this.bytes) throw this.#tooMuch();
      crc = updateCrc(crc, piece);
      yield piece;
    }
    this.#check(bytes, crc);
  }

  async *#inflate(packed: Blob): AsyncGenerator<Uint8Array, void, void> {
    let pieces: Uint8Array[] = [];
    const inflater = new Inflate((piece) => pieces.push(piece));
    for (let from = 0; from <= packed.size; from += PIECE_BYTES) {
      const chunk = new Uint8Array(await packed.slice(from, from + PIECE_BYTES).arrayBuffer());
      this.#guard(() => inflater.push(chunk, from + PIECE_BYTES > packed.size));
      yield* pieces;
      pieces = [];
    }
  }

  async #readWhole(): Promise<Blob> {
    if (this.bytes > LARGEST_WHOLE) {
      throw new FootfallError(
        "bad-file",
        `${this.#path} has ${this.bytes} bytes, too many to be read inside a zip; unpack it first`,
      );
    }
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    for await (const piece of this.pieces()) pieces.push(piece as Uint8Array<ArrayBuffer>);
    return new Blob(pieces);
  }

  #check(bytes: number, crc: number): void {
    if (bytes > this.bytes) throw this.#tooMuch();
    if (bytes < this.bytes) throw this.#damaged("ends too early");
    if ((crc ^ -1) >>> 0 !== this.#entry.crc) throw this.#damaged("fails its checksum");
  }

  #tooMuch(): FootfallError {
    return this.#damaged("holds more than its directory says");
  }

  #guard<T>(unpack: () => T): T {
    try {
      return unpack();
    } catch (cause) {
      throw this.#damaged("cannot be unpacked", cause);
    }
  }

  #damaged(what: string, cause?: unknown): FootfallError {
    const sentence = `${this.#path} is damaged: it ${what}; download or pack the zip again`;
    return new FootfallError("bad-file", sentence, { cause });
  }
}

/** A Blob whose bytes are made when they are asked for. It cannot be sent to another thread. */
class LazyBlob extends Blob {
  readonly #reader: BlobReader;
  readonly #from: number;
  readonly #to: number;

  constructor(reader: BlobReader, from = 0, to = reader.bytes) {
    super([]);
    this.#reader = reader;
    this.#from = from;
    this.#to = to;
    Object.defineProperty(this, "size", { value: to - from });
  }

  override slice(from = 0, to = this.size): Blob {
    const clamp = (at: number) => Math.min(this.size, Math.max(0, at < 0 ? this.size + at : at));
    const start = clamp(from);
    const end = Math.max(start, clamp(to));
    return new LazyBlob(this.#reader, this.#from + start, this.#from + end);
  }

  override async arrayBuffer(): Promise<ArrayBuffer> {
    const bytes = new Uint8Array(this.size);
    let at = 0;
    for await (const piece of this.#pieces()) {
      bytes.set(piece, at);
      at += piece.length;
    }
    return bytes.buffer;
  }

  override async text(): Promise<string> {
    return new TextDecoder().decode(await this.arrayBuffer());
  }

  override stream(): ReturnType<Blob["stream"]> {
    const pieces = this.#pieces();
    return new ReadableStream<Uint8Array<ArrayBuffer>>(
      {
        async pull(controller) {
          const { done, value } = await pieces.next();
          if (done) controller.close();
          else controller.enqueue(value as Uint8Array<ArrayBuffer>);
        },
        async cancel() {
          await pieces.return();
        },
      },
      { highWaterMark: 0 }, // nothing is unpacked before it is asked for
    ) as ReturnType<Blob["stream"]>;
  }

  /** From the beginning it streams; from anywhere else the whole is unpacked once and kept. */
  async *#pieces(): AsyncGenerator<Uint8Array, void, void> {
    if (this.size === 0) return;
    if (this.#from > 0) {
      const part = (await this.#reader.whole()).slice(this.#from, this.#to);
      yield new Uint8Array(await part.arrayBuffer());
      return;
    }
    let left = this.size;
    for await (const piece of this.#reader.pieces()) {
      yield left < piece.length ? piece.subarray(0, left) : piece;
      left -= piece.length;
      if (left <= 0 && !this.#isWhole()) return;
    }
  }

  /** Only who reads to the very end learns whether the checksum holds. */
  #isWhole(): boolean {
    return this.size === this.#reader.bytes;
  }
}

/**
 * One entry of a zip as a Blob: streamed and unpacked piece by piece, so that no entry lies in memory as a
 * whole unless it is small or its reader jumps in it. Reading throws "bad-file" where the entry is damaged.
 */
export async function inflatedBlob(
  path: string,
  zip: Blob,
  entry: ZipEntry,
  last: LastEntry,
): Promise<Blob> {
  if (entry.method === 0) return packedBlob(path, zip, entry);
  return new LazyBlob(new EntryReader(path, zip, entry, last));
}

/** A Blob that throws this error when it is read, so that one broken file among many keeps its place. */
export function brokenBlob(error: FootfallError): Blob {
  const fail = (): Promise<never> => Promise.reject(error);
  async function* pieces(): AsyncGenerator<Uint8Array, void, void> {
    yield await fail();
  }
  return new LazyBlob({ bytes: 1, pieces, whole: fail });
}
