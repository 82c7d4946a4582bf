import { createPace, type Progress } from "../pace";
import { minimise } from "./lbfgs";
import { addRow, fitScaling, standardise, type LinearModel, type Matrix } from "./linear-model";

export interface LogisticOptions {
  readonly classCount: number;
  /** Strength of the penalty lambda / 2 |W|^2 beside the summed cross-entropy; scikit-learn's 1 / C. */
  readonly lambda: number;
  /** Start from these weights, of a neighbouring lambda. */
  readonly start?: LinearModel | undefined;
  /** Ends when no entry of the mean loss's gradient exceeds this; default 1e-4. */
  readonly tolerance?: number;
  /** Default 200. */
  readonly maxSteps?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Turns logits at[0 .. K-1] into probabilities and gives the logarithm of the sum of their exponentials. */
function softmaxAt(logits: Float64Array, at: number, K: number): number {
  let max = -Infinity;
  for (let k = 0; k < K; k++) max = Math.max(max, logits[at + k]!);
  let sum = 0;
  for (let k = 0; k < K; k++) sum += logits[at + k] = Math.exp(logits[at + k]! - max);
  for (let k = 0; k < K; k++) logits[at + k]! /= sum;
  return max + Math.log(sum);
}

/** Logits to probabilities, row by row and in place, [n, K]. */
export function softmaxRows(logits: Float64Array, K: number): Float64Array {
  for (let at = 0; at < logits.length; at += K) softmaxAt(logits, at, K);
  return logits;
}

/** Mean of -log p(true class) over rows of logits, [n, K]. */
export function logLoss(logits: Float64Array, classes: ArrayLike<number>, K: number): number {
  const copy = logits.slice();
  let sum = 0;
  for (let i = 0; i < classes.length; i++) {
    const truth = logits[i * K + classes[i]!]!;
    sum += softmaxAt(copy, i * K, K) - truth;
  }
  return sum / classes.length;
}

interface Problem {
  readonly x: Float64Array; // [n, C]
  readonly classes: Uint8Array; // [n]
  readonly width: number;
  readonly outputs: number;
  readonly penalty: number; // lambda / n
}

/** Mean cross-entropy + penalty / 2 |W|^2 of the point [C + 1, K], whose last row is the bias. */
function createLoss({ x, classes, width: C, outputs: K, penalty }: Problem) {
  const n = classes.length;
  const errors = new Float64Array(K); // probabilities of one row, then less the truth
  return (point: Float64Array, gradient: Float64Array): number => {
    const weights = point.subarray(0, C * K);
    const model = { width: C, outputs: K, weights };
    let loss = 0;
    gradient.fill(0);
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < K; k++) errors[k] = point[C * K + k]!;
      addRow(model, x, i * C, errors, 0);
      const truth = errors[classes[i]!]!;
      loss += softmaxAt(errors, 0, K) - truth;
      errors[classes[i]!]! -= 1;
      for (let c = 0; c < C; c++) {
        const value = x[i * C + c]!;
        for (let k = 0; k < K; k++) gradient[c * K + k]! += value * errors[k]!;
      }
      for (let k = 0; k < K; k++) gradient[C * K + k]! += errors[k]!;
    }
    let square = 0;
    for (let i = 0; i < gradient.length; i++) gradient[i]! /= n;
    for (let i = 0; i < weights.length; i++) {
      square += weights[i]! * weights[i]!;
      gradient[i]! += penalty * weights[i]!;
    }
    return loss / n + (penalty / 2) * square;
  };
}

/**
 * Multinomial logistic regression by L-BFGS on standardised features, the bias free of penalty.
 * `classes` is addressed by row number like the features. Deterministic: no chance in it.
 */
export async function* fitLogistic(
  features: Matrix, // [N, C]
  classes: ArrayLike<number>, // [N]
  rows: Uint32Array,
  options: LogisticOptions,
): AsyncGenerator<Progress, LinearModel> {
  const { classCount: K, lambda, start, tolerance = 1e-4, maxSteps = 200, signal } = options;
  const pace = createPace(signal);
  const C = features.width;
  const scaling = fitScaling(features, rows);
  const loss = createLoss({
    x: standardise(features, rows, scaling),
    classes: Uint8Array.from(rows, (row) => classes[row]!),
    width: C,
    outputs: K,
    penalty: lambda / rows.length,
  });
  const point = new Float64Array((C + 1) * K);
  if (start) point.set(start.weights);
  if (start) point.set(start.bias, C * K);
  for (const { step } of minimise(loss, point, { tolerance, maxSteps })) {
    if (!pace.due()) continue;
    await pace.rest();
    yield { phase: "fit softmax regression", done: step, total: maxSteps, unit: "steps" };
  }
  const weights = point.slice(0, C * K);
  return { kind: "linear", width: C, outputs: K, weights, bias: point.slice(C * K), ...scaling };
}
