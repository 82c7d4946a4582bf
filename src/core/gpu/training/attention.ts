import * as tf from "@tensorflow/tfjs-core";
import { addBiases, areVectors, runFused } from "../ops";
import { TRAINING } from "../training-names";

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
  /** No token sees a later one. */
  readonly isCausal?: boolean;
}

/** From the gradient of an attention's result [B, T, C] to that of what it was given: [B, T, 3C]. */
export function attentionGradient(d: tf.Tensor3D, input: AttentionInput): tf.Tensor3D {
  const { projected, bias, headCount, isCausal = false } = input;
  const [, T, C3] = projected.shape;
  if (areVectors(T, C3 / 3 / headCount)) {
    const inputs: tf.NamedTensorMap = { projected, d };
    if (bias !== undefined) inputs["bias"] = bias;
    const kernel = isCausal ? TRAINING.causalAttentionGradient : TRAINING.attentionGradient;
    const fused = runFused(kernel, inputs, { headCount });
    if (fused !== undefined) return fused as tf.Tensor3D;
  }
  return tf.tidy(() => composeAttentionGradient(d, input));
}

function composeAttentionGradient(
  d: tf.Tensor3D,
  { projected, bias, headCount, isCausal = false }: AttentionInput,
): tf.Tensor3D {
  const [, , C3] = projected.shape;
  const scale = (C3 / 3 / headCount) ** -0.5;
  const [query, key, value] = tf.split(projected, 3, 2).map((x) => splitHeads(x, headCount)); // 3 x [B, H, T, D]
  const dMixed = splitHeads(d, headCount); // [B, H, T, D]
  const products = tf.mul(tf.matMul(query!, key!, false, true), scale); // [B, H, T, T]
  const scores = addBiases(products, bias, isCausal); // [B, H, T, T]
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
