import { isFull, isMissing, noSpace } from "./opfs";
import { hasStorage } from "./stored-sets";

/** Filled tables in the browser's own storage (OPFS): footfall-tables/NAME.json. */
const ROOT = "footfall-tables";

/** What is read of a stored table without knowing tables. */
interface Stored {
  readonly name: string;
  readonly savedMs: number;
}

/** Tables in this page's memory, where the browser offers no storage. */
const memory = new Map<string, Stored>();

async function openRoot(): Promise<FileSystemDirectoryHandle> {
  const storage = await navigator.storage.getDirectory();
  return storage.getDirectoryHandle(ROOT, { create: true });
}

const fileOf = (name: string): string => `${encodeURIComponent(name)}.json`;

/** A table as it was written; undefined for a file that a killed tab left half. */
async function readTable<T>(file: FileSystemFileHandle): Promise<T | undefined> {
  try {
    return JSON.parse(await (await file.getFile()).text()) as T;
  } catch {
    return undefined;
  }
}

/** All tables, the youngest first. */
export async function listTables<T extends Stored>(): Promise<T[]> {
  if (!(await hasStorage())) return [...memory.values()] as T[];
  const found: T[] = [];
  for await (const handle of (await openRoot()).values()) {
    const table = handle.kind === "file" ? await readTable<T>(handle) : undefined;
    if (table !== undefined) found.push(table);
  }
  return found.toSorted((a, b) => b.savedMs - a.savedMs);
}

async function writeFile(name: string, bytes: Blob): Promise<void> {
  const file = await (await openRoot()).getFileHandle(fileOf(name), { create: true });
  const writable = await file.createWritable(); // the old one stays whole until this is closed
  await writable.write(bytes);
  await writable.close();
}

/** Writes a table in the place of the one of the same name. Throws "no-space"; then the old one is as it was. */
export async function writeTable(table: Stored): Promise<void> {
  const { name } = table;
  if (!(await hasStorage())) return void memory.set(name, table);
  const bytes = new Blob([JSON.stringify(table)]);
  try {
    await writeFile(name, bytes);
  } catch (thrown) {
    const andNow =
      "; it stays on this page and is kept as soon as there is room: remove data or runs";
    throw isFull(thrown) ? await noSpace(`the table ${name}`, bytes.size, thrown, andNow) : thrown;
  }
}

/** Removes a table; nothing where there is none of that name. */
export async function removeTable(name: string): Promise<void> {
  memory.delete(name);
  if (!(await hasStorage())) return;
  await (await openRoot()).removeEntry(fileOf(name)).catch((thrown: unknown) => {
    if (!isMissing(thrown)) throw thrown;
  });
}
