import type * as tf from "@tensorflow/tfjs-core";
import type { Banks } from "../../gpu/banks";
import type { GradientSink } from "../../gpu/gradient-sink";
import type { Pace } from "../../pace";
import type { PassDropout } from "../tape";
import { Pass } from "../tape";

/** Rows of one pass whose losses count by weights. */
export interface WeightedRows {
  /** How much each loss counts; 0 for those that fill up. */
  readonly weights: Float32Array; // [n]
}

/**
 * What a model is trained for: the losses of some rows [n], unweighted, which belong to the pass. Where the pass
 * has a sink, the gradients of their weighted sum are added to it. Rests as `pace` says; throws "stopped".
 */
export type Objective<Layout, Rows extends WeightedRows> = (
  pass: Pass,
  layout: Layout,
  rows: Rows,
  pace: Pace,
) => Promise<tf.Tensor1D>;

/** Runs an objective once and frees all that it made: its losses, [n]. Throws "stopped". */
export async function runObjective<Layout, Rows extends WeightedRows>(
  objective: Objective<Layout, Rows>,
  layout: Layout,
  flat: Banks,
  rows: Rows,
  pace: Pace,
  sink?: GradientSink,
  dropout?: PassDropout,
): Promise<Float32Array> {
  const pass = new Pass(flat, sink, dropout);
  try {
    const losses = await objective(pass, layout, rows, pace); // [n]
    return await losses.data<"float32">();
  } finally {
    pass.end();
  }
}
