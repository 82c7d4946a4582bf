import * as tf from "@tensorflow/tfjs-core";

/** Added to the attention scores of padding; e^-10000 is 0 in any float (BERT's own constant). */
export const PADDING_BIAS = -1e4;

/** Names of the fused kernels; an engine that registers one gets it, the others compose tfjs operations. */
export const FUSED = {
  attention: "FootfallAttention",
  layerNorm: "FootfallLayerNorm",
  gelu: "FootfallGelu",
  causalAttention: "FootfallCausalAttention",
  rows: "FootfallRows",
  linear: "FootfallLinear",
  linearGelu: "FootfallLinearGelu",
  linearHalf: "FootfallLinearHalf",
} as const;

/** A fused kernel's result, or undefined where the current engine has none or cannot take these shapes. */
export function runFused<T extends tf.Tensor | tf.Tensor[] = tf.Tensor>(
  name: string,
  inputs: tf.NamedTensorMap,
  attributes: Record<string, number>,
): T | undefined {
  if ((tf.getKernel(name, tf.getBackend()) as object | undefined) === undefined) return undefined;
  return tf.engine().runKernel<T>(name, inputs, attributes);
}

/** The fused kernels work on four floats at a time. */
const isVectorWidth = (size: number): boolean => size % 4 === 0;

/** Whether fused kernels can take rows and columns of all these sizes. */
export const areVectors = (...sizes: number[]): boolean => sizes.every(isVectorWidth);

/** What attention is given: queries, keys and values that are projected already. */
export interface AttentionInput {
  /** Side by side. */
  readonly projected: tf.Tensor3D; // [B, T, 3C]
  /** Added to the scores of each key; undefined where nothing is padded. */
  readonly bias: tf.Tensor2D | undefined; // [B, T]
  readonly headCount: number;
  /** No token sees a later one. */
  readonly isCausal?: boolean;
}

/** Heads side by side [B, T, C] as [B, H, T, D]. */
export function splitHeads(x: tf.Tensor, headCount: number): tf.Tensor4D {
  const [B, T, C] = x.shape as [number, number, number];
  const heads: tf.Tensor4D = tf.reshape(x, [B, T, headCount, C / headCount]); // [B, T, H, D]
  return tf.transpose<tf.Tensor4D>(heads, [0, 2, 1, 3]); // [B, H, T, D]
}

/** And back. */
export function joinHeads(x: tf.Tensor4D): tf.Tensor3D {
  const [B, H, T, D] = x.shape;
  return tf.reshape(tf.transpose(x, [0, 2, 1, 3]), [B, T, H * D]); // [B, T, C]
}

/** What is added to the scores of each query and key, [1, 1, T, T]: nobody sees what comes later. */
function causalBias(T: number): tf.Tensor4D {
  return tf.tidy(() => {
    const places = tf.range(0, T); // [T]
    const isLater = tf.greater(tf.reshape(places, [1, T]), tf.reshape(places, [T, 1])); // [T, T]
    return tf.reshape(tf.mul(tf.cast(isLater, "float32"), PADDING_BIAS), [1, 1, T, T]);
  });
}

/** Scores with what is added to those of padding, and of later keys where the attention is causal. */
function addBiases(
  products: tf.Tensor, // [B, H, T, T]
  bias: tf.Tensor2D | undefined, // [B, T]
  isCausal: boolean,
): tf.Tensor {
  const [B, , T] = products.shape as [number, number, number, number];
  const padded = bias === undefined ? products : tf.add(products, tf.reshape(bias, [B, 1, 1, T])); // [B, H, T, T]
  return isCausal ? tf.add(padded, causalBias(T)) : padded; // [B, H, T, T]
}

/** Queries, keys and values [B, H, T, D], and each query's shares of the keys [B, H, T, T], by tfjs operations. */
export function composeShares({ projected, bias, headCount, isCausal = false }: AttentionInput) {
  const D = projected.shape[2] / 3 / headCount;
  const [query, key, value] = tf.split(projected, 3, 2).map((x) => splitHeads(x, headCount)); // 3 x [B, H, T, D]
  const products = tf.mul(tf.matMul(query!, key!, false, true), D ** -0.5); // [B, H, T, T]
  const shares = tf.softmax(addBiases(products, bias, isCausal)) as tf.Tensor4D; // [B, H, T, T]
  return { query: query!, key: key!, value: value!, shares };
}

function composeAttention(input: AttentionInput): tf.Tensor3D {
  const { value, shares } = composeShares(input);
  return joinHeads(tf.matMul(shares, value)); // [B, T, C]
}

/**
 * Multi-head attention of already projected queries, keys and values.
 * @param projected [B, T, 3C]: query, key and value side by side
 * @param bias [B, T] added to the scores of each key, or undefined where nothing is padded
 * @param isCausal no token sees a later one
 * @returns [B, T, C], owned by the caller
 */
export function attention(
  projected: tf.Tensor3D,
  bias: tf.Tensor2D | undefined,
  headCount: number,
  isCausal = false,
): tf.Tensor3D {
  const width = projected.shape[2] / 3 / headCount;
  const inputs: tf.NamedTensorMap = bias === undefined ? { projected } : { projected, bias };
  const kernel = isCausal ? FUSED.causalAttention : FUSED.attention;
  const fused = isVectorWidth(width) ? runFused(kernel, inputs, { headCount }) : undefined;
  return (
    (fused as tf.Tensor3D | undefined) ??
    tf.tidy(() => composeAttention({ projected, bias, headCount, isCausal }))
  );
}

