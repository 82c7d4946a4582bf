import { createPace, type Progress } from "../pace";
import { minimise } from "./lbfgs";
import { fitScaling, standardise, type LinearModel, type Matrix } from "./linear-model";
import { dot } from "./products";

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

/** Rows whose part of the gradient is added at once: a quarter of the stores. */
const ROWS_A_TURN = 4;

/** Adds sum over 4 rows of errors[row, k] x[row] to the gradient of each output k, [K, C + 1] by rows. */
function addGradient(
  { x, width: C, outputs: K }: Problem,
  from: number,
  errors: Float64Array, // [4, K], zeros behind the last row
  gradient: Float64Array, // [K, C + 1]
): void {
  const last = x.length - C;
  const [x0, x1, x2, x3] = [0, 1, 2, 3].map((row) => Math.min(last, (from + row) * C)) as [
    number,
    number,
    number,
    number,
  ];
  for (let k = 0; k < K; k++) {
    const [e0, e1, e2, e3] = [errors[k]!, errors[K + k]!, errors[2 * K + k]!, errors[3 * K + k]!];
    const at = k * (C + 1);
    for (let c = 0; c < C; c++) {
      gradient[at + c]! += e0 * x[x0 + c]! + e1 * x[x1 + c]! + e2 * x[x2 + c]! + e3 * x[x3 + c]!;
    }
    gradient[at + C]! += e0 + e1 + e2 + e3;
  }
}

/** Mean cross-entropy + penalty / 2 |W|^2 of the point [K, C + 1], whose last column is the bias. */
function createLoss(problem: Problem) {
  const { x, classes, width: C, outputs: K, penalty } = problem;
  const n = classes.length;
  const errors = new Float64Array(ROWS_A_TURN * K); // probabilities of some rows, then less the truth
  return (point: Float64Array, gradient: Float64Array): number => {
    let loss = 0;
    gradient.fill(0);
    for (let from = 0; from < n; from += ROWS_A_TURN) {
      errors.fill(0);
      for (let i = from; i < Math.min(n, from + ROWS_A_TURN); i++) {
        const row = (i - from) * K;
        for (let k = 0; k < K; k++) {
          const at = k * (C + 1);
          errors[row + k] = point[at + C]! + dot(point, at, x, i * C, C);
        }
        const truth = errors[row + classes[i]!]!;
        loss += softmaxAt(errors, row, K) - truth;
        errors[row + classes[i]!]! -= 1;
      }
      addGradient(problem, from, errors, gradient);
    }
    let square = 0;
    for (let i = 0; i < gradient.length; i++) {
      gradient[i]! /= n;
      if (i % (C + 1) === C) continue; // the bias is free
      square += point[i]! * point[i]!;
      gradient[i]! += penalty * point[i]!;
    }
    return loss / n + (penalty / 2) * square;
  };
}

/** [K, C + 1] with the bias last, as the loss wants it. */
function toPoint({ weights, bias, width: C, outputs: K }: LinearModel): Float64Array {
  const at = (i: number): [k: number, c: number] => [Math.floor(i / (C + 1)), i % (C + 1)];
  return Float64Array.from({ length: K * (C + 1) }, (_, i) => {
    const [k, c] = at(i);
    return c === C ? bias[k]! : weights[c * K + k]!;
  });
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
  const point = start ? toPoint(start) : new Float64Array((C + 1) * K);
  for (const { step } of minimise(loss, point, { tolerance, maxSteps })) {
    if (!pace.due()) continue;
    await pace.rest();
    yield { phase: "fit softmax regression", done: step, total: maxSteps, unit: "steps" };
  }
  const weights = Float64Array.from(
    { length: C * K },
    (_, i) => point[(i % K) * (C + 1) + Math.floor(i / K)]!,
  ); // [C, K]
  const bias = Float64Array.from({ length: K }, (_, k) => point[k * (C + 1) + C]!);
  return { kind: "linear", width: C, outputs: K, weights, bias, ...scaling };
}
