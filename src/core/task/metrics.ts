/**
 * The scores of paper 1, A.4.1, and those that the paper's tables leave open. Formulas stand in
 * docs/metrics.md; every function is compared with scikit-learn in metrics.test.ts.
 */

/** Scores of a classification of `count` items. All are shares from 0 to 1, higher is better. */
export interface ClassificationScores {
  readonly kind: "classification";
  readonly count: number;
  /** Share of items guessed right: the same number as the weighted recall. */
  readonly accuracy: number;
  /** Mean recall of the classes that occur in the truth: what the paper's "Accuracy" seems to be. */
  readonly balancedAccuracy: number;
  /** Precision, recall and F of each class, weighted by how often the class is true. */
  readonly precision: number;
  readonly recall: number;
  readonly f: number;
}

/** Scores of a regression of `count` items; errors are in the unit of the target. */
export interface RegressionScores {
  readonly kind: "regression";
  readonly count: number;
  readonly mae: number;
  /** Mean |error| / |truth| over the `mapeCount` items whose truth is far enough from zero; NaN when none is. */
  readonly mape: number;
  readonly mapeCount: number;
  readonly rmse: number;
  /** 1 - squared error / variance; below 0 when worse than the mean. NaN when the truth is constant. */
  readonly r2: number;
  /** Pearson's correlation; NaN when either side is constant. */
  readonly pearson: number;
}

export type Scores = ClassificationScores | RegressionScores;

/** counts[true class * classCount + guessed class], [K, K]. */
export function confusionMatrix(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classCount: number,
): Uint32Array {
  const counts = new Uint32Array(classCount * classCount);
  for (let i = 0; i < truth.length; i++) counts[truth[i]! * classCount + predicted[i]!]!++;
  return counts;
}

/** How often one class was true, guessed, and both. */
function countClass(matrix: Uint32Array, classCount: number, k: number) {
  let truth = 0;
  let predicted = 0;
  for (let j = 0; j < classCount; j++) {
    truth += matrix[k * classCount + j]!;
    predicted += matrix[j * classCount + k]!;
  }
  return { truth, predicted, hits: matrix[k * classCount + k]! };
}

/** Scores of guessed classes 0 .. classCount - 1; a ratio with nothing below the line counts as 0. */
export function classificationScores(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classCount: number,
): ClassificationScores {
  const matrix = confusionMatrix(truth, predicted, classCount);
  const count = truth.length;
  const sums = { hits: 0, precision: 0, f: 0, recalls: 0, classes: 0 };
  for (let k = 0; k < classCount; k++) {
    const of = countClass(matrix, classCount, k);
    if (of.truth === 0) continue; // no weight in the weighted scores, no recall to average
    sums.hits += of.hits;
    sums.classes++;
    sums.recalls += of.hits / of.truth;
    if (of.predicted > 0) sums.precision += (of.truth * of.hits) / of.predicted;
    sums.f += (of.truth * 2 * of.hits) / (of.truth + of.predicted);
  }
  return {
    kind: "classification",
    count,
    accuracy: sums.hits / count,
    balancedAccuracy: sums.recalls / sums.classes,
    precision: sums.precision / count,
    recall: sums.hits / count,
    f: sums.f / count,
  };
}

/** Below this share of the mean |truth| an item is left out of the percentage error: it would rule it alone. */
export const MAPE_FLOOR_SHARE = 0.01;

/** Scores of predicted numbers. `mapeFloor` is in the target's unit; default 1 % of the mean |truth|. */
export function regressionScores(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  { mapeFloor }: { mapeFloor?: number } = {},
): RegressionScores {
  const count = truth.length;
  const means = { truth: mean(truth), predicted: mean(predicted), size: mean(truth, Math.abs) };
  const floor = mapeFloor ?? MAPE_FLOOR_SHARE * means.size;
  const sums = { error: 0, square: 0, share: 0, shares: 0, tt: 0, pp: 0, tp: 0 };
  for (let i = 0; i < count; i++) {
    const error = predicted[i]! - truth[i]!;
    sums.error += Math.abs(error);
    sums.square += error * error;
    const t = truth[i]! - means.truth;
    const p = predicted[i]! - means.predicted;
    sums.tt += t * t;
    sums.pp += p * p;
    sums.tp += t * p;
    if (truth[i] === 0 || Math.abs(truth[i]!) < floor) continue;
    sums.share += Math.abs(error / truth[i]!);
    sums.shares++;
  }
  // rounding leaves equal numbers a spread of about 1e-16 of their size
  const hasSpread = {
    truth: sums.tt > 1e-24 * count * means.truth ** 2,
    predicted: sums.pp > 1e-24 * count * means.predicted ** 2,
  };
  return {
    kind: "regression",
    count,
    mae: sums.error / count,
    mape: sums.share / sums.shares,
    mapeCount: sums.shares,
    rmse: Math.sqrt(sums.square / count),
    r2: hasSpread.truth ? 1 - sums.square / sums.tt : NaN,
    pearson: hasSpread.truth && hasSpread.predicted ? sums.tp / Math.sqrt(sums.tt * sums.pp) : NaN,
  };
}

/** Mean |guessed class - true class|: 0 is perfect, 3.3 is chance on ten equal deciles. */
export function meanClassDistance(truth: ArrayLike<number>, predicted: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < truth.length; i++) sum += Math.abs(truth[i]! - predicted[i]!);
  return sum / truth.length;
}

/** Mean of numbers, or of what `by` makes of them. NaN when there is none. */
export function mean(values: ArrayLike<number>, by?: (value: number) => number): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += by ? by(values[i]!) : values[i]!;
  return sum / values.length;
}
