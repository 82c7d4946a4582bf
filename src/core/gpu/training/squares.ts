import * as tf from "@tensorflow/tfjs-core";
import { areVectors, runFused } from "../ops";
import { TRAINING } from "../training-names";

/** The sum of all squares, a scalar. */
export function sumOfSquares(x: tf.Tensor1D): tf.Scalar {
  const fused = areVectors(x.size) ? runFused(TRAINING.squares, { x }, {}) : undefined;
  return (fused as tf.Scalar | undefined) ?? tf.tidy(() => tf.sum<tf.Scalar>(tf.square(x)));
}
