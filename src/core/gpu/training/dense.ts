/**
 * The operations of training, forward and back, on the flat parameters: each runs as a fused kernel
 * where the engine has one, else composed of tfjs operations. Gradients of parameters go to a sink, those of
 * inputs are returned. All tensors returned belong to the caller.
 */
import * as tf from "@tensorflow/tfjs-core";
import type { Banks, Part } from "../banks";
import { findPart, readPart } from "../banks";
import type { GradientSink } from "../gradient-sink";
import { areVectors, runFused } from "../ops";
import { TRAINING } from "../training-names";

/** A weight as PyTorch keeps it, outputs by inputs, and its bias. */
export interface DenseParts {
  readonly weight: Part; // [O, I]
  readonly bias: Part; // [O]
}

/** x W^T + b: [N, I] to [N, O]. */
export function dense(x: tf.Tensor2D, flat: Banks, { weight, bias }: DenseParts): tf.Tensor2D {
  const [O, I] = weight.shape as [number, number];
  if (areVectors(I, O)) {
    const [w, b] = [findPart(flat, weight), findPart(flat, bias)];
    const inputs = { x, weight: w.bank, bias: b.bank };
    const fused = runFused(TRAINING.dense, inputs, { weight: w.start, bias: b.start, O });
    if (fused !== undefined) return fused as tf.Tensor2D;
  }
  return tf.tidy(() => {
    const product = tf.matMul(x, readPart(flat, weight), false, true); // [N, O]
    return tf.add<tf.Tensor2D>(product, readPart<tf.Tensor1D>(flat, bias)); // [N, O]
  });
}

/** From the gradient of the result [N, O] to that of x: [N, I]. */
export function denseGradient(
  d: tf.Tensor2D,
  x: tf.Tensor2D,
  flat: Banks,
  { weight, bias }: DenseParts,
  sink: GradientSink,
): tf.Tensor2D {
  const [N, O] = d.shape;
  if (areVectors(N, O, x.shape[1])) {
    const w = findPart(flat, weight);
    const [dWeight, dBias] = [findPart(sink.flat, weight), findPart(sink.flat, bias)];
    const inputs = { d, x, weight: w.bank, dWeight: dWeight.bank, dBias: dBias.bank };
    const attributes = { weight: w.start, bias: dBias.start };
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
