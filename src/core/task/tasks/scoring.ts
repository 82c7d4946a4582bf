import { haversineKm } from "../../geo/cells";
import type { Places } from "../coordinates";
import { classificationScores, meanClassDistance, mean, regressionScores } from "../metrics";
import { median } from "../quantiles";
import { hitShare, kendallTau, meanReciprocalRank } from "../ranking";
import type { MetricName, MetricValues } from "./metric-names";
import type { Labels } from "./types";

/** What somebody answers for some examples: one class, D numbers, or cells with the best guess first. */
export type Answers =
  | {
      readonly kind: "classes";
      readonly classes: ArrayLike<number>; // [rows]
      /** How likely the answer is held to be, 0 to 1; absent where nothing is said of it. */
      readonly confidence?: ArrayLike<number>; // [rows]
    }
  | { readonly kind: "numbers"; readonly values: ArrayLike<number> /* [rows, D] */ }
  | { readonly kind: "cells"; readonly ranked: readonly (readonly number[])[] /* [rows] */ };

/** The likeliest class of each row of scores [rows, K] before the softmax, and its probability. */
export function likeliestClasses(scores: ArrayLike<number>, K: number): Answers {
  const rows = scores.length / K;
  const classes = new Int32Array(rows);
  const confidence = new Float64Array(rows);
  for (let n = 0; n < rows; n++) {
    let best = 0;
    for (let k = 1; k < K; k++) if (scores[n * K + k]! > scores[n * K + best]!) best = k;
    let sum = 0;
    for (let k = 0; k < K; k++) sum += Math.exp(scores[n * K + k]! - scores[n * K + best]!);
    classes[n] = best;
    confidence[n] = 1 / sum;
  }
  return { kind: "classes", classes, confidence };
}

/** Labels of some examples, in their order. */
export function takeLabels(labels: Labels, rows: ArrayLike<number>): Labels {
  const pick = (values: ArrayLike<number>): number[] => Array.from(rows, (row) => values[row]!);
  if (labels.kind === "classes")
    return { ...labels, classes: Int32Array.from(pick(labels.classes)) };
  if (labels.kind === "cells") return { ...labels, cells: Uint32Array.from(pick(labels.cells)) };
  const D = labels.names.length;
  const targets = new Float32Array(rows.length * D);
  for (let i = 0; i < rows.length; i++) {
    targets.set(labels.targets.subarray(rows[i]! * D, (rows[i]! + 1) * D), i * D);
  }
  return { ...labels, targets };
}

/** Labels of one task, one after the other. */
export function joinLabels(first: Labels, second: Labels): Labels {
  if (first.kind === "classes" && second.kind === "classes") {
    return { ...first, classes: Int32Array.from([...first.classes, ...second.classes]) };
  }
  if (first.kind === "numbers" && second.kind === "numbers") {
    return { ...first, targets: Float32Array.from([...first.targets, ...second.targets]) };
  }
  if (first.kind === "cells" && second.kind === "cells") {
    return { ...first, cells: Uint32Array.from([...first.cells, ...second.cells]) };
  }
  throw new Error(`labels of one task: ${first.kind} and ${second.kind}`);
}

/** The same for answers. */
export function takeAnswers(answers: Answers, rows: ArrayLike<number>, D: number): Answers {
  if (answers.kind === "cells") {
    return { kind: "cells", ranked: Array.from(rows, (row) => answers.ranked[row]!) };
  }
  if (answers.kind === "classes") {
    const { classes, confidence } = answers;
    const pick = (values: ArrayLike<number>): number[] => Array.from(rows, (row) => values[row]!);
    return {
      kind: "classes",
      classes: pick(classes),
      ...(confidence && { confidence: pick(confidence) }),
    };
  }
  const { values } = answers;
  const picked = Array.from({ length: rows.length * D }, (_, at) => {
    return values[rows[Math.floor(at / D)]! * D + (at % D)]!;
  });
  return { kind: "numbers", values: picked };
}

/** Column d of rows of D numbers. */
const column = (values: ArrayLike<number>, D: number, d: number): Float64Array =>
  Float64Array.from({ length: values.length / D }, (_, row) => values[row * D + d]!);

function scorePlaces(
  targets: ArrayLike<number>,
  values: ArrayLike<number>,
  [lat0, lng0]: readonly [number, number],
): MetricValues {
  const [lat, lng] = [0, 1].map((d) =>
    regressionScores(column(targets, 2, d), column(values, 2, d)),
  );
  const km = Float64Array.from({ length: targets.length / 2 }, (_, n) => {
    const [a, b] = [2 * n, 2 * n + 1];
    return haversineKm(
      lat0 + targets[a]!,
      lng0 + targets[b]!,
      lat0 + values[a]!,
      lng0 + values[b]!,
    );
  });
  return {
    latMae: lat!.mae,
    latRmse: lat!.rmse,
    lngMae: lng!.mae,
    lngRmse: lng!.rmse,
    km: mean(km),
  };
}

function scoreCells(
  truths: Uint32Array,
  ranked: readonly (readonly number[])[],
  { lat, lng }: Places,
): MetricValues {
  const ranks = ranked.map((guesses, n) => guesses.indexOf(truths[n]!));
  const km = Float64Array.from(truths, (truth, n) => {
    const first = ranked[n]![0]!;
    return haversineKm(lat[first]!, lng[first]!, lat[truth]!, lng[truth]!);
  });
  const hits = {
    hits1: hitShare(ranks, 1),
    hits5: hitShare(ranks, 5),
    hits10: hitShare(ranks, 10),
  };
  return { ...hits, mrr: meanReciprocalRank(ranks), km: mean(km), medianKm: median(km) };
}

function scoreClasses(
  { classes, names, isOrdered }: Labels & { kind: "classes" },
  guessed: ArrayLike<number>,
): MetricValues {
  const { kind: _, count: __, ...scores } = classificationScores(classes, guessed, names.length);
  if (!isOrdered) return scores;
  const tau = kendallTau(classes, guessed);
  return { ...scores, deciles: meanClassDistance(classes, guessed), kendall: tau };
}

function scoreAll(labels: Labels, answers: Answers, centres: Places): MetricValues {
  if (labels.kind === "classes" && answers.kind === "classes") {
    return scoreClasses(labels, answers.classes);
  }
  if (labels.kind === "cells" && answers.kind === "cells") {
    return scoreCells(labels.cells, answers.ranked, centres);
  }
  if (labels.kind !== "numbers" || answers.kind !== "numbers") return {};
  if (labels.centre) return scorePlaces(labels.targets, answers.values, labels.centre);
  const { mae, mape, rmse, r2 } = regressionScores(labels.targets, answers.values);
  return { mae, mape, rmse, r2 };
}

/**
 * The scores of a task's table for answers beside their labels, in the order of `metrics`. What cannot be told
 * (R2 of equal truths, say) is absent, never NaN.
 */
export function scoreAnswers(
  labels: Labels,
  answers: Answers,
  { metrics, centres }: { metrics: readonly MetricName[]; centres: Places },
): MetricValues {
  const all = scoreAll(labels, answers, centres);
  const known = metrics.filter((name) => Number.isFinite(all[name]));
  return Object.fromEntries(known.map((name) => [name, all[name]!]));
}
