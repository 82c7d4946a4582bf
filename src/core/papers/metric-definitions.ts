import { haversineKm } from "../geo/cells";
import { classificationScores, mean, meanClassDistance, regressionScores } from "../task/metrics";
import { hitShare, kendallTau, meanReciprocalRank } from "../task/ranking";
import { dynamicTimeWarping, geoBleu } from "../task/sequence-metrics";

/** A measure with one example worked out by hand and by the app's own function (DC-06). */
export interface MetricDefinition {
  readonly name: string;
  readonly formula: string;
  readonly better: "more" | "less";
  /** The example by hand. */
  readonly example: string;
  /** What the function gives for the example. */
  readonly value: number;
  readonly unit?: string;
}

/** Ten cells of three classes, and guesses that never name the third. */
const TRUE_CLASSES = [0, 0, 0, 0, 0, 0, 1, 1, 1, 2];
const GUESSED_CLASSES = [0, 0, 0, 0, 0, 1, 1, 1, 0, 0];

const TRUE_NUMBERS = [2, 4, 6, 8];
const GUESSED_NUMBERS = [3, 4, 5, 10];

/** Places of the truth in four lists of guesses, from 0; -1 where it is not in the list. */
const PLACES = [0, 2, -1, 1];

function ofClasses(): MetricDefinition[] {
  const scores = classificationScores(TRUE_CLASSES, GUESSED_CLASSES, 3);
  return [
    {
      name: "accuracy",
      formula: "right guesses / all; the same number as the weighted recall",
      better: "more",
      example: "a a a a a a b b b c guessed as a a a a a b b b a a: 7 of 10",
      value: scores.accuracy,
    },
    {
      name: "balanced accuracy",
      formula: "mean over the classes of the share found",
      better: "more",
      example: "a 5 of 6, b 2 of 3, c 0 of 1: (5/6 + 2/3 + 0) / 3",
      value: scores.balancedAccuracy,
    },
    {
      name: "precision",
      formula: "share of the guesses of a class that are right, weighted by how often it is true",
      better: "more",
      example: "a 5 of 7, b 2 of 3, c never guessed: (6 × 5/7 + 3 × 2/3 + 1 × 0) / 10",
      value: scores.precision,
    },
    {
      name: "recall",
      formula: "share of a class that is found, weighted by how often it is true",
      better: "more",
      example: "(6 × 5/6 + 3 × 2/3 + 1 × 0) / 10",
      value: scores.recall,
    },
    {
      name: "F",
      formula: "2 × both / (true + guessed) of a class, weighted by how often it is true",
      better: "more",
      example: "(6 × 10/13 + 3 × 4/6 + 1 × 0) / 10",
      value: scores.f,
    },
  ];
}

function ofOrder(): MetricDefinition[] {
  return [
    {
      name: "mean decile distance",
      formula: "mean of |guessed − true decile|",
      better: "less",
      example: "deciles 1, 5, 9 guessed as 2, 5, 6: (1 + 0 + 3) / 3",
      value: meanClassDistance([1, 5, 9], [2, 5, 6]),
    },
    {
      name: "Kendall’s tau",
      formula: "(pairs in the same order − pairs in the other) / pairs, ties left out",
      better: "more",
      example: "1, 2, 3, 4 guessed as 1, 3, 2, 4: (5 − 1) / 6",
      value: kendallTau([1, 2, 3, 4], [1, 3, 2, 4]),
    },
  ];
}

function ofNumbers(): MetricDefinition[] {
  const scores = regressionScores(TRUE_NUMBERS, GUESSED_NUMBERS);
  return [
    {
      name: "MAE",
      formula: "mean of |guess − truth|",
      better: "less",
      example: "2, 4, 6, 8 guessed as 3, 4, 5, 10: (1 + 0 + 1 + 2) / 4",
      value: scores.mae,
    },
    {
      name: "MAPE",
      formula: "mean of |guess − truth| / |truth|, without truths near zero",
      better: "less",
      example: "(1/2 + 0/4 + 1/6 + 2/8) / 4",
      value: scores.mape,
    },
    {
      name: "RMSE",
      formula: "square root of the mean of (guess − truth)²",
      better: "less",
      example: "√((1 + 0 + 1 + 4) / 4)",
      value: scores.rmse,
    },
    {
      name: "R2",
      formula: "1 − sum of (guess − truth)² / sum of (truth − mean)²",
      better: "more",
      example: "1 − 6 / (9 + 1 + 1 + 9)",
      value: scores.r2,
    },
    {
      name: "Pearson",
      formula: "covariance / product of the deviations; blind to scale and offset",
      better: "more",
      example: "22 / √(20 × 29)",
      value: scores.pearson,
    },
  ];
}

function ofGuesses(): MetricDefinition[] {
  return [
    {
      name: "Acc@1",
      formula: "share of the truths that are the first guess",
      better: "more",
      example: "first, third, absent, second: 1 of 4",
      value: hitShare(PLACES, 1),
    },
    {
      name: "Acc@5",
      formula: "share of the truths among the first five guesses",
      better: "more",
      example: "first, third, absent, second: 3 of 4",
      value: hitShare(PLACES, 5),
    },
    {
      name: "MRR",
      formula: "mean of 1 / place of the truth, 0 where it is absent",
      better: "more",
      example: "(1 + 1/3 + 0 + 1/2) / 4",
      value: meanReciprocalRank(PLACES),
    },
    {
      name: "perplexity",
      formula: "e to the mean of −ln p(truth)",
      better: "less",
      example: "p = 1/2 and 1/8: √(2 × 8)",
      value: Math.exp(mean([1 / 2, 1 / 8], (p) => -Math.log(p))),
    },
  ];
}

const ON_A_LINE = [0, 1, 2];
const SHORTER = [0, 2];

function ofPlaces(): MetricDefinition[] {
  return [
    {
      name: "haversine",
      formula: "2 r asin √(sin²(Δlat/2) + cos lat cos lat′ sin²(Δlng/2)), r = 6371.0088 km",
      better: "less",
      example: "one degree to the north: 6371.0088 × π / 180",
      value: haversineKm(35, 135, 36, 135),
      unit: "km",
    },
    {
      name: "DTW",
      formula: "least sum of distances of a walk along both sequences at once",
      better: "less",
      example: "places at 0, 1, 2 km and at 0, 2 km of a road: 0 + 1 + 0",
      value: dynamicTimeWarping(3, 2, (i, j) => Math.abs(ON_A_LINE[i]! - SHORTER[j]!)),
      unit: "km",
    },
    {
      name: "GEO-BLEU",
      formula: "geometric mean, over pieces of one, two and three places, of e to −km / 2",
      better: "more",
      example:
        "places at 0, 10 km guessed as 0, 11 km: √((1 + 0.6065) / 2 × 0.6065), as only pieces of one and two fit",
      value: geoBleu(2, 2, (i, j) => Math.abs([0, 11][i]! - [0, 10][j]!)),
    },
  ];
}

/** Every measure of the page, its example computed now. */
export function defineMetrics(): MetricDefinition[] {
  return [...ofClasses(), ...ofOrder(), ...ofNumbers(), ...ofGuesses(), ...ofPlaces()];
}
