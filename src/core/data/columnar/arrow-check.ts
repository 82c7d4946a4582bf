import { joinBytes } from "../read/bytes";
import { FlatBuffer, type Shape } from "./flatbuffer";

const TEXT = { kind: "text" } as const;
const list = (bytes: number) => ({ kind: "list", bytes }) as const;
const table = (of: Shape) => ({ kind: "table", of }) as const;
const tables = (of: Shape) => ({ kind: "tables", of }) as const;

// Arrow's Message.fbs, Schema.fbs and File.fbs, format version 1.5: slots that refer to something
const nothing: Shape = () => ({});
const keyValue: Shape = () => ({ 0: TEXT, 1: TEXT });
const dictionary: Shape = () => ({ 1: table(nothing) });
const field: Shape = () => ({
  0: TEXT,
  3: table(nothing),
  4: table(dictionary),
  5: tables(field),
  6: tables(keyValue),
});
const schema: Shape = () => ({ 1: tables(field), 2: tables(keyValue), 3: list(8) });
const recordBatch: Shape = () => ({ 1: list(16), 2: list(16), 3: table(nothing), 4: list(8) });
const dictionaryBatch: Shape = () => ({ 1: table(recordBatch) });
const message: Shape = () => ({ 4: tables(keyValue) });
const footer: Shape = () => ({ 1: table(schema), 2: list(24), 3: list(24), 4: tables(keyValue) });

const HEADERS: Record<number, Shape> = { 1: schema, 2: dictionaryBatch, 3: recordBatch };
/** Types whose tables refer to something: a timestamp to its zone, a union to its numbers. */
const TYPE_SHAPES: Record<number, Shape> = {
  10: () => ({ 1: TEXT }),
  14: () => ({ 1: list(4) }),
};

const MARKER = 0xffffffff;
const TRAILER_BYTES = 10;

/** Types of all fields, which the shape of a field alone does not tell. */
function checkTypes(buffer: FlatBuffer, parent: number, slot: number): void {
  const { at, count } = buffer.list(parent, slot, 4);
  for (let i = 0; i < count; i++) {
    const child = at + 4 * i + buffer.int32(at + 4 * i);
    const kind = buffer.slot(child, 2);
    const shape = kind === 0 ? undefined : TYPE_SHAPES[buffer.uint8(kind)];
    if (shape) buffer.checkTableAt(child, 3, shape);
    checkTypes(buffer, child, 5);
  }
}

/** Checks one message and gives what it is and the number of bytes of its body. Throws Error. */
function checkMessage(bytes: Uint8Array): { header: number; bodyBytes: number } {
  const buffer = new FlatBuffer(bytes);
  const root = buffer.checkRoot(message);
  const kind = buffer.slot(root, 1);
  const header = kind === 0 ? 0 : buffer.uint8(kind);
  const shape = HEADERS[header];
  if (!shape) throw new Error("it has a message of an unknown kind");
  const content = buffer.checkTableAt(root, 2, shape);
  if (content === 0) throw new Error("it has a message without content");
  if (shape === schema) checkTypes(buffer, content, 1);
  const length = buffer.slot(root, 3);
  const bodyBytes = length === 0 ? 0 : buffer.int64(length);
  if (bodyBytes < 0 || bodyBytes > 2 ** 40) throw new Error("it has a body of an impossible size");
  return { header, bodyBytes };
}

async function readBytes(blob: Blob, from: number, bytes: number): Promise<Uint8Array> {
  if (from < 0 || bytes < 0 || from + bytes > blob.size) throw new Error("it was cut");
  return new Uint8Array(await blob.slice(from, from + bytes).arrayBuffer());
}

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** A block of another kind than the footer says would be read again and again. */
async function checkBlock(
  blob: Blob,
  { buffer, at, wanted }: { buffer: FlatBuffer; at: number; wanted: number },
): Promise<void> {
  const [from, metaBytes] = [buffer.int64(at), buffer.int32(at + 8)];
  const bytes = await readBytes(blob, from, metaBytes);
  const prefix = viewOf(bytes).getUint32(0, true) === MARKER ? 8 : 4;
  const length = viewOf(bytes).getInt32(prefix - 4, true);
  if (length < 0 || prefix + length > metaBytes)
    throw new Error("it has a message of an impossible size");
  const { header, bodyBytes } = checkMessage(bytes.subarray(prefix));
  if (header !== wanted) throw new Error("its footer and its messages do not agree");
  if (from + metaBytes + bodyBytes > blob.size) throw new Error("it was cut");
}

/** Checks the footer of an Arrow file and the messages that it refers to. Throws Error. */
export async function checkArrowFile(blob: Blob): Promise<void> {
  const trailer = await readBytes(blob, blob.size - TRAILER_BYTES, TRAILER_BYTES);
  if (new TextDecoder().decode(trailer.subarray(4)) !== "ARROW1") throw new Error("it was cut");
  const footerBytes = viewOf(trailer).getInt32(0, true);
  const from = blob.size - TRAILER_BYTES - footerBytes;
  const buffer = new FlatBuffer(await readBytes(blob, from, footerBytes));
  const root = buffer.checkRoot(footer);
  const fields = buffer.checkTableAt(root, 1, schema);
  if (fields !== 0) checkTypes(buffer, fields, 1);
  for (const slot of [2, 3]) {
    const { at, count } = buffer.list(root, slot, 24);
    for (let i = 0; i < count; i++) {
      await checkBlock(blob, { buffer, at: at + 24 * i, wanted: slot }); // 2 dictionaries, 3 batches
    }
  }
}

/** Takes bytes out of a stream in the amounts that are asked for. */
class Taker {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(chunks: AsyncIterator<Uint8Array>) {
    this.#chunks = chunks;
  }

  /** So many bytes, or fewer at the end. */
  async take(bytes: number): Promise<Uint8Array> {
    while (this.#rest.length < bytes) {
      const { done, value } = await this.#chunks.next();
      if (done) break;
      this.#rest = joinBytes(this.#rest, value);
    }
    const taken = this.#rest.subarray(0, bytes);
    this.#rest = this.#rest.subarray(taken.length);
    return taken;
  }

  /** At most so many bytes, as they come. */
  async takeSome(bytes: number): Promise<Uint8Array> {
    return this.take(Math.min(bytes, Math.max(1, this.#rest.length)));
  }
}

/** Passes an Arrow stream on, each message checked before it goes. Throws Error. */
export async function* checkArrowStream(
  chunks: AsyncGenerator<Uint8Array, void, void>,
): AsyncGenerator<Uint8Array, void, void> {
  const taker = new Taker(chunks);
  try {
    for (;;) {
      const prefix = await taker.take(8);
      const length = prefix.length < 8 ? 0 : viewOf(prefix).getInt32(4, true);
      if (length === 0) {
        yield prefix;
        return;
      }
      if (viewOf(prefix).getUint32(0, true) !== MARKER)
        throw new Error("it is older than Arrow 0.15");
      if (length < 0 || length > 2 ** 28) throw new Error("it has a message of an impossible size");
      const meta = await taker.take(length);
      if (meta.length < length) throw new Error("it was cut");
      let left = checkMessage(meta).bodyBytes;
      yield joinBytes(prefix, meta);
      while (left > 0) {
        const body = await taker.takeSome(left);
        if (body.length === 0) throw new Error("it was cut");
        left -= body.length;
        yield body;
      }
    }
  } finally {
    await chunks.return();
  }
}
