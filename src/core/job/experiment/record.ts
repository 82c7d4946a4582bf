import type { ExperimentName, ExperimentSettings } from "../../task/experiments/names";
import type { Reading } from "../../task/experiments/readings";
import type { OurPerplexities } from "../../papers/results";

/** What one unit of an experiment came to. */
export interface UnitOutcome {
  readonly key: string;
  readonly seconds: number;
  readonly readings: readonly Reading[];
  /** Why it has no readings; absent where it has. */
  readonly problem?: string;
}

/** An experiment as it is kept, as plain JSON. */
export interface ExperimentRecord {
  /** Says the same for the same data, model, settings and seed. */
  readonly id: string;
  readonly experiment: ExperimentName;
  readonly data: { readonly key: string; readonly name: string };
  /** Undefined where no model is asked that was there before. */
  readonly model?: string;
  readonly settings: ExperimentSettings;
  readonly seed: number;
  readonly engine: string;
  /** What was counted of the data, one sentence each. */
  readonly facts: readonly string[];
  readonly unitCount: number;
  readonly outcomes: readonly UnitOutcome[];
  /** What the verdict on the papers' claims needs beside the readings. */
  readonly perplexities?: OurPerplexities;
  readonly startedMs: number;
  readonly savedMs: number;
  readonly isFinished: boolean;
}

/** Where an experiment lies among the files of its run. */
export const experimentFile = (name: ExperimentName): string => `experiment-${name}.json`;
const FORMAT = "footfall-experiment-1";

/** Bytes of the file. */
export function writeExperiment(record: ExperimentRecord): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify({ format: FORMAT, ...record })}\n`);
}

/** The record of a file; undefined for one that is broken or of another version. */
export function readExperiment(bytes: Uint8Array): ExperimentRecord | undefined {
  try {
    const value = JSON.parse(new TextDecoder().decode(bytes)) as ExperimentRecord & {
      format: string;
    };
    return value.format === FORMAT ? value : undefined;
  } catch {
    return undefined;
  }
}
