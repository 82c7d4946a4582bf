import { joinBytes } from "./bytes";
import { decodeLenient } from "./encoding";

const QUOTE = 34;
const SPACE = 32;
const RETURN = 13;

/** A quote that is still open after so many bytes was never meant as one. */
const LONGEST_QUOTE = 65_536;
/** A line that goes on for longer is none: its bytes are passed over, so that memory stays bounded. */
export const LONGEST_LINE = 1 << 20;

const NO_QUOTE = -1;
const NEEDS_MORE = -2;

/** How the text of a table is cut. Both are codes of one ASCII character. */
export interface RowShape {
  delimiter: number;
  /** 10, or 13 in files of an old Macintosh. */
  lineEnd: number;
}

/**
 * Cuts bytes that come in pieces into rows and fields without making text of them. A field that begins with
 * a quote ends at the next single quote before a delimiter or line end; where there is none within 64 KiB,
 * the quote is an ordinary character, so that a stray one swallows no rows.
 */
export class RowScanner {
  /** Where the fields of the present row begin and end in `bytes`, without their quotes. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** 1 where a field stood in quotes: doubled quotes in it are still doubled. */
  readonly quoted: Uint8Array;
  bytes: Uint8Array = new Uint8Array(0);
  /** Fields of the present row, also those beyond the limit. */
  fields = 0;
  /** Line on which the present row begins, from 1. */
  line = 0;
  /** True where the present row was longer than LONGEST_LINE: it has no fields. */
  isTooLong = false;
  /** True where the present row is the last one and has no line end. */
  isOpenEnded = false;
  readonly #shape: RowShape;
  #at = 0;
  #nextLine = 1;
  #isLast = false;
  #isSkipping = false;

  /** Only the first `limit` fields of a row are kept. */
  constructor(shape: RowShape, limit: number) {
    this.#shape = shape;
    this.starts = new Int32Array(limit);
    this.ends = new Int32Array(limit);
    this.quoted = new Uint8Array(limit);
  }

  /** Takes the next piece; to be called when `next` gives no more rows. Ends the validity of all fields. */
  push(piece: Uint8Array): void {
    this.bytes = joinBytes(this.bytes.subarray(this.#at), piece);
    this.#at = 0;
  }

  /** Says that no more pieces come: `next` then gives the last row, too. */
  finish(): void {
    this.#isLast = true;
  }

  /** Goes to the next whole row; false where more bytes are needed. Blank lines are rows of one empty field. */
  next(): boolean {
    if (this.#isSkipping) return this.#skip();
    if (this.#at >= this.bytes.length) return false;
    const end = this.#scan();
    if (end >= 0) return this.#accept(end);
    if (this.bytes.length - this.#at <= LONGEST_LINE) return false;
    this.#isSkipping = true;
    return this.#skip();
  }

  /** Text of a field of the present row; "" where the row is too short. */
  text(field: number): string {
    if (field < 0 || field >= this.fields || field >= this.starts.length) return "";
    const text = decodeLenient(this.bytes.subarray(this.starts[field], this.ends[field]));
    return this.quoted[field] ? text.replaceAll('""', '"') : text;
  }

  /** The present row as text, as far as fields are kept. */
  texts(): string[] {
    return Array.from({ length: Math.min(this.fields, this.starts.length) }, (_, i) =>
      this.text(i),
    );
  }

  /** True where the present row has nothing in it. */
  get isBlank(): boolean {
    return this.fields === 1 && this.starts[0] === this.ends[0] && !this.quoted[0];
  }

  #accept(end: number): boolean {
    this.line = this.#nextLine;
    const { lineEnd } = this.#shape;
    let from = this.#at;
    for (let field = 0; field < Math.min(this.fields, this.starts.length); field++) {
      if (!this.quoted[field]) continue;
      from = this.starts[field]!;
      for (let at = from; at < this.ends[field]!; at++) {
        if (this.bytes[at] === lineEnd) this.#nextLine++;
      }
    }
    this.#nextLine++;
    this.isOpenEnded = end >= this.bytes.length;
    this.#at = end + 1;
    this.isTooLong = false;
    return true;
  }

  /** Passes over the rest of a line that is too long. */
  #skip(): boolean {
    const end = this.bytes.indexOf(this.#shape.lineEnd, this.#at);
    if (end < 0 && !this.#isLast) {
      this.#at = this.bytes.length;
      return false;
    }
    this.#isSkipping = false;
    this.fields = 0;
    this.#accept(end < 0 ? this.bytes.length : end);
    this.isTooLong = true;
    return true;
  }

  /** Finds the fields of the row that begins here. Gives the place of its line end, or -1. */
  #scan(): number {
    const { bytes, starts, ends, quoted } = this;
    const { delimiter, lineEnd } = this.#shape;
    const length = bytes.length;
    let field = 0;
    let at = this.#at;
    for (;;) {
      let start = at;
      let end = NO_QUOTE;
      if (bytes[at] === QUOTE || (bytes[at] === SPACE && delimiter !== SPACE)) {
        while (bytes[start] === SPACE) start++;
        end = bytes[start] === QUOTE ? this.#findClosingQuote(start) : NO_QUOTE;
        if (end === NEEDS_MORE) return -1;
        if (end >= 0) at = end + 1;
      }
      while (at < length && bytes[at] !== delimiter && bytes[at] !== lineEnd) at++;
      if (at === length && !this.#isLast) return -1;
      if (field < starts.length) {
        const isQuoted = end >= 0;
        starts[field] = isQuoted ? start + 1 : start;
        ends[field] = isQuoted ? end : at;
        quoted[field] = isQuoted ? 1 : 0;
      }
      field++;
      if (at === length || bytes[at] === lineEnd) break;
      at++;
    }
    this.fields = field;
    this.#dropReturn(field - 1);
    return at;
  }

  /** A line end of two characters leaves its first one in the last field. */
  #dropReturn(last: number): void {
    if (last >= this.ends.length || this.quoted[last] || this.#shape.lineEnd === RETURN) return;
    const end = this.ends[last]!;
    if (end > this.starts[last]! && this.bytes[end - 1] === RETURN) this.ends[last] = end - 1;
  }

  #findClosingQuote(open: number): number {
    const { bytes } = this;
    let at = bytes.indexOf(QUOTE, open + 1);
    while (at >= 0 && bytes[at + 1] === QUOTE) at = bytes.indexOf(QUOTE, at + 2);
    const isFar = (at < 0 ? bytes.length : at) - open > LONGEST_QUOTE;
    if (isFar) return NO_QUOTE;
    if (at < 0) return this.#isLast ? NO_QUOTE : NEEDS_MORE;
    return this.#checkAfterQuote(at);
  }

  /** A quote closes a field only where the field ends behind it. */
  #checkAfterQuote(close: number): number {
    const { bytes } = this;
    let at = close + 1;
    while (at < bytes.length && (bytes[at] === SPACE || bytes[at] === RETURN)) at++;
    if (at >= bytes.length) return this.#isLast ? close : NEEDS_MORE;
    const { delimiter, lineEnd } = this.#shape;
    const isEnd = bytes[at] === delimiter || bytes[at] === lineEnd || bytes[at - 1] === delimiter; // a space as delimiter
    return isEnd ? close : NO_QUOTE;
  }
}
