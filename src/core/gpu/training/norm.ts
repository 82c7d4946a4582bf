import * as tf from "@tensorflow/tfjs-core";
import type { GradientSink, Part } from "../gradient-sink";
import { readPart } from "../gradient-sink";
import { areVectors, runFused } from "../ops";
import { TRAINING } from "../training-names";

/** A layer normalisation's weight and bias. */
export interface NormParts {
  readonly weight: Part; // [C]
  readonly bias: Part; // [C]
  readonly epsilon: number;
}

/** A layer normalisation's result and what its gradient needs. */
export interface KeptNorm {
  readonly out: tf.Tensor2D; // [N, C]
  readonly normal: tf.Tensor2D; // [N, C], before weight and bias
  readonly scales: tf.Tensor1D; // [N], one over the standard deviation
}

/** Layer normalisation of x, or of x + y. */
export function keepNorm(
  x: tf.Tensor2D,
  y: tf.Tensor2D | undefined,
  flat: tf.Tensor1D,
  parts: NormParts,
): KeptNorm {
  const inputs: tf.NamedTensorMap = y === undefined ? { x, flat } : { x, y, flat };
  const { weight, bias, epsilon } = parts;
  const attributes = { weight: weight.start, bias: bias.start, epsilon };
  const fused = areVectors(x.shape[1])
    ? runFused<tf.Tensor[]>(TRAINING.norm, inputs, attributes)
    : undefined;
  const [out, normal, scales] = fused ?? composeNorm(x, y, flat, parts);
  return { out: out as tf.Tensor2D, normal: normal as tf.Tensor2D, scales: scales as tf.Tensor1D };
}

function composeNorm(
  x: tf.Tensor2D,
  y: tf.Tensor2D | undefined,
  flat: tf.Tensor1D,
  { weight, bias, epsilon }: NormParts,
): tf.Tensor[] {
  return tf.tidy(() => {
    const sum = y === undefined ? x : tf.add(x, y); // [N, C]
    const centred = tf.sub(sum, tf.mean(sum, -1, true)); // [N, C]
    const variance = tf.mean(tf.square(centred), -1, true); // [N, 1]
    const scales = tf.rsqrt(tf.add(variance, epsilon)); // [N, 1]
    const normal = tf.mul(centred, scales); // [N, C]
    const weighed = tf.mul(normal, readPart<tf.Tensor1D>(flat, weight)); // [N, C]
    const out = tf.add(weighed, readPart<tf.Tensor1D>(flat, bias)); // [N, C]
    return [out, normal, tf.reshape(scales, [-1])];
  });
}

/** From the gradient of the result [N, C] to that of x, and of y alike: [N, C]. */
export function normGradient(
  d: tf.Tensor2D,
  { normal, scales }: KeptNorm,
  flat: tf.Tensor1D,
  { weight, bias }: NormParts,
  sink: GradientSink,
): tf.Tensor2D {
  if (areVectors(d.shape[1])) {
    const inputs = { d, normal, scales, flat, gradients: sink.flat };
    const attributes = { weight: weight.start, bias: bias.start };
    const fused = runFused(TRAINING.normGradient, inputs, attributes);
    if (fused !== undefined) return fused as tf.Tensor2D;
  }
  const [out, dWeight, dBias] = tf.tidy(() => {
    const scaled = tf.mul(d, readPart<tf.Tensor1D>(flat, weight)); // [N, C]
    const along = tf.mean(tf.mul(scaled, normal), -1, true); // [N, 1]
    const rest = tf.sub(tf.sub(scaled, tf.mean(scaled, -1, true)), tf.mul(normal, along)); // [N, C]
    return [
      tf.mul(rest, tf.reshape(scales, [-1, 1])), // [N, C]
      tf.sum(tf.mul(d, normal), 0), // [C]
      tf.sum(d, 0), // [C]
    ];
  });
  sink.add(weight, dWeight);
  sink.add(bias, dBias);
  return out as tf.Tensor2D;
}
