import { FootfallError } from "../../errors";
import { decodeLenient } from "../read/encoding";

/** One file of a zip, as the directory at its end describes it. */
export interface ZipEntry {
  /** Path inside the zip, with slashes; that of a folder ends with one. */
  name: string;
  /** 0 stored, 8 deflate; others are not read. */
  method: number;
  isEncrypted: boolean;
  crc: number;
  packedBytes: number;
  bytes: number;
  /** Where the entry's own header begins in the file. */
  headerAt: number;
}

const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const DIRECTORY_ENTRY = 0x02014b50;
const ENTRY = 0x04034b50;

/** The record at the end is 22 bytes and a comment of up to 65,535. */
const LONGEST_END = 22 + 65_535;
/** About two million files; a directory that says more is not believed. */
const LARGEST_DIRECTORY = 256 * 2 ** 20;

/** What the record at the end says. */
interface ZipEnd {
  at: number;
  entries: number;
  directoryBytes: number;
  directoryAt: number;
}

async function viewOf(blob: Blob, from: number, to: number): Promise<DataView> {
  return new DataView(await blob.slice(Math.max(0, from), to).arrayBuffer());
}

function damaged(path: string, what: string): FootfallError {
  return new FootfallError("bad-file", `${path} is a damaged or cut zip file: ${what}`);
}

/** Numbers of 64 bits; sizes above 2^53 are nonsense and fail later as too large. */
const getUint64 = (view: DataView, at: number): number => Number(view.getBigUint64(at, true));

function findEnd(view: DataView): number {
  for (let at = view.byteLength - 22; at >= 0; at--) {
    if (view.getUint32(at, true) === END) return at;
  }
  return -1;
}

/** The same record in 64 bits, where there is one: 20 bytes before the other one stands where it lies. */
async function readEnd64(blob: Blob, endAt: number): Promise<ZipEnd | undefined> {
  const locator = await viewOf(blob, endAt - 20, endAt);
  if (locator.byteLength < 20 || locator.getUint32(0, true) !== LOCATOR_64) return undefined;
  const at = getUint64(locator, 8);
  const end = await viewOf(blob, at, at + 56);
  if (end.byteLength < 56 || end.getUint32(0, true) !== END_64) return undefined;
  return {
    at,
    entries: getUint64(end, 32),
    directoryBytes: getUint64(end, 40),
    directoryAt: getUint64(end, 48),
  };
}

async function readEnd(path: string, blob: Blob): Promise<ZipEnd> {
  const from = Math.max(0, blob.size - LONGEST_END);
  const view = await viewOf(blob, from, blob.size);
  const found = findEnd(view);
  if (found < 0) throw damaged(path, "its directory at the end is missing; download it again");
  const at = from + found;
  const end64 = await readEnd64(blob, at);
  if (end64) return end64;
  if (view.getUint16(found + 4, true) !== 0) {
    throw new FootfallError(
      "bad-file",
      `${path} is one part of a zip in several files; join them or unpack it first`,
    );
  }
  return {
    at,
    entries: view.getUint16(found + 10, true),
    directoryBytes: view.getUint32(found + 12, true),
    directoryAt: view.getUint32(found + 16, true),
  };
}

/** Sizes and position that do not fit 32 bits stand in an extra field, in this order, each only if needed. */
function widen(entry: ZipEntry, extra: DataView): void {
  for (let at = 0; at + 4 <= extra.byteLength; at += 4 + extra.getUint16(at + 2, true)) {
    if (extra.getUint16(at, true) !== 1) continue;
    const end = Math.min(extra.byteLength, at + 4 + extra.getUint16(at + 2, true));
    let next = at + 4;
    for (const key of ["bytes", "packedBytes", "headerAt"] as const) {
      if (entry[key] !== 0xffffffff || next + 8 > end) continue;
      entry[key] = getUint64(extra, next);
      next += 8;
    }
    return;
  }
}

function readEntry(view: DataView, at: number): { entry: ZipEntry; next: number } | undefined {
  if (at + 46 > view.byteLength || view.getUint32(at, true) !== DIRECTORY_ENTRY) return undefined;
  const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((i) =>
    view.getUint16(at + i, true),
  );
  const extraAt = at + 46 + nameBytes!;
  const next = extraAt + extraBytes! + commentBytes!;
  if (next > view.byteLength) return undefined;
  const name = decodeLenient(new Uint8Array(view.buffer, view.byteOffset + at + 46, nameBytes));
  const entry: ZipEntry = {
    name: name.replaceAll("\\", "/").replace(/^\/+/, ""),
    method: view.getUint16(at + 10, true),
    isEncrypted: (view.getUint16(at + 8, true) & 1) === 1,
    crc: view.getUint32(at + 16, true),
    packedBytes: view.getUint32(at + 20, true),
    bytes: view.getUint32(at + 24, true),
    headerAt: view.getUint32(at + 42, true),
  };
  widen(entry, new DataView(view.buffer, view.byteOffset + extraAt, extraBytes));
  return { entry, next };
}

/** True where the file begins as a zip does, or is an empty one. */
export async function isZip(blob: Blob): Promise<boolean> {
  if (blob.size < 22) return false;
  const sign = (await viewOf(blob, 0, 4)).getUint32(0, true);
  return sign === ENTRY || sign === END;
}

/**
 * All entries of a zip, read from the directory at its end by ranges, also of 64 bits and behind other bytes
 * (self-extracting). Throws "bad-file" where the directory is cut, damaged or one part of several.
 */
export async function readZipDirectory(path: string, blob: Blob): Promise<ZipEntry[]> {
  const end = await readEnd(path, blob);
  // Bytes before the zip shift everything: the directory always ends where its end record begins.
  const from = end.at - end.directoryBytes;
  if (from < 0 || end.directoryBytes > LARGEST_DIRECTORY) {
    throw damaged(path, `its directory of ${end.directoryBytes} bytes does not fit into it`);
  }
  const shift = from - end.directoryAt;
  const view = await viewOf(blob, from, end.at);
  const entries: ZipEntry[] = [];
  for (let at = 0; entries.length < end.entries;) {
    const read = readEntry(view, at);
    if (!read) throw damaged(path, `entry ${entries.length + 1} of ${end.entries} cannot be read`);
    entries.push({ ...read.entry, headerAt: read.entry.headerAt + shift });
    at = read.next;
  }
  return entries;
}

/** Where an entry's packed bytes lie: behind its own 30 bytes of header, a name and extra fields. */
export function packedRange(
  path: string,
  entry: ZipEntry,
  header: Uint8Array,
  zipBytes: number,
): [from: number, to: number] {
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  if (header.length < 30 || view.getUint32(0, true) !== ENTRY) {
    throw damaged(path, "the entry is not where the directory says");
  }
  const from = entry.headerAt + 30 + view.getUint16(26, true) + view.getUint16(28, true);
  const to = from + entry.packedBytes;
  if (to > zipBytes) throw damaged(path, "the entry ends behind the file");
  return [from, to];
}
