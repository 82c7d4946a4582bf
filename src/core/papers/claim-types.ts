import type { PaperNumber, Source } from "./sources";

/** How a claim is tested on results of ours. */
export type ClaimTest =
  /** One row is better than another in every one of the measures, intervals apart. */
  | { kind: "beats"; task: string; metrics: readonly string[]; better: string; worse: string }
  /** Some rows are better than another on none of the tasks. */
  | { kind: "stays-below"; rows: readonly string[]; than: string }
  /** The fine-tuned row is not better than the random twin, intervals apart. */
  | { kind: "gains-nothing"; task: string; metric: string }
  /** No row gets above a score. */
  | { kind: "stays-weak"; task: string; metric: string; most: number }
  | { kind: "reaches"; task: string; row: string; metric: string; bound: number }
  /** The mean share that fine-tuned is better than the random twin. */
  | { kind: "gains-on-average"; share: number }
  /** A row is better than another on some tasks and worse on none, intervals apart. */
  | { kind: "helps"; row: string; than: string }
  | { kind: "starts-near-vocabulary" }
  | { kind: "falls"; times: number }
  | { kind: "rises-when-shuffled" }
  | { kind: "small-data"; times: number }
  /** From the least setting of a sweep to the most a measure goes this way, intervals apart. */
  | {
      kind: "trend";
      over: "resolution" | "mask-rate" | "share";
      measure: string;
      goes: "up" | "down";
    };

/** A task by the measure that the papers quote of it. */
export interface Headline {
  readonly task: string;
  readonly metric: string;
}

/** Something that a paper says came out, and how it is tested here (RS-11). */
export interface Claim {
  readonly id: string;
  readonly paper: PaperNumber;
  readonly claim: string;
  /** What the paper gives for it, in a few words. */
  readonly printed: string;
  readonly source: Source;
  readonly test: ClaimTest;
}
