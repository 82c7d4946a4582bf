import { FootfallError } from "../errors";
import type { Progress } from "../pace";
import { createPace } from "../pace";
import { padRows, tokensPerPass } from "./batches";
import type { Bert } from "./bert";
import { encode, readScores } from "./bert";

/** Everything that a forward pass gives, on the CPU and row-major. */
export interface ForwardResult {
  readonly B: number;
  /** Length of the longest row; shorter ones are padded with 0. */
  readonly T: number;
  readonly hidden: Float32Array; // [B, T, C]
  /** Empty for weights without a masked-language head. */
  readonly logits: Float32Array; // [B, T, V]
}

/**
 * Runs rows of token ids and keeps all hidden states of the last layer and all vocabulary scores. Throws
 * "bad-input" without rows, "token-out-of-range", "stopped".
 */
export async function* runForward(
  bert: Bert,
  rows: readonly ArrayLike<number>[],
  signal?: AbortSignal,
): AsyncGenerator<Progress, ForwardResult, void> {
  const pace = createPace(signal);
  const { width: C, vocabularySize: V } = bert.config;
  const [B, T] = [rows.length, rows.reduce((max, row) => Math.max(max, row.length), 0)];
  if (T === 0) throw new FootfallError("bad-input", "there are no tokens to run");
  const hidden = new Float32Array(B * T * C); // [B, T, C]
  const logits = new Float32Array(bert.head ? B * T * V : 0); // [B, T, V]
  const size = Math.max(1, Math.floor(tokensPerPass(bert.config) / T));
  for (let from = 0; from < B; from += size) {
    const states = encode(bert, padRows(rows.slice(from, from + size), T)); // [BT, C]
    const count = Math.min(size, B - from) * T;
    hidden.set((await states.data<"float32">()).subarray(0, count * C), from * T * C);
    if (bert.head) {
      logits.set((await readScores(bert, states)).subarray(0, count * V), from * T * V);
    }
    states.dispose();
    if (pace.due()) await pace.rest();
    yield { phase: "run the model", done: Math.min(B, from + size), total: B, unit: "rows" };
  }
  return { B, T, hidden, logits };
}
