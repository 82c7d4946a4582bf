import { FootfallError } from "../../errors";

type Decoder = InstanceType<typeof TextDecoder>;

/** A field of a dBase table: name, type letter and bytes. */
interface Field {
  readonly name: string;
  readonly type: string;
  readonly at: number;
  readonly bytes: number;
}

/** Code pages by dBase's language byte (those that name one without doubt). */
const LANGUAGES: Readonly<Record<number, string>> = {
  0x03: "windows-1252",
  0x13: "shift_jis",
  0x26: "ibm866",
  0x4d: "gbk",
  0x4e: "euc-kr",
  0x4f: "big5",
  0x57: "windows-1252",
  0x58: "windows-1252",
  0x59: "windows-1252",
  0x65: "ibm866",
  0x78: "big5",
  0x79: "euc-kr",
  0x7a: "gbk",
  0x7b: "shift_jis",
  0xc8: "windows-1250",
  0xc9: "windows-1251",
  0xca: "windows-1254",
  0xcb: "windows-1253",
};

/** Names of encodings that .cpg files have and TextDecoder has not. */
const ALIASES: Readonly<Record<string, string>> = {
  "932": "shift_jis",
  "936": "gbk",
  "949": "euc-kr",
  "950": "big5",
  "65001": "utf-8",
  "88591": "iso-8859-1",
  "885915": "iso-8859-15",
  "866": "ibm866",
};

function openDecoder(label: string): Decoder | undefined {
  const bare = label.toLowerCase().replaceAll(/^(ansi|oem|cp|windows|ms|iso)|[^a-z0-9]/gi, "");
  const candidates = [label.trim(), ALIASES[bare], `windows-${bare}`, `iso-${label.trim()}`];
  for (const candidate of candidates) {
    try {
      if (candidate !== undefined) return new TextDecoder(candidate);
    } catch {
      // the next one may be known
    }
  }
  return undefined;
}

/** How the texts of a table are read, and what had to be guessed. */
export interface Encoding {
  readonly decoder: Decoder;
  readonly warning?: string;
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/**
 * The encoding that the user names, or the .cpg, or the table's language byte, or UTF-8 where that is possible.
 * Throws "bad-input" for a name that nobody knows.
 */
export function findEncoding(table: Uint8Array, cpg: string | undefined, named?: string): Encoding {
  const wanted = named ?? (cpg?.trim() || undefined);
  if (wanted !== undefined) {
    const decoder = openDecoder(wanted);
    if (decoder) return { decoder };
    if (named !== undefined) {
      throw new FootfallError(
        "bad-input",
        `"${named}" is no encoding; expected utf-8, shift_jis or gbk`,
      );
    }
  }
  const language = LANGUAGES[table[29] ?? 0];
  if (isUtf8(table.subarray(32))) return { decoder: new TextDecoder("utf-8") };
  const label = language ?? "windows-1252";
  const warning = `the texts are read as ${label}, for the file does not say (--encoding tells otherwise)`;
  return { decoder: new TextDecoder(label), ...(language === undefined && { warning }) };
}

function readFields(view: DataView, headerBytes: number, decoder: Decoder): Field[] {
  const fields: Field[] = [];
  let at = 1; // a record begins with its mark of deletion
  for (let offset = 32; offset + 32 <= headerBytes && view.getUint8(offset) !== 13; offset += 32) {
    const name = new Uint8Array(view.buffer, view.byteOffset + offset, 11);
    const end = name.indexOf(0);
    const bytes = view.getUint8(offset + 16);
    const text = decoder.decode(name.subarray(0, end < 0 ? 11 : end)).trim();
    fields.push({ name: text, type: String.fromCharCode(view.getUint8(offset + 11)), at, bytes });
    at += bytes;
  }
  return fields;
}

function toValue(text: string, type: string): string | number | boolean | null {
  if (text === "") return null;
  switch (type) {
    case "N":
    case "F":
      return text.startsWith("*") ? null : Number(text);
    case "D":
      return /^\d{8}$/.test(text)
        ? `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`
        : null;
    case "L":
      return text === "?" ? null : /^[yt]/i.test(text);
    default:
      return text;
  }
}

/** Records of a dBase table; undefined for one that is marked as deleted. Throws RangeError where it is cut. */
export function* readDbf(
  table: Uint8Array,
  decoder: Decoder,
): Generator<Record<string, string | number | boolean | null> | undefined> {
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength);
  const [records, headerBytes, recordBytes] = [
    view.getUint32(4, true),
    view.getUint16(8, true),
    view.getUint16(10, true),
  ];
  const fields = readFields(view, headerBytes, decoder);
  for (let i = 0; i < records; i++) {
    const start = headerBytes + i * recordBytes;
    if (start + recordBytes > table.length) throw new RangeError("the table of values was cut");
    const entries = fields.map(({ name, type, at, bytes }) => {
      const text = decoder.decode(table.subarray(start + at, start + at + bytes));
      return [name, toValue(text.replaceAll("\0", "").trim(), type)] as const;
    });
    yield table[start] === 0x2a ? undefined : Object.fromEntries(entries);
  }
}
