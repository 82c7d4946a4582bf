import { expect, test } from "vitest";
import { LIMITS, type StepLink } from "../core/papers/facts";
import { TASK_NAMES } from "../core/task/tasks/registry";
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

/** Links whose notebook has no such step, or whose step has no such task. */
function deadLinks(links: readonly StepLink[]): StepLink[] {
  return links.filter(
    ({ notebook, step, task }) =>
      !documents[notebook].steps.some(({ id }) => id === step) ||
      (task !== undefined && !TASK_NAMES.some((name) => name === task)),
  );
}

test("no link from the papers to a step is dead", () => {
  expect(deadLinks(PAPER_MAP.flatMap(({ link }) => link ?? []))).toEqual([]);
  expect(deadLinks(LIMITS.map(({ link }) => link))).toEqual([]);
  const verdicts = judgeAll(NO_RESULTS);
  expect(deadLinks(verdicts.flatMap(({ link, runLink = link }) => [link, runLink]))).toEqual([]);
  const gone = [
    { notebook: "papers", step: "gone" },
    { notebook: "adaptation", step: "adapt", task: "poems" },
  ] as const;
  expect(deadLinks(gone)).toHaveLength(2);
});

test("a claim about a task leads to the step that fills its table", () => {
  const linkOf = (id: string) => judgeAll(NO_RESULTS).find(({ claim }) => claim.id === id)!;
  const fill = { notebook: "adaptation", step: "adapt" };
  for (const { claim, link, runLink = link } of judgeAll(NO_RESULTS)) {
    const { test } = claim;
    if (test.kind === "reaches" || !("task" in test)) continue;
    expect(runLink, claim.id).toEqual({ ...fill, task: test.task });
  }
  expect(linkOf("water").link).toEqual({ ...fill, task: "water" });
  expect(linkOf("horizon").link).toEqual({ notebook: "masking", step: "pretrain" }); // RAW's GPT
  expect(linkOf("subway").link).toEqual({ notebook: "papers", step: "register" }); // not built
});
