import { expect, test } from "vitest";
import type { ForecastPath, ForecastResult } from "../../core/job/forecast";
import type { Place } from "../../core/job/point-guess";
import { NO_RESULTS } from "../../core/papers/results";
import { GUESSERS, type Guesser } from "../../core/task/guessers";
import { FORECAST_KEY, forecastFigure } from "./forecast-map";
import { aheadText, errorColumns, testFinding, windowFinding } from "./words";

const along = (count: number, lat: number): Place[] =>
  Array.from({ length: count }, (_, n) => [116 + n / 100, lat]);

const ofAll = <T>(by: (guesser: Guesser) => T): Record<Guesser, T> =>
  Object.fromEntries(GUESSERS.map((one) => [one, by(one)])) as Record<Guesser, T>;

const spread = (km: number) => ({ medianKm: km / 2, meanKm: km });

const RESULT: ForecastResult = {
  model: {
    name: "run a1",
    layers: 1,
    width: 16,
    parameters: 5000,
    isCausal: true,
    box: [39, 115, 41, 117],
    intervalMin: 15,
  },
  window: 0,
  windowCount: 8,
  trajectory: 2,
  known: along(4, 40),
  truth: along(3, 40.1),
  guesses: ofAll((one): ForecastPath => {
    return { places: along(3, 40.2 + GUESSERS.indexOf(one) / 10), km: [1, 2, 3] };
  }),
  scores: {
    rows: GUESSERS.map((guesser, n) => ({
      guesser,
      next: spread(1 + n),
      moved: spread(2 + n),
      ahead: [1, 2, 3].map((km) => spread(km + n)),
    })),
    windows: 8,
    points: 80,
    moves: 20,
  },
  results: { ...NO_RESULTS, footfallResults: 1 },
  made: { seed: 123, data: "walks", seconds: 1 },
};

test("the map draws what was known, what came then, and every guess from the last known point on", () => {
  const { shapes, twin, bounds } = forecastFigure(RESULT, "light");
  const linesOf = (name: string) => shapes.find(({ id }) => id === name);
  expect(linesOf("known")).toMatchObject({ kind: "line", lines: [RESULT.known] });
  const last = RESULT.known.at(-1);
  expect(linesOf("guess")).toMatchObject({ lines: [[last, ...RESULT.guesses.model.places]] });
  expect(linesOf("staying")).toMatchObject({ kind: "dots", places: [last] });
  expect(bounds[3]).toBeCloseTo(40.5, 6); // the day before; the straight line is not looked at
  expect(twin.rows).toHaveLength(3);
  expect(FORECAST_KEY.map(({ text }) => text)).toContain("same time yesterday");
});

test("the sentences name what must be beaten, and what a mask that was off is worth", () => {
  expect([aheadText(10, 15), aheadText(4, 15)]).toEqual(["2 h 30 min", "1 h"]);
  expect(windowFinding(RESULT)).toContain("3.0 km off after 3 points (45 min)");
  expect(testFinding(RESULT)).toContain(
    "3.0 km off in the mean after 3 points that it gives itself; the",
  );
  const rows = RESULT.scores.rows.map((row) =>
    row.guesser === "model" ? { ...row, ahead: [spread(9)] } : row,
  );
  const worse: ForecastResult = {
    ...RESULT,
    model: { ...RESULT.model, isCausal: false },
    scores: { ...RESULT.scores, rows },
  };
  expect(testFinding(worse)).toContain("9.0 km off in the mean");
  expect(testFinding(worse)).toContain("does not beat the best rule, staying, 4.0 km");
  expect(testFinding(worse)).toContain("for it copies");
  expect(errorColumns(3).map(({ value }) => value(RESULT.scores.rows[1]!))).toEqual([
    1, 2, 1.5, 3, 2, 4,
  ]);
});
