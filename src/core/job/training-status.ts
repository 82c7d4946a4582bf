import type { AnyRow, BertFamily, Family } from "../train/course";
import type { Failure } from "../train/failures";
import type { PointFamily } from "../train/gpt/course";
import type { RunReport } from "../train/reports";
import type { Budget, RunState } from "../train/state";
import type { LiveGuess } from "./live-guess";
import type { PointGuess } from "./point-guess";

/** Where a run of one kind of model stands, as the page shows it: whole in every report. */
export interface StatusOf<F extends Family> {
  readonly run: string;
  readonly config: F["state"]["config"];
  readonly budget: Budget;
  readonly parameters: number;
  readonly engine: string;
  readonly step: number;
  /** Or points. */
  readonly tokens: number;
  readonly seconds: number;
  /** Of the last steps; undefined before the first report. */
  readonly tokensPerSecond?: number;
  readonly secondsLeft?: number;
  /** Bytes of all tensors, or of all buffers where a graphics card holds them. */
  readonly memoryBytes: number;
  readonly rateFactor: number;
  readonly isPaused: boolean;
  /** Step of the last checkpoint that is kept; undefined before the first. */
  readonly savedStep?: number;
  /** False where runs go with the page. */
  readonly isKept: boolean;
  /** What the reader should know: a full store, a lost device. */
  readonly notice?: string | undefined;
  /** And of the data. */
  readonly warning?: string;
  /** How often and how long the tab or the computer slept, and after which step the last time. */
  readonly slept?: { readonly times: number; readonly seconds: number; readonly step: number };
  readonly baselines: F["baselines"] | undefined;
  readonly failures: readonly Failure[];
  readonly best: RunState["best"];
  /** Thinned to what a chart can show. */
  readonly log: readonly F["row"][];
}

/** A run of a BERT. */
export interface BertStatus extends StatusOf<BertFamily> {
  readonly vocabularySize: number;
  readonly guess?: LiveGuess;
}

/** A run of a GPT on points. */
export interface PointStatus extends StatusOf<PointFamily> {
  /** Share of moments that no check-in stands behind; undefined in runs that did not keep it. */
  readonly filledShare?: number;
  readonly guess?: PointGuess;
}

/** Where a run stands, whatever it trains. */
export type TrainingStatus = BertStatus | PointStatus;

/** Rows of training that a chart can tell apart. */
const MOST_ROWS = 300;

/** All validations, and of the rows of training at most so many, the last one among them. */
export function thinLog<Row extends AnyRow>(log: readonly Row[]): Row[] {
  const train = log.filter(({ split }) => split === "train");
  const every = Math.max(1, Math.ceil(train.length / MOST_ROWS));
  const kept = new Set(train.filter((_, n) => (train.length - 1 - n) % every === 0));
  return log.filter((row) => row.split !== "train" || kept.has(row));
}

/** The status after a report of the run; `log` holds all its rows and grows. */
export function updateStatus<F extends Family>(
  status: StatusOf<F>,
  report: RunReport<F>,
  log: F["row"][],
): StatusOf<F> {
  switch (report.kind) {
    case "baselines":
      return { ...status, baselines: report.scores };
    case "paused":
      return { ...status, isPaused: true };
    case "step":
    case "validation": {
      const { row } = report;
      log.push(row);
      const { step, tokens, seconds } = row;
      const moved = { ...status, step, tokens, seconds, isPaused: false, log: thinLog(log) };
      if (report.kind === "validation") {
        const best = report.isBest ? { step, loss: row.loss } : status.best;
        return { ...moved, best, failures: report.failures };
      }
      const { tokensPerSecond, secondsLeft } = report;
      return { ...moved, tokensPerSecond, secondsLeft };
    }
    case "checkpoint": {
      const { step, tokens, seconds, rateFactor } = report.checkpoint.state;
      return { ...status, step, tokens, seconds, rateFactor };
    }
    case "slept": {
      const { times, seconds } = status.slept ?? { times: 0, seconds: 0 };
      const slept = { times: times + 1, seconds: seconds + report.seconds, step: status.step };
      return { ...status, slept };
    }
    case "look":
      return { ...status, isPaused: false };
    default:
      return report satisfies never;
  }
}
