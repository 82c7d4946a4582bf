import { FootfallError, throwIfStopped } from "../../errors";
import { gunzip, isGzip } from "../archive/gzip";
import type { SourceFile } from "./source";

/** What formats are recognised by. */
export const HEAD_BYTES = 65_536;

/** Bytes of a file in pieces, and how far into the file (before decompression) they lead. */
export interface FileBytes {
  chunks: AsyncGenerator<Uint8Array, void, void>;
  /** Bytes of the file that have been taken in. */
  readonly done: number;
}

async function readPiece(
  path: string,
  reader: ReadableStreamDefaultReader<Uint8Array>,
): Promise<Uint8Array | undefined> {
  try {
    return (await reader.read()).value;
  } catch (cause) {
    if (cause instanceof FootfallError) throw cause;
    throw new FootfallError(
      "bad-file",
      `${path} cannot be read any more; was it moved or changed since it was chosen?`,
      { cause },
    );
  }
}

/** The file as it is, piece by piece; the next piece is asked for when the last one is used up. */
async function* readRaw(
  { path, blob }: SourceFile,
  count: (bytes: number) => void,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, void> {
  const reader = (blob.stream() as ReadableStream<Uint8Array>).getReader();
  try {
    for (;;) {
      throwIfStopped(signal);
      const piece = await readPiece(path, reader);
      if (!piece) return;
      count(piece.length);
      yield piece;
    }
  } finally {
    await reader.cancel().catch(() => undefined); // the file is gone: nothing left to close
  }
}

/** Joins the first pieces until they hold `bytes`, then passes the others on. */
export async function* withWholeHead(
  chunks: AsyncIterable<Uint8Array>,
  bytes: number,
): AsyncGenerator<Uint8Array, void, void> {
  let head: Uint8Array | undefined = new Uint8Array(0);
  for await (const chunk of chunks) {
    const joined: Uint8Array = head ? joinBytes(head, chunk) : chunk;
    if (head) head = joined.length < bytes ? joined : undefined;
    if (!head) yield joined;
  }
  if (head && head.length > 0) yield head;
}

/** Two pieces as one. */
export function joinBytes(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b;
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}

async function* undoGzip(
  path: string,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, void> {
  const rest = withWholeHead(chunks, 2);
  const { value: first } = await rest.next();
  if (!first) return;
  async function* all() {
    yield first!;
    yield* rest;
  }
  try {
    yield* isGzip(first) ? gunzip(path, all()) : all();
  } finally {
    await rest.return();
  }
}

/**
 * Bytes of a file, without gzip where its first bytes say so, whatever its name. Leaving the loop closes the
 * file. Throws "bad-file" (damaged gzip, vanished file) and "stopped".
 */
export function openBytes(file: SourceFile, signal?: AbortSignal): FileBytes {
  let done = 0;
  const raw = readRaw(file, (bytes) => (done += bytes), signal);
  return {
    chunks: undoGzip(file.path, raw),
    get done() {
      return done;
    },
  };
}

/** The first bytes, decompressed; fewer where the file is shorter. A gzip cut further on is no matter here. */
export async function readHead(file: SourceFile, bytes: number = HEAD_BYTES): Promise<Uint8Array> {
  let head: Uint8Array = new Uint8Array(0);
  for await (const chunk of openBytes(file).chunks) {
    head = joinBytes(head, chunk);
    if (head.length >= bytes) break;
  }
  return head.subarray(0, bytes);
}

/** A Blob to jump in: the file itself, or all of it without gzip. Throws "bad-file" and "stopped". */
export async function plainBlob(file: SourceFile, signal?: AbortSignal): Promise<Blob> {
  if (!isGzip(new Uint8Array(await file.blob.slice(0, 2).arrayBuffer()))) return file.blob;
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for await (const piece of openBytes(file, signal).chunks) {
    pieces.push(piece as Uint8Array<ArrayBuffer>);
  }
  return new Blob(pieces);
}
