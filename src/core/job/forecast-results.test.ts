import { expect, test } from "vitest";
import type { GptConfig } from "../model/gpt/config";
import { joinResults, readResults } from "../papers/results";
import { spokenTo } from "../papers/verdict";
import type { ForecastScores } from "../task/forecast";
import { GUESSERS } from "../task/guessers";
import { forecastResults } from "./forecast-results";

const CONFIG: GptConfig = {
  width: 16,
  layerCount: 1,
  headCount: 2,
  maxPositions: 96,
  layerNormEpsilon: 1e-5,
  isCausal: true,
  box: [39, 115, 41, 117],
  intervalMin: 15,
  notes: {},
};

/** Errors that grow by the same each step, until the model is `km` off after ten. */
const scoresOf = (km: number, windows: number): ForecastScores => {
  const spread = (meanKm: number) => ({ medianKm: 0, meanKm });
  const ahead = Array.from({ length: 12 }, (_, n) => spread((km * (n + 1)) / 10));
  const rows = GUESSERS.map((guesser) => ({ guesser, next: spread(0), moved: spread(0), ahead }));
  return { rows, windows, points: 1, moves: 1 };
};

const run = (seed: number, km: number, windows = 100, config: Partial<GptConfig> = {}) => {
  const notes = { recipe: { seed }, steps: 500 };
  const of = { config: { ...CONFIG, notes, ...config }, data: "walkers", steps: 12 };
  return readResults(JSON.stringify(forecastResults(scoresOf(km, windows), of)), "results.json");
};

const judged = (...files: ReturnType<typeof run>[]) =>
  spokenTo(joinResults(files)).map(({ outcome, evidence }) => [outcome, evidence]);

test("three seeds on a hundred windows are judged together, by Student's t", () => {
  // scipy.stats.t.interval(0.95, 2, 2.0, 0.1 / sqrt(3)): 1.7516, 2.2484
  const evidence = "2 [1.75, 2.25] (3 seeds); staying where one is 2 [1.75, 2.25]";
  expect(judged(run(1, 1.9), run(2, 2), run(3, 2.1))).toEqual([["reproduced", evidence]]);
  expect(judged(run(1, 3.9), run(2, 4), run(3, 4.1))[0]![0]).toBe("not");
  const [[outcome, said] = []] = judged(run(1, 1), run(2, 2.4), run(3, 4));
  expect([outcome, said]).toEqual(["not-tested", expect.stringContaining("holds both yes and no")]);
});

test("few windows, one seed twice and another set-up are no three seeds", () => {
  expect(judged(run(1, 1.9), run(2, 2), run(3, 2.1, 40))[0]![1]).toContain("40 test examples");
  expect(judged(run(1, 1.9), run(1, 1.9), run(2, 2))[0]![1]).toContain("2 seeds, at least 3");
  const wide = run(3, 2.1, 100, { width: 32 });
  expect(judged(run(1, 1.9), run(2, 2), wide)[0]![1]).toContain("1 seed, at least 3");
});

test("without a mask, and with points that never fall on 2.5 hours, it is not comparable", () => {
  expect(judged(run(1, 2, 100, { isCausal: false }))).toEqual([
    ["not-tested", expect.stringContaining("not comparable: its mask was off")],
  ]);
  expect(judged(run(1, 2, 100, { intervalMin: 60 }))[0]![1]).toBe(
    "not comparable: its points are 60 minutes apart, so none is 2.5 hours ahead",
  );
});
