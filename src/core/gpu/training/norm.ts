import * as tf from "@tensorflow/tfjs-core";
import type { Banks, Part } from "../banks";
import { findPart, readPart } from "../banks";
import type { GradientSink } from "../gradient-sink";
import { areVectors, runFused } from "../ops";
import { TRAINING } from "../training-names";

/** A layer normalisation's weight and bias, which lie in one bank. */
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
  flat: Banks,
  parts: NormParts,
): KeptNorm {
  const { bank, start } = findPart(flat, parts.weight);
  const inputs: tf.NamedTensorMap = y === undefined ? { x, flat: bank } : { x, y, flat: bank };
  const bias = findPart(flat, parts.bias).start;
  const attributes = { weight: start, bias, epsilon: parts.epsilon };
  const fused = areVectors(x.shape[1])
    ? runFused<tf.Tensor[]>(TRAINING.norm, inputs, attributes)
    : undefined;
  const [out, normal, scales] = fused ?? composeNorm(x, y, flat, parts);
  return { out: out as tf.Tensor2D, normal: normal as tf.Tensor2D, scales: scales as tf.Tensor1D };
}

function composeNorm(
  x: tf.Tensor2D,
  y: tf.Tensor2D | undefined,
  flat: Banks,
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
  flat: Banks,
  { weight, bias }: NormParts,
  sink: GradientSink,
): tf.Tensor2D {
  if (areVectors(d.shape[1])) {
    const { bank, start } = findPart(flat, weight);
    const gradients = findPart(sink.flat, weight).bank;
    const inputs = { d, normal, scales, flat: bank, gradients };
    const attributes = { weight: start, bias: findPart(flat, bias).start };
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
