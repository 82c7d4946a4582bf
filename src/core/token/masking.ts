import type { Random } from "../random";
import type { Sequences } from "./sequences";
import { MASK, SPECIAL_TOKENS, type TokenColumn } from "./tokeniser";

/** Label of a place that the loss leaves out, as in PyTorch. */
export const IGNORED = -100;

export interface MaskingOptions {
  random: Random;
  /** Special tokens and pieces: extra tokens behind them are never shown in place of a piece. */
  vocabularySize: number;
  /** Share of the hashes of a sequence that is chosen; default 0.2 (paper 1, A.3.1). */
  rate?: number;
  /**
   * What becomes of a chosen hash: "bert" shows [MASK] for 80 %, random pieces for 10 % and the hash itself
   * for 10 %; "mask" always shows [MASK]. The papers do not say which (papers/NOTES 1.1); default "bert".
   */
  replace?: "bert" | "mask";
  /**
   * Share of the chosen hashes whose first pieces stay visible, so that later pieces given earlier ones are
   * learnt; how many is drawn from 0 to all but one. Default 0, the papers' rule.
   */
  reveal?: number;
}

export interface Masked {
  /** [n, T], what the model sees */
  tokens: TokenColumn;
  /** [n, T], the true token at hidden places, `IGNORED` elsewhere */
  labels: Int32Array;
  /** Number of chosen hashes. */
  hashes: number;
}

/** Places of the hashes of one row: `ends[i]` is the place after hash i, `from` the place of the first. */
function findHashes(
  { cellOf, T, lengths }: Sequences,
  row: number,
): { from: number; to: number }[] {
  const hashes: { from: number; to: number }[] = [];
  const end = row * T + lengths[row]! - 1;
  for (let at = row * T + 1; at < end;) {
    const from = at;
    while (at < end && cellOf[at] === cellOf[from]) at++;
    if (cellOf[from]! >= 0) hashes.push({ from, to: at });
  }
  return hashes;
}

/** `count` different numbers below n (the first steps of Fisher and Yates). */
function drawDistinct(n: number, count: number, random: Random): number[] {
  const numbers = Array.from({ length: n }, (_, i) => i);
  return Array.from({ length: count }, (_, i) => {
    const j = i + random.integer(n - i);
    const drawn = numbers[j]!;
    numbers[j] = numbers[i]!;
    return drawn;
  });
}

/** Share of chosen hashes that show [MASK], and of those that show it or random pieces. */
const MASK_SHARE = 0.8;
const CHANGED_SHARE = 0.9;

function chooseReplacement(replace: "bert" | "mask", random: Random): "mask" | "random" | "keep" {
  if (replace === "mask") return "mask";
  const u = random.uniform();
  return u < MASK_SHARE ? "mask" : u < CHANGED_SHARE ? "random" : "keep";
}

/**
 * Whole-hash masking: all pieces of a chosen hash are hidden together, and one draw decides for all of them
 * what is shown instead. At least one hash of each row is chosen, on average `rate` of them.
 */
export function maskHashes(sequences: Sequences, options: MaskingOptions): Masked {
  const { random, vocabularySize, rate = 0.2, replace = "bert", reveal = 0 } = options;
  const tokens = sequences.tokens.slice() as TokenColumn;
  const labels = new Int32Array(tokens.length).fill(IGNORED);
  const pieceCount = vocabularySize - SPECIAL_TOKENS.length;
  let chosen = 0;
  const hide = (from: number, to: number): void => {
    const shown = chooseReplacement(replace, random);
    for (let at = from; at < to; at++) {
      labels[at] = tokens[at]!;
      if (shown === "mask") tokens[at] = MASK;
      if (shown === "random") tokens[at] = SPECIAL_TOKENS.length + random.integer(pieceCount);
    }
  };
  for (let row = 0; row < sequences.lengths.length; row++) {
    const hashes = findHashes(sequences, row);
    if (hashes.length === 0) continue;
    const count = Math.max(1, Math.floor(rate * hashes.length + random.uniform()));
    for (const i of drawDistinct(hashes.length, Math.min(count, hashes.length), random)) {
      const { from, to } = hashes[i]!;
      const isRevealed = reveal > 0 && random.uniform() < reveal;
      hide(from + (isRevealed ? random.integer(to - from) : 0), to);
      chosen++;
    }
  }
  return { tokens, labels, hashes: chosen };
}
