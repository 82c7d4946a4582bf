import * as tf from "@tensorflow/tfjs-core";
import type { AttentionInput } from "../ops";
import { areVectors, composeShares, joinHeads, runFused, splitHeads } from "../ops";
import { TRAINING } from "../training-names";
import type { DropoutPlace } from "./dropout";
import { dropOut, dropoutNumbers } from "./dropout";

/** Tensors and numbers of a fused kernel; undefined where there is none for such sizes. */
function readInput({ projected, bias, headCount }: AttentionInput) {
  const [, T, C3] = projected.shape;
  const inputs: tf.NamedTensorMap = bias === undefined ? { projected } : { projected, bias };
  return areVectors(T, C3 / 3 / headCount) ? { inputs, numbers: { headCount } } : undefined;
}

const droppedNumbers = ({ isCausal = false }: AttentionInput, place: DropoutPlace) => ({
  ...dropoutNumbers(place),
  isCausal: isCausal ? 1 : 0,
});

/** Attention of which shares are dropped [B, T, C]. */
export function droppedAttention(input: AttentionInput, place: DropoutPlace): tf.Tensor3D {
  const given = readInput(input);
  if (given !== undefined) {
    const numbers = { ...given.numbers, ...droppedNumbers(input, place) };
    const fused = runFused(TRAINING.droppedAttention, given.inputs, numbers);
    if (fused !== undefined) return fused as tf.Tensor3D;
  }
  return tf.tidy(() => {
    const { value, shares } = composeShares(input);
    return joinHeads(tf.matMul(dropOut(shares, place), value)); // [B, T, C]
  });
}

/** The name of the fused kernel of the way back. */
function nameGradient(isCausal: boolean, isDropped: boolean): string {
  if (isDropped) return TRAINING.droppedAttentionGradient;
  return isCausal ? TRAINING.causalAttentionGradient : TRAINING.attentionGradient;
}

/** From the gradient of an attention's result [B, T, C] to that of what it was given: [B, T, 3C]. */
export function attentionGradient(
  d: tf.Tensor3D,
  input: AttentionInput,
  dropped?: DropoutPlace,
): tf.Tensor3D {
  const given = readInput(input);
  if (given !== undefined) {
    const kernel = nameGradient(input.isCausal === true, dropped !== undefined);
    const more = dropped === undefined ? {} : droppedNumbers(input, dropped);
    const fused = runFused(kernel, { ...given.inputs, d }, { ...given.numbers, ...more });
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
