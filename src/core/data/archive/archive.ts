import { FootfallError, throwIfStopped, toFootfallError } from "../../errors";
import { openBytes, readHead } from "../read/bytes";
import { nameOfBinary } from "../read/encoding";
import { isGzip } from "./gzip";
import { brokenBlob, LazyBlob } from "./lazy-blob";
import type { SourceFile } from "../read/source";
import { readTarDirectory, type TarEntry } from "./tar-directory";
import { entryBlob, OpenTar } from "./tar-entry";
import { isZip, readZipDirectory, type ZipEntry } from "./zip-directory";
import { inflatedBlob, OpenZip } from "./zip-entry";

/** Text of locations shrinks to a fifth or a twentieth; what shrinks to less than this is a trap. */
const LARGEST_RATIO = 200;
/** Small files may shrink as they like. */
const HARMLESS_BYTES = 64 * 2 ** 20;
const LARGEST_TOTAL = 2 ** 40;
const DEEPEST = 3;

const METHODS: Record<number, string> = {
  1: "Shrink",
  6: "Implode",
  9: "Deflate64",
  12: "bzip2",
  14: "LZMA",
  93: "Zstandard",
  95: "XZ",
  98: "PPMd",
};

/** What one dropped archive, with all archives inside it, has packed and promises to unpack. */
interface Budget {
  readonly packedBytes: number;
  bytes: number;
}

const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
const TAR_NAME = /\.(tar|tgz|tar\.\w+)$/i;
const ARCHIVE_NAME = /\.(zip|kmz|tar|tgz|tar\.\w+)$/i;

