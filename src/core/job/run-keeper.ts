import { FootfallError } from "../errors";
import type { HostTensors } from "../model/safetensors";
import { writeCheckpoint, type AnyState, type Checkpoint } from "../train/checkpoint";
import { MODEL_FOLDER, RUN_FILE, type RunRecord, type RunStore } from "./run-store";
import { removeCheckpoints, writeRunRecord } from "./stored-training";

/** Does it; gives the sentence of a store that is full. */
export async function unlessFull(write: () => Promise<void>): Promise<string | undefined> {
  try {
    await write();
    return undefined;
  } catch (error) {
    if (error instanceof FootfallError && error.code === "no-space") return error.message;
    throw error;
  }
}

/** The model folder of some parameters of the run, by name. */
type ModelFiles = (tensors: HostTensors) => Iterable<[string, Uint8Array]>;

/** Writes one run into the store as it goes. */
export class RunKeeper {
  readonly #store: RunStore;
  readonly #run: string;
  /** The best parameters that are not in the store yet. */
  #best: HostTensors | undefined;

  constructor(store: RunStore, run: string) {
    this.#store = store;
    this.#run = run;
  }

  /**
   * Keeps a checkpoint, the best model first where it is new. Gives the sentence of a full store; then the
   * checkpoint before is whole and the best model is tried again with the next.
   */
  async save(
    { checkpoint, best }: { checkpoint: Checkpoint<AnyState>; best?: HostTensors },
    record: RunRecord,
    files: ModelFiles,
  ): Promise<string | undefined> {
    this.#best = best ?? this.#best;
    return unlessFull(async () => {
      if (this.#best !== undefined) await this.#writeModel(files(this.#best));
      this.#best = undefined;
      for (const { path, bytes } of writeCheckpoint(checkpoint)) await this.#write(path, bytes);
      await this.#write(RUN_FILE, writeRunRecord(record));
      await removeCheckpoints(this.#store, this.#run, checkpoint.state.step);
    });
  }

  /**
   * Keeps the model and what the run was, and drops what it could have gone on from. Gives the sentence of a full
   * store; then all is as it was, and it can be tried again.
   */
  async finish(
    { checkpoint, tensors }: { checkpoint: Checkpoint<AnyState>; tensors: HostTensors },
    record: RunRecord,
    files: ModelFiles,
  ): Promise<string | undefined> {
    const model = this.#best ?? (checkpoint.state.best === undefined ? tensors : undefined);
    return unlessFull(async () => {
      if (model !== undefined) await this.#writeModel(files(model));
      await this.#write(RUN_FILE, writeRunRecord(record));
      await removeCheckpoints(this.#store, this.#run);
    });
  }

  async #writeModel(files: Iterable<[string, Uint8Array]>): Promise<void> {
    for (const [path, bytes] of files) await this.#write(`${MODEL_FOLDER}/${path}`, bytes);
  }

  #write(path: string, bytes: Uint8Array): Promise<void> {
    return this.#store.write(this.#run, path, bytes);
  }
}
