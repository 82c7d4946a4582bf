import * as tf from "@tensorflow/tfjs-core";
import type { AttentionInput } from "../ops";
import { areVectors, composeShares, joinHeads, runFused, splitHeads } from "../ops";
import { TRAINING } from "../training-names";
import type { DropoutPlace } from "./dropout";
import { dropOut } from "./dropout";

/**
 * Attention of which shares are dropped [B, T, C]; by tfjs operations on every engine, since the fused kernels keep
 * no shares.
 */
export function droppedAttention(input: AttentionInput, place: DropoutPlace): tf.Tensor3D {
  return tf.tidy(() => {
    const { value, shares } = composeShares(input);
    return joinHeads(tf.matMul(dropOut(shares, place), value)); // [B, T, C]
  });
}

/** From the gradient of an attention's result [B, T, C] to that of what it was given: [B, T, 3C]. */
export function attentionGradient(
  d: tf.Tensor3D,
  input: AttentionInput,
  dropped?: DropoutPlace,
): tf.Tensor3D {
  const { projected, bias, headCount, isCausal = false } = input;
  const [, T, C3] = projected.shape;
  if (dropped === undefined && areVectors(T, C3 / 3 / headCount)) {
    const inputs: tf.NamedTensorMap = { projected, d };
    if (bias !== undefined) inputs["bias"] = bias;
    const kernel = isCausal ? TRAINING.causalAttentionGradient : TRAINING.attentionGradient;
    const fused = runFused(kernel, inputs, { headCount });
    if (fused !== undefined) return fused as tf.Tensor3D;
  }
  return tf.tidy(() => composeAttentionGradient(d, input, dropped));
}

function composeAttentionGradient(
  d: tf.Tensor3D,
  input: AttentionInput,
  dropped: DropoutPlace | undefined,
): tf.Tensor3D {
  const scale = (input.projected.shape[2] / 3 / input.headCount) ** -0.5;
  const drop = (x: tf.Tensor4D): tf.Tensor4D => (dropped === undefined ? x : dropOut(x, dropped));
  const { query, key, value, shares } = composeShares(input);
  const dMixed = splitHeads(d, input.headCount); // [B, H, T, D]
  const dShares = drop(tf.matMul(dMixed, value, false, true)); // [B, H, T, T]
  const along = tf.sum(tf.mul(shares, dShares), -1, true); // [B, H, T, 1]
  const dScores = tf.mul(tf.mul(shares, tf.sub(dShares, along)), scale); // [B, H, T, T]
  const parts = [
    tf.matMul(dScores, key), // [B, H, T, D]
    tf.matMul(dScores, query, true), // [B, H, T, D]
    tf.matMul(drop(shares), dMixed, true), // [B, H, T, D]
  ];
  return tf.concat(
    parts.map((x) => joinHeads(x as tf.Tensor4D)),
    2,
  ); // [B, T, 3C]
}
