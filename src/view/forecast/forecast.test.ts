import { expect, test } from "vitest";
import type { ForecastPath, ForecastResult, PeopleAt } from "../../core/job/forecast";
import type { Place } from "../../core/job/point-guess";
import { GUESSERS, type Guesser } from "../../core/task/guessers";
import { FORECAST_KEY, forecastFigure } from "./forecast-map";
import { withoutRarePoints } from "./shown";
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
  made: { seed: 123, data: "walks", seconds: 1 },
};

function people(change: Partial<PeopleAt> = {}): PeopleAt {
  return {
    known: [9, 9, 9, 9],
    truth: [9, 9, 9],
    guesses: ofAll(() => [0, 0, 0]),
    ...change,
  };
}

test("places of few people are left out, and every guess that would tell of them", () => {
  const common = withoutRarePoints({ ...RESULT, people: people() }, 5);
  expect(common.hidden).toBe(0);
  expect(common.guesses.model).toEqual(RESULT.guesses.model.places); // nobody was there: nothing to tell
  const rareTruth = people({ truth: [9, 4, 9] });
  const { truth, guesses, hidden } = withoutRarePoints({ ...RESULT, people: rareTruth }, 5);
  expect(truth.map((place) => place !== undefined)).toEqual([true, false, true]);
  for (const one of GUESSERS) expect(guesses[one][1]).toBeUndefined();
  expect(hidden).toBe(1);
  const rareStart = people({ known: [9, 9, 1, 9] }); // a straight line mirrors the point before the last
  const start = withoutRarePoints({ ...RESULT, people: rareStart }, 5);
  for (const one of GUESSERS) expect(start.guesses[one]).toEqual(Array(3).fill(undefined));
  const rareGuess = people({ guesses: { ...ofAll(() => [0, 0, 0]), model: [0, 3, 8] } });
  const guess = withoutRarePoints({ ...RESULT, people: rareGuess }, 5).guesses.model;
  expect(guess.map((place) => place !== undefined)).toEqual([true, false, true]);
  expect(withoutRarePoints(RESULT, 1000).hidden).toBe(0); // simulated people have nothing to hide
});

test("lines break at hidden places, and a window of such places alone has no map", () => {
  const broken = { ...RESULT, people: people({ known: [9, 1, 9, 9] }) };
  const figure = forecastFigure(broken, withoutRarePoints(broken, 5), "light")!;
  const known = figure.shapes.find(({ id }) => id === "known");
  expect(known).toMatchObject({ kind: "line", lines: [RESULT.known.slice(2)] });
  const guess = figure.shapes.find(({ id }) => id === "guess");
  const onward = [RESULT.known.at(-1), ...RESULT.guesses.model.places];
  expect(guess).toMatchObject({ kind: "line", lines: [onward] });
  expect(figure.twin.rows).toHaveLength(3);
  expect(FORECAST_KEY.map(({ text }) => text)).toContain("same time yesterday");
  const nobody = { ...RESULT, people: people({ known: [1, 1, 1, 1], truth: [1, 1, 1] }) };
  expect(forecastFigure(nobody, withoutRarePoints(nobody, 5), "dark")).toBeUndefined();
});

test("the sentences name what must be beaten, and what a mask that was off is worth", () => {
  expect([aheadText(10, 15), aheadText(4, 15)]).toEqual(["2 h 30 min", "1 h"]);
  expect(windowFinding(RESULT)).toContain("3.0 km off after 3 points (45 min)");
  expect(testFinding(RESULT)).toContain("3.0 km off in the mean after 3 points; the best rule, st");
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
