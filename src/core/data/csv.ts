import { Gunzip } from "fflate";
import { FootfallError } from "../errors";

const QUOTE = '"';

/** A quote that is still open after so many characters was never meant as one. */
const LONGEST_RECORD = 65_536;

function hasOddQuotes(text: string): boolean {
  let odd = false;
  for (let at = text.indexOf(QUOTE); at >= 0; at = text.indexOf(QUOTE, at + 1)) odd = !odd;
  return odd;
}

/** Cuts text that comes in pieces into records: lines, but not inside quotes. */
export class RecordSplitter {
  #rest = "";

  /** The records that this piece completes. */
  push(text: string): string[] {
    const whole = this.#rest + text;
    const lines = whole.split("\n");
    this.#rest = lines.pop()!;
    return whole.includes(QUOTE) ? this.#joinQuoted(lines) : lines;
  }

  /** The last record, where the file does not end with a line feed. */
  finish(): string[] {
    const rest = this.#rest;
    this.#rest = "";
    return rest === "" ? [] : [rest];
  }

  #joinQuoted(lines: string[]): string[] {
    const records: string[] = [];
    let open: string | undefined;
    for (const line of lines) {
      const record: string = open === undefined ? line : `${open}\n${line}`;
      open = hasOddQuotes(record) ? record : undefined;
      if (open !== undefined && open.length > LONGEST_RECORD) {
        records.push(...open.split("\n"));
        open = undefined;
      } else if (open === undefined) records.push(record);
    }
    if (open !== undefined) this.#rest = `${open}\n${this.#rest}`;
    return records;
  }
}

/** Fields of one record; quotes and doubled quotes are undone, a carriage return at the end is dropped. */
export function splitFields(record: string, delimiter: string): string[] {
  const line = record.endsWith("\r") ? record.slice(0, -1) : record;
  if (!line.includes(QUOTE)) return line.split(delimiter);
  const fields: string[] = [];
  let from = 0;
  while (from <= line.length) {
    const isQuoted = line[from] === QUOTE;
    let to = isQuoted ? findClosingQuote(line, from) : line.indexOf(delimiter, from);
    if (to < 0) to = line.length;
    fields.push(isQuoted ? line.slice(from + 1, to).replaceAll('""', QUOTE) : line.slice(from, to));
    const next = isQuoted ? line.indexOf(delimiter, to) : to;
    from = next < 0 ? line.length + 1 : next + 1;
  }
  return fields;
}

function findClosingQuote(line: string, from: number): number {
  for (let at = line.indexOf(QUOTE, from + 1); at >= 0; at = line.indexOf(QUOTE, at + 2)) {
    if (line[at + 1] !== QUOTE) return at;
  }
  return line.length;
}

/** The delimiter that cuts a header into most fields: comma, tab, semicolon or bar. */
export function guessDelimiter(header: string): string {
  const counts = [",", "\t", ";", "|"].map((mark) => ({ mark, count: header.split(mark).length }));
  return counts.reduce((best, next) => (next.count > best.count ? next : best)).mark;
}

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

const isGzip = (chunk: Uint8Array): boolean => chunk[0] === 0x1f && chunk[1] === 0x8b;

/** The same bytes without gzip, which is recognised by its first bytes, whatever the name. */
async function* unzip(name: string, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let gzip: GzipReader | undefined;
  let isFirst = true;
  const undo = (work: () => Uint8Array[]): Uint8Array[] => {
    try {
      return work();
    } catch (cause) {
      throw new FootfallError("bad-file", `${name} is a damaged or cut gzip file`, { cause });
    }
  };
  for await (const chunk of chunks) {
    if (isFirst && isGzip(chunk)) gzip = new GzipReader();
    isFirst = false;
    const reader = gzip;
    if (reader) yield* undo(() => reader.push(chunk));
    else yield chunk;
  }
  const reader = gzip;
  if (reader) yield* undo(() => reader.finish());
}

/** Bytes of a file, plain or gzip, as text in pieces. */
export async function* decodeText(
  name: string,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for await (const bytes of unzip(name, chunks)) yield decoder.decode(bytes, { stream: true });
  yield decoder.decode();
}
