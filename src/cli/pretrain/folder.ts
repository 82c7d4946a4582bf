import { existsSync } from "node:fs";
import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { HostTensors } from "../../core/model/safetensors";
import type { Checkpoint } from "../../core/train/checkpoint";
import { isOldCheckpoint, writeCheckpoint } from "../../core/train/checkpoint";
import { toBertConfig } from "../../core/train/config";
import { createLayout, unflattenTensors } from "../../core/train/layout";
import type { RunFacts } from "../../core/train/model-files";
import { modelFiles } from "../../core/train/model-files";
import { writeWholeFile } from "../output";

async function writeFiles(out: string, files: Iterable<[string, Uint8Array]>): Promise<void> {
  for (const [path, bytes] of files) {
    await writeWholeFile(join(out, path), (file) => writeFile(file, bytes));
  }
}

/**
 * Writes a checkpoint into a run's folder: the model as it stands, so that an unfinished run can be looked at,
 * the best one where it is new, and what the run goes on from. Each file is whole or as it was before; the
 * checkpoint's own comes last.
 */
export async function writeRun(
  out: string,
  checkpoint: Checkpoint,
  best: HostTensors | undefined,
  facts: RunFacts,
): Promise<void> {
  const { state, tensors } = checkpoint;
  const layout = createLayout(toBertConfig(state.config, state.vocabularySize));
  const now = unflattenTensors(layout, tensors.parameters);
  await writeFiles(out, modelFiles(state, now, facts));
  if (best !== undefined) await writeFiles(join(out, "best"), modelFiles(state, best, facts));
  const files = writeCheckpoint(checkpoint);
  await writeFiles(
    out,
    files.map(({ path, bytes }): [string, Uint8Array] => [path, bytes]),
  );
  await removeOldCheckpoints(out, state.step);
}

async function removeOldCheckpoints(out: string, step: number): Promise<void> {
  for (const path of await readdir(out)) {
    if (isOldCheckpoint(path, step)) await rm(join(out, path), { force: true });
  }
}

/** Whether a folder holds a run already. */
export function holdsRun(out: string): boolean {
  return existsSync(join(out, "checkpoint.json"));
}
