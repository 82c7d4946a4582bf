/**
 * The operations of training, forward and back, on one flat tensor of parameters: each runs as a fused kernel
 * where the engine has one, else composed of tfjs operations. Gradients of parameters go to a sink, those of
 * inputs are returned. All tensors returned belong to the caller.
 */
import * as tf from "@tensorflow/tfjs-core";
import type { GradientSink, Part } from "../gradient-sink";
import { readPart } from "../gradient-sink";
import { areVectors, runFused } from "../ops";
import { TRAINING } from "../training-names";

/** A weight as PyTorch keeps it, outputs by inputs, and its bias. */
export interface DenseParts {
  readonly weight: Part; // [O, I]
  readonly bias: Part; // [O]
}

/** x W^T + b: [N, I] to [N, O]. */
export function dense(
  x: tf.Tensor2D,
  flat: tf.Tensor1D,
  { weight, bias }: DenseParts,
): tf.Tensor2D {
  const [O, I] = weight.shape as [number, number];
  const attributes = { weight: weight.start, bias: bias.start, O };
  const fused = areVectors(I, O) ? runFused(TRAINING.dense, { x, flat }, attributes) : undefined;
  if (fused !== undefined) return fused as tf.Tensor2D;
  return tf.tidy(() => {
    const product = tf.matMul(x, readPart(flat, weight), false, true); // [N, O]
    return tf.add<tf.Tensor2D>(product, readPart<tf.Tensor1D>(flat, bias)); // [N, O]
  });
}

/** From the gradient of the result [N, O] to that of x: [N, I]. */
export function denseGradient(
  d: tf.Tensor2D,
  x: tf.Tensor2D,
  flat: tf.Tensor1D,
  { weight, bias }: DenseParts,
  sink: GradientSink,
): tf.Tensor2D {
  const [N, O] = d.shape;
  if (areVectors(N, O, x.shape[1])) {
    const inputs = { d, x, flat, gradients: sink.flat };
    const attributes = { weight: weight.start, bias: bias.start };
    const fused = runFused(TRAINING.denseGradient, inputs, attributes);
    if (fused !== undefined) return fused as tf.Tensor2D;
  }
  const [out, dWeight, dBias] = tf.tidy(() => [
    tf.matMul(d, readPart(flat, weight)), // [N, I]
    tf.matMul(d, x, true), // [O, I]
    tf.sum(d, 0), // [O]
  ]);
  sink.add(weight, dWeight);
  sink.add(bias, dBias);
  return out as tf.Tensor2D;
}
