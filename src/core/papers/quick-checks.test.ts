import { expect, test } from "vitest";
import { TASK_NAMES } from "../task/tasks/registry";
import { faultOf, hasTexts, needsTexts } from "./papers.testing";
import { answerChecks, countPieces } from "./quick-checks";

test("the 49 cells two levels below one parent are written with 15 pieces", () => {
  expect(countPieces()).toEqual({ cells: 49, pieces: 15 });
  expect(answerChecks().find(({ id }) => id === "hierarchy")!.answer).toContain("with 15 pieces");
});

test("the two objectives of BERT are each one click away: masking, and the task that follows from the other", () => {
  const { link, also } = answerChecks().find(({ id }) => id === "objectives")!;
  expect(link).toEqual({ notebook: "masking", step: "masked" });
  expect(also).toEqual({ notebook: "adaptation", step: "adapt", task: "follows" });
  expect(TASK_NAMES).toContain(also!.task);
});

test.skipIf(!hasTexts)(`every question is asked where it is cited${needsTexts}`, () => {
  expect(
    answerChecks()
      .map(({ source }) => faultOf(source))
      .filter(Boolean),
  ).toEqual([]);
});