/** Files that systems leave behind: .DS_Store, __MACOSX, Thumbs.db. Only the part inside the drop counts. */
function isHidden(path: string): boolean {
  if (/(^|\/)(__MACOSX|\.git)\//.test(path)) return true;
  return /^(\..*|Thumbs\.db|desktop\.ini)$/i.test(baseName(path));
}

const inSize = (bytes: number): string =>
  bytes < 1e8 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;

/** Throws where an archive holds more than any data set does. A zip's word is held to when it is unpacked. */
function checkBudget(path: string, bytes: number, budget: Budget): void {
  budget.bytes += bytes;
  const allowed = Math.max(HARMLESS_BYTES, budget.packedBytes * LARGEST_RATIO);
  if (budget.bytes <= Math.min(allowed, LARGEST_TOTAL)) return;
  throw new FootfallError(
    "bad-file",
    `${path} would unpack to ${inSize(budget.bytes)} or more from ${inSize(budget.packedBytes)}: it looks like a zip bomb and is not opened; unpack it yourself if it is not`,
  );
}

/** Why an entry cannot be read, or undefined. */
function whyNot({ isEncrypted, method }: ZipEntry): string | undefined {
  if (isEncrypted) return "is encrypted; unpack it with its password first";
  if (method === 0 || method === 8) return undefined;
  const name = METHODS[method] ?? `method ${method}`;
  return `is packed with ${name}; expected deflate or stored, so unpack it or pack it as an ordinary zip`;
}

/** A Blob that throws stands for an entry that cannot be read: the others are read all the same. */
async function openEntry(path: string, zip: OpenZip, entry: ZipEntry): Promise<Blob> {
  const why = whyNot(entry);
  if (why !== undefined) return brokenBlob(new FootfallError("bad-file", `${path} ${why}`));
  try {
    return await inflatedBlob(path, zip, entry);
  } catch (thrown) {
    return brokenBlob(toFootfallError(thrown, "bad-file"));
  }
}

/** Two entries that share bytes: how a small zip holds petabytes (David Fifield, 2019). */
function checkOverlaps(path: string, entries: readonly ZipEntry[]): void {
  const sorted = entries.toSorted((a, b) => a.headerAt - b.headerAt);
  const shared = sorted.find(({ headerAt }, i) => {
    const before = sorted[i - 1];
    return before && before.headerAt + 30 + before.packedBytes > headerAt;
  });
  if (!shared) return;
  throw new FootfallError(
    "bad-file",
    `${path} is a damaged zip file or a zip bomb: ${shared.name} lies inside another entry`,
  );
}

/** The entries of a zip that are files, checked. Throws "bad-file". */
async function openDirectory({ path, blob }: SourceFile, budget: Budget): Promise<ZipEntry[]> {
  const entries = await readZipDirectory(path, blob);
  if (entries.some(({ name }) => name === "[Content_Types].xml")) {
    const what = "an Office document (Excel workbook or alike)";
    throw new FootfallError("bad-file", `${path} is ${what}; save the sheet as CSV and drop that`);
  }
  checkOverlaps(path, entries);
  checkBudget(
    path,
    entries.reduce((sum, { bytes }) => sum + bytes, 0),
    budget,
  );
  return entries.filter(({ name }) => !name.endsWith("/") && !isHidden(name));
}

async function* expandZip(
  zip: SourceFile,
  budget: Budget,
  depth: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<SourceFile, void, void> {
  const entries = await openDirectory(zip, budget);
  const open = new OpenZip(zip.blob);
  for (const entry of entries) {
    throwIfStopped(signal);
    const path = `${zip.path}/${entry.name}`;
    const file = { path, blob: await openEntry(path, open, entry) };
    if (ARCHIVE_NAME.test(path)) yield* expand(file, budget, depth + 1, signal);
    else yield file;
  }
}

/** The bytes of a tar, unpacked, while they are no more than any data set is. */
async function* unpackedTar(
  tar: SourceFile,
  budget: Budget,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, void> {
  for await (const chunk of openBytes(tar, signal).chunks) {
    checkBudget(tar.path, chunk.length, budget);
    yield chunk;
  }
}

/** The files of a tar; where a name comes twice, the later one is the file, as it is for tar itself. */
async function listTar(
  tar: SourceFile,
  budget: Budget,
  signal: AbortSignal | undefined,
): Promise<Iterable<TarEntry>> {
  const unknown = nameOfBinary(await readHead(tar, 1024));
  if (unknown !== undefined) {
    const advice = "expected a tar, plain or gzip; unpack it and choose the folder";
    throw new FootfallError("bad-file", `${tar.path} is ${unknown}: ${advice}`);
  }
  const chunks = unpackedTar(tar, budget, signal);
  const entries = new Map<string, TarEntry>();
  try {
    for await (const entry of readTarDirectory(tar.path, chunks)) {
      entries.set(entry.name.replace(/^(\.?\/)+/, ""), entry);
    }
  } finally {
    await chunks.return();
  }
  return [...entries].map(([name, entry]) => ({ ...entry, name }));
}

function sparseBlob(path: string): Blob {
  const why = "is stored with holes (a sparse file); pack it again without them";
  return brokenBlob(new FootfallError("bad-file", `${path} ${why}`));
}

async function* expandTar(
  tar: SourceFile,
  budget: Budget,
  depth: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<SourceFile, void, void> {
  const { blob } = tar;
  const isPlain = !(blob instanceof LazyBlob) && !isGzip(await readStart(blob));
  const open = new OpenTar(tar);
  for (const entry of await listTar(tar, budget, signal)) {
    throwIfStopped(signal);
    const { name, at, bytes, isSparse } = entry;
    if (isHidden(name)) continue;
    const path = `${tar.path}/${name}`;
    const content = isPlain ? blob.slice(at, at + bytes) : entryBlob(path, open, entry);
    const file = { path, blob: isSparse ? sparseBlob(path) : content };
    if (ARCHIVE_NAME.test(path)) yield* expand(file, budget, depth + 1, signal);
    else yield file;
  }
}

const readStart = async (blob: Blob): Promise<Uint8Array> =>
  new Uint8Array(await blob.slice(0, 2).arrayBuffer());

function tooDeep(path: string): FootfallError {
  return new FootfallError("bad-file", `${path} is an archive in ${DEEPEST} archives; unpack it`);
}

/** A file as it is, or what is in it; an archive that cannot be opened stays as a file that throws why. */
async function* expand(
  file: SourceFile,
  budget: Budget,
  depth: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<SourceFile, void, void> {
  try {
    const isTar = TAR_NAME.test(file.path);
    if (!isTar && !(await isZip(file.blob))) yield file;
    else if (depth > DEEPEST) throw tooDeep(file.path);
    else yield* (isTar ? expandTar : expandZip)(file, budget, depth, signal);
  } catch (thrown) {
    const error = toFootfallError(thrown, "bad-file");
    if (error.code === "stopped") throw error;
    yield { path: file.path, blob: brokenBlob(error) };
  }
}

/** Name of the file with the users of RAW's array "data_3.npy": "uid_3.npy", as the authors' code has it. */
const usersOf = (path: string): string => {
  const name = baseName(path);
  return path.slice(0, path.length - name.length) + name.replaceAll("data", "uid");
};

/** RAW's arrays, each with the array of its users; the others as they are. */
function pairArrays(arrays: readonly SourceFile[]): SourceFile[] {
  const byPath = new Map(arrays.map((file) => [file.path, file]));
  const users = new Map(
    arrays.flatMap((file) => {
      const found = byPath.get(usersOf(file.path));
      return found && found !== file ? [[file, found] as const] : [];
    }),
  );
  const taken = new Set(users.values());
  return arrays
    .filter((file) => !taken.has(file))
    .map((file) => (users.has(file) ? { ...file, companion: users.get(file)! } : file));
}

/**
 * The files that readers take: each zip (also a zip in a zip, KMZ) and tar (also tar.gz) gives its entries in
 * its order, unpacked piece by piece when they are read; hidden files are left out; RAW's arrays come last, in pairs. What cannot
 * be opened (damaged, encrypted, an unknown method, a zip bomb) stays in the list and throws "bad-file" when
 * it is read, so that the others come in. Throws "stopped".
 */
export async function* expandArchives(
  files: readonly SourceFile[],
  signal?: AbortSignal,
): AsyncGenerator<SourceFile, void, void> {
  const arrays: SourceFile[] = [];
  for (const file of files) {
    if (files.length > 1 && isHidden(file.path)) continue;
    const budget = { packedBytes: file.blob.size, bytes: 0 };
    for await (const found of expand(file, budget, 1, signal)) {
      if (found.path.endsWith(".npy")) arrays.push(found);
      else yield found;
    }
  }
  yield* pairArrays(arrays);
}
