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

/** adds x W + b for one standardised row `x` at `from`, into out[at .. at + K - 1]. */
export function addRow(
  model: Pick<LinearModel, "width" | "outputs" | "weights">,
  x: Float64Array,
  from: number,
  out: Float64Array,
  at: number,
): void {
  const { width, outputs, weights } = model;
  for (let c = 0; c < width; c++) {
    const value = x[from + c]!;
    const w = c * outputs;
    for (let k = 0; k < outputs; k++) out[at + k]! += value * weights[w + k]!;
  }
}

/** The model's outputs for the given rows, [rows, K]: values for ridge, logits for classes. */
export function applyLinear(model: LinearModel, features: Matrix, rows: Uint32Array): Float64Array {
  const K = model.outputs;
  const out = new Float64Array(rows.length * K);
  const row = Uint32Array.of(0);
  for (let i = 0; i < rows.length; i++) {
    row[0] = rows[i]!;
    out.set(model.bias, i * K);
    addRow(model, standardise(features, row, model), 0, out, i * K);
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
