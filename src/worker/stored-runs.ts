import { RUN_FILE, type RunRecord } from "../core/job/run-store";
import { readRunRecord } from "../core/job/stored-training";
import { readSweepRecord, SWEEP_FILE, type SweepRecord } from "../core/job/sweep/record";
import { hasStorage, listFiles } from "./stored-sets";

/** Training runs in the browser's own storage (OPFS): footfall-runs/RUN/... */
const ROOT = "footfall-runs";

/** A run that can be shown, used, taken along or removed. */
export type StoredRun = RunRecord & { readonly bytes: number };

/** The folder of all runs. Rejects where it is missing and is not to be made. */
async function openRoot(create = false): Promise<FileSystemDirectoryHandle> {
  const storage = await navigator.storage.getDirectory();
  return storage.getDirectoryHandle(ROOT, { create });
}

/** Names of all runs' folders; none before the first run. */
async function listNames(): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const name of (await openRoot()).keys()) names.push(name);
  } catch {
    return names; // nothing was trained yet
  }
  return names;
}

/** The folder of one run; made where it is missing. */
export async function openRunFolder(run: string): Promise<FileSystemDirectoryHandle> {
  return (await openRoot(true)).getDirectoryHandle(run, { create: true });
}

/** Files of one run, paths relative to its folder; none where there is no such run. */
export async function listRunFiles(run: string): Promise<{ path: string; blob: File }[]> {
  try {
    return await listFiles(await (await openRoot()).getDirectoryHandle(run));
  } catch {
    return [];
  }
}

/** What the file `name` of each folder says it is, with the bytes of all its files; the youngest first. */
async function listRecords<T extends { startedMs: number }>(
  name: string,
  readRecord: (bytes: Uint8Array) => T | undefined,
): Promise<(T & { bytes: number })[]> {
  if (!(await hasStorage())) return [];
  const found: (T & { bytes: number })[] = [];
  for (const folder of await listNames()) {
    const files = await listRunFiles(folder);
    const file = files.find(({ path }) => path === name);
    const record = file && readRecord(new Uint8Array(await file.blob.arrayBuffer()));
    const bytes = files.reduce((sum, { blob }) => sum + blob.size, 0);
    if (record !== undefined) found.push({ ...record, bytes });
  }
  return found.toSorted((a, b) => b.startedMs - a.startedMs);
}

/** All runs, the youngest first; empty without a storage. */
export const listRuns = (): Promise<StoredRun[]> => listRecords(RUN_FILE, readRunRecord);

/** All sweeps, the youngest first; empty without a storage. */
export const listSweeps = (): Promise<(SweepRecord & { bytes: number })[]> =>
  listRecords(SWEEP_FILE, readSweepRecord);

/** Removes one run, or one sweep, whole. */
export async function removeRun(run: string): Promise<void> {
  await (await openRoot()).removeEntry(run, { recursive: true });
}

/** Name of the lock that a tab holds while it trains. */
export const TRAINING_LOCK = "footfall-training";
