import type { BertFamily, Family } from "../train/course";
import type { Failure } from "../train/failures";
import type { PointFamily } from "../train/gpt/course";
import type { PretrainControls } from "../train/reports";
import type { Budget, RunState } from "../train/state";

/**
 * Where training runs are kept, each a folder of its own: run.json, the checkpoint, and the model below model/.
 * The core knows no browser: whoever makes the session brings one.
 */
export interface RunStore {
  /** False where runs are in memory only and go with the page. */
  isLasting(): Promise<boolean>;
  /** Takes the right to train, which one tab has at a time, until the returned function is called; undefined while another has it. */
  begin(): Promise<(() => void) | undefined>;
  /** What the owner of a run changes while it goes, until it is closed. */
  openControls(run: string): OpenControls;
  read(run: string, path: string): Promise<Uint8Array | undefined>;
  /** A file is whole or as it was before. Throws "no-space" where the store is full. */
  write(run: string, path: string, bytes: Uint8Array): Promise<void>;
  /** Paths of the files of a run. */
  list(run: string): Promise<string[]>;
  remove(run: string, path: string): Promise<void>;
}

export interface OpenControls {
  readonly controls: PretrainControls;
  close(): void;
}

/** The file that says what a run is; a folder without it is no run. */
export const RUN_FILE = "run.json";
/** Below it lies the model folder of a run. */
export const MODEL_FOLDER = "model";

/** What is known of a run of one kind of model without its weights, as plain JSON. */
interface RecordOf<F extends Family> {
  readonly id: string;
  /** Of the data that it learns: what says the same for the same data, and what they are called. */
  readonly data: { readonly key: string; readonly name: string };
  readonly config: F["state"]["config"];
  readonly budget: Budget;
  readonly parameters: number;
  readonly engine: string;
  readonly startedMs: number;
  readonly savedMs: number;
  readonly isFinished: boolean;
  /** Steps taken, tokens (or points) seen and seconds run, to the last checkpoint. */
  readonly step: number;
  readonly tokens: number;
  readonly seconds: number;
  readonly best: RunState["best"];
  readonly baselines: F["baselines"] | undefined;
  readonly failures: readonly Failure[];
  /** Thinned to what a chart can show. */
  readonly log: readonly F["row"][];
}

/** A run of a BERT. */
export interface BertRecord extends RecordOf<BertFamily> {
  readonly vocabularySize: number;
}

/** A run of a GPT on points. */
export interface PointRecord extends RecordOf<PointFamily> {
  /** Share of moments that no check-in stands behind; undefined in runs that did not keep it. */
  readonly filledShare?: number;
}

/** What is known of a run, whatever it trains. */
export type RunRecord = BertRecord | PointRecord;

/** Tells the two kinds apart, of records and of what the page shows. */
export function isOfPoints<P extends { readonly config: PointRecord["config"] }>(
  run: P | { readonly config: BertRecord["config"] },
): run is P {
  return "family" in run.config;
}

/** What a run's model is called where it is used; its tables are found by it. */
export const trainedName = (run: string): string => `the run ${run} of this browser`;
