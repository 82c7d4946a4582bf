import { expect, test } from "vitest";
import { SWEEPS } from "../../core/job/sweep/words";
import { linkOf, runLinkOf } from "../../core/papers/claim-links";
import { CLAIMS } from "../../core/papers/claims";
import { LIMITS } from "../../core/papers/facts";
import { PAPER_MAP } from "../../core/papers/paper-map";
import { answerChecks } from "../../core/papers/quick-checks";
import { EXPERIMENTS } from "../../core/task/experiments/names";
import { TASK_NAMES } from "../../core/task/tasks/registry";
import { hrefOf } from "./step-links";

test("a step of the open notebook is a place on the page, one of the other an address", () => {
  const errata = { notebook: "papers", step: "errata" } as const;
  const masked = { notebook: "masking", step: "masked" } as const;
  expect(hrefOf(errata, "?notebook=papers&seed=7")).toBe("#step-errata");
  expect(hrefOf(masked, "?notebook=papers&seed=7")).toBe("?seed=7#step-masked");
  expect(hrefOf(masked, "")).toBe("#step-masked");
  expect(hrefOf({ ...errata, part: "erratum-3" }, "?notebook=papers")).toBe("#erratum-3");
  expect(hrefOf(masked, "?data=a1")).toBe("?#step-masked");
  expect(hrefOf(errata, "?backend=wasm")).toBe("?backend=wasm&notebook=papers#step-errata");
  const water = { notebook: "adaptation", step: "adapt", task: "water" } as const;
  expect(hrefOf(water, "?notebook=papers")).toBe("?notebook=adaptation&task=water#step-adapt");
  expect(hrefOf(water, "?notebook=adaptation")).toBe("?notebook=adaptation&task=water#step-adapt");
  const noise = { notebook: "masking", step: "experiment", experiment: "noise" } as const;
  expect(hrefOf(noise, "?over=share")).toBe("?experiment=noise#step-experiment");
  expect(hrefOf(errata, "?notebook=adaptation&task=trees")).toBe("?notebook=papers#step-errata");
  expect(hrefOf({ notebook: "import", step: "files" }, "")).toBeUndefined();
});

test("a link sets a step to nothing that the step does not know", () => {
  const links = [
    ...CLAIMS.flatMap((claim) => [linkOf(claim), runLinkOf(claim)]),
    ...[...LIMITS, ...PAPER_MAP, ...answerChecks()].map(({ link }) => link),
  ].flatMap((link) => link ?? []);
  const known: Record<string, readonly string[]> = {
    task: TASK_NAMES,
    experiment: EXPERIMENTS,
    over: SWEEPS,
  };
  for (const [name, choices] of Object.entries(known)) {
    const asked = links.flatMap((link) => link[name as "task" | "experiment" | "over"] ?? []);
    expect(new Set(asked).size).toBeGreaterThan(2);
    expect(asked.filter((one) => !choices.includes(one))).toEqual([]);
  }
});
