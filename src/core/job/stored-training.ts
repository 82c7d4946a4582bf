import type { AnyState, Checkpoint } from "../train/checkpoint";
import { isOldCheckpoint, readCheckpoint } from "../train/checkpoint";
import { completeConfig } from "../train/config";
import { RUN_FILE, type RunRecord, type RunStore } from "./run-store";

const FORMAT = "footfall-run-1";

/** Bytes of run.json. */
export function writeRunRecord(record: RunRecord): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify({ format: FORMAT, ...record })}\n`);
}

/** The record of a run.json; undefined for one that is broken or of another version. */
export function readRunRecord(bytes: Uint8Array): RunRecord | undefined {
  try {
    const value = JSON.parse(new TextDecoder().decode(bytes)) as RunRecord & { format: string };
    if (value.format !== FORMAT) return undefined;
    return { ...value, config: completeConfig<object>(value.config) } as RunRecord;
  } catch {
    return undefined;
  }
}

/** A run as it was left: what it is and, where it can go on, from where. */
export interface StoredTraining {
  readonly record: RunRecord;
  readonly checkpoint: Checkpoint<AnyState> | undefined;
}

/** Reads a run; undefined where there is none. Throws "missing-file" and "bad-file" for a checkpoint that is not whole. */
export async function readTraining(
  store: RunStore,
  run: string,
): Promise<StoredTraining | undefined> {
  const bytes = await store.read(run, RUN_FILE);
  const record = bytes && readRunRecord(bytes);
  if (record === undefined) return undefined;
  const checkpoint = record.isFinished
    ? undefined
    : await readCheckpoint<AnyState>((path) => store.read(run, path));
  return { record, checkpoint };
}

/** Removes the tensors of all checkpoints but the one after `step` steps; of all without one. */
export async function removeCheckpoints(store: RunStore, run: string, step = -1): Promise<void> {
  for (const path of await store.list(run)) {
    if (isOldCheckpoint(path, step)) await store.remove(run, path);
  }
}
