import type { FootfallError } from "../../errors";

/** What a LazyBlob reads from. */
export interface BlobReader {
  readonly bytes: number;
  /** From the first byte on; whoever stops asking pays only for what came. */
  pieces(): AsyncGenerator<Uint8Array, void, void>;
  /** All bytes, for readers that jump. */
  whole(): Promise<Blob>;
}

/** A Blob whose bytes are made when they are asked for. It cannot be sent to another thread. */
export class LazyBlob extends Blob {
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

/** A Blob that throws this error when it is read, so that one broken file among many keeps its place. */
export function brokenBlob(error: FootfallError): Blob {
  const fail = (): Promise<never> => Promise.reject(error);
  async function* pieces(): AsyncGenerator<Uint8Array, void, void> {
    yield await fail();
  }
  return new LazyBlob({ bytes: 1, pieces, whole: fail });
}
