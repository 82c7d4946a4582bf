import * as tf from "@tensorflow/tfjs-core";
import { areVectors, runFused } from "../ops";
import { TRAINING } from "../training-names";

/** From the gradient of gelu(x) to that of x: [N, F]. */
export function geluGradient(d: tf.Tensor2D, x: tf.Tensor2D): tf.Tensor2D {
  const fused = areVectors(x.size) ? runFused(TRAINING.geluGradient, { d, x }, {}) : undefined;
  if (fused !== undefined) return fused as tf.Tensor2D;
  return tf.tidy(() => {
    const phi = tf.mul(tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1), 0.5); // [N, F]
    const bell = tf.exp(tf.mul(tf.square(x), -0.5)); // [N, F]
    const density = tf.mul(bell, 1 / Math.sqrt(2 * Math.PI)); // [N, F]
    return tf.mul<tf.Tensor2D>(d, tf.add(phi, tf.mul(x, density))); // [N, F]
  });
}

/** From the gradient of swish(x) to that of x: [N, F]. */
export function swishGradient(d: tf.Tensor2D, x: tf.Tensor2D): tf.Tensor2D {
  return tf.tidy(() => {
    const share = tf.sigmoid(x); // [N, F]
    const bend = tf.mul(tf.mul(x, share), tf.sub(1, share)); // [N, F]
    return tf.mul<tf.Tensor2D>(d, tf.add(share, bend)); // [N, F]
  });
}

/** From the gradient of relu(x) to that of x: [N, F]; 0 at 0, as PyTorch has it. */
export function reluGradient(d: tf.Tensor2D, x: tf.Tensor2D): tf.Tensor2D {
  return tf.tidy(() => tf.mul<tf.Tensor2D>(d, tf.step(x))); // [N, F]
}

/** From the gradient of tanh(x) to that of x: [N, C]. */
export function tanhGradient(d: tf.Tensor2D, x: tf.Tensor2D): tf.Tensor2D {
  return tf.tidy(() => tf.mul<tf.Tensor2D>(d, tf.sub(1, tf.square(tf.tanh(x))))); // [N, C]
}
