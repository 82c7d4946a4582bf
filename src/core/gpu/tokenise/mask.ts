import { IGNORED, type Masked } from "../../token/masking";
import { createTokenColumn, MASK, SPECIAL_TOKENS, type TokenColumn } from "../../token/tokeniser";
import type { ColumnMasking } from "./columns";
import { multiplyHigh, philox } from "./philox";
import { CHOSEN, shareOf } from "./tokens.wgsl";

/** The share of hashes as the first word of a check-in is compared to it, of 2^31. */
export const thresholdOf = (rate: number): number => Math.round(rate * 2 ** 31);

export const isBert = ({ replace }: ColumnMasking): boolean => replace !== "mask";

const [MASKED_BELOW, CHANGED_BELOW] = [shareOf(0.8), shareOf(0.9)];

/**
 * The kernel's masking on the processor, bit for bit: hash number k is chosen by word 0 of the generator at
 * counter (k, 0) under the seed, word 1 decides what is shown (`MaskingOptions.replace`), the words behind
 * are its random pieces. No hash depends on another, so they may be drawn in any order and any batches.
 */
export function maskColumns(
  tokens: TokenColumn,
  pieces: number,
  masking: Required<ColumnMasking>,
  vocabularySize: number,
): Masked {
  const shown = tokens.slice() as TokenColumn;
  const labels = new Int32Array(tokens.length).fill(IGNORED);
  const words = new Uint32Array(4);
  const key = [masking.seed >>> 0, 0] as const;
  const threshold = thresholdOf(masking.rate);
  const below = isBert(masking) ? [MASKED_BELOW, CHANGED_BELOW] : [2 ** 32, 2 ** 32];
  let hashes = 0;
  for (let k = 0; k * pieces < tokens.length; k++) {
    philox([k, 0, 0, 0], key, words);
    if (words[0]! >>> 1 >= threshold) continue;
    hashes++;
    const share = words[1]!;
    for (let piece = 0; piece < pieces; piece++) {
      const at = k * pieces + piece;
      labels[at] = tokens[at]!;
      const word = piece + 2;
      if (word % 4 === 0) philox([k, word / 4, 0, 0], key, words);
      if (share < below[0]!) shown[at] = MASK;
      else if (share < below[1]!) {
        const drawn = multiplyHigh(words[word % 4]!, vocabularySize - SPECIAL_TOKENS.length);
        shown[at] = SPECIAL_TOKENS.length + drawn;
      }
    }
  }
  return { tokens: shown, labels, hashes };
}

/** The kernel's words taken apart into what `maskColumns` gives. */
export function splitShown(
  words: Uint32Array,
  tokens: TokenColumn,
  pieces: number,
  vocabularySize: number,
): Masked {
  const shown = createTokenColumn(vocabularySize, words.length);
  const labels = new Int32Array(words.length).fill(IGNORED);
  let chosen = 0;
  for (let at = 0; at < words.length; at++) {
    shown[at] = words[at]! & ~CHOSEN;
    if (words[at]! < CHOSEN) continue;
    labels[at] = tokens[at]!;
    chosen++;
  }
  return { tokens: shown, labels, hashes: pieces === 0 ? 0 : chosen / pieces };
}
