import { FootfallError } from "../../errors";

/** A file in a tar: its bytes lie as they are, `at` bytes from the beginning of the unpacked tar. */
export interface TarEntry {
  name: string;
  at: number;
  bytes: number;
  /** Its holes are left out of the tar: the bytes are not the file's. */
  isSparse: boolean;
}

const BLOCK = 512;
/** Names and attributes are shorter than this; what says more is damaged. */
const LARGEST_RECORD = 2 ** 20;

const utf8 = new TextDecoder();

/** Text up to the first NUL. */
function textAt(block: Uint8Array, from: number, bytes: number): string {
  const field = block.subarray(from, from + bytes);
  const end = field.indexOf(0);
  return utf8.decode(end < 0 ? field : field.subarray(0, end));
}

/** A number in octal digits, or where the first bit is set in base 256 (GNU, over 8 GB); NaN for neither. */
function numberAt(block: Uint8Array, from: number, bytes: number): number {
  const field = block.subarray(from, from + bytes);
  if ((field[0]! & 0x80) !== 0) {
    return field.reduce((sum, byte, i) => sum * 256 + (i === 0 ? byte & 0x7f : byte), 0);
  }
  const digits = textAt(field, 0, bytes).trim();
  return /^[0-7]*$/.test(digits) ? Number.parseInt(digits || "0", 8) : NaN;
}

/** The sum of a header's bytes with its own field as spaces; very old tars summed signed bytes. */
function isHeader(block: Uint8Array): boolean {
  const wanted = numberAt(block, 148, 8);
  let [unsigned, signed] = [0, 0];
  block.forEach((byte, i) => {
    const value = i >= 148 && i < 156 ? 32 : byte;
    unsigned += value;
    signed += value > 127 ? value - 256 : value;
  });
  return wanted === unsigned || wanted === signed;
}

/** "27 path=a/very/long/name.csv\n", one after the other; undefined where the lengths do not fit. */
function parsePax(bytes: Uint8Array): Map<string, string> | undefined {
  const records = new Map<string, string>();
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(32, at);
    const length = space < 0 ? NaN : Number(utf8.decode(bytes.subarray(at, space)));
    if (!(length > space - at + 1) || at + length > bytes.length) return undefined;
    const record = utf8.decode(bytes.subarray(space + 1, at + length - 1));
    const equals = record.indexOf("=");
    if (equals < 0) return undefined;
    records.set(record.slice(0, equals), record.slice(equals + 1));
    at += length;
  }
  return records;
}

/** What records before it say of an entry: its name (GNU), its attributes (pax). */
class Said {
  #ofAll = new Map<string, string>();
  #ofNext = new Map<string, string>();
  #name: string | undefined;

  /** Takes a record in; false where it is damaged. */
  take(type: string, record: Uint8Array): boolean {
    if (type === "L") this.#name = textAt(record, 0, record.length);
    if (type === "L" || type === "K") return true;
    const told = parsePax(record);
    if (told === undefined) return false;
    if (type === "x") this.#ofNext = told;
    else for (const [key, value] of told) this.#ofAll.set(key, value);
    return true;
  }

  get(key: string): string | undefined {
    return this.#ofNext.get(key) ?? this.#ofAll.get(key);
  }

  nameOf(block: Uint8Array): string {
    const own = textAt(block, 0, 100);
    const prefix = textAt(block, 257, 8) === "ustar" ? textAt(block, 345, 155) : ""; // not GNU's
    return this.get("path") ?? this.#name ?? (prefix === "" ? own : `${prefix}/${own}`);
  }

  isSparse(type: string): boolean {
    return type === "S" || [...this.#ofNext.keys()].some((key) => key.startsWith("GNU.sparse."));
  }

  /** The entry is over: what was said of it is, too. */
  forget(): void {
    this.#ofNext = new Map();
    this.#name = undefined;
  }
}

/** Types of ordinary files, sparse ones among them, and of records about the next entry or all. */
const FILES = ["0", "\0", "7", "S"];
const RECORDS = "LKxg";

/** Reads a tar's bytes in order and in whole blocks. */
class BlockReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #left: Uint8Array = new Uint8Array(0);
  at = 0;

