import { joinBytes } from "./bytes";

const [QUOTE, BACKSLASH, OPEN, CLOSE, OPEN_LIST, CLOSE_LIST, LINE] = [34, 92, 123, 125, 91, 93, 10];

/** An object that goes on for longer is none. */
const LONGEST_OBJECT = 1 << 20;

/** One object of the text, or what stood where one should be. */
export interface JsonRecord {
  /** Line on which it begins, from 1. */
  line: number;
  /** Undefined where it cannot be used; then `problem` says why. */
  value: Readonly<Record<string, unknown>> | undefined;
  problem?: string;
}

const isSpace = (byte: number): boolean => byte === 32 || byte === 9 || byte === 13 || byte === 10;

/**
 * Cuts text that comes in pieces into its objects: one a line, one after the other, or in an array. An
 * object that is broken ends at the end of its line where objects stand on lines of their own.
 */
export class JsonSplitter {
  readonly #decoder = new TextDecoder();
  readonly #isLines: boolean;
  #rest: Uint8Array = new Uint8Array(0);
  #line = 1;

  /** `isLines`: each object stands on a line of its own (NDJSON). */
  constructor(isLines: boolean) {
    this.#isLines = isLines;
  }

  /** The objects that this piece completes. */
  *push(piece: Uint8Array): Generator<JsonRecord, void, void> {
    const bytes = joinBytes(this.#rest, piece);
    let from = 0;
    for (;;) {
      from = this.#passGap(bytes, from);
      if (from >= bytes.length) break;
      const end = this.#isLines ? bytes.indexOf(LINE, from) : findEnd(bytes, from);
      if (end < 0 && bytes.length - from <= LONGEST_OBJECT) break;
      const until = end < 0 ? bytes.length : this.#isLines ? end : end + 1;
      yield end < 0 ? this.#tooLong() : this.#parse(bytes.subarray(from, until));
      this.#countLines(bytes, from, until);
      from = until;
    }
    this.#rest = bytes.slice(from);
  }

  /** The last object, where nothing stands behind it. */
  *finish(): Generator<JsonRecord, void, void> {
    if (this.#rest.length > 0) yield this.#parse(this.#rest, "the last object was cut");
    this.#rest = new Uint8Array(0);
  }

  /** Passes over spaces, and over commas and brackets between the objects of an array. */
  #passGap(bytes: Uint8Array, start: number): number {
    let at = start;
    for (; at < bytes.length; at++) {
      const byte = bytes[at]!;
      if (byte === LINE) this.#line++;
      const isPunctuation = byte === 44 || byte === OPEN_LIST || byte === CLOSE_LIST;
      if (!isSpace(byte) && (this.#isLines || !isPunctuation)) break;
    }
    return at;
  }

  #countLines(bytes: Uint8Array, from: number, to: number): void {
    for (let at = bytes.indexOf(LINE, from); at >= 0 && at < to; at = bytes.indexOf(LINE, at + 1)) {
      this.#line++;
    }
  }

  #parse(bytes: Uint8Array, problem = "a row that is no JSON object"): JsonRecord {
    try {
      const value: unknown = JSON.parse(this.#decoder.decode(bytes));
      const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
      if (isObject) return { line: this.#line, value: value as Record<string, unknown> };
    } catch {
      // what cannot be parsed is reported like what is no object
    }
    return { line: this.#line, value: undefined, problem };
  }

  #tooLong(): JsonRecord {
    const problem = `an object longer than ${LONGEST_OBJECT.toLocaleString("en")} bytes`;
    return { line: this.#line, value: undefined, problem };
  }
}

/** Place of the bracket that closes the object which begins here; of anything else the end of its line; -1. */
function findEnd(bytes: Uint8Array, from: number): number {
  if (bytes[from] !== OPEN) return bytes.indexOf(LINE, from);
  let depth = 0;
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === QUOTE) {
      at = findQuote(bytes, at + 1);
      if (at < 0) return -1;
    } else if (byte === OPEN) depth++;
    else if (byte === CLOSE && --depth === 0) return at;
  }
  return -1;
}

/** Place of the quote that ends the text which begins here; -1. */
function findQuote(bytes: Uint8Array, from: number): number {
  for (let at = from; at < bytes.length; at++) {
    if (bytes[at] === BACKSLASH) at++;
    else if (bytes[at] === QUOTE) return at;
  }
  return -1;
}
