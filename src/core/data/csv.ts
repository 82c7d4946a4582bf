import { Gunzip } from "fflate";
import { FootfallError } from "../errors";

const QUOTE = '"';

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
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop()!;
    return text.includes(QUOTE) || this.#rest.includes(QUOTE) ? this.#joinQuoted(lines) : lines;
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
      if (open === undefined) records.push(record);
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

const isGzip = (chunk: Uint8Array): boolean => chunk[0] === 0x1f && chunk[1] === 0x8b;

/** Bytes of a file as text in pieces; gzip is recognised by its first bytes, whatever the name. */
export async function* decodeText(
  name: string,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let pieces: string[] = [];
  const take = (bytes: Uint8Array, isLast: boolean) =>
    pieces.push(decoder.decode(bytes, { stream: !isLast }));
  let gunzip: Gunzip | undefined;
  let isFirst = true;
  try {
    for await (const chunk of chunks) {
      if (isFirst && isGzip(chunk)) gunzip = new Gunzip(take);
      isFirst = false;
      if (gunzip) gunzip.push(chunk);
      else take(chunk, false);
      yield* pieces;
      pieces = [];
    }
    gunzip?.push(new Uint8Array(0), true);
  } catch (cause) {
    if (!gunzip) throw cause;
    throw new FootfallError("bad-file", `${name} is a damaged or cut gzip file`, { cause });
  }
  yield* pieces;
}
