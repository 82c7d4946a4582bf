import { Inflate, inflateSync } from "fflate";
import { FootfallError } from "../../errors";
import { LazyBlob, type BlobReader } from "./lazy-blob";
import { packedRange, type ZipEntry } from "./zip-directory";

/** Packed bytes that are taken at once; a thousandfold of it comes out at most. */
const PIECE_BYTES = 65_536;
/** Only formats that jump in a file (Parquet, GeoTIFF) need an entry as a whole. */
const LARGEST_WHOLE = 2 ** 31;
/** Entries up to this size are unpacked at once and kept until the next one is asked for. */
const SMALL_BYTES = 2 ** 21;
/** What is read of a zip at once, for the small entries that lie in a row. */
const WINDOW_BYTES = 2 ** 20;

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

/** A zip that is read, mostly from its beginning to its end: what was read last is kept. */
export class OpenZip {
  readonly blob: Blob;
  #from = 0;
  #window: Uint8Array | undefined;
  #entry: ZipEntry | undefined;
  #content: Promise<Uint8Array> | undefined;

  constructor(blob: Blob) {
    this.blob = blob;
  }

  /** Bytes `from` to `to - 1`, with those behind them in view of the next question. */
  async read(from: number, to: number): Promise<Uint8Array> {
    const isInside = this.#window && from >= this.#from && to <= this.#from + this.#window.length;
    if (!isInside) {
      const end = Math.max(to, from + WINDOW_BYTES);
      this.#window = new Uint8Array(await this.blob.slice(from, end).arrayBuffer());
      this.#from = from;
    }
    return this.#window!.subarray(from - this.#from, to - this.#from);
  }

  /** Content of a small entry: the head of a file is looked at first, then the file is read. */
  content(entry: ZipEntry, unpack: () => Promise<Uint8Array>): Promise<Uint8Array> {
    if (this.#entry !== entry || !this.#content) {
      this.#entry = entry;
      this.#content = unpack();
    }
    return this.#content;
  }
}

/** Bytes of one entry of a zip. */
class EntryReader implements BlobReader {
  readonly bytes: number;
  readonly #path: string;
  readonly #zip: OpenZip;
  readonly #entry: ZipEntry;
  #whole: Promise<Blob> | undefined;

  constructor(path: string, zip: OpenZip, entry: ZipEntry) {
    this.bytes = entry.bytes;
    this.#path = path;
    this.#zip = zip;
    this.#entry = entry;
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
    return this.#zip.content(this.#entry, () => this.#unpack());
  }

  async #unpack(): Promise<Uint8Array> {
    const [from, to] = await findPacked(this.#path, this.#zip, this.#entry);
    const source = await this.#zip.read(from, to);
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

/** Where the packed bytes of an entry begin and end in the zip. */
async function findPacked(
  path: string,
  zip: OpenZip,
  entry: ZipEntry,
): Promise<[from: number, to: number]> {
  const header = await zip.read(entry.headerAt, entry.headerAt + 30);
  return packedRange(path, entry, header, zip.blob.size);
}

async function packedBlob(path: string, zip: OpenZip, entry: ZipEntry): Promise<Blob> {
  const [from, to] = await findPacked(path, zip, entry);
  return zip.blob.slice(from, to);
}

/**
 * One entry of a zip as a Blob: streamed and unpacked piece by piece, so that no entry lies in memory as a
 * whole unless it is small or its reader jumps in it. Reading throws "bad-file" where the entry is damaged.
 */
export async function inflatedBlob(path: string, zip: OpenZip, entry: ZipEntry): Promise<Blob> {
  if (entry.method === 0) return packedBlob(path, zip, entry);
  return new LazyBlob(new EntryReader(path, zip, entry));
}
