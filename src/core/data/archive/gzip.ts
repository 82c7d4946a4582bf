import { Gunzip } from "fflate";
import { FootfallError } from "../../errors";

/** Undoes gzip piece by piece and knows at the end whether anything is missing. */
class GzipReader {
  readonly #gunzip: Gunzip;
  #pieces: Uint8Array[] = [];
  /** Bytes of the present member, and the last four bytes that came: its length by the file's own word. */
  #length = 0;
  #tail = new Uint8Array(0);

  constructor() {
    this.#gunzip = new Gunzip((piece) => {
      this.#length += piece.length;
      this.#pieces.push(piece);
    });
    this.#gunzip.onmember = () => (this.#length = 0);
  }

  push(chunk: Uint8Array): Uint8Array[] {
    this.#tail = Uint8Array.from([...this.#tail, ...chunk.subarray(-4)]).slice(-4);
    this.#gunzip.push(chunk);
    return this.#take();
  }

  /** Throws where the file was cut: fflate is silent when the cut falls between two of its symbols. */
  finish(): Uint8Array[] {
    this.#gunzip.push(new Uint8Array(0), true);
    const wanted = new DataView(this.#tail.buffer).getUint32(0, true);
    if (wanted !== this.#length % 2 ** 32) throw new Error("unexpected end");
    return this.#take();
  }

  #take(): Uint8Array[] {
    const pieces = this.#pieces;
    this.#pieces = [];
    return pieces;
  }
}

/** True where these first bytes are those of a gzip file. */
export const isGzip = (head: Uint8Array): boolean => head[0] === 0x1f && head[1] === 0x8b;

/** Undoes gzip in pieces. Throws "bad-file" naming `path` where the file is damaged or cut. */
export async function* gunzip(
  path: string,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, void> {
  const reader = new GzipReader();
  const undo = (work: () => Uint8Array[]): Uint8Array[] => {
    try {
      return work();
    } catch (cause) {
      throw new FootfallError("bad-file", `${path} is a damaged or cut gzip file`, { cause });
    }
  };
  for await (const chunk of chunks) yield* undo(() => reader.push(chunk));
  yield* undo(() => reader.finish());
}
