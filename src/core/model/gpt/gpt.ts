import * as tf from "@tensorflow/tfjs-core";
import { FootfallError } from "../../errors";
import type { Norm } from "../../gpu/ops";
import { PADDING_BIAS, attention, layerNorm, linear, swish } from "../../gpu/ops";
import { checkTensors } from "../parameters";
import type { HostTensors } from "../safetensors";
import type { Dense } from "../weights";
import { WeightReader } from "../weights";
import type { GptConfig } from "./config";
import { GPT_NAMES, POINT_WIDTH, gptLayerName, gptShapes } from "./parameters";

interface Layer {
  readonly attentionNorm: Norm;
  /** Query, key and value in one product: [C, 3C]. */
  readonly projection: Dense;
  readonly attended: Dense;
  readonly denseNorm: Norm;
  readonly inner: Dense;
  readonly outer: Dense;
}

/** Weights of one GPT on points on the current engine. `dispose` frees them all. */
export interface Gpt {
  readonly config: GptConfig;
  readonly encoderInner: Dense; // [2, 2C]
  readonly encoderOuter: Dense; // [2C, C]
  readonly positions: tf.Tensor2D; // [P, C]
  readonly layers: readonly Layer[];
  readonly finalNorm: Norm;
  readonly headInner: Dense; // [C, 4C]
  readonly headOuter: Dense; // [4C, C]
  readonly headOutput: Dense; // [C, 2]
  dispose(): void;
}

/** Windows of points side by side, in coordinates of the model's box; shorter ones are filled up behind. */
export interface PointRows {
  readonly points: Float32Array; // [B, T, 2]: longitude and latitude
  /** Points of each window. */
  readonly lengths: ArrayLike<number>; // [B]
  readonly B: number;
  readonly T: number;
}

/**
 * Puts weights on the current engine. The caller disposes. Throws "weights-mismatch" where a tensor is missing or
 * has another shape than the configuration says.
 */
export function createGpt(config: GptConfig, tensors: HostTensors): Gpt {
  const read = new WeightReader(checkTensors(gptShapes(config), tensors), config.layerNormEpsilon);
  const layer = (n: number): Layer => {
    const name = (part: string): string => gptLayerName(n, part);
    const projected = ["query", "key", "value"].map((part) => name(`attention.self.${part}`));
    return {
      attentionNorm: read.norm(name("attention.LayerNorm")),
      projection: read.joined(projected),
      attended: read.dense(name("attention.output.dense")),
      denseNorm: read.norm(name("intermediate.LayerNorm")),
      inner: read.dense(name("intermediate.dense")),
      outer: read.dense(name("output.dense")),
    };
  };
  const parts = {
    encoderInner: read.dense(GPT_NAMES.encoderInner),
    encoderOuter: read.dense(GPT_NAMES.encoderOuter),
    positions: read.matrix(GPT_NAMES.positions),
    layers: Array.from({ length: config.layerCount }, (_, n) => layer(n)),
    finalNorm: read.norm(GPT_NAMES.finalNorm),
    headInner: read.dense(GPT_NAMES.headInner),
    headOuter: read.dense(GPT_NAMES.headOuter),
    headOutput: read.dense(GPT_NAMES.headOutput),
  };
  return { config, ...parts, dispose: () => tf.dispose(parts as unknown as tf.TensorContainer) };
}

/** Throws "bad-input" for windows without positions, values that are no numbers, or sizes that do not fit. */
export function checkPoints({ maxPositions: P }: GptConfig, rows: PointRows): void {
  const { points, lengths, B, T } = rows;
  if (points.length !== B * T * POINT_WIDTH || lengths.length !== B) {
    throw new FootfallError("bad-input", `${points.length} values cannot be ${B} windows of ${T}`);
  }
  if (T > P) {
    throw new FootfallError(
      "bad-input",
      `a window of ${T} points is longer than the model's ${P} positions`,
    );
  }
  const wrong = points.findIndex((value) => !Number.isFinite(value));
  if (wrong < 0) return;
  const place = Math.floor(wrong / POINT_WIDTH);
  throw new FootfallError(
    "bad-input",
    `window ${Math.floor(place / T)}, point ${place % T} is ${points[wrong]}; expected two numbers`,
  );
}

