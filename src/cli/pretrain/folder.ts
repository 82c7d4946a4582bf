import { existsSync } from "node:fs";
import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { FootfallError } from "../../core/errors";
import type { HostTensors } from "../../core/model/safetensors";
import type { AnyState, Checkpoint } from "../../core/train/checkpoint";
import { isOldCheckpoint, readCheckpoint, writeCheckpoint } from "../../core/train/checkpoint";
import type { FlatLayout } from "../../core/train/layout";
import { unflattenTensors } from "../../core/train/layout";
import { readerOf } from "../evaluate/token-folder";
import { writeWholeFile } from "../output";

async function writeFiles(out: string, files: Iterable<[string, Uint8Array]>): Promise<void> {
  for (const [path, bytes] of files) {
    await writeWholeFile(join(out, path), (file) => writeFile(file, bytes));
  }
}

/** How the parameters of a run become files. */
export interface RunFiles {
  readonly layout: FlatLayout;
  /** The model folder of some parameters by name. */
  readonly write: (tensors: HostTensors) => Iterable<[string, Uint8Array]>;
}

/**
 * Writes a checkpoint into a run's folder: the model as it stands, so that an unfinished run can be looked at,
 * the best one where it is new, and what the run goes on from. Each file is whole or as it was before; the
 * checkpoint's own comes last.
 */
export async function writeRun(
  out: string,
  checkpoint: Checkpoint<AnyState>,
  best: HostTensors | undefined,
  { layout, write }: RunFiles,
): Promise<void> {
  const { state, tensors } = checkpoint;
  await writeFiles(out, write(unflattenTensors(layout, tensors.parameters)));
  if (best !== undefined) await writeFiles(join(out, "best"), write(best));
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

/** The checkpoint to go on from. Throws where --resume and the folder do not go together. */
export async function findCheckpoint<State extends AnyState>(
  out: string,
  resumes: boolean,
): Promise<Checkpoint<State> | undefined> {
  if (resumes) {
    const checkpoint = await readCheckpoint<State>(readerOf(out));
    if (checkpoint !== undefined) return checkpoint;
    throw new FootfallError("missing-file", `${out} has no checkpoint.json to resume from`);
  }
  if (!existsSync(join(out, "checkpoint.json"))) return undefined;
  throw new FootfallError(
    "bad-input",
    `${out} holds a run already; --resume goes on with it, or give another folder`,
  );
}
