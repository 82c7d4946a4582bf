import { FootfallError } from "../core/errors";
import { LAST_FILE, type DataStore, type DataWriter } from "../core/job/data-store";
import type { NamedFile } from "../core/job/session";
import type { TableWriter } from "../core/job/table-file";
import { isFull, isMissing, noSpace, openFolder } from "./opfs";
import { findRun, hasStorage, listFiles, lockName, openRoot, sweepLeftovers } from "./stored-sets";

const NOTHING_KEPT = "; nothing of this import was kept";

/**
 * Files that are being opened. Chromium (156) never answers where the handle is collected as garbage meanwhile, and
 * the import would stand still for ever.
 */
const opening = new Set<FileSystemFileHandle>();

/** Opens a file for writing in place: a "writable" would need the room twice. */
async function openAccess(
  root: FileSystemDirectoryHandle,
  path: string,
): Promise<FileSystemSyncAccessHandle> {
  const parts = path.split("/");
  const name = parts.pop()!;
  const folder = await openFolder(root, parts);
  const handle = await folder.getFileHandle(name, { create: true });
  opening.add(handle);
  try {
    return await handle.createSyncAccessHandle();
  } finally {
    opening.delete(handle);
  }
}

/** Writes all bytes from a place of the file on. */
function writeAt(access: FileSystemSyncAccessHandle, bytes: Uint8Array, from: number): void {
  let done = 0;
  while (done < bytes.length) {
    const written = access.write(bytes.subarray(done), { at: from + done });
    if (written === 0) throw new DOMException("nothing was written", "QuotaExceededError");
    done += written;
  }
}

async function writeFile(
  root: FileSystemDirectoryHandle,
  path: string,
  bytes: Uint8Array,
): Promise<void> {
  const access = await openAccess(root, path);
  try {
    writeAt(access, bytes, 0);
    access.flush();
  } finally {
    access.close();
  }
}

/** A full storage as the error that says so. */
async function toNoSpace(thrown: unknown, path: string, bytes: number): Promise<unknown> {
  return isFull(thrown) ? noSpace(path, bytes, thrown, NOTHING_KEPT) : thrown;
}

/** A table that goes to its file row group by row group. */
async function openTable(access: FileSystemSyncAccessHandle, path: string): Promise<TableWriter> {
  const { ByteWriter } = await import("hyparquet-writer");
  const memory: TableWriter & { index?: number } = new ByteWriter();
  const flush = async (): Promise<void> => {
    const bytes = memory.getBytes();
    try {
      writeAt(access, bytes, memory.offset - bytes.length);
    } catch (thrown) {
      throw await toNoSpace(thrown, path, memory.offset);
    }
    memory.index = 0; // what was written makes room for the next row group
  };
  memory.flush = flush;
  memory.finish = async () => {
    await flush();
    access.flush();
    access.close();
  };
  return memory;
}

/** Takes the lock of a run; the promise resolves with what lets it go. */
function holdLock(name: string): Promise<() => void> {
  return new Promise((resolve, reject) => {
    navigator.locks.request(name, () => new Promise<void>((letGo) => resolve(letGo))).catch(reject);
  });
}

/** The folder of a new run; a sweep may take away the folder of its data set, which is empty still. */
async function makeRun(id: string, run: string) {
  const set = await openFolder(await openRoot(), [id]);
  try {
    return { set, folder: await openFolder(set, [run]) };
  } catch (thrown) {
    if (isMissing(thrown)) return makeRun(id, run);
    throw thrown;
  }
}

/** One run on its way; report.json is held back until the end. */
async function beginRun(id: string): Promise<DataWriter> {
  const run = `${Date.now()}-${crypto.randomUUID().slice(0, 8)}`;
  const letGo = await holdLock(lockName(id, run));
  const { set, folder } = await makeRun(id, run);
  let last: Uint8Array | undefined;
  const write = async (path: string, bytes: Uint8Array): Promise<void> => {
    try {
      await writeFile(folder, path, bytes);
    } catch (thrown) {
      throw await toNoSpace(thrown, path, bytes.length);
    }
  };
  const tables: FileSystemSyncAccessHandle[] = [];
  const drop = async (): Promise<void> => {
    for (const access of tables) access.close(); // an open file cannot be removed; twice is no error
    await set.removeEntry(run, { recursive: true });
    letGo();
    await sweepLeftovers();
  };
  return {
    async write(path, bytes) {
      if (path === LAST_FILE) last = bytes;
      else await write(path, bytes);
    },
    async openTable(path) {
      const access = await openAccess(folder, path);
      tables.push(access);
      return openTable(access, path);
    },
    async files() {
      const report = last && { path: LAST_FILE, blob: new Blob([last as Uint8Array<ArrayBuffer>]) };
      return [...(await listFiles(folder)), ...(report ? [report] : [])];
    },
    async finish() {
      if (last === undefined) throw new FootfallError("missing-file", `${id} has no ${LAST_FILE}`);
      await write(LAST_FILE, last);
      letGo();
      await sweepLeftovers();
    },
    drop,
  };
}

/** Data sets in the browser's own storage. */
const opfsStore: DataStore = {
  isLasting: () => Promise.resolve(true),
  async create(id) {
    await sweepLeftovers(); // what a closed tab left must not take the room of this one
    return beginRun(id);
  },
  async files(id) {
    const run = await findRun(id);
    return run && listFiles(run.folder);
  },
};

/** Data sets in this worker's memory: what is left where the browser offers no storage. */
function createMemoryStore(): DataStore {
  const sets = new Map<string, NamedFile[]>();
  return {
    isLasting: () => Promise.resolve(false),
    create(id) {
      const files: NamedFile[] = [];
      return Promise.resolve({
        write(path, bytes) {
          files.push({ path, blob: new Blob([bytes as Uint8Array<ArrayBuffer>]) });
          return Promise.resolve();
        },
        files: () => Promise.resolve(files),
        finish: () => Promise.resolve(void sets.set(id, files)),
        drop: () => Promise.resolve(),
      });
    },
    files: (id) => Promise.resolve(sets.get(id)),
  };
}

/** The store of this browser: its own storage, or memory alone where it offers none (a private window). */
export function openDataStore(): DataStore {
  const memory = createMemoryStore();
  const choose = hasStorage().then((has) => (has ? opfsStore : memory));
  return {
    isLasting: async () => (await choose).isLasting(),
    create: async (id) => (await choose).create(id),
    files: async (id) => (await choose).files(id),
  };
}
