import { FootfallError } from "../core/errors";
import type { NamedFile } from "../core/job/session";

/** A folder that the user opened: its name and its files, paths relative to it, in order of path. */
export interface OpenedFolder {
  name: string;
  files: NamedFile[];
}

/** A folder with more files is most likely the wrong one (a home folder, a disk). */
const MOST_FILES = 5000;

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
    `the folder "${name}" holds more than ${MOST_FILES} files; open the one that footfall tokenise or scale/ wrote`,
  );
}

/** The folder of an `<input webkitdirectory>`. Throws "missing-file" where it is empty. */
export function readPickedFolder(picked: Iterable<File>): OpenedFolder {
  const all = [...picked];
  const name = all[0]?.webkitRelativePath.split("/")[0] ?? "";
  checkCount(all.length, name);
  return toFolder(
    name,
    all.map((blob) => ({ path: blob.webkitRelativePath.split("/").slice(1).join("/"), blob })),
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
  folder: FileSystemDirectoryEntry,
  into: NamedFile[],
  rootName: string,
  prefix = "",
): Promise<void> {
  for (const entry of await listEntries(folder)) {
    const path = prefix + entry.name;
    if (entry.isFile) into.push({ path, blob: await fileOf(entry as FileSystemFileEntry) });
    else await collectFiles(entry as FileSystemDirectoryEntry, into, rootName, `${path}/`);
    checkCount(into.length, rootName);
  }
}

/** The entry that was dropped; must be asked for during the event itself. */
export function droppedEntry(data: DataTransfer | null): FileSystemEntry | undefined {
  return data?.items[0]?.webkitGetAsEntry() ?? undefined;
}

/** The folder behind a dropped entry. Rejects with "bad-input" where a file was dropped. */
export async function readDroppedFolder(entry: FileSystemEntry | undefined): Promise<OpenedFolder> {
  if (!entry?.isDirectory) {
    const what = entry === undefined ? "something that is no folder" : `the file "${entry.name}"`;
    throw new FootfallError(
      "bad-input",
      `you dropped ${what}; drop the folder with tokens and weights that footfall tokenise and scale/ wrote`,
    );
  }
  const files: NamedFile[] = [];
  await collectFiles(entry as FileSystemDirectoryEntry, files, entry.name);
  return toFolder(entry.name, files);
}
