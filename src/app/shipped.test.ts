import { expect, test } from "vitest";
import { LIMITS, type StepLink } from "../core/papers/facts";
import { PAPER_MAP } from "../core/papers/paper-map";
import { NO_RESULTS } from "../core/papers/results";
import { judgeAll } from "../core/papers/verdict";
import { checkDocument } from "../notebook/document";
import { STEP_KINDS } from "../notebook/kinds";
import { createImportNotebook } from "./import-notebook";
import { readNotebook, SHIPPED } from "./shipped";

const documents = { ...SHIPPED, import: createImportNotebook("a.csv", "a1") };

test("the shipped notebooks are whole, and the address chooses one", () => {
  for (const document of Object.values(SHIPPED)) {
    const { steps } = checkDocument(document, Object.keys(STEP_KINDS));
    for (const { kind, spec } of steps) {
      expect(() => STEP_KINDS[kind]!.toSpec(spec ?? {})).not.toThrow();
    }
  }
  expect(readNotebook(null)).toBe("masking");
  expect(readNotebook("papers")).toBe("papers");
  expect(() => readNotebook("poems")).toThrow(
    "notebook=poems; expected masking, adaptation, papers",
  );
});

test("no step of the papers' notebook waits for a Run of its own", () => {
  for (const { kind } of SHIPPED.papers.steps) expect(STEP_KINDS[kind]!.cost).toBe("cheap");
});

/** Links whose notebook has no such step. */
function deadLinks(links: readonly StepLink[]): StepLink[] {
  return links.filter(
    ({ notebook, step }) => !documents[notebook].steps.some(({ id }) => id === step),
  );
}

test("no link from the papers to a step is dead", () => {
  expect(deadLinks(PAPER_MAP.flatMap(({ link }) => link ?? []))).toEqual([]);
  expect(deadLinks(LIMITS.map(({ link }) => link))).toEqual([]);
  expect(deadLinks(judgeAll(NO_RESULTS).map(({ link }) => link))).toEqual([]);
  expect(deadLinks([{ notebook: "papers", step: "gone" }])).toHaveLength(1);
});
