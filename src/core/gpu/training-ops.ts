/**
 * The operations of training, forward and back, on one flat tensor of parameters: each runs as a fused kernel
 * where the engine has one, else composed of tfjs operations. Gradients of parameters go to a sink, those of
 * inputs are returned. All tensors returned belong to the caller.
 */
import * as tf from "@tensorflow/tfjs-core";
import type { GradientSink, Part } from "./gradient-sink";
import { readPart } from "./gradient-sink";
import { isVectorWidth, runFused } from "./ops";
import { TRAINING } from "./training-names";

/** The fused kernels take rows and columns four at a time. */
const areVectors = (...sizes: number[]): boolean => sizes.every(isVectorWidth);

/** Rows of a table's gradient, summed in the order of the rows: the same input gives the same bits. */
function sumByNumber(d: tf.Tensor2D, numbers: tf.Tensor1D, count: number): tf.Tensor2D {
  const where = tf.oneHot(numbers, count) as tf.Tensor2D; // [N, count]
  return tf.matMul(tf.cast(where, "float32"), d, true); // [count, C]
}

export interface EmbeddingParts {
  readonly words: Part; // [V, C]
  readonly positions: Part; // [P, C]
  readonly types: Part; // [2, C], of which the first is in use
}

/** The place of a token modulo T is its position. */
export interface TokenPlaces {
  readonly tokens: tf.Tensor1D; // [BT]
  readonly T: number;
}

const embeddingAttributes = ({ words, positions, types }: EmbeddingParts, T: number) => ({
  words: words.start,
  positions: positions.start,
  types: types.start,
  V: words.shape[0]!,
  C: words.shape[1]!,
  T,
});

/** The sum of word, position and type embeddings: [BT, C]. */
export function embed(
  { tokens, T }: TokenPlaces,
  flat: tf.Tensor1D,
  parts: EmbeddingParts,
): tf.Tensor2D {
  const C = parts.words.shape[1]!;
  const attributes = embeddingAttributes(parts, T);
  const fused = areVectors(C) ? runFused(TRAINING.embed, { tokens, flat }, attributes) : undefined;
  if (fused !== undefined) return fused as tf.Tensor2D;
  return tf.tidy(() => {
    const rows = tf.gather(readPart(flat, parts.words), tokens); // [BT, C]
    const positions = tf.slice(readPart(flat, parts.positions), [0, 0], [T, C]); // [T, C]
    const type = tf.slice(readPart(flat, parts.types), [0, 0], [1, C]); // [1, C]
    const sum = tf.add(tf.reshape(rows, [-1, T, C]), tf.add(positions, type)); // [B, T, C]
    return tf.reshape<tf.Rank.R2>(sum, [tokens.size, C]); // [BT, C]
  });
}

/** From the gradient of the embeddings [BT, C] to those of the three tables. */
export function embedGradient(
  d: tf.Tensor2D,
  { tokens, T }: TokenPlaces,
  parts: EmbeddingParts,
  sink: GradientSink,
): void {
  const C = d.shape[1];
  if (areVectors(C)) {
    const inputs = { d, tokens, gradients: sink.flat };
    const attributes = embeddingAttributes(parts, T);
    if (runFused<tf.Tensor[]>(TRAINING.embedGradient, inputs, attributes) !== undefined) return;
  }
  const [words, positions, types] = tf.tidy(() => {
    const pad = (rows: tf.Tensor2D, count: number): tf.Tensor2D =>
      tf.pad(rows, [
        [0, count - rows.shape[0]],
        [0, 0],
      ]);
    const perPosition = tf.sum<tf.Tensor2D>(tf.reshape(d, [-1, T, C]), 0); // [T, C]
    const all = tf.sum<tf.Tensor2D>(perPosition, 0, true); // [1, C]
    return [
      sumByNumber(d, tokens, parts.words.shape[0]!), // [V, C]
      pad(perPosition, parts.positions.shape[0]!), // [P, C]
      pad(all, parts.types.shape[0]!), // [2, C]
    ];
  });
  sink.add(parts.words, words);
  sink.add(parts.positions, positions);
  sink.add(parts.types, types);
}

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

/** Heads side by side [B, T, C] as [B, H, T, D]. */
function splitHeads(x: tf.Tensor, headCount: number): tf.Tensor4D {
  const [B, T, C] = x.shape as [number, number, number];
  return tf.transpose(tf.reshape(x, [B, T, headCount, C / headCount]), [0, 2, 1, 3]);
}

