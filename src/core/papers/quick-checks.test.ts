import { expect, test } from "vitest";
import { faultOf, hasTexts, needsTexts } from "./papers.testing";
import { answerChecks, countPieces } from "./quick-checks";

test("the 49 cells two levels below one parent are written with 15 pieces", () => {
  expect(countPieces()).toEqual({ cells: 49, pieces: 15 });
  expect(answerChecks().find(({ id }) => id === "hierarchy")!.answer).toContain("with 15 pieces");
});

test.skipIf(!hasTexts)(`every question is asked where it is cited${needsTexts}`, () => {
  expect(
    answerChecks()
      .map(({ source }) => faultOf(source))
      .filter(Boolean),
  ).toEqual([]);
});
