/** What the header of a page tells. */
export interface PageHeader {
  kind: "data" | "data-v2" | "dictionary" | "index";
  /** Where its content begins in the column chunk, and how many bytes that has; when unpacked. */
  at: number;
  packedBytes: number;
  bytes: number;
  /** Values that it claims to hold, missing ones included. */
  values: number;
  /** Parquet's number of the encoding. */
  encoding: number;
  /** Of pages of the second version: missing values, and bytes of the levels, which are not packed. */
  nulls: number;
  definitionBytes: number;
  repetitionBytes: number;
  isPacked: boolean;
}

/** What is thrown where a page cannot be what it says. */
export const damagedPage = (): Error => new Error("a page is damaged");

const KINDS = ["data", "index", "dictionary", "data-v2"] as const;
/** Types of Thrift's compact protocol. */
const [TRUE, FALSE, INT32, STRUCT] = [1, 2, 5, 12];
const MOST_INT32 = 2 ** 31 - 1;

/** Numbers and truths of a struct by the numbers of its fields. */
type Fields = Map<number, number | boolean | Fields>;

/** Reads Thrift's compact protocol as far as headers of pages need it, and nothing that is not as it must be. */
class HeaderReader {
  readonly #bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  /** The fields of a struct; structs in it as fields of their own, down to `depth`. */
  readStruct(depth: number): Fields {
    const fields: Fields = new Map();
    let field = 0;
    for (;;) {
      const byte = this.#byte();
      const type = byte & 15;
      if (type === 0) return fields;
      field = byte >> 4 === 0 ? this.#int32() : field + (byte >> 4);
      if (type === TRUE || type === FALSE) fields.set(field, type === TRUE);
      else if (type === INT32) fields.set(field, this.#int32());
      else if (type === STRUCT && depth > 0) fields.set(field, this.readStruct(depth - 1));
      else {
        fields.delete(field); // a field that comes twice counts as it comes last
        this.#skip(type, 0);
      }
    }
  }

  #skip(type: number, depth: number): void {
    if (depth > 16) throw damagedPage();
    if (type === 3) this.at++;
    else if (type >= 4 && type <= 6) this.#varint();
    else if (type === 7) this.at += 8;
    else if (type === 8) this.#skipText();
    else if (type === 9) this.#skipList(depth);
    else if (type === STRUCT) this.#skipStruct(depth);
    else throw damagedPage();
    if (this.at > this.#bytes.length) throw damagedPage();
  }

  #skipStruct(depth: number): void {
    for (let byte = this.#byte(); (byte & 15) !== 0; byte = this.#byte()) {
      if (byte >> 4 === 0) this.#varint();
      if ((byte & 15) > 2) this.#skip(byte & 15, depth + 1);
    }
  }

  #skipText(): void {
    const length = this.#varint(); // moves the reader itself
    this.at += length;
  }

  #skipList(depth: number): void {
    const byte = this.#byte();
    const count = byte >> 4 === 15 ? this.#varint() : byte >> 4;
    if (count > this.#bytes.length) throw damagedPage();
    for (let i = 0; i < count; i++) {
      if ((byte & 15) <= 2) this.at++;
      else this.#skip(byte & 15, depth + 1);
    }
  }

  #byte(): number {
    const byte = this.#bytes[this.at++];
    if (byte === undefined) throw damagedPage();
    return byte;
  }

  #varint(): number {
    let [value, scale] = [0, 1];
    for (;;) {
      const byte = this.#byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
      if (scale > 2 ** 63) throw damagedPage();
    }
  }

  /** Nothing in a header is negative. */
  #int32(): number {
    const value = this.#varint();
    if (value % 2 !== 0 || value / 2 > MOST_INT32) throw damagedPage();
    return value / 2;
  }
}

/** Fields of a struct that must be there, as numbers. */
function numbersOf(fields: Fields | undefined, names: readonly number[]): number[] {
  return names.map((name) => {
    const value = fields?.get(name);
    if (typeof value !== "number") throw damagedPage();
    return value;
  });
}

const structOf = (fields: Fields, name: number): Fields | undefined => {
  const value = fields.get(name);
  return value instanceof Map ? value : undefined;
};

/** The header of the page that begins at a place of a column chunk. Throws Error where it is none. */
export function readPageHeader(chunk: Uint8Array, from: number): PageHeader {
  const reader = new HeaderReader(chunk, from);
  const fields = reader.readStruct(1);
  const [type, bytes, packedBytes] = numbersOf(fields, [1, 2, 3]) as [number, number, number];
  const kind = KINDS[type];
  if (kind === undefined) throw damagedPage();
  const page = { kind, at: reader.at, packedBytes, bytes, values: 0, encoding: 0 };
  const levels = { nulls: 0, definitionBytes: 0, repetitionBytes: 0, isPacked: true };
  if (page.at + packedBytes > chunk.length) throw damagedPage();
  if (kind === "index") return { ...page, ...levels };
  if (kind !== "data-v2") {
    const own = structOf(fields, kind === "data" ? 5 : 7);
    const [values, encoding] = numbersOf(own, [1, 2]) as [number, number];
    return { ...page, ...levels, values, encoding };
  }
  return { ...page, ...readSecond(structOf(fields, 8)) };
}

/** The header of a data page of the second version. */
function readSecond(own: Fields | undefined) {
  const numbers = numbersOf(own, [1, 2, 3, 4, 5, 6]);
  const [values, nulls, rows, encoding, definitionBytes, repetitionBytes] = numbers as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (nulls > values || rows > values) throw damagedPage();
  const isPacked = own?.get(7) !== false;
  return { values, encoding, nulls, definitionBytes, repetitionBytes, isPacked };
}
