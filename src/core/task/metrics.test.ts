import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { classificationScores, meanClassDistance, regressionScores } from "./metrics";
import { decileEdges, valuesToDeciles } from "../truth/deciles";
import { bootstrapInterval, median } from "./quantiles";

const reference = JSON.parse(
  readFileSync(new URL("../../../test/reference/metrics.json", import.meta.url), "utf8"),
);
/** Both sides add up doubles in another order. */
const DIGITS = 12;

describe("classificationScores", () => {
  it.each([0, 1])("equals scikit-learn, case %i", (n) => {
    const wanted = reference.classification[n];
    const scores = classificationScores(wanted.truth, wanted.predicted, 5);
    for (const name of ["accuracy", "balancedAccuracy", "precision", "recall", "f"] as const) {
      expect(scores[name], name).toBeCloseTo(wanted[name], DIGITS);
    }
  });

  it("does not confuse plain and balanced accuracy on unequal classes", () => {
    const scores = classificationScores([0, 0, 0, 1], [0, 0, 0, 0], 2);
    expect(scores).toMatchObject({ accuracy: 0.75, recall: 0.75, balancedAccuracy: 0.5 });
  });
});

describe("regressionScores", () => {
  it("equals scikit-learn and SciPy", () => {
    const wanted = reference.regression[0];
    const scores = regressionScores(wanted.truth, wanted.predicted, { mapeFloor: 0 });
    for (const name of ["mae", "mape", "rmse", "r2", "pearson"] as const) {
      expect(scores[name], name).toBeCloseTo(wanted[name], DIGITS);
    }
  });

  it("leaves truths near zero out of the percentage error and says how many are left", () => {
    const scores = regressionScores([0, 1e-9, 10, 20], [5, 5, 11, 18]);
    expect(scores.mape).toBeCloseTo(0.1, DIGITS);
    expect(scores.mapeCount).toBe(2);
  });

  it("has no R2 for a constant truth", () => {
    expect(regressionScores([3, 3], [1, 2]).r2).toBeNaN();
    const same = Array.from({ length: 7 }, () => 0.1);
    expect(regressionScores([1, 2, 3, 4, 5, 6, 7], same).pearson).toBeNaN();
  });
});

describe("deciles", () => {
  it("has NumPy's edges", () => {
    const edges = decileEdges(reference.deciles.values);
    reference.deciles.edges.forEach((edge: number, k: number) => {
      expect(edges[k]).toBeCloseTo(edge, DIGITS);
    });
  });

  it("puts a tenth of the values in each", () => {
    const values = Float64Array.from({ length: 100 }, (_, i) => (i * 37) % 100);
    const deciles = valuesToDeciles(values, decileEdges(values));
    const counts = Array.from({ length: 10 }, (_, k) => deciles.filter((d) => d === k).length);
    expect(counts).toEqual(Array.from({ length: 10 }, () => 10));
  });

  it("measures how far off a guess is", () => {
    expect(meanClassDistance([0, 9, 5], [9, 9, 3])).toBeCloseTo(11 / 3);
  });
});

describe("bootstrapInterval", () => {
  it("is repeatable and covers the middle of a known spread", () => {
    const values = Float64Array.from({ length: 400 }, (_, i) => i);
    const interval = bootstrapInterval(values, median, { seed: 1 });
    expect(interval).toEqual(bootstrapInterval(values, median, { seed: 1 }));
    expect(interval.value).toBe(199.5);
    // standard error of the median of 400 uniform values over 400: 400 / (2 sqrt 400) = 10
    expect(interval.low).toBeGreaterThan(199.5 - 35);
    expect(interval.low).toBeLessThan(199.5 - 10);
    expect(interval.high).toBeGreaterThan(199.5 + 10);
  });
});
