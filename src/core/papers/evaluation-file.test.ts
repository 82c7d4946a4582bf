import { expect, test } from "vitest";
import type { EvaluatedTable } from "./evaluation-file";
import { fromEvaluation } from "./evaluation-file";

test("intervals of two seeds stay within what their score can be, those of gains do not", () => {
  const spread = (mean: number) => ({ mean, low: mean - 9, high: mean + 9, n: 2 });
  const scores = { f: spread(0.5), mae: spread(0.1), r2: spread(0.2), kendall: spread(0) };
  const table = {
    rows: [
      { name: "fine-tuned", splits: [{ split: "random", scores: { bestOnValidation: scores } }] },
    ],
    gains: [
      { row: "fine-tuned", against: "random", split: "random", metric: "f", difference: spread(0) },
    ].map((gain) => ({ ...gain, choice: "bestOnValidation" })),
    runs: [{ row: "fine-tuned", split: "random", test: 100 }],
  } as unknown as EvaluatedTable;
  const file = { model: "m", data: "d", tables: { population: table } };
  const results = fromEvaluation(file, "results.json");
  const ends = results.scores.map(({ metric, low, high }) => [metric, low, high]);
  expect(ends).toEqual([
    ["f", 0, 1],
    ["mae", 0, 9.1],
    ["r2", -8.8, 1],
    ["kendall", -1, 1],
  ]);
  expect(results.gains[0]).toMatchObject({ low: -9, high: 9 });
});
