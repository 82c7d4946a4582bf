import { FootfallError } from "../core/errors";
import type { NamedFile } from "../core/job/session";
import type { Drop } from "./use-drop";

/** Files that the user opened: their name and themselves, paths relative to the folder, in order of path. */
export interface OpenedFolder {
  name: string;
  files: NamedFile[];
  /** True where its weights are those of a GPT on points. */
  isOfPoints?: boolean;
}

/** A folder with more files is most likely the wrong one (a home folder, a disk); GeoLife has 18,670. */
const MOST_FILES = 50_000;

const isHidden = (path: string): boolean => path.split("/").some((part) => part.startsWith("."));

function toFolder(name: string, found: readonly NamedFile[]): OpenedFolder {
  const files = found.filter(({ path }) => !isHidden(path));
  if (files.length === 0) throw new FootfallError("missing-file", `the folder "${name}" is empty`);
  return { name, files: files.toSorted((a, b) => (a.path < b.path ? -1 : 1)) };
}

function checkCount(count: number, name: string): void {
  if (count <= MOST_FILES) return;
  throw new FootfallError(
    "bad-input",
    `the folder "${name}" holds more than ${MOST_FILES.toLocaleString("en")} files; open the one with the data`,
  );
}

/** "checkins.csv.gz", or "a.csv and 3 more". */
function nameOf(paths: readonly string[]): string {
  const [first = "nothing", ...more] = paths;
  return more.length === 0 ? first : `${first} and ${more.length} more`;
}

/** The folder of an `<input webkitdirectory>`, or the files of an `<input multiple>`. Throws "missing-file". */
export function readPicked(picked: Iterable<File>): OpenedFolder {
  const all = [...picked];
  const root = all[0]?.webkitRelativePath.split("/")[0] ?? "";
  const name = root === "" ? nameOf(all.map((file) => file.name)) : root;
  checkCount(all.length, name);
  const pathOf = ({ webkitRelativePath: path, name: own }: File): string =>
    root === "" ? own : path.slice(root.length + 1);
  return toFolder(
    name,
    all.map((blob) => ({ path: pathOf(blob), blob })),
  );
}

const fileOf = (entry: FileSystemFileEntry): Promise<File> =>
  new Promise((resolve, reject) => entry.file(resolve, reject));

/** A reader hands out at most a hundred entries at a time; an empty batch is the end. */
async function listEntries(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const entries: FileSystemEntry[] = [];
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (batch.length === 0) return entries;
    entries.push(...batch);
  }
}

async function collectFiles(
  entries: readonly FileSystemEntry[],
  into: NamedFile[],
  name: string,
  prefix = "",
): Promise<void> {
  for (const entry of entries) {
    const path = prefix + entry.name;
    if (entry.isFile) into.push({ path, blob: await fileOf(entry as FileSystemFileEntry) });
    else {
      const inside = await listEntries(entry as FileSystemDirectoryEntry);
      await collectFiles(inside, into, name, `${path}/`);
    }
    checkCount(into.length, name);
  }
}

/** The files that were dropped: those of one folder by their paths in it. Rejects with "missing-file". */
export async function readDropped({ entries, files: plain }: Drop): Promise<OpenedFolder> {
  const [first] = entries;
  if (first === undefined) {
    if (plain.length > 0) return readPicked(plain); // what another page or program made has no entry
    throw new FootfallError(
      "missing-file",
      "what you dropped holds no file; drop files or a folder",
    );
  }
  const isFolder = entries.length === 1 && first.isDirectory;
  const name = isFolder ? first.name : nameOf(entries.map((entry) => entry.name));
  const files: NamedFile[] = [];
  const inside = isFolder ? await listEntries(first as FileSystemDirectoryEntry) : entries;
  await collectFiles(inside, files, name);
  return toFolder(name, files);
}
