import * as tf from "@tensorflow/tfjs-core";
import type { Banks } from "../../gpu/banks";
import type { PointRows } from "../../model/gpt/gpt";
import { POINT_WIDTH } from "../../model/gpt/parameters";
import type { Pace } from "../../pace";
import { runDecoder } from "../gpt/decoder";
import type { GptLayout } from "../gpt/layout";
import { Pass } from "../tape";
import type { Objective, WeightedRows } from "./objective";

/** Windows of points, and the point that comes after each. */
export interface NextPointRows extends PointRows, WeightedRows {
  readonly targets: Float32Array; // [B, T, 2]
  /** 0 for points that fill up. */
  readonly weights: Float32Array; // [BT]
}

/** RAW's loss: the square of the difference to the next point, mean of both coordinates, [BT]. */
export const nextPointObjective: Objective<GptLayout, NextPointRows> = async (
  pass,
  layout,
  rows,
  pace,
) => {
  const decoded = await runDecoder(pass, layout, rows, pace); // [BT, 2]
  const N = rows.B * rows.T;
  const targets = pass.own(tf.tensor2d(rows.targets, [N, POINT_WIDTH])); // [BT, 2]
  const gap = pass.own(tf.sub<tf.Tensor2D>(decoded.out, targets)); // [BT, 2]
  const losses = pass.own(tf.tidy(() => tf.mean<tf.Tensor1D>(tf.square(gap), -1))); // [BT]
  if (pass.sink === undefined) return losses;
  const weights = pass.own(tf.tensor2d(rows.weights, [N, 1])); // [BT, 1]
  // the two of the square and the mean over two coordinates cancel out
  await decoded.back(pass.own(tf.mul<tf.Tensor2D>(gap, weights))); // [BT, 2]
  return losses;
};

/** The point after each, [BT, 2], under the parameters. Rests as `pace` says; throws "stopped". */
export async function predictRows(
  layout: GptLayout,
  flat: Banks,
  rows: PointRows,
  pace: Pace,
): Promise<Float32Array> {
  const pass = new Pass(flat);
  try {
    const { out } = await runDecoder(pass, layout, rows, pace);
    return await out.data<"float32">();
  } finally {
    pass.end();
  }
}