/**
 * [B, T] to be added to the scores of each key, undefined where it changes nothing: under the causal mask no
 * point sees what is filled up behind it.
 */
export function pointBias(
  isCausal: boolean,
  { lengths, B, T }: PointRows,
): tf.Tensor2D | undefined {
  const isFilled = Array.from(lengths).some((length) => length < T);
  if (isCausal || !isFilled) return undefined;
  const bias = new Float32Array(B * T); // [B, T]
  for (let b = 0; b < B; b++) bias.fill(PADDING_BIAS, b * T + lengths[b]!, (b + 1) * T);
  return tf.tensor2d(bias, [B, T]);
}

function embed(gpt: Gpt, { points, B, T }: PointRows): tf.Tensor2D {
  const { encoderInner, encoderOuter, positions } = gpt;
  const C = gpt.config.width;
  const x = tf.tensor2d(points, [B * T, POINT_WIDTH]); // [BT, 2]
  const bent = tf.relu(linear(x, encoderInner.weight, encoderInner.bias)); // [BT, 2C]
  const encoded = linear(bent, encoderOuter.weight, encoderOuter.bias); // [BT, C]
  const first = tf.slice(positions, [0, 0], [T, C]); // [T, C]
  const placed = tf.add(tf.reshape(encoded, [B, T, C]), first); // [B, T, C]
  return tf.reshape(placed, [B * T, C]); // [BT, C]
}

/** One pre-norm block: [BT, C] to [BT, C]. */
function runLayer(
  { config }: Gpt,
  layer: Layer,
  x: tf.Tensor2D,
  { B, T }: PointRows,
  bias: tf.Tensor2D | undefined,
): tf.Tensor2D {
  const { width: C, headCount, isCausal } = config;
  const { projection, attended, inner, outer } = layer;
  const normed = layerNorm(x, layer.attentionNorm); // [BT, C]
  const projected = linear(normed, projection.weight, projection.bias); // [BT, 3C]
  const mixed = attention(tf.reshape(projected, [B, T, 3 * C]), bias, headCount, isCausal); // [B, T, C]
  const flat: tf.Tensor2D = tf.reshape(mixed, [B * T, C]); // [BT, C]
  const middle: tf.Tensor2D = tf.add(x, linear(flat, attended.weight, attended.bias)); // [BT, C]
  const wide = swish(linear(layerNorm(middle, layer.denseNorm), inner.weight, inner.bias)); // [BT, 4C]
  return tf.add(middle, linear(wide, outer.weight, outer.bias)); // [BT, C]
}

/**
 * Hidden states of all points: those of RAW's user embeddings.
 * @param layerCount blocks to run; default all of them and the final norm
 * @returns [B * T, C]; the caller disposes. Throws as `checkPoints`
 */
export function encodePoints(gpt: Gpt, rows: PointRows, layerCount?: number): tf.Tensor2D {
  checkPoints(gpt.config, rows);
  return tf.tidy(() => {
    const bias = pointBias(gpt.config.isCausal, rows); // [B, T]
    let x = embed(gpt, rows); // [BT, C]
    for (const layer of gpt.layers.slice(0, layerCount)) {
      const next = tf.tidy(() => runLayer(gpt, layer, x, rows, bias)); // [BT, C]
      x.dispose();
      x = next;
    }
    return layerCount === undefined ? layerNorm(x, gpt.finalNorm) : x; // [BT, C]
  });
}

/** The head: hidden states [N, C] to the point that comes next, [N, 2]; the caller disposes. */
export function predictNext(
  { headInner, headOuter, headOutput }: Gpt,
  hidden: tf.Tensor2D,
): tf.Tensor2D {
  return tf.tidy(() => {
    const wide = tf.relu(linear(hidden, headInner.weight, headInner.bias)); // [N, 4C]
    const narrow = tf.relu(linear(wide, headOuter.weight, headOuter.bias)); // [N, C]
    return linear(narrow, headOutput.weight, headOutput.bias); // [N, 2]
  });
}
