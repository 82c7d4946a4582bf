import * as tf from "@tensorflow/tfjs-core";
import { areVectors, runFused } from "../ops";
import { TRAINING } from "../training-names";

/** Rows of a table's gradient, summed in the order of the rows: the same input gives the same bits. */
function sumByNumber(d: tf.Tensor2D, numbers: tf.Tensor1D, count: number): tf.Tensor2D {
  const where = tf.oneHot(numbers, count) as tf.Tensor2D; // [N, count]
  return tf.matMul(tf.cast(where, "float32"), d, true); // [count, C]
}

/** Rows [M, C] at their numbers among N rows of zeros; rows of one number are added. */
export function putRows(d: tf.Tensor2D, numbers: tf.Tensor1D, N: number): tf.Tensor2D {
  const fused = areVectors(d.shape[1])
    ? runFused(TRAINING.putRows, { d, numbers }, { N })
    : undefined;
  return (fused as tf.Tensor2D | undefined) ?? tf.tidy(() => sumByNumber(d, numbers, N));
}
