import * as tf from "@tensorflow/tfjs-core";
import { NO_HOUR } from "../data/hours";
import { FootfallError } from "../errors";
import { tensorLimit } from "../gpu/banks";
import type { TokenRows } from "./bert";
import type { BertConfig } from "./config";

/**
 * Lengths that sequences are padded to. Few shapes: the WebGPU backend pools buffers by exact size and
 * never shrinks, so every new length would keep memory for good.
 */
const LENGTHS = [
  4, 6, 8, 12, 16, 24, 32, 48, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512,
];

/** How wide the states of a model are. */
type Widths = Pick<BertConfig, "width" | "innerWidth">;

/**
 * Tokens of one forward pass. On the processor a pass must end within 50 ms or so, to let a stop message in
 * (and smaller matrices stay in its cache); a graphics card wants large ones, as far as its buffers hold
 * the states of twice as many (`paddedCount`).
 */
export function tokensPerPass({ width: C, innerWidth: F }: Widths): number {
  const most = tf.getBackend() === "webgpu" ? 16_384 : 1024;
  return Math.min(most, Math.floor(tensorLimit() / 2 / Math.max(F, 3 * C)));
}

/** The padded length for `length` tokens, never beyond the model's positions. */
export function paddedLength(length: number, maxPositions: number): number {
  if (length > maxPositions) {
    throw new FootfallError(
      "bad-input",
      `a sequence of ${length} tokens is longer than the model's ${maxPositions} positions`,
    );
  }
  return Math.min(LENGTHS.find((known) => known >= length) ?? maxPositions, maxPositions);
}

/** Rows, or positions, that are run for `count` wanted ones: on a graphics card few different numbers. */
export function paddedCount(count: number): number {
  return tf.getBackend() === "webgpu" ? 2 ** Math.ceil(Math.log2(count)) : count;
}

/** Rows of one length, [PAD] behind the shorter ones; behind the last row as `paddedCount` says. */
export function padRows(rows: readonly ArrayLike<number>[], T: number): TokenRows {
  const B = paddedCount(rows.length);
  const tokens = new Int32Array(B * T);
  rows.forEach((row, n) => tokens.set(row, n * T));
  return { tokens, B, T };
}

/** Hours of the week beside `padRows`, none behind the shorter rows; undefined where a row has no hours. */
export function padHours(
  rows: readonly (ArrayLike<number> | undefined)[],
  T: number,
): Int32Array | undefined {
  if (rows.some((row) => row === undefined)) return undefined;
  const hours = new Int32Array(paddedCount(rows.length) * T).fill(NO_HOUR);
  rows.forEach((row, n) => hours.set(row!, n * T));
  return hours;
}

/** Numbers of items, grouped so that each group shares a padded length and fits one pass. */
export function planPasses(
  lengths: readonly number[],
  config: Widths & Pick<BertConfig, "maxPositions">,
): { T: number; items: number[] }[] {
  const byLength = new Map<number, number[]>();
  lengths.forEach((length, item) => {
    const T = paddedLength(length, config.maxPositions);
    const items = byLength.get(T);
    if (items === undefined) byLength.set(T, [item]);
    else items.push(item);
  });
  return [...byLength].flatMap(([T, items]) => {
    const size = Math.max(1, Math.floor(tokensPerPass(config) / T));
    const count = Math.ceil(items.length / size);
    return Array.from({ length: count }, (_, n) => ({
      T,
      items: items.slice(n * size, (n + 1) * size),
    }));
  });
}