  constructor(chunks: AsyncIterator<Uint8Array>) {
    this.#chunks = chunks;
  }

  /** The next bytes, fewer only at the end. */
  async take(bytes: number): Promise<Uint8Array> {
    const taken = new Uint8Array(bytes);
    let filled = 0;
    await this.#pass(bytes, (piece) => {
      taken.set(piece, filled);
      filled += piece.length;
    });
    return taken.subarray(0, filled);
  }

  /** Leaves out as many bytes, or what is left. */
  async skip(bytes: number): Promise<void> {
    await this.#pass(bytes, () => undefined);
  }

  async #pass(bytes: number, take: (piece: Uint8Array) => void): Promise<void> {
    const end = this.at + bytes;
    while (this.at < end) {
      if (this.#left.length === 0) {
        const { done, value } = await this.#chunks.next();
        if (done) return;
        this.#left = value;
      }
      const piece = this.#left.subarray(0, end - this.at);
      this.#left = this.#left.subarray(piece.length);
      this.at += piece.length;
      take(piece);
    }
  }
}

const padded = (bytes: number): number => Math.ceil(bytes / BLOCK) * BLOCK;

function damaged(path: string, what: string): FootfallError {
  return new FootfallError(
    "bad-file",
    `${path} is a damaged or cut tar file: ${what}; download or pack it again`,
  );
}

/** The next header; undefined at the end, which is a block of zeros. */
async function takeHeader(
  path: string,
  reader: BlockReader,
): Promise<{ block: Uint8Array; type: string } | undefined> {
  const from = reader.at;
  const block = await reader.take(BLOCK);
  if (block.length < BLOCK) throw damaged(path, "its end is missing");
  if (block.every((byte) => byte === 0)) return undefined;
  if (!isHeader(block)) throw damaged(path, `at byte ${from} there is no header`);
  return { block, type: String.fromCharCode(block[156]!) };
}

async function takeRecord(path: string, reader: BlockReader, bytes: number): Promise<Uint8Array> {
  if (!(bytes <= LARGEST_RECORD)) throw damaged(path, "a name has no end");
  const record = await reader.take(padded(bytes));
  if (record.length < bytes) throw damaged(path, "it ends inside a name");
  return record.subarray(0, bytes);
}

/**
 * Files of a tar in their order, from its unpacked bytes: ustar, pax and GNU, with long names and sizes over
 * 8 GB. Folders, links and devices are left out. Throws "bad-file" for a header that does not add up and for
 * an end that is missing.
 */
export async function* readTarDirectory(
  path: string,
  chunks: AsyncIterator<Uint8Array>,
): AsyncGenerator<TarEntry, void, void> {
  const reader = new BlockReader(chunks);
  const said = new Said();
  for (;;) {
    const header = await takeHeader(path, reader);
    if (header === undefined) return;
    const { block, type } = header;
    const own = numberAt(block, 124, 12);
    if (RECORDS.includes(type)) {
      const isRight = said.take(type, await takeRecord(path, reader, own));
      if (!isRight) throw damaged(path, "the attributes of a file do not add up");
      continue;
    }
    const bytes = Number(said.get("size") ?? own);
    const entry = { name: said.nameOf(block), at: reader.at, bytes, isSparse: said.isSparse(type) };
    said.forget();
    if (!Number.isSafeInteger(bytes)) throw damaged(path, `${entry.name} has no size`);
    await reader.skip(padded(bytes));
    if (reader.at < entry.at + padded(bytes)) throw damaged(path, `it ends inside ${entry.name}`);
    if (FILES.includes(type)) yield entry;
  }
}
