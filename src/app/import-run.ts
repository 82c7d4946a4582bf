import type { ImportJob } from "../core/job/import";
import type { RunJob } from "../worker/channel";
import { sweepLeftovers } from "../worker/stored-sets";
import { nameInAddress } from "./address";
import { notify } from "./notices";

const listeners = new Set<() => void>();

/** Calls back whenever the stored data sets may have changed; returns what ends it. */
export function onStoredChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Tells all who list the stored data sets to look again. */
export function noteStoredChange(): void {
  for (const listener of listeners) listener();
}

/** The lock of a worker that was deaf to Stop, and therefore ended, is free by then. */
const SWEEP_AFTER_MS = 1000;

/** Clears away what a worker, or a tab that was closed, had written and could not clear away itself. */
export function sweepQuietly(): void {
  void sweepLeftovers().catch(() => undefined);
}

/** An import with all that the page does about it: asks to keep the data, names them, tells the end. */
export async function* runImport(
  run: RunJob,
  job: ImportJob,
  signal: AbortSignal,
): ReturnType<typeof run<ImportJob>> {
  // A browser that refuses may clear the data when space runs short: the panel says which it is.
  void navigator.storage?.persist?.().catch(() => false);
  try {
    const result = yield* run(job, signal);
    nameInAddress({
      data: result.written?.isKept ? job.id : undefined,
      notebook: undefined,
    });
    notify(`${job.name} is imported.`);
    return result;
  } catch (thrown) {
    if (!signal.aborted) notify(`${job.name} could not be imported.`);
    throw thrown;
  } finally {
    noteStoredChange();
    if (signal.aborted) setTimeout(sweepQuietly, SWEEP_AFTER_MS);
  }
}
