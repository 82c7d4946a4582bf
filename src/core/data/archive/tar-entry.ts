import { FootfallError } from "../../errors";
import { joinBytes, openBytes } from "../read/bytes";
import { LazyBlob, type BlobReader } from "./lazy-blob";
import type { SourceFile } from "../read/source";
import type { TarEntry } from "./tar-directory";

/** The beginning of the entry that is read is kept: a file's head is looked at first, then the file is read. */
const KEPT_BYTES = 2 ** 21;
/** Only formats that jump in a file (Parquet, GeoTIFF) need an entry as a whole. */
const LARGEST_WHOLE = 2 ** 31;
const NONE = new Uint8Array(0);

/**
 * A tar whose bytes come in order only: packed by gzip, or inside another archive. What is read in the tar's
 * order is unpacked once; a step back unpacks from the beginning.
 */
export class OpenTar {
  readonly #tar: SourceFile;
  #chunks: AsyncGenerator<Uint8Array, void, void> | undefined;
  /** The bytes that came last and are not used yet, and where they begin. */
  #rest: Uint8Array = NONE;
  #at = 0;
  /** The first bytes of an entry. */
  #kept: Uint8Array = NONE;
  #keptAt = -1;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(tar: SourceFile) {
    this.#tar = tar;
  }

  /** Some bytes from `at` on, one at least, of the entry that begins at `entryAt` and ends at `end`. */
  read(entryAt: number, at: number, end: number): Promise<Uint8Array> {
    const read = this.#turn.then(() => this.#readNow(entryAt, at, end));
    this.#turn = read.catch(() => undefined); // whoever asked hears of it
    return read;
  }

  async #readNow(entryAt: number, at: number, end: number): Promise<Uint8Array> {
    const kept = this.#keptAt === entryAt ? this.#kept.subarray(at - entryAt) : NONE;
    if (kept.length > 0) return kept;
    await this.#seek(at);
    const piece = this.#rest.subarray(0, end - at);
    this.#use(piece.length);
    if (at === entryAt) [this.#keptAt, this.#kept] = [entryAt, NONE];
    const isNext = this.#keptAt === entryAt && at === entryAt + this.#kept.length;
    if (isNext && this.#kept.length + piece.length <= KEPT_BYTES) {
      this.#kept = joinBytes(this.#kept, piece);
    }
    return piece;
  }

  #use(bytes: number): void {
    this.#rest = this.#rest.subarray(bytes);
    this.#at += bytes;
  }

  /** Goes on, or begins again, until there are bytes from `at` on. */
  async #seek(at: number): Promise<void> {
    if (this.#chunks === undefined || at < this.#at) await this.#begin();
    for (;;) {
      this.#use(Math.min(this.#rest.length, at - this.#at));
      if (this.#rest.length > 0) return;
      const { done, value } = await this.#chunks!.next();
      if (done) throw new FootfallError("bad-file", `${this.#tar.path} has become shorter`);
      this.#rest = value;
    }
  }

  async #begin(): Promise<void> {
    await this.#chunks?.return();
    this.#chunks = openBytes(this.#tar).chunks;
    [this.#rest, this.#at] = [NONE, 0];
  }
}

/** Bytes of one entry of a tar that comes in order. */
class EntryReader implements BlobReader {
  readonly bytes: number;
  readonly #path: string;
  readonly #tar: OpenTar;
  readonly #at: number;
  #whole: Promise<Blob> | undefined;

  constructor(path: string, tar: OpenTar, { at, bytes }: TarEntry) {
    this.bytes = bytes;
    this.#path = path;
    this.#tar = tar;
    this.#at = at;
  }

  async *pieces(): AsyncGenerator<Uint8Array, void, void> {
    const end = this.#at + this.bytes;
    for (let at = this.#at; at < end;) {
      const piece = await this.#tar.read(this.#at, at, end);
      at += piece.length;
      yield piece;
    }
  }

  whole(): Promise<Blob> {
    this.#whole ??= this.#readWhole();
    return this.#whole;
  }

  async #readWhole(): Promise<Blob> {
    if (this.bytes > LARGEST_WHOLE) {
      throw new FootfallError(
        "bad-file",
        `${this.#path} has ${this.bytes} bytes, too many to be read inside a tar; unpack it first`,
      );
    }
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    for await (const piece of this.pieces()) pieces.push(piece as Uint8Array<ArrayBuffer>);
    return new Blob(pieces);
  }
}

/** One entry of a tar that comes in order, as a Blob: unpacked piece by piece when it is read. */
export function entryBlob(path: string, tar: OpenTar, entry: TarEntry): Blob {
  return new LazyBlob(new EntryReader(path, tar, entry));
}
