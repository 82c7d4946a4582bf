import type { TrainingRow } from "../model/folder";
import type { PretrainConfig } from "./config";
import type { ValidationScores } from "./validation";

/** How long a run is; the learning rate follows it. */
export type Budget =
  | { readonly kind: "steps"; readonly steps: number }
  | { readonly kind: "epochs"; readonly epochs: number }
  /** A run that follows the clock cannot be repeated to the bit. */
  | { readonly kind: "minutes"; readonly minutes: number };

/** One line of a run's log; of validations with the scores. */
export interface LogRow extends TrainingRow, Partial<ValidationScores> {
  readonly perplexity: number;
  /** Of all gradients together, before clipping; the mean since the last row. */
  readonly gradientNorm?: number;
}

/** What was summed since the last row of the log. */
export interface Recent {
  readonly steps: number;
  readonly loss: number;
  readonly norm: number;
}

export const NOTHING_RECENT: Recent = { steps: 0, loss: 0, norm: 0 };

/** Where a run stands, as plain JSON: with the parameters and moments it goes on as if it had never stopped. */
export interface RunProgress<Config, Row> {
  readonly config: Config;
  readonly budget: Budget;
  /** Trajectories and tokens of the training part, and a hash of the latter. */
  readonly data: DataFacts;
  /** Steps taken. Order, windows and masks follow from the seed and this alone. */
  readonly step: number;
  /** Tokens seen, padding not counted. */
  readonly tokens: number;
  /** Seconds that it ran, pauses not counted. */
  readonly seconds: number;
  /** Validations made. */
  readonly validations: number;
  readonly recent: Recent;
  readonly log: readonly Row[];
  /** The validation with the lowest loss so far. */
  readonly best: { readonly step: number; readonly loss: number } | undefined;
  /** Factor of the learning rate that was chosen while the run was going. */
  readonly rateFactor: number;
}

/** Where a run of a BERT stands. */
export interface RunState extends RunProgress<PretrainConfig, LogRow> {
  readonly vocabularySize: number;
}

export interface DataFacts {
  readonly trajectories: number;
  readonly tokens: number;
  readonly hash: string;
}

/** A run that has not begun. */
export function freshProgress<Config>(
  config: Config,
  budget: Budget,
  data: DataFacts,
): RunProgress<Config, never> {
  return {
    config,
    budget,
    data,
    step: 0,
    tokens: 0,
    seconds: 0,
    validations: 0,
    recent: NOTHING_RECENT,
    log: [],
    best: undefined,
    rateFactor: 1,
  };
}

/** FNV-1a over whole numbers: another data set under the same name is noticed. */
export function hashNumbers(numbers: Iterable<number>): string {
  let hash = 0x811c9dc5;
  for (const number of numbers) hash = Math.imul(hash ^ number, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}
