import { FootfallError, throwIfStopped, toFootfallError } from "../errors";
import { brokenBlob } from "./lazy-blob";
import type { SourceFile } from "./source";
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

/** What one dropped zip, with all zips inside it, has packed and promises to unpack. */
interface Budget {
  readonly packedBytes: number;
  bytes: number;
}

const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
const ZIP_NAME = /\.(zip|kmz)$/i;
/** A tar is one stream from end to end: its files cannot be opened one by one where it is packed. */
const TAR_NAME = /\.(tar|tgz|tar\.\w+)$/i;

/** Files that systems leave behind: .DS_Store, __MACOSX, Thumbs.db. Only the part inside the drop counts. */
function isHidden(path: string): boolean {
  if (/(^|\/)(__MACOSX|\.git)\//.test(path)) return true;
  return /^(\..*|Thumbs\.db|desktop\.ini)$/i.test(baseName(path));
}

const inGb = (bytes: number): string => `${(bytes / 1e9).toFixed(2)} GB`;

/** Throws where a zip promises more than any data set is. Its word is held to when entries are unpacked. */
function checkBudget(path: string, entries: readonly ZipEntry[], budget: Budget): void {
  budget.bytes += entries.reduce((sum, { bytes }) => sum + bytes, 0);
  const allowed = Math.max(HARMLESS_BYTES, budget.packedBytes * LARGEST_RATIO);
  if (budget.bytes <= Math.min(allowed, LARGEST_TOTAL)) return;
  throw new FootfallError(
    "bad-file",
    `${path} would unpack to ${inGb(budget.bytes)} from ${inGb(budget.packedBytes)}, more than ${LARGEST_RATIO} times its size or more than 1 TB: it looks like a zip bomb and is not opened; unpack it yourself if it is not`,
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
  checkBudget(path, entries, budget);
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
    if (ZIP_NAME.test(path)) yield* expand(file, budget, depth + 1, signal);
    else yield file;
  }
}

function tarError(path: string): FootfallError {
  const advice = "unpack it and choose the folder, or pack that as a zip";
  return new FootfallError("bad-file", `${path} is a tar archive; ${advice}`);
}

/** A file as it is, or what is in it; a zip that cannot be opened stays as a file that throws why. */
async function* expand(
  file: SourceFile,
  budget: Budget,
  depth: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<SourceFile, void, void> {
  try {
    if (TAR_NAME.test(file.path)) throw tarError(file.path);
    if (!(await isZip(file.blob))) yield file;
    else if (depth <= DEEPEST) yield* expandZip(file, budget, depth, signal);
    else throw new FootfallError("bad-file", `${file.path} is a zip in ${DEEPEST} zips; unpack it`);
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
 * The files that readers take: each zip (also a zip in a zip, KMZ) gives its entries in its order, unpacked
 * piece by piece when they are read; hidden files are left out; RAW's arrays come last, in pairs. What cannot
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
