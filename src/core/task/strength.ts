/** Choosing how strongly a linear probe is held back, on validation cells. */
import type { Progress } from "../pace";
import { applyLinear, type LinearModel, type Matrix } from "./linear-model";
import { fitLogistic, logLoss } from "./logistic";
import { fitRidge } from "./ridge";

/** Penalties for each row of training data, weak to strong; half decades. */
const RIDGE_STRENGTHS = [1e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 3e-1, 1, 3, 10];
/** Strong to weak: each fit starts from the one before, and the search ends when validation gets worse. */
const LOGISTIC_STRENGTHS = [1, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001];
/** Gradient at which a fit of the search is good enough to be compared. */
const SEARCH_TOLERANCE = 1e-3;

/** Rows to fit on, and rows that choose. */
export interface LearnRows {
  readonly train: Uint32Array;
  readonly validation: Uint32Array;
  readonly signal?: AbortSignal | undefined;
}

/** A probe fitted on training and validation rows with the chosen strength. */
export interface ChosenModel {
  readonly model: LinearModel;
  /** The same before it learnt from the validation rows: the one to judge on those. */
  readonly searched: LinearModel;
  /** Penalty for each row. */
  readonly strength: number;
  /** Mean squared error or mean -log p of `searched` on the validation rows. */
  readonly validationLoss: number;
}

const join = ({ train, validation }: LearnRows): Uint32Array =>
  Uint32Array.from([...train, ...validation]);

function squaredError(model: LinearModel, x: Matrix, y: Matrix, rows: Uint32Array): number {
  const outputs = applyLinear(model, x, rows);
  let sum = 0;
  rows.forEach((row, i) => {
    for (let k = 0; k < y.width; k++) {
      sum += (outputs[i * y.width + k]! - y.data[row * y.width + k]!) ** 2;
    }
  });
  return sum / rows.length;
}

/** Ridge regression with the strength that validates best, not yet fitted on the validation rows. */
export async function* searchRidge(
  x: Matrix, // [N, C]
  y: Matrix, // [N, K]
  { train, validation, signal }: LearnRows,
): AsyncGenerator<Progress, Omit<ChosenModel, "model">> {
  const lambdas = RIDGE_STRENGTHS.map((strength) => strength * train.length);
  const models = yield* fitRidge(x, y, train, { lambdas, signal });
  const losses = models.map((model) => squaredError(model, x, y, validation));
  const validationLoss = Math.min(...losses);
  const best = losses.indexOf(validationLoss);
  return { searched: models[best]!, strength: RIDGE_STRENGTHS[best]!, validationLoss };
}

/** The same, then fitted on all rows. */
export async function* chooseRidge(
  x: Matrix, // [N, C]
  y: Matrix, // [N, K]
  rows: LearnRows,
): AsyncGenerator<Progress, ChosenModel> {
  const chosen = yield* searchRidge(x, y, rows);
  const all = join(rows);
  const options = { lambdas: [chosen.strength * all.length], signal: rows.signal };
  const [model] = yield* fitRidge(x, y, all, options);
  return { model: model!, ...chosen };
}

/** Softmax regression with the strength that validates best. */
export async function* chooseLogistic(
  x: Matrix, // [N, C]
  classes: Uint8Array, // [N]
  classCount: number,
  rows: LearnRows,
): AsyncGenerator<Progress, ChosenModel> {
  const { train, validation, signal } = rows;
  const truth = Uint8Array.from(validation, (row) => classes[row]!);
  let best: Omit<ChosenModel, "model"> | undefined;
  let start: LinearModel | undefined;
  for (const strength of LOGISTIC_STRENGTHS) {
    const lambda = strength * train.length;
    const options = { classCount, lambda, start, tolerance: SEARCH_TOLERANCE, signal };
    const searched = yield* fitLogistic(x, classes, train, options);
    const validationLoss = logLoss(applyLinear(searched, x, validation), truth, classCount);
    if (best && validationLoss > best.validationLoss) break;
    best = { searched, strength, validationLoss };
    start = searched;
  }
  const all = join(rows);
  const options = { classCount, lambda: best!.strength * all.length, start, signal };
  return { ...best!, model: yield* fitLogistic(x, classes, all, options) };
}
