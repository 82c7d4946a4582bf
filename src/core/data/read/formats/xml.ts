import { FootfallError } from "../../../errors";

/** What is told of a document, in its order. Names come without their prefix: gx:Track is "Track". */
export interface XmlHandler {
  /** `attributes` is the text between the name and the end of the tag. */
  open(name: string, attributes: string): void;
  /** A piece of text, entities undone; one text may come in several pieces. */
  text(text: string): void;
  close(name: string): void;
}

/** A tag of more characters than this is none. */
const LONGEST_TAG = 2 ** 20;
/** "&#x10FFFF;" and the named entities are shorter. */
const LONGEST_ENTITY = 12;

const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function decodeEntity(whole: string, name: string): string {
  if (!name.startsWith("#")) return ENTITIES[name] ?? whole;
  const code = name[1] === "x" ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
}

const undoEntities = (text: string): string =>
  text.includes("&") ? text.replaceAll(/&(#?\w{1,10});/g, decodeEntity) : text;

/** Creates a reader of one attribute in the text of a tag; undefined where it is not there. */
export function createAttributeReader(name: string): (attributes: string) => string | undefined {
  const form = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`);
  return (attributes) => {
    const match = form.exec(attributes);
    const value = match?.[1] ?? match?.[2];
    return value === undefined ? undefined : undoEntities(value);
  };
}

/** Sections whose end is a sign of their own; only what is in CDATA is text. */
const SECTIONS: readonly { begin: string; end: string; isText: boolean }[] = [
  { begin: "<!--", end: "-->", isText: false },
  { begin: "<![CDATA[", end: "]]>", isText: true },
  { begin: "<?", end: "?>", isText: false },
];

/**
 * Cuts XML that comes in pieces into tags and texts, in one pass and without keeping it. It checks neither
 * names nor nesting: what reads the events decides what it needs.
 */
export class XmlScanner {
  readonly #path: string;
  readonly #handler: XmlHandler;
  #buffer = "";
  #at = 0;
  #section: (typeof SECTIONS)[number] | undefined;
  #line = 1;
  #countedTo = 0;

  constructor(path: string, handler: XmlHandler) {
    this.#path = path;
    this.#handler = handler;
  }

  /** Line of the tag or text that was told last, from 1. */
  get line(): number {
    for (;;) {
      const next = this.#buffer.indexOf("\n", this.#countedTo);
      if (next < 0 || next >= this.#at) break;
      this.#line++;
      this.#countedTo = next + 1;
    }
    return this.#line;
  }

  /** Takes the next piece. Throws "bad-file" for a tag that does not end. */
  push(text: string): void {
    void this.line; // counted before the text is let go
    this.#countedTo = Math.max(0, this.#countedTo - this.#at);
    this.#buffer = this.#buffer.slice(this.#at) + text;
    this.#at = 0;
    while (this.#step());
  }

  /** Tells the next thing; false where it is not whole yet. */
  #step(): boolean {
    if (this.#section) return this.#readSection(this.#section);
    if (this.#at >= this.#buffer.length) return false;
    if (this.#buffer[this.#at] !== "<") return this.#readText();
    const section = SECTIONS.find(({ begin }) => this.#buffer.startsWith(begin, this.#at));
    if (section) {
      this.#section = section;
      this.#at += section.begin.length;
      return true;
    }
    // "<!" may become a comment or CDATA with the next piece
    if (this.#buffer.length - this.#at < 9 && this.#buffer.startsWith("<!", this.#at)) return false;
    return this.#readTag();
  }

  #readText(): boolean {
    const to = this.#buffer.indexOf("<", this.#at);
    let end = to < 0 ? this.#buffer.length : to;
    if (to < 0) {
      const entity = this.#buffer.lastIndexOf("&");
      if (entity >= this.#at && end - entity < LONGEST_ENTITY) end = entity;
    }
    if (end === this.#at) return false;
    const text = this.#buffer.slice(this.#at, end);
    this.#at = end;
    this.#handler.text(undoEntities(text));
    return true;
  }

  #readSection({ end, isText }: (typeof SECTIONS)[number]): boolean {
    const to = this.#buffer.indexOf(end, this.#at);
    const textTo = to < 0 ? Math.max(this.#at, this.#buffer.length - end.length + 1) : to;
    const text = this.#buffer.slice(this.#at, textTo);
    this.#at = to < 0 ? textTo : to + end.length;
    if (to >= 0) this.#section = undefined;
    if (isText && text !== "") this.#handler.text(text);
    return to >= 0;
  }

  #readTag(): boolean {
    const end = this.#findTagEnd();
    if (end < 0) {
      if (this.#buffer.length - this.#at <= LONGEST_TAG) return false;
      throw new FootfallError("bad-file", `${this.#path}: the tag on line ${this.line} has no end`);
    }
    const tag = this.#buffer.slice(this.#at + 1, end);
    this.#at = end + 1;
    this.#tell(tag);
    return true;
  }

  /** Place of the ">" that is neither in quotes nor in the brackets of a DOCTYPE. */
  #findTagEnd(): number {
    const inner = this.#buffer.startsWith("<!", this.#at) ? /["'>[]/g : /["'>]/g;
    inner.lastIndex = this.#at;
    for (let match = inner.exec(this.#buffer); match; match = inner.exec(this.#buffer)) {
      if (match[0] === ">") return match.index;
      const close = this.#buffer.indexOf(match[0] === "[" ? "]" : match[0], match.index + 1);
      if (close < 0) return -1;
      inner.lastIndex = close + 1;
    }
    return -1;
  }

  #tell(tag: string): void {
    if (tag.startsWith("!")) return;
    const [, slash = "", name = "", rest = ""] =
      /^(\/?)(?:[^\s/:]*:)?([^\s/]*)([^]*)$/.exec(tag) ?? [];
    if (slash !== "") return this.#handler.close(name);
    const isEmpty = rest.endsWith("/");
    this.#handler.open(name, isEmpty ? rest.slice(0, -1) : rest);
    if (isEmpty) this.#handler.close(name);
  }
}
