import { RUN_FILE, type RunRecord } from "../core/job/run-store";
import { readRunRecord } from "../core/job/stored-training";
import { hasStorage, listFiles } from "./stored-sets";

/** Training runs in the browser's own storage (OPFS): footfall-runs/RUN/... */
const ROOT = "footfall-runs";

/** A run that can be shown, used, taken along or removed. */
export interface StoredRun extends RunRecord {
  readonly bytes: number;
}

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

async function readRun(run: string): Promise<StoredRun | undefined> {
  const files = await listRunFiles(run);
  const file = files.find(({ path }) => path === RUN_FILE);
  const record = file && readRunRecord(new Uint8Array(await file.blob.arrayBuffer()));
  return record && { ...record, bytes: files.reduce((sum, { blob }) => sum + blob.size, 0) };
}

/** All runs, the youngest first; empty without a storage. */
export async function listRuns(): Promise<StoredRun[]> {
  if (!(await hasStorage())) return [];
  const runs: StoredRun[] = [];
  for (const name of await listNames()) {
    const run = await readRun(name);
    if (run !== undefined) runs.push(run);
  }
  return runs.toSorted((a, b) => b.startedMs - a.startedMs);
}

/** Removes one run whole. */
export async function removeRun(run: string): Promise<void> {
  await (await openRoot()).removeEntry(run, { recursive: true });
}

/** Name of the lock that a tab holds while it trains. */
export const TRAINING_LOCK = "footfall-training";
