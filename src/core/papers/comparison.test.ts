import { expect, test } from "vitest";
import { compareTables } from "./comparison";
import { NO_RESULTS } from "./results";

const score = { split: "random", mean: 0.5, low: 0.4, high: 0.6, seeds: 3 } as const;

test("ours stand in the place of the paper's row and column, rows of ours alone below", () => {
  const scores = [
    { ...score, task: "trees", row: "fine-tuned", metric: "r2" },
    { ...score, task: "trees", row: "linear-probe", metric: "r2" },
    { ...score, task: "built-up", row: "random", metric: "mae" },
  ];
  const tables = compareTables({ ...NO_RESULTS, scores });
  const trees = tables.find(({ published }) => published.table === 8)!;
  expect(trees.ours["fine-tuned"]).toEqual([undefined, undefined, scores[0]]);
  expect(trees.ours["random"]).toEqual([undefined, undefined, undefined]);
  expect(trees.ownRows).toEqual(["linear-probe"]);
  expect(tables.find(({ published }) => published.table === 7)!.ours["random"]![0]).toBe(scores[2]);
});

test("every table says why it cannot be compared", () => {
  expect(compareTables(NO_RESULTS).filter(({ whyNot }) => whyNot === "")).toEqual([]);
});

test("tables about people's months carry the warning, those about places do not", () => {
  const sensitive = compareTables(NO_RESULTS).filter(({ isSensitive }) => isSensitive);
  expect(sensitive.map(({ published }) => published.table)).toEqual([9, 10, 11, 12]);
});
