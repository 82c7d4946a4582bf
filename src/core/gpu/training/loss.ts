import * as tf from "@tensorflow/tfjs-core";
import type { Banks } from "../banks";
import { findPart, readPart } from "../banks";
import type { GradientSink } from "../gradient-sink";
import { areVectors, runFused } from "../ops";
import { TRAINING } from "../training-names";
import type { DenseParts } from "./dense";
import { dense } from "./dense";
import { isInOneBank, splitLoss } from "./split-loss";

/** True tokens of masked places and how much each counts; places that only fill up count 0. */
export interface MaskedTargets {
  readonly labels: tf.Tensor1D; // [M]
  readonly weights: tf.Tensor1D; // [M]
}

/** Losses -log p(label) of each place, unweighted, and the gradient of their weighted sum. */
export interface VocabularyLoss {
  readonly losses: tf.Tensor1D; // [M]
  readonly d: tf.Tensor2D | undefined; // [M, C]
}

/**
 * Scores of hidden states [M, C] over the vocabulary (weight [V, C], bias [V]) and their cross-entropy. Without
 * a sink there is no gradient.
 */
export function vocabularyLoss(
  x: tf.Tensor2D,
  { labels, weights }: MaskedTargets,
  flat: Banks,
  { weight, bias }: DenseParts,
  sink: GradientSink | undefined,
): VocabularyLoss {
  const [M, C] = x.shape;
  if (!isInOneBank(flat, { weight, bias })) {
    const [losses, d] = splitLoss(x, { labels, weights }, flat, { weight, bias }, sink);
    return { losses: losses as tf.Tensor1D, d: d as tf.Tensor2D | undefined };
  }
  if (areVectors(M, C)) {
    const [w, b] = [findPart(flat, weight), findPart(flat, bias)];
    const inputs: tf.NamedTensorMap = { x, labels, weights, table: w.bank, bias: b.bank };
    if (sink !== undefined) {
      inputs["dTable"] = findPart(sink.flat, weight).bank;
      inputs["dBias"] = findPart(sink.flat, bias).bank;
    }
    const attributes = { weight: w.start, bias: b.start, V: weight.shape[0]! };
    const fused = runFused<tf.Tensor[]>(TRAINING.vocabulary, inputs, attributes);
    const [losses, d] = fused ?? [];
    if (losses !== undefined) return keepGradient(losses as tf.Tensor1D, d as tf.Tensor2D, sink);
  }
  const composed = tf.tidy(() => composeVocabulary(x, { labels, weights }, flat, { weight, bias }));
  const [losses, d, dWeight, dBias] = composed;
  if (sink === undefined) tf.dispose([dWeight!, dBias!]);
  else {
    sink.add(weight, dWeight!);
    sink.add(bias, dBias!);
  }
  return keepGradient(losses as tf.Tensor1D, d as tf.Tensor2D, sink);
}

function keepGradient(
  losses: tf.Tensor1D,
  d: tf.Tensor2D,
  sink: GradientSink | undefined,
): VocabularyLoss {
  if (sink !== undefined) return { losses, d };
  d.dispose();
  return { losses, d: undefined };
}

/**
 * Squared differences of x [N, O] and targets [N, O], of which the first D count and the others are the same: their
 * mean over D as the loss of each row, unweighted [N], and the gradient [N, O] of the losses' weighted sum.
 */
export function squaredLoss(
  x: tf.Tensor2D,
  targets: tf.Tensor2D,
  weights: tf.Tensor1D,
  D: number,
): { losses: tf.Tensor1D; d: tf.Tensor2D } {
  const [losses, d] = tf.tidy(() => {
    const excess = tf.sub(x, targets); // [N, O]
    const factors = tf.mul(tf.reshape(weights, [-1, 1]), 2 / D); // [N, 1]
    return [tf.div(tf.sum(tf.square(excess), 1), D), tf.mul(excess, factors)];
  });
  return { losses: losses as tf.Tensor1D, d: d as tf.Tensor2D };
}

function composeVocabulary(
  x: tf.Tensor2D,
  { labels, weights }: MaskedTargets,
  flat: Banks,
  parts: DenseParts,
): tf.Tensor[] {
  const V = parts.weight.shape[0]!;
  const table = readPart(flat, parts.weight); // [V, C]
  const scores = dense(x, flat, parts); // [M, V]
  const shares = tf.sub(scores, tf.logSumExp(scores, -1, true)); // [M, V], their logarithms
  const where = tf.cast(tf.oneHot(labels, V), "float32"); // [M, V]
  const losses = tf.neg(tf.sum(tf.mul(where, shares), -1)); // [M]
  const excess = tf.sub(tf.exp(shares), where); // [M, V]
  const d = tf.mul<tf.Tensor2D>(excess, tf.reshape(weights, [-1, 1])); // [M, V]
  return [losses, tf.matMul(d, table), tf.matMul(d, x, true), tf.sum(d, 0)];
}
