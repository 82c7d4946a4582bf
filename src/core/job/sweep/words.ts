import type { SweepOver } from "./plan";

interface SweepWords {
  readonly title: string;
  /** Heads the first column. */
  readonly column: string;
  /** What is compared, and what must be known of it. */
  readonly note: string;
}

/** How each sweep is called and what must be known to read it. */
export const SWEEP_WORDS: Readonly<Record<SweepOver, SweepWords>> = {
  resolution: {
    title: "Resolutions side by side",
    column: "resolution",
    note: "Paper 2, experiment 1. A finer resolution has seven times as many cells to choose from, so its perplexity is higher by nature: compare it with the baselines of its own row, or as an area (perplexity times the mean area of a cell).",
  },
  "mask-ratio": {
    title: "Shares of hidden check-ins side by side",
    column: "hidden in training",
    note: "Paper 2, experiment 2. The share is varied in training alone; all are validated with the same share hidden. More hidden check-ins are more to learn from in a step, with less around each.",
  },
  tokeniser: {
    title: "Tokenisers side by side",
    column: "tokeniser",
    note: "TK-06. Stretches are cut by check-ins before they are written as tokens, so that all tokenisers see the same check-ins in every step, in rows of different length. A flat vocabulary has a token for each visited cell alone; the others can write every cell of the area.",
  },
  data: {
    title: "Shares of the data side by side",
    column: "people learnt from",
    note: "Paper 1, A.4.2 (the small-data control). All runs take the same number of steps, so that few people are seen more often; the people of a smaller share are in every larger one.",
  },
};