function composeLayerNorm(x: tf.Tensor2D, norm: Norm): tf.Tensor2D {
  const centred = tf.sub(x, tf.mean(x, -1, true)); // [N, C]
  const variance = tf.mean(tf.square(centred), -1, true); // [N, 1]
  const scale = tf.rsqrt(tf.add(variance, norm.epsilon)); // [N, 1]
  return tf.add(tf.mul(tf.mul(centred, scale), norm.weight), norm.bias); // [N, C]
}

/** Parameters of a layer normalisation, [C] each. */
export interface Norm {
  readonly weight: tf.Tensor1D;
  readonly bias: tf.Tensor1D;
  readonly epsilon: number;
}

/**
 * Layer normalisation of x + y over the last axis.
 * @param x [N, C]
 * @param y [N, C], or fewer rows that repeat (positions under a batch): N is a multiple of them
 * @returns [N, C], owned by the caller
 */
export function addAndNorm(x: tf.Tensor2D, y: tf.Tensor2D, norm: Norm): tf.Tensor2D {
  const [N, C] = x.shape;
  const rows = y.shape[0];
  const inputs = { x, y, weight: norm.weight, bias: norm.bias };
  const fused = isVectorWidth(C)
    ? runFused(FUSED.layerNorm, inputs, { epsilon: norm.epsilon })
    : undefined;
  if (fused !== undefined) return fused as tf.Tensor2D;
  return tf.tidy(() => {
    const sum = tf.add(tf.reshape(x, [N / rows, rows, C]), y); // [N / rows, rows, C]
    return composeLayerNorm(tf.reshape(sum, [N, C]), norm); // [N, C]
  });
}

/** Layer normalisation over the last axis: [N, C] to [N, C], owned by the caller. */
export function layerNorm(x: tf.Tensor2D, norm: Norm): tf.Tensor2D {
  const inputs = { x, weight: norm.weight, bias: norm.bias };
  const fused = isVectorWidth(x.shape[1])
    ? runFused(FUSED.layerNorm, inputs, { epsilon: norm.epsilon })
    : undefined;
  return (fused as tf.Tensor2D | undefined) ?? tf.tidy(() => composeLayerNorm(x, norm));
}

/** x times the normal distribution function of x (Hendrycks and Gimpel 2016), the exact form with erf. */
export function gelu(x: tf.Tensor2D): tf.Tensor2D {
  const fused = isVectorWidth(x.size) ? runFused(FUSED.gelu, { x }, {}) : undefined;
  if (fused !== undefined) return fused as tf.Tensor2D;
  return tf.tidy(() =>
    tf.mul<tf.Tensor2D>(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1)),
  ); // [N, F]
}

/** The approximation of GELU by tanh, which some checkpoints were trained with ("gelu_new"). */
export function geluTanh(x: tf.Tensor2D): tf.Tensor2D {
  return tf.tidy(() => {
    const cube = tf.mul(tf.square(x), tf.mul(x, 0.044715)); // [N, F]
    const inner = tf.tanh(tf.mul(tf.add(x, cube), Math.sqrt(2 / Math.PI))); // [N, F]
    return tf.mul<tf.Tensor2D>(tf.mul(x, 0.5), tf.add(inner, 1)); // [N, F]
  });
}

/** x times the logistic function of x (Ramachandran et al. 2017), as RAW bends inside its blocks. */
export function swish(x: tf.Tensor2D): tf.Tensor2D {
  return tf.tidy(() => tf.mul<tf.Tensor2D>(x, tf.sigmoid(x))); // [N, F]
}

/**
 * Rows of a table by number: table [R, C], numbers [N] -> [N, C], owned by the caller. Numbers are not
 * checked here: tfjs is silently wrong for one outside the table, so callers check on the CPU.
 */
export function takeRows(table: tf.Tensor2D, numbers: tf.Tensor1D): tf.Tensor2D {
  const fused = runFused(FUSED.rows, { table, numbers }, {});
  return (fused as tf.Tensor2D | undefined) ?? tf.gather<tf.Tensor2D>(table, numbers);
}

/** Whether the engine multiplies weights [I, O] that are kept as halves: where its graphics card works with them. */
export function takesHalves(I: number, O: number): boolean {
  const kernel = tf.getKernel(FUSED.linearHalf, tf.getBackend()) as object | undefined;
  return kernel !== undefined && areVectors(I, O);
}

/**
 * x W + b: [N, I] x [I, O] + [O] -> [N, O], owned by the caller.
 * @param weight [I, O], or where the engine `takesHalves` whole numbers [I, O / 2] of two halves each
 */
export function linear(x: tf.Tensor2D, weight: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D {
  if (weight.dtype === "int32") return runFused(FUSED.linearHalf, { x, weight, bias }, {})!;
  const fused = isVectorWidth(x.shape[1])
    ? runFused(FUSED.linear, { x, weight, bias }, {})
    : undefined;
  if (fused !== undefined) return fused as tf.Tensor2D;
  return tf.fused.matMul({ a: x, b: weight, bias }) as tf.Tensor2D; // [N, O]
}

/** GELU of x W + b, weights as in `linear`: [N, I] x [I, O] + [O] -> [N, O], owned by the caller. */
export function linearGelu(x: tf.Tensor2D, weight: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D {
  const inputs = { x, weight, bias };
  if (weight.dtype === "int32") return runFused(FUSED.linearHalf, inputs, { bends: 1 })!;
  const fused = isVectorWidth(x.shape[1]) ? runFused(FUSED.linearGelu, inputs, {}) : undefined;
  return (fused as tf.Tensor2D | undefined) ?? tf.tidy(() => gelu(linear(x, weight, bias)));
}
