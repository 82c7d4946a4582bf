import { expect, test } from "vitest";
import { NO_RESULTS } from "../../core/papers/results";
import { judgeAll } from "../../core/papers/verdict";
import { verdictSentence } from "./VerdictFigure";

test("results that decide nothing are named, and not said to be missing", () => {
  const verdicts = judgeAll(NO_RESULTS);
  const all = verdicts.length;
  expect(verdictSentence(NO_RESULTS.about, verdicts)).toContain("no results of ours");
  expect(verdictSentence("a model on 120 cells", verdicts)).toBe(
    `${all} claims: 0 reproduced, 0 not reproduced, ${all} not tested. Held against: a model on 120 cells.`,
  );
});
