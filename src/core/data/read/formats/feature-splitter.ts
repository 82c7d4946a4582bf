import { FootfallError } from "../../../errors";

/** One JSON object that may be a feature. */
export interface FeatureText {
  text: string;
  /** Line on which it begins, from 1. */
  line: number;
}

/** An object of more characters than this is not put together. */
const LONGEST = 2 ** 28;

const [NEWLINE, QUOTE, BACKSLASH] = [10, 34, 92];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [91, 93, 123, 125];

/**
 * Cuts GeoJSON that comes in pieces into features without holding the whole: those of a FeatureCollection
 * one by one, those of a sequence (one a line, or after record separators), of a list, and a single one.
 */
export class FeatureSplitter {
  readonly #path: string;
  /** Objects and lists that are open. */
  #depth = 0;
  #isString = false;
  #isEscaped = false;
  /** Depth inside the list of features; 0 outside of one. */
  #listDepth = 0;
  /** Last text at depth 1: before a list it is the list's key. */
  #key = "";
  /** What came of the present object in earlier pieces; undefined where none is being put together. */
  #parts: string[] | undefined;
  #length = 0;
  #startLine = 1;
  #line = 1;
  #hasBegun = false;

  constructor(path: string) {
    this.#path = path;
  }

  /** True where the text so far ends inside of something. */
  get isOpen(): boolean {
    return this.#depth > 0;
  }

  /** True where there was an object or a list at all. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /** Line of the last character so far, from 1. */
  get line(): number {
    return this.#line;
  }

  /** The objects that this piece completes. Throws "bad-file" for one that is too long. */
  push(text: string): FeatureText[] {
    const found: FeatureText[] = [];
    let from = 0;
    for (let at = 0; at < text.length; at++) {
      const mark = text.charCodeAt(at);
      if (mark === NEWLINE) this.#line++;
      if (this.#isString) this.#readString(mark);
      else if (mark === QUOTE) this.#beginString();
      else if (mark === OPEN_OBJECT || mark === OPEN_LIST) {
        if (this.#opens(mark)) from = at;
      } else if (mark === CLOSE_OBJECT || mark === CLOSE_LIST) {
        if (this.#closes()) found.push(this.#take(text.slice(from, at + 1)));
      }
    }
    if (this.#parts) this.#keep(this.#parts, text.slice(from));
    return found;
  }

  #beginString(): void {
    this.#isString = true;
    if (this.#depth === 1) this.#key = "";
  }

  #readString(mark: number): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (mark === BACKSLASH) this.#isEscaped = true;
    else if (mark === QUOTE) this.#isString = false;
    else if (this.#depth === 1 && this.#key.length < 9) this.#key += String.fromCharCode(mark);
  }

  /** True where an object begins here that is to be put together. */
  #opens(mark: number): boolean {
    this.#depth++;
    this.#hasBegun = true;
    if (this.#depth === 1) {
      this.#listDepth = mark === OPEN_LIST ? 1 : 0;
      return mark === OPEN_OBJECT && this.#begin();
    }
    if (this.#depth === 2 && mark === OPEN_LIST && this.#listDepth === 0) {
      if (this.#key !== "features" || !this.#parts) return false;
      this.#listDepth = 2;
      this.#parts = undefined; // it is a collection: its features are wanted, not the whole
      return false;
    }
    const isFeature = this.#listDepth > 0 && this.#depth === this.#listDepth + 1;
    return isFeature && mark === OPEN_OBJECT && this.#begin();
  }

  /** True where the object ends here that was put together. */
  #closes(): boolean {
    if (this.#depth === 0) return false;
    this.#depth--;
    if (this.#depth < this.#listDepth) this.#listDepth = 0;
    const isEnd = this.#depth === 0 || (this.#listDepth > 0 && this.#depth === this.#listDepth);
    return isEnd && this.#parts !== undefined;
  }

  #begin(): true {
    this.#parts = [];
    this.#length = 0;
    this.#startLine = this.#line;
    return true;
  }

  #keep(parts: string[], text: string): void {
    parts.push(text);
    this.#length += text.length;
    if (this.#length <= LONGEST) return;
    throw new FootfallError(
      "bad-file",
      `${this.#path}: the feature on line ${this.#startLine} has more than ${LONGEST} characters; cut it into shorter ones`,
    );
  }

  #take(last: string): FeatureText {
    const parts = this.#parts!;
    this.#parts = undefined;
    return { text: parts.length === 0 ? last : parts.join("") + last, line: this.#startLine };
  }
}
