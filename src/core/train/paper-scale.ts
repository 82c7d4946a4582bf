/** How much the papers trained on, and with what (`core/papers/facts.json` has the lines that say so). */
export const PAPER_SCALE = {
  /** Paper 1, 4.1. */
  points: 53e9,
  /** Of a month each (paper 1, A.1.2). */
  trajectories: 17e6,
  /** Seen in all (paper 1, A.4.2; paper 2). */
  tokens: 40e9,
  /** Of the largest model of paper 3. */
  parameters: 1e9,
  /** Of pre-training on that many V100 (paper 1, A.2). */
  hours: 240,
  devices: 2,
} as const;

/** Multiplications and additions that a token costs for each parameter, forward and back. */
export const OPERATIONS_PER_PARAMETER = 6;
