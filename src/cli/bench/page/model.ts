import type { BertConfig } from "../../../core/model/config";
import { createRandom } from "../../../core/random";
import { PRESETS, toBertConfig } from "../../../core/train/config";
import type { MaskedRows } from "../../../core/train/objectives/masked";
import type { ModelAsk, ModelSize } from "../model/ask";
import { MASKED_SHARE, V } from "../model/ask";

/** A program that is ready to run. */
export interface Runner {
  readonly description: string;
  /** A run whose result is compared: some of the logits, or the loss and the norm of all gradients. */
  check(): Promise<readonly number[]>;
  /** A run that is timed, its result read back. */
  run(): Promise<void>;
}

/** Opens a program for a size. */
export type OpenRunner = (ask: ModelAsk) => Promise<Runner>;

/** Heads are 32 wide, as in the shipped model; 64 in large ones, as in BERT. */
export function makeConfig({ layers, width, T }: ModelSize): BertConfig {
  const heads = width / (width > 256 ? 64 : 32);
  const sizes = { layers, width, heads, innerWidth: 4 * width, maxLength: T };
  return toBertConfig({ ...PRESETS.small, ...sizes }, V);
}

/** Random tokens, full rows, a fifth of the places masked. */
export function makeRows({ B, T }: ModelSize): MaskedRows {
  const random = createRandom(1, "bench", B, T);
  const tokens = Int32Array.from({ length: B * T }, () => 5 + random.integer(V - 5));
  const M = Math.max(4, Math.round((MASKED_SHARE * B * T) / 16) * 16);
  const places = Int32Array.from({ length: M }, (_, m) => Math.floor((m * B * T) / M));
  const labels = places.map((place) => tokens[place]!);
  return { tokens, B, T, places, labels, weights: new Float32Array(M).fill(1 / M) };
}

const SAMPLE_STEP = 997;

/** Every so many-th of the logits. */
export const sampleOf = (logits: Float32Array): number[] =>
  [...logits].filter((_, n) => n % SAMPLE_STEP === 0);
