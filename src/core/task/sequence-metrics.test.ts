import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { hitShare, kendallTau, meanReciprocalRank } from "./ranking";
import { dynamicTimeWarping, geoBleu } from "./sequence-metrics";

const reference = JSON.parse(
  readFileSync(new URL("../../../test/reference/sequence-metrics.json", import.meta.url), "utf8"),
);
const DIGITS = 12;

describe("ranked guesses", () => {
  it("equal scikit-learn's top-k accuracy and average precision", () => {
    const { ranks, hits1, hits5, mrr } = reference.ranking;
    expect(hitShare(ranks, 1)).toBeCloseTo(hits1, DIGITS);
    expect(hitShare(ranks, 5)).toBeCloseTo(hits5, DIGITS);
    expect(meanReciprocalRank(ranks)).toBeCloseTo(mrr, DIGITS);
  });

  it("count a truth that is not ranked as nothing", () => {
    expect(meanReciprocalRank([0, -1])).toBe(0.5);
    expect(hitShare([0, -1], 5)).toBe(0.5);
  });
});

describe("kendallTau", () => {
  it("equals SciPy's, ties included", () => {
    const { a, b, tau } = reference.kendall;
    expect(kendallTau(a, b)).toBeCloseTo(tau, DIGITS);
    expect(kendallTau([1, 1], [1, 2])).toBeNaN();
  });
});

describe("the example that the authors of GEO-BLEU publish", () => {
  // github.com/yahoojapan/geobleu, README, "Example usage": (day, x, y) in cells of 500 m, and both results
  const generated = [
    [60, 84, 88],
    [60, 114, 78],
    [60, 121, 96],
    [61, 78, 86],
    [61, 89, 67],
    [61, 97, 70],
    [61, 96, 70],
    [61, 111, 80],
    [61, 114, 78],
    [61, 99, 70],
    [61, 77, 86],
    [62, 77, 86],
    [62, 102, 129],
    [62, 104, 131],
    [62, 106, 131],
    [62, 104, 110],
  ];
  const truth = [
    [60, 82, 93],
    [60, 114, 78],
    [60, 116, 96],
    [61, 82, 84],
    [61, 89, 67],
    [61, 97, 70],
    [61, 91, 67],
    [61, 109, 82],
    [61, 110, 78],
    [61, 99, 70],
    [61, 77, 86],
    [62, 77, 86],
    [62, 97, 125],
    [62, 104, 131],
    [62, 106, 131],
    [62, 103, 111],
  ];
  const meanOverDays = (
    score: (n: number, m: number, cells: (i: number, j: number) => number) => number,
  ): number => {
    const days = [60, 61, 62].map((day) => {
      const [a, b] = [generated, truth].map((all) => all.filter(([of]) => of === day));
      const cells = (i: number, j: number): number =>
        Math.hypot(a![i]![1]! - b![j]![1]!, a![i]![2]! - b![j]![2]!);
      return score(a!.length, b!.length, cells);
    });
    return days.reduce((sum, value) => sum + value, 0) / days.length;
  };

  it("comes to the same GEO-BLEU and the same warped distance", () => {
    expect(meanOverDays(geoBleu)).toBeCloseTo(0.21733678721880598, DIGITS);
    const km = meanOverDays((n, m, cells) => dynamicTimeWarping(n, m, (i, j) => cells(i, j) / 2));
    expect(km).toBeCloseTo(5.889002930255253, DIGITS);
  });
});

describe.each(reference.sequences as { a: number[][]; b: number[][] }[])(
  "sequences %#",
  (wanted) => {
    const { a, b } = wanted;
    const km = (i: number, j: number): number =>
      Math.hypot(a[i]![0]! - b[j]![0]!, a[i]![1]! - b[j]![1]!);

    it("are as far apart as in the reference", () => {
      expect(wanted).toMatchObject({
        dtw: expect.closeTo(dynamicTimeWarping(a.length, b.length, km), DIGITS),
        geoBleu: expect.closeTo(geoBleu(a.length, b.length, km), DIGITS),
        geoBleu5: expect.closeTo(
          geoBleu(a.length, b.length, km, { longest: 5, beta: 0.2 }),
          DIGITS,
        ),
      });
    });
  },
);
