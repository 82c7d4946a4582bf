import { dot } from "./products";

/** Rows of numbers, [N, C]; `data[n * width + c]`. */
export interface Matrix {
  readonly data: Float32Array | Float64Array;
  readonly width: number;
}

/** What standardising takes away and divides by, [C] each. A constant column keeps scale 1. */
export interface Scaling {
  readonly mean: Float64Array;
  readonly scale: Float64Array;
}

/** A linear map of standardised features: plain columns, so that it can cross to a worker or into a file. */
export interface LinearModel extends Scaling {
  readonly kind: "linear";
  readonly width: number; // C
  readonly outputs: number; // K
  readonly weights: Float64Array; // [C, K]
  readonly bias: Float64Array; // [K]
}

/** Mean and population deviation of the columns over the given rows. */
export function fitScaling({ data, width }: Matrix, rows: Uint32Array): Scaling {
  const mean = new Float64Array(width);
  const scale = new Float64Array(width);
  for (const row of rows) {
    for (let c = 0; c < width; c++) mean[c]! += data[row * width + c]!;
  }
  for (let c = 0; c < width; c++) mean[c]! /= rows.length;
  for (const row of rows) {
    for (let c = 0; c < width; c++) scale[c]! += (data[row * width + c]! - mean[c]!) ** 2;
  }
  // rounding leaves a constant column a deviation of about 1e-16 of its size
  const isConstant = (deviation: number, c: number): boolean =>
    deviation <= 1e-12 * Math.abs(mean[c]!);
  for (let c = 0; c < width; c++) {
    const deviation = Math.sqrt(scale[c]! / rows.length);
    scale[c] = isConstant(deviation, c) ? 1 : deviation;
  }
  return { mean, scale };
}

/** The given rows standardised, [rows, C]. */
export function standardise(
  { data, width }: Matrix,
  rows: Uint32Array,
  { mean, scale }: Scaling,
): Float64Array {
  const out = new Float64Array(rows.length * width);
  for (let i = 0; i < rows.length; i++) {
    const from = rows[i]! * width;
    for (let c = 0; c < width; c++) out[i * width + c] = (data[from + c]! - mean[c]!) / scale[c]!;
  }
  return out;
}

/** The same map of features as they are: each output's weights in one piece, [K, C], and its bias. */
export function unscale({ width: C, outputs: K, weights, bias, mean, scale }: LinearModel): {
  rows: Float64Array;
  bias: Float64Array;
} {
  const rows = new Float64Array(K * C);
  for (let k = 0; k < K; k++) {
    for (let c = 0; c < C; c++) rows[k * C + c] = weights[c * K + k]! / scale[c]!;
  }
  return { rows, bias: bias.map((b, k) => b - dot(rows, k * C, mean, 0, C)) };
}

/** The model's outputs for the given rows, [rows, K]: values for ridge, logits for classes. */
export function applyLinear(model: LinearModel, features: Matrix, rows: Uint32Array): Float64Array {
  const { width: C, outputs: K } = model;
  const raw = unscale(model);
  const out = new Float64Array(rows.length * K);
  const x = new Float64Array(C);
  for (let i = 0; i < rows.length; i++) {
    x.set(features.data.subarray(rows[i]! * C, (rows[i]! + 1) * C));
    for (let k = 0; k < K; k++) out[i * K + k] = raw.bias[k]! + dot(raw.rows, k * C, x, 0, C);
  }
  return out;
}

/** The class of the largest output of each row, [rows]. */
export function largestOutput(outputs: Float64Array, K: number): Uint8Array {
  const classes = new Uint8Array(outputs.length / K);
  for (let i = 0; i < classes.length; i++) {
    let best = 0;
    for (let k = 1; k < K; k++) if (outputs[i * K + k]! > outputs[i * K + best]!) best = k;
    classes[i] = best;
  }
  return classes;
}

/** Row numbers 0 .. count - 1. */
export function allRows(count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, i) => i);
}
