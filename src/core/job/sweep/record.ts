import type { SplitName } from "../../task/tasks/examples";
import type { MetricName } from "../../task/tasks/metric-names";
import type { TaskName } from "../../task/tasks/types";
import type { BaselineScores } from "../../train/baselines";
import type { PretrainConfig } from "../../train/config";
import type { Budget } from "../../train/state";
import type { ValidationScores } from "../../train/validation";
import type { RunStore } from "../run-store";
import type { SettingFacts } from "./data";
import type { SweepSetting, TimedSetting } from "./plan";
import type { SweepOver } from "./words";

/** How long a sweep is: steps of every run, or minutes of the whole queue. */
export type SweepBudget = Exclude<Budget, { kind: "epochs" }>;

/** A setting as it was measured before the queue began. */
export interface PlannedSetting extends TimedSetting, SettingFacts {
  readonly setting: SweepSetting;
  readonly parameters: number;
  /** Multiplications and additions of a step of full rows; not in records of before. */
  readonly operationsPerStep?: number | undefined;
  /** Why it cannot run here; undefined where it can. */
  readonly obstacle: string | undefined;
}

/** A point of a run's curve: what the validation gave after so many tokens. */
export interface CurveRow extends ValidationScores {
  readonly step: number;
  readonly tokens: number;
}

/** What a linear probe on frozen states of places scores, beside the same of the random twin. */
export interface ProbeScore {
  readonly task: TaskName;
  /** The task's headline. */
  readonly metric: MetricName;
  readonly split: SplitName;
  readonly own: number;
  readonly twin: number;
}

/** What a run's model is worth beyond its own guessing. */
export interface RunScores {
  readonly probes: readonly ProbeScore[];
  /** Perplexity per check-in with as much hidden as in its own training; only where that differs from run to run. */
  readonly ownPerplexity?: number | undefined;
  readonly seconds: number;
  /** Why a task is missing, one sentence each. */
  readonly notes: readonly string[];
}

/** One run of the queue that has come to its end. */
export interface SweepRun {
  /** Name of its setting. */
  readonly setting: string;
  readonly seed: number;
  readonly steps: number;
  readonly tokens: number;
  readonly seconds: number;
  /** The validations, the first of them before any training. */
  readonly curve: readonly CurveRow[];
  readonly baselines: BaselineScores | undefined;
  /** Why it ended before its last step; undefined where it did not. */
  readonly problem?: string | undefined;
  /** Absent where none were asked for, and where it did not come to its end. */
  readonly scores?: RunScores | undefined;
}

/** Seconds of a run with its scores. */
export const secondsOf = ({ seconds, scores }: Pick<SweepRun, "seconds" | "scores">): number =>
  seconds + (scores?.seconds ?? 0);

/** A sweep as it is kept, as plain JSON. */
export interface SweepRecord {
  readonly id: string;
  readonly data: { readonly key: string; readonly name: string };
  readonly over: SweepOver;
  /** What all runs share; their seeds count on from its seed. */
  readonly config: PretrainConfig;
  readonly budget: SweepBudget;
  readonly seeds: number;
  /** Of every run. */
  readonly steps: number;
  /** Each run ends with scores; records of before have none. */
  readonly withScores?: boolean | undefined;
  readonly settings: readonly PlannedSetting[];
  readonly runs: readonly SweepRun[];
  readonly engine: string;
  readonly startedMs: number;
  readonly savedMs: number;
  /** All runs are done, or the time was over. */
  readonly isFinished: boolean;
}

/** The file that says what a sweep is; it lies where runs lie. */
export const SWEEP_FILE = "sweep.json";
const FORMAT = "footfall-sweep-1";

/** Bytes of sweep.json. */
export function writeSweepRecord(record: SweepRecord): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify({ format: FORMAT, ...record })}\n`);
}

/** The record of a sweep.json; undefined for one that is broken or of another version. */
export function readSweepRecord(bytes: Uint8Array): SweepRecord | undefined {
  try {
    const value = JSON.parse(new TextDecoder().decode(bytes)) as SweepRecord & { format: string };
    return value.format === FORMAT ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Files of the run under way: what it goes on from. A number for each run of the queue, so that none takes another's. */
export const runFile = (n: number, path: string): string => `run-${n}.${path}`;

/** Removes what runs under way have left, but what `isKept` names. */
export async function removeRunFiles(
  store: RunStore,
  sweep: string,
  isKept: (path: string) => boolean = () => false,
): Promise<void> {
  for (const path of await store.list(sweep)) {
    if (path.startsWith("run-") && !isKept(path)) await store.remove(sweep, path);
  }
}
