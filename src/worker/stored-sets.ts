import { LAST_FILE } from "../core/job/data-store";

/**
 * Imported data sets in the browser's own storage (OPFS): footfall-data/ID/RUN/... A run without report.json
 * was never finished. While it is written a lock is held, so that no other tab takes it for a leftover.
 */
const ROOT = "footfall-data";

/** A folder of OPFS with its files below it. */
export interface StoredRun {
  id: string;
  /** Name of the run's folder: its time of birth first, so that names sort by age. */
  run: string;
  folder: FileSystemDirectoryHandle;
}

/** A data set that can be opened. */
export interface StoredSet {
  id: string;
  name: string;
  bytes: number;
  /** When it was finished, milliseconds since 1970. */
  savedMs: number;
  counts: { users?: number; checkIns?: number; trajectories?: number };
}

/** Name of the lock that is held while a run is written. */
export const lockName = (id: string, run: string): string => `footfall-data ${id} ${run}`;

/** True where the browser offers this page a storage of its own; a private window may not. */
export async function hasStorage(): Promise<boolean> {
  try {
    await navigator.storage.getDirectory();
    return true;
  } catch {
    return false; // no such interface, or a SecurityError
  }
}

/** The folder of all data sets; made where it is missing. */
export async function openRoot(): Promise<FileSystemDirectoryHandle> {
  const storage = await navigator.storage.getDirectory();
  return storage.getDirectoryHandle(ROOT, { create: true });
}

async function listFolders(
  folder: FileSystemDirectoryHandle,
): Promise<FileSystemDirectoryHandle[]> {
  const found: FileSystemDirectoryHandle[] = [];
  for await (const handle of folder.values()) {
    if (handle.kind === "directory") found.push(handle);
  }
  return found;
}

async function fileIn(folder: FileSystemDirectoryHandle, name: string): Promise<File | undefined> {
  try {
    return await (await folder.getFileHandle(name)).getFile();
  } catch {
    return undefined;
  }
}

/** Every run of every data set (or of one), the youngest of each first. */
async function listRuns(wanted?: string): Promise<StoredRun[]> {
  const runs: StoredRun[] = [];
  for (const set of await listFolders(await openRoot())) {
    if (wanted !== undefined && set.name !== wanted) continue;
    for (const folder of await listFolders(set)) {
      runs.push({ id: set.name, run: folder.name, folder });
    }
  }
  return runs.toSorted((a, b) => (a.run < b.run ? 1 : -1));
}

/** The youngest finished run of a data set; undefined where there is none. */
export async function findRun(id: string): Promise<StoredRun | undefined> {
  for (const run of await listRuns(id)) {
    if ((await fileIn(run.folder, LAST_FILE)) !== undefined) return run;
  }
  return undefined;
}

/** All files below a folder, paths relative to it. */
export async function listFiles(
  folder: FileSystemDirectoryHandle,
  prefix = "",
): Promise<{ path: string; blob: File }[]> {
  const files: { path: string; blob: File }[] = [];
  for await (const handle of folder.values()) {
    const path = prefix + handle.name;
    if (handle.kind === "file") {
      files.push({ path, blob: await handle.getFile() });
    } else {
      files.push(...(await listFiles(handle, `${path}/`)));
    }
  }
  return files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

interface ReportHead {
  name?: string;
  users?: number;
  trajectories?: number;
  ledger?: { rules?: { checkIns?: number; users?: number }[] };
}

async function readSet({ id, folder }: StoredRun, report: File): Promise<StoredSet> {
  const head = JSON.parse(await report.text()) as ReportHead;
  const files = await listFiles(folder);
  const rules = head.ledger?.rules ?? []; // in their order: what the last one left is what the steps show
  const checkIns = rules.findLast((rule) => rule.checkIns !== undefined)?.checkIns;
  const users = rules.findLast((rule) => rule.users !== undefined)?.users ?? head.users;
  return {
    id,
    name: head.name ?? id,
    bytes: files.reduce((sum, { blob }) => sum + blob.size, 0),
    savedMs: report.lastModified,
    counts: {
      ...(users !== undefined && { users }),
      ...(checkIns !== undefined && { checkIns }),
      ...(head.trajectories !== undefined && { trajectories: head.trajectories }),
    },
  };
}

/** The finished data sets, the youngest first; empty without a storage. */
export async function listSets(): Promise<StoredSet[]> {
  if (!(await hasStorage())) return [];
  const sets = new Map<string, StoredSet>();
  for (const run of await listRuns()) {
    const report = sets.has(run.id) ? undefined : await fileIn(run.folder, LAST_FILE);
    if (report !== undefined) sets.set(run.id, await readSet(run, report));
  }
  return [...sets.values()].toSorted((a, b) => b.savedMs - a.savedMs);
}

/** Removes one data set whole. */
export async function removeSet(id: string): Promise<void> {
  await (await openRoot()).removeEntry(id, { recursive: true });
}

/** Removes every data set; resolves when the storage has been looked at again and holds none. */
export async function removeAllSets(): Promise<void> {
  const storage = await navigator.storage.getDirectory();
  await openRoot();
  await storage.removeEntry(ROOT, { recursive: true });
  for await (const name of storage.keys()) {
    if (name === ROOT) throw new Error(`the browser kept ${ROOT}`);
  }
}

/** Removes a folder, where it may with all that is in it; what somebody writes goes the next time. */
async function removeQuietly(
  folder: FileSystemDirectoryHandle,
  name: string,
  recursive: boolean,
): Promise<void> {
  await folder.removeEntry(name, { recursive }).catch(() => undefined);
}

/**
 * Removes what was never finished (a closed tab, a stop) and what a newer run replaced. Runs that are being
 * written, here or in another tab, hold their lock and stay.
 */
export async function sweepLeftovers(): Promise<void> {
  if (!(await hasStorage())) return;
  const root = await openRoot();
  for (const set of await listFolders(root)) {
    const current = await findRun(set.name);
    for (const { run } of await listRuns(set.name)) {
      if (run === current?.run) continue;
      await navigator.locks.request(
        lockName(set.name, run),
        { ifAvailable: true },
        async (lock) => {
          if (lock) await removeQuietly(set, run, true);
        },
      );
    }
    await removeQuietly(root, set.name, false); // only where it is empty: a run may begin at any moment
  }
}

/** What the browser lets this page keep, bytes. */
export interface StorageRoom {
  used: number;
  quota: number;
  /** True where the browser promised not to clear it by itself. */
  isPersistent: boolean;
}

/** How much is used and allowed; undefined where the browser does not say. */
export async function storageRoom(): Promise<StorageRoom | undefined> {
  try {
    const { usage = 0, quota = 0 } = await navigator.storage.estimate();
    return { used: usage, quota, isPersistent: await navigator.storage.persisted() };
  } catch {
    return undefined;
  }
}
