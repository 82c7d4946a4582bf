import { describe, expect, it } from "vitest";
import { createRandom } from "../../random";
import { finish } from "../../pace";
import type { Labels } from "../tasks/types";
import { drawTestIntervals } from "./test-intervals";

const random = createRandom(5, "answers");
const N = 400;
const isRight = Array.from({ length: N }, () => random.uniform() < 0.7);
const classes = Int32Array.from({ length: N }, (_, n) => n % 4);
const labels: Labels = { kind: "classes", classes, names: ["a", "b", "c", "d"], isOrdered: true };
const guessed = classes.map((one, n) => (isRight[n] ? one : (one + 1) % 4));
const answers = { kind: "classes" as const, classes: guessed };
const centres = { lat: new Float64Array(0), lng: new Float64Array(0) };
const asked = { metrics: ["accuracy", "kendall"] as const, centres, seed: 123, rounds: 2000 };

describe("drawTestIntervals", () => {
  it("is as wide as the binomial law says a share of right answers is, by the seed", async () => {
    const intervals = await finish(drawTestIntervals(labels, answers, asked));
    const share = isRight.filter(Boolean).length / N;
    const reach = 1.96 * Math.sqrt((share * (1 - share)) / N);
    const [low, high] = intervals.accuracy!;
    expect(low).toBeGreaterThan(share - 1.15 * reach);
    expect(low).toBeLessThan(share - 0.85 * reach);
    expect(high).toBeGreaterThan(share + 0.85 * reach);
    expect(high).toBeLessThan(share + 1.15 * reach);
    expect(await finish(drawTestIntervals(labels, answers, asked))).toEqual(intervals);
    const other = await finish(drawTestIntervals(labels, answers, { ...asked, seed: 124 }));
    expect(other).not.toEqual(intervals);
    expect(intervals.kendall).toBeUndefined(); // who is drawn twice is tied with itself
  });

  it("draws numbers with all their columns, and leaves out what draws do not have", async () => {
    const targets = Float32Array.from({ length: 60 }, (_, n) => n % 7);
    const numbers: Labels = { kind: "numbers", targets, names: ["t"] };
    const values = targets.map((value, n) => value + (n % 3) - 1);
    const metrics = ["mae", "r2", "f"] as const;
    const given = { metrics, centres, seed: 1 };
    const found = await finish(drawTestIntervals(numbers, { kind: "numbers", values }, given));
    expect(Object.keys(found)).toEqual(["mae", "r2"]);
    const [low, high] = found.mae!; // errors are 1, 0, 1
    expect(low).toBeLessThan(2 / 3);
    expect(high).toBeGreaterThan(2 / 3);
    const still: Labels = { kind: "numbers", targets: targets.map(() => 2), names: ["t"] };
    const constant = await finish(drawTestIntervals(still, { kind: "numbers", values }, given));
    expect(Object.keys(constant)).toEqual(["mae"]); // R2 of equal truths is none
  });
});
