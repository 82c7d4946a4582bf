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
