import type { ColumnMetaData, Compressors } from "hyparquet";
import { checkDeltas, checkSharedTexts } from "./parquet-deltas";
import { damagedPage, readPageHeader, type PageHeader } from "./parquet-header";
import type { ParquetLeaf } from "./parquet-leaves";
import { checkRuns, widthOf } from "./parquet-runs";

/** What pages are checked against. */
export interface ChunkFacts {
  leaf: ParquetLeaf;
  column: Pick<ColumnMetaData, "codec" | "num_values">;
  compressors: Compressors;
}

/** Writers aim at 1 MiB. */
const LARGEST_PAGE = 2 ** 28;
/** So many bytes cannot come of one in any codec: Zstandard's and Brotli's runs. */
const LARGEST_RATIO = 65_536;
/** Parquet's numbers of the encodings. */
const [PLAIN, PLAIN_DICTIONARY, RLE, DELTA, DELTA_LENGTHS, SHARED_TEXTS, DICTIONARY, SPLIT] = [
  0, 2, 3, 5, 6, 7, 8, 9,
];

/** Bits of one value at least. */
function bitsOf({ element: { type, type_length: length } }: ParquetLeaf): number {
  switch (type) {
    case "BOOLEAN":
      return 1;
    case "INT32":
    case "FLOAT":
    case "BYTE_ARRAY": // its length
      return 32;
    case "INT64":
    case "DOUBLE":
      return 64;
    case "INT96":
      return 96;
    case "FIXED_LEN_BYTE_ARRAY":
    case undefined:
      return 8 * Math.max(1, length ?? 1);
    default:
      throw type satisfies never;
  }
}

/** A length of four bytes, and behind it the runs of that length. */
function prefixedRuns(bytes: Uint8Array, at: number) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (at + 4 > bytes.length) throw damagedPage();
  const end = at + 4 + view.getUint32(at, true);
  if (end > bytes.length) throw damagedPage();
  return { bytes, from: at + 4, end };
}

/** Checks `count` values that begin at a place of an unpacked page. */
function checkValues(
  bytes: Uint8Array,
  at: number,
  {
    leaf,
    encoding,
    count,
    kind,
  }: { leaf: ParquetLeaf; count: number } & Pick<PageHeader, "encoding" | "kind">,
): void {
  const isBoolean = leaf.element.type === "BOOLEAN";
  if (count === 0) return;
  switch (encoding) {
    case PLAIN:
    case SPLIT:
      if (Math.ceil((count * bitsOf(leaf)) / 8) > bytes.length - at) throw damagedPage();
      return;
    case PLAIN_DICTIONARY:
    case DICTIONARY:
    case RLE:
      if (isBoolean || (encoding === RLE && kind === "data-v2")) {
        checkRuns({ ...prefixedRuns(bytes, at), width: 1, count });
      } else checkIndices(bytes, at, count);
      return;
    case DELTA:
    case DELTA_LENGTHS:
      checkDeltas(bytes, at);
      return;
    case SHARED_TEXTS:
      checkSharedTexts(bytes, at, { count, mostBytes: LARGEST_PAGE });
      return;
    default: // the reader says that it does not know it
  }
}

/** Checks numbers into a dictionary: a byte tells their bits. */
function checkIndices(bytes: Uint8Array, at: number, count: number): void {
  const width = bytes[at];
  if (width === undefined || width > 32) throw damagedPage();
  const from = at + 1;
  if (width > 0 || from < bytes.length) checkRuns({ bytes, from, end: bytes.length, width, count });
}

/** Unpacks the content of a page, which must have the size that its header tells. */
function unpack(
  packed: Uint8Array,
  bytes: number,
  { column, compressors }: ChunkFacts,
): Uint8Array {
  const { codec } = column;
  if (bytes > LARGEST_PAGE || bytes > Math.max(1, packed.length) * LARGEST_RATIO)
    throw damagedPage();
  if (codec === "ZSTD") checkZstandard(packed, bytes);
  const undo = compressors[codec];
  const content = codec === "UNCOMPRESSED" ? packed : undo?.(packed, bytes);
  if (content?.length !== bytes) throw damagedPage();
  return content;
}

const ZSTANDARD = 0xfd2fb528;
const LARGEST_WINDOW = 2 ** 27;

