import type { BaselineScores } from "../train/baselines";
import type { PretrainConfig } from "../train/config";
import type { Failure } from "../train/failures";
import type { PretrainReport } from "../train/reports";
import type { Budget, LogRow, RunState } from "../train/state";
import type { LiveGuess } from "./live-guess";

/** Where a run stands, as the page shows it: whole in every report, so that none has to be remembered. */
export interface TrainingStatus {
  readonly run: string;
  readonly config: PretrainConfig;
  readonly budget: Budget;
  readonly parameters: number;
  readonly vocabularySize: number;
  readonly engine: string;
  readonly step: number;
  readonly tokens: number;
  readonly seconds: number;
  /** Of the last steps; undefined before the first report. */
  readonly tokensPerSecond?: number;
  readonly secondsLeft?: number;
  /** Bytes of all tensors on the engine. */
  readonly memoryBytes: number;
  readonly rateFactor: number;
  readonly isPaused: boolean;
  /** Step of the last checkpoint that is kept; undefined before the first. */
  readonly savedStep?: number;
  /** False where runs go with the page. */
  readonly isKept: boolean;
  /** How often and how long the tab or the computer slept in all, and after which step last; undefined for never. */
  readonly slept?: { readonly times: number; readonly seconds: number; readonly step: number };
  /** What the reader should know: a full store, a lost device. */
  readonly notice?: string | undefined;
  readonly baselines: BaselineScores | undefined;
  readonly failures: readonly Failure[];
  readonly best: RunState["best"];
  /** Thinned to what a chart can show. */
  readonly log: readonly LogRow[];
  readonly guess?: LiveGuess;
}

/** Rows of training that a chart can tell apart. */
const MOST_ROWS = 300;

/** All validations, and of the rows of training at most so many, the last one among them. */
export function thinLog(log: readonly LogRow[]): LogRow[] {
  const train = log.filter(({ split }) => split === "train");
  const every = Math.max(1, Math.ceil(train.length / MOST_ROWS));
  const kept = new Set(train.filter((_, n) => (train.length - 1 - n) % every === 0));
  return log.filter((row) => row.split !== "train" || kept.has(row));
}

/** The status after a report of the run; `log` holds all its rows and grows. */
export function updateStatus(
  status: TrainingStatus,
  report: PretrainReport,
  log: LogRow[],
): TrainingStatus {
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
