import { expect, test } from "vitest";
import { createImportNotebook, createStoredNotebook } from "./import-notebook";
import shipped from "./notebooks/what-does-masking-teach.json";
import type { Job } from "../core/jobs";
import type { RunJob } from "../worker/channel";
import { openNotebook } from "../notebook/store";
import { pretrainKind } from "../notebook/steps/pretrain";

/** A notebook whose jobs only say that they began. */
function openCounting(document: unknown) {
  const begun: Job[] = [];
  // oxlint-disable-next-line require-yield -- nothing is reported
  async function* run(job: Job): AsyncGenerator<never, unknown, void> {
    begun.push(job);
    return {};
  }
  const options = { document, seed: 7, folders: new Map(), startAll: true };
  return { begun, notebook: openNotebook({ ...options, run: run as unknown as RunJob }) };
}

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));

test("a first run of all steps starts no training; Run does, under the page's seed and a new name", async () => {
  const { begun, notebook } = openCounting(shipped);
  await settle();
  expect(begun.map(({ kind }) => kind)).toContain("inference");
  expect(begun.map(({ kind }) => kind)).not.toContain("pretrain");
  expect(begun.map(({ kind }) => kind)).not.toContain("sweep");
  expect(begun.map(({ kind }) => kind)).not.toContain("experiment");
  notebook.start("pretrain");
  await settle();
  const job = begun.find(({ kind }) => kind === "pretrain") as Job & { kind: "pretrain" };
  expect(job).toMatchObject({ seed: 7, settings: { preset: "tiny", changes: {} } });
  expect(job.run).toMatch(/^[0-9a-f]{8}$/);
  notebook.dispose();
});

test("data without a model of their own are offered one", () => {
  for (const document of [createImportNotebook("a.csv", "a1"), createStoredNotebook("a", "a1")]) {
    expect(document.steps.slice(-3)).toMatchObject([
      { kind: "pretrain", inputs: { data: "data" } },
      { kind: "sweep", inputs: { data: "data" } },
      { kind: "experiment", inputs: { data: "data" } },
    ]);
  }
});

test("a run that is named goes on, and a spec that makes no sense is refused", () => {
  const budget = { kind: "minutes", minutes: 2 };
  expect(pretrainKind.toSpec({ preset: "base", budget, run: "ab" })).toEqual({
    preset: "base",
    changes: {},
    budget,
    run: "ab",
  });
  const gpt = { family: "gpt", preset: "raw", changes: {}, budget, run: "" };
  expect(pretrainKind.toSpec(gpt)).toEqual(gpt);
  expect(pretrainKind.toSpec({ preset: "raw", family: "gpt" })).toMatchObject({ family: "gpt" });
  for (const wrong of [
    { preset: "huge" },
    { preset: "base", family: "gpt" },
    { budget: { kind: "steps", steps: 0 } },
    { run: 3 },
  ]) {
    expect(() => pretrainKind.toSpec(wrong)).toThrow(/pretrain step: expected a preset/);
  }
});
