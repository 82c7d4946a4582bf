/** What the runs of a sweep differ in, everything else being the same. */
export const SWEEPS = ["resolution", "mask-ratio", "tokeniser", "data"] as const;
export type SweepOver = (typeof SWEEPS)[number];

/** Runs of one setting at most: an interval over ten is narrow enough. */
export const MOST_SEEDS = 10;

interface SweepWords {
  readonly title: string;
  /** What a choice of sweeps says. */
  readonly choice: string;
  /** Heads the first column. */
  readonly column: string;
  /** What is compared, and what must be known of it. */
  readonly note: string;
}

/** How each sweep is called and what must be known to read it. */
export const SWEEP_WORDS: Readonly<Record<SweepOver, SweepWords>> = {
  resolution: {
    title: "Resolutions side by side",
    choice: "H3 resolutions 6 to 9",
    column: "resolution",
    note: "Paper 2, experiment 1. A finer resolution has seven times as many cells to choose from, so its perplexity is higher by nature: compare it with the baselines of its own row, or as an area (perplexity times the mean area of a cell). Coarser cells merge check-ins, so not quite the same ones are hidden.",
  },
  "mask-ratio": {
    title: "Shares of hidden check-ins side by side",
    choice: "hidden check-ins 10, 20, 30 %",
    column: "hidden in training",
    note: "Paper 2, experiment 2. The share is varied in training alone; all are validated with the same share hidden. More hidden check-ins are more to learn from in a step, with less around each.",
  },
  tokeniser: {
    title: "Tokenisers side by side",
    choice: "tokenisers: digits, word pieces, flat",
    column: "tokeniser",
    note: "Stretches are cut by check-ins before they are written as tokens, so that all tokenisers see the same check-ins in every step, in rows of different length. A flat vocabulary has a token for each visited cell alone; the others can write every cell of the area.",
  },
  data: {
    title: "Shares of the data side by side",
    choice: "10, 25, 50, 100 % of the people",
    column: "people learnt from",
    note: "Paper 1, A.4.2 (the small-data control). All runs take the same number of steps, so that few people are seen more often; the people of a smaller share are in every larger one.",
  },
};