/** Checks the sizes in the head of a Zstandard frame, for which room is made before anything is unpacked. */
function checkZstandard(packed: Uint8Array, bytes: number): void {
  if (packed.length < 6) throw damagedPage();
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  if (view.getUint32(0, true) !== ZSTANDARD) throw damagedPage();
  const head = packed[4]!;
  const isSingle = (head & 32) !== 0;
  const window = packed[5]!;
  if (!isSingle && 2 ** (10 + (window >> 3)) * (1 + (window & 7) / 8) > LARGEST_WINDOW)
    throw damagedPage();
  const at = 5 + (isSingle ? 0 : 1) + [0, 1, 2, 4][head & 3]!;
  const sizeBytes = [isSingle ? 1 : 0, 2, 4, 8][head >> 6]!;
  if (at + sizeBytes > packed.length) throw damagedPage();
  let size = sizeBytes === 2 ? 256 : 0;
  for (let i = 0; i < sizeBytes; i++) size += packed[at + i]! * 256 ** i;
  if (sizeBytes > 0 && size > bytes) throw damagedPage();
}

/** Checks a data page of the first version: its levels are packed with its values. */
function checkData(page: PageHeader, packed: Uint8Array, facts: ChunkFacts): void {
  const { leaf } = facts;
  const bytes = unpack(packed, page.bytes, facts);
  let at = 0;
  let nulls = 0;
  if (leaf.maxRepetition > 0) {
    const runs = { ...prefixedRuns(bytes, at), width: widthOf(leaf.maxRepetition) };
    checkRuns({ ...runs, count: page.values });
    at = runs.end;
  }
  if (leaf.maxDefinition > 0) {
    const runs = { ...prefixedRuns(bytes, at), width: widthOf(leaf.maxDefinition) };
    nulls = page.values - checkRuns({ ...runs, count: page.values }, leaf.maxDefinition);
    at = runs.end;
  }
  checkValues(bytes, at, { ...page, leaf, count: page.values - nulls });
}

/** Checks a data page of the second version: its levels come first, and are not packed. */
function checkSecond(page: PageHeader, packed: Uint8Array, facts: ChunkFacts): void {
  const { leaf } = facts;
  const { values: count, repetitionBytes, definitionBytes, nulls } = page;
  const at = repetitionBytes + definitionBytes;
  if (at > packed.length || at > page.bytes) throw damagedPage();
  if (leaf.maxRepetition > 0) {
    checkRuns({
      bytes: packed,
      from: 0,
      end: repetitionBytes,
      width: widthOf(leaf.maxRepetition),
      count,
    });
  }
  if (leaf.maxDefinition > 0) {
    checkRuns({
      bytes: packed,
      from: repetitionBytes,
      end: at,
      width: widthOf(leaf.maxDefinition),
      count,
    });
  }
  const own = packed.subarray(at);
  const bytes = page.isPacked ? unpack(own, page.bytes - at, facts) : own;
  checkValues(bytes, 0, { ...page, leaf, count: count - nulls });
}

function checkPage(page: PageHeader, packed: Uint8Array, facts: ChunkFacts): void {
  if (page.kind === "data") checkData(page, packed, facts);
  else if (page.kind === "data-v2") checkSecond(page, packed, facts);
  else if (page.kind === "dictionary") {
    const bytes = unpack(packed, page.bytes, facts);
    checkValues(bytes, 0, {
      leaf: facts.leaf,
      encoding: PLAIN,
      count: page.values,
      kind: page.kind,
    });
  }
}

/**
 * Checks all pages of a column chunk, whole: sizes, levels, runs and lengths must hold the values that the
 * footer tells and no more, or a reader would make room for values that are not there. Gives the headers of the
 * pages. Throws Error.
 */
export function checkPages(chunk: Uint8Array, facts: ChunkFacts): PageHeader[] {
  const values = Number(facts.column.num_values);
  const pages: PageHeader[] = [];
  let [at, found] = [0, 0];
  while (found < values) {
    const page = readPageHeader(chunk, at);
    at = page.at + page.packedBytes;
    if (page.kind.startsWith("data")) found += page.values;
    if (found > values || page.values > values) throw damagedPage();
    checkPage(page, chunk.subarray(page.at, at), facts);
    pages.push(page);
  }
  if (at < chunk.length - 1) throw damagedPage();
  return pages;
}