/** And back. */
function joinHeads(x: tf.Tensor4D): tf.Tensor3D {
  const [B, H, T, D] = x.shape;
  return tf.reshape(tf.transpose(x, [0, 2, 1, 3]), [B, T, H * D]);
}

/** What `attention` was given. */
export interface AttentionInput {
  readonly projected: tf.Tensor3D; // [B, T, 3C]
  readonly bias: tf.Tensor2D | undefined; // [B, T]
  readonly headCount: number;
}

/** From the gradient of an attention's result [B, T, C] to that of what it was given: [B, T, 3C]. */
export function attentionGradient(
  d: tf.Tensor3D,
  { projected, bias, headCount }: AttentionInput,
): tf.Tensor3D {
  const [, T, C3] = projected.shape;
  if (areVectors(T, C3 / 3 / headCount)) {
    const inputs: tf.NamedTensorMap = { projected, d };
    if (bias !== undefined) inputs["bias"] = bias;
    const fused = runFused(TRAINING.attentionGradient, inputs, { headCount });
    if (fused !== undefined) return fused as tf.Tensor3D;
  }
  return tf.tidy(() => composeAttentionGradient(d, { projected, bias, headCount }));
}

function composeAttentionGradient(
  d: tf.Tensor3D,
  { projected, bias, headCount }: AttentionInput,
): tf.Tensor3D {
  const [B, T, C3] = projected.shape;
  const scale = (C3 / 3 / headCount) ** -0.5;
  const [query, key, value] = tf.split(projected, 3, 2).map((x) => splitHeads(x, headCount)); // 3 x [B, H, T, D]
  const dMixed = splitHeads(d, headCount); // [B, H, T, D]
  const products = tf.mul(tf.matMul(query!, key!, false, true), scale); // [B, H, T, T]
  const scores = bias === undefined ? products : tf.add(products, tf.reshape(bias, [B, 1, 1, T])); // [B, H, T, T]
  const shares = tf.softmax(scores); // [B, H, T, T]
  const dShares = tf.matMul(dMixed, value!, false, true); // [B, H, T, T]
  const along = tf.sum(tf.mul(shares, dShares), -1, true); // [B, H, T, 1]
  const dScores = tf.mul(tf.mul(shares, tf.sub(dShares, along)), scale); // [B, H, T, T]
  const parts = [
    tf.matMul(dScores, key!), // [B, H, T, D]
    tf.matMul(dScores, query!, true), // [B, H, T, D]
    tf.matMul(shares, dMixed, true), // [B, H, T, D]
  ];
  return tf.concat(
    parts.map((x) => joinHeads(x as tf.Tensor4D)),
    2,
  ); // [B, T, 3C]
}

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

/** Rows [M, C] at their numbers among N rows of zeros; rows of one number are added. */
export function putRows(d: tf.Tensor2D, numbers: tf.Tensor1D, N: number): tf.Tensor2D {
  const fused = areVectors(d.shape[1])
    ? runFused(TRAINING.putRows, { d, numbers }, { N })
    : undefined;
  return (fused as tf.Tensor2D | undefined) ?? tf.tidy(() => sumByNumber(d, numbers, N));
}

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
  flat: tf.Tensor1D,
  { weight, bias }: DenseParts,
  sink: GradientSink | undefined,
): VocabularyLoss {
  const [M, C] = x.shape;
  if (areVectors(M, C)) {
    const inputs: tf.NamedTensorMap = { x, labels, weights, flat };
    if (sink !== undefined) inputs["gradients"] = sink.flat;
    const attributes = { weight: weight.start, bias: bias.start, V: weight.shape[0]! };
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

function composeVocabulary(
  x: tf.Tensor2D,
  { labels, weights }: MaskedTargets,
  flat: tf.Tensor1D,
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

/** The sum of all squares, a scalar. */
export function sumOfSquares(x: tf.Tensor1D): tf.Scalar {
  const fused = areVectors(x.size) ? runFused(TRAINING.squares, { x }, {}) : undefined;
  return (fused as tf.Scalar | undefined) ?? tf.tidy(() => tf.sum<tf.Scalar>(tf.square(x)));
}
