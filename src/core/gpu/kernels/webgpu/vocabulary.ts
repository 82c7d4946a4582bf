import type * as tf from "@tensorflow/tfjs-core";
import { addColumns, addWeightGradient } from "./dense";
import { multiply, roundUp, turn } from "./multiply";
import { CROSS_ENTROPY } from "./rows.wgsl";
import { runRows } from "./run-rows";
import type { GpuCall } from "./shader";

/** Bytes of scores that are held at a time, where one buffer may be as large. */
const SCORE_BYTES = 64e6;

interface Sizes {
  readonly C: number;
  readonly V: number;
  /** A row of scores is so long, V filled up to whole vectors. */
  readonly width: number;
  /** Where weight and bias begin in their banks. */
  readonly weight: number;
  readonly bias: number;
}

/** Scores of rows of x from `first` on over some of the vocabulary at a time, so that the turned weights fit. */
function score(
  call: GpuCall,
  scores: tf.TensorInfo,
  { C, V, width, weight, bias }: Sizes,
  first: number,
): void {
  const { x, table, bias: biases } = call.inputs as Record<"x" | "table" | "bias", tf.TensorInfo>;
  const N = scores.shape[0]!;
  const fits = Math.floor(call.traits.bufferBytes / 4 / C);
  const atOnce = Math.max(4, Math.min(width, fits - (fits % 4)));
  for (let from = 0; from < V; from += atOnce) {
    const count = Math.min(atOnce, V - from);
    const turned = turn(call, table, { start: weight + from * C, rows: count, columns: C }); // [C, count]
    multiply(call, {
      M: N,
      N: turned.row,
      terms: C,
      form: "rows",
      a: { tensor: x, start: first * C, row: C },
      b: turned,
      out: { tensor: scores, start: from, row: width },
      bias: { tensor: biases, start: bias + from },
    });
    call.free(turned.tensor);
  }
}

/** Adds the gradients of x, weight and bias from that of the scores of N rows from `first` on. */
function scoreBack(
  call: GpuCall,
  scores: tf.TensorInfo,
  out: tf.TensorInfo,
  { C, V, width, weight, bias }: Sizes,
  first: number,
): void {
  const { x, table, dTable, dBias } = call.inputs as Record<
    "x" | "table" | "dTable" | "dBias",
    tf.TensorInfo
  >;
  const N = scores.shape[0]!;
  multiply(call, {
    M: N,
    N: C,
    terms: V,
    form: "rows",
    a: { tensor: scores, start: 0, row: width },
    b: { tensor: table, start: weight, row: C },
    out: { tensor: out, start: first * C, row: C },
  });
  const sizes = { N, O: V, I: C, dRow: width, xStart: first * C, start: weight };
  addWeightGradient(call, scores, x, dTable, sizes);
  addColumns(call, scores, dBias, { N, C: V, width, start: bias });
}

/**
 * Losses [M] of hidden states [M, C] over a vocabulary, and their gradient [M, C]. As many rows at a time as have
 * scores of SCORE_BYTES and fit into one buffer.
 */
export function vocabulary(call: GpuCall): tf.TensorInfo[] {
  const { x, labels, weights, dTable } = call.inputs as Record<string, tf.TensorInfo>;
  const { weight, bias, V } = call.attributes as Record<"weight" | "bias" | "V", number>;
  const [M, C] = x!.shape as [number, number];
  const width = roundUp(V, 4);
  const sizes: Sizes = { C, V, width, weight, bias };
  const [losses, out] = [call.make([M]), call.make([M, C])];
  const bytes = Math.min(SCORE_BYTES, call.traits.bufferBytes);
  const rowsAtOnce = Math.max(1, Math.min(M, Math.floor(bytes / 4 / width)));
  for (let first = 0; first < M; first += rowsAtOnce) {
    const N = Math.min(rowsAtOnce, M - first);
    const scores = call.make([N, width]);
    score(call, scores, sizes, first);
    const columns = { scores, labels: labels!, weights: weights!, losses };
    runRows(call, CROSS_ENTROPY, columns, { rows: N, C: width, V, first });
    if (dTable !== undefined) scoreBack(call, scores, out, sizes, first);
    call.free(scores);
  }
  return [losses, out];
}
