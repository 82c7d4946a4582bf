/** What the header of a page tells of its size. */
interface PageHeader {
  /** Bytes of the page behind its header, and of its content when unpacked. */
  packedBytes: number;
  bytes: number;
  /** Values that it claims to hold. */
  values: number;
}

/** Writers aim at 1 MiB. */
const LARGEST_PAGE = 2 ** 30;

const damaged = (): Error => new Error("a page has a damaged header");

/** Reads Thrift's compact protocol as far as the sizes in the header of a page need it. */
class HeaderReader {
  readonly #bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  /** The header that begins here; the reader then stands behind it. */
  read(): PageHeader {
    const header = { packedBytes: -1, bytes: -1, values: 0 };
    for (const [field, type] of this.#fields()) {
      if (field === 2) header.bytes = this.#integer();
      else if (field === 3) header.packedBytes = this.#integer();
      else if (type === 12 && field >= 5 && field <= 8) header.values = this.#readValues();
      else this.#skip(type, 0);
    }
    if (header.packedBytes < 0 || header.bytes < 0 || header.values < 0) throw damaged();
    return header;
  }

  /** The first field of the headers of data and dictionary pages is the number of values. */
  #readValues(): number {
    let values = 0;
    for (const [field, type] of this.#fields()) {
      if (field === 1 && type === 5) values = this.#integer();
      else this.#skip(type, 0);
    }
    return values;
  }

  /** Numbers and types of the fields of a struct, up to its end. */
  *#fields(): Generator<[field: number, type: number], void, void> {
    let field = 0;
    for (;;) {
      const byte = this.#byte();
      if ((byte & 15) === 0) return;
      const step = byte >> 4;
      field = step === 0 ? this.#integer() : field + step;
      yield [field, byte & 15];
    }
  }

  #skip(type: number, depth: number): void {
    if (depth > 16) throw damaged();
    if (type === 3) this.at++;
    else if (type >= 4 && type <= 6) this.#varint();
    else if (type === 7) this.at += 8;
    else if (type === 8) this.#skipText();
    else if (type === 9 || type === 10) this.#skipList(depth);
    else if (type === 12) for (const [, inner] of this.#fields()) this.#skip(inner, depth + 1);
    else if (type > 2) throw damaged();
    if (this.at > this.#bytes.length) throw damaged();
  }

  #skipText(): void {
    const length = this.#varint(); // moves the reader itself
    this.at += length;
  }

  #skipList(depth: number): void {
    const byte = this.#byte();
    const count = byte >> 4 === 15 ? this.#varint() : byte >> 4;
    if (count > this.#bytes.length) throw damaged();
    for (let i = 0; i < count; i++) {
      if ((byte & 15) <= 2) this.at++;
      else this.#skip(byte & 15, depth + 1);
    }
  }

  #byte(): number {
    const byte = this.#bytes[this.at++];
    if (byte === undefined) throw damaged();
    return byte;
  }

  #varint(): number {
    let [value, scale] = [0, 1];
    for (;;) {
      const byte = this.#byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
      if (scale > 2 ** 63) throw damaged();
    }
  }

  #integer(): number {
    const value = this.#varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}

/**
 * Checks the headers of all pages of a column chunk: what they claim must fit the chunk, or a reader would
 * make room for values that are not there. `values` is how many the footer says. Throws Error.
 */
export function checkPages(chunk: Uint8Array, values: number): void {
  let at = 0;
  let found = 0;
  while (at < chunk.length && found < values) {
    const reader = new HeaderReader(chunk, at);
    const header = reader.read();
    at = reader.at + header.packedBytes;
    if (at > chunk.length || header.values > values || header.bytes > LARGEST_PAGE) throw damaged();
    found += header.values;
  }
}
