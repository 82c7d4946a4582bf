import type { TruthRole } from "../../task/tasks/types";

/** What the runs of a sweep differ in, everything else being the same. */
export const SWEEPS = ["resolution", "mask-ratio", "tokeniser", "data", "size"] as const;
export type SweepOver = (typeof SWEEPS)[number];

/** Runs of one setting at most: an interval over ten is narrow enough. */
export const MOST_SEEDS = 10;

interface SweepWords {
  readonly title: string;
  /** What a choice of sweeps says. */
  readonly choice: string;
  /** Heads the first column. */
  readonly column: string;
  /** What its values are, for those who give their own. */
  readonly values: string;
  /** The usual ones, as they would be written. */
  readonly usual: string;
  /** What is compared, and what must be known of it. */
  readonly note: string;
}

/** How each sweep is called and what must be known to read it. */
export const SWEEP_WORDS: Readonly<Record<SweepOver, SweepWords>> = {
  resolution: {
    title: "Resolutions side by side",
    choice: "H3 resolutions",
    column: "resolution",
    values: "H3 resolutions that the data have, such as 7, 8",
    usual: "6, 7, 8, 9",
    note: "Paper 2, experiment 1. A finer resolution has seven times as many cells to choose from, so its perplexity is higher by nature: compare it with the baselines of its own row, or as an area (perplexity times the mean area of a cell). Coarser cells merge check-ins, so not quite the same ones are hidden.",
  },
  "mask-ratio": {
    title: "Shares of hidden check-ins side by side",
    choice: "shares of hidden check-ins",
    column: "hidden in training",
    values: "percent, such as 10, 15, 40",
    usual: "10, 20, 30",
    note: "Paper 2, experiment 2. The share is varied in training alone; all are validated with the same share hidden. More hidden check-ins are more to learn from in a step, with less around each. The last column hides in validation what training hid: how hard its own guessing is.",
  },
  tokeniser: {
    title: "Tokenisers side by side",
    choice: "tokenisers",
    column: "tokeniser",
    values: "5|3, 4|4, 4|2|2, one digit a level, wordpiece, flat",
    usual: "5|3, wordpiece, flat",
    note: "Stretches are cut by check-ins before they are written as tokens, so that all tokenisers see the same check-ins in every step, in rows of different length. A flat vocabulary has a token for each visited cell alone; the others can write every cell of the area.",
  },
  data: {
    title: "Shares of the data side by side",
    choice: "shares of the people",
    column: "people learnt from",
    values: "percent, such as 5, 50, 100",
    usual: "10, 25, 50, 100",
    note: "Paper 1, A.4.2 (the small-data control). All runs take the same number of steps, so that few people are seen more often; the people of a smaller share are in every larger one.",
  },
  size: {
    title: "Sizes of the model side by side",
    choice: "model sizes",
    column: "layers × width",
    values: "layers x width, such as 1x32, 2x64, 6x256",
    usual: "1x16, 1x32, 2x64, 3x96, 4x128 …",
    note: "Size against cost. Each model has the same data, seed and steps, so each sees the same tokens; heads are 32 wide, or 64 in models wider than 256, the inner width is four times the width, and the learning rate falls with the root of the width, as it does between the presets tiny and small. Parameters count the vocabulary’s embeddings. Operations are those of full rows, forward and back. Loss is that of a hidden token, in nats.",
  },
};

/** What scores on tasks need to be known of places, besides where they lie. */
export const SCORE_NEEDS = [
  "population",
  "prefecture",
  "builtUp",
  "water",
] as const satisfies readonly TruthRole[];
