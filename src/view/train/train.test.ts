import { describe, expect, test } from "vitest";
import { PAPER, PRESETS } from "../../notebook/pretrain-settings";
import type { Budget, LogRow } from "../../notebook/pretrain-settings";
import type { KeptRun } from "../page-context";
import { checkInCurves, tokenCurves, tokenLevels } from "./curves";
import { overlayOf } from "./RunList";
import { againstPaper, SETTINGS, sourceOf, valueText } from "./settings";
import { budgetText, findingOf, paperTimeText, whatChanged } from "./words";

const validation = (step: number, perplexity: number): LogRow => ({
  step,
  tokens: 100 * step,
  seconds: step,
  split: "validation",
  loss: Math.log(perplexity),
  perplexity,
  cellPerplexity: perplexity ** 2,
  sequentialCellPerplexity: perplexity ** 2 - 1,
});
const LOG: LogRow[] = [
  validation(0, 400),
  { step: 2, tokens: 200, seconds: 2, split: "train", loss: 5, perplexity: 148 },
  validation(4, 20),
];
const BASELINES = {
  frequency: { perplexity: 46, cellPerplexity: 265 },
  persistence: { cellPerplexity: 120 },
};
const STEPS: Budget = { kind: "steps", steps: 300 };

function runOf(id: string, changes: Partial<KeptRun> = {}): KeptRun {
  return {
    id,
    data: { key: "k", name: "walks" },
    config: PRESETS.tiny,
    budget: STEPS,
    parameters: 1,
    vocabularySize: 9,
    engine: "wasm",
    startedMs: 0,
    savedMs: 1,
    isFinished: true,
    step: 300,
    tokens: 1,
    seconds: 1,
    best: undefined,
    baselines: undefined,
    failures: [],
    log: LOG,
    bytes: 1,
    ...changes,
  };
}

describe("what a run says", () => {
  test("the sentence has the model before and after, beside what needs no model", () => {
    const said = findingOf({ log: LOG, baselines: BASELINES });
    expect(said).toBe(
      "After 4 steps the model is as unsure of a hidden place as among 400 equally likely ones; untrained among 160,000; guessing by frequency has 265, staying near the neighbours 120.",
    );
    expect(findingOf({ log: LOG.slice(0, 1), baselines: undefined })).toMatch(
      /^Untrained, .* 160,000/,
    );
    expect(findingOf({ log: [], baselines: undefined })).toBeUndefined();
  });

  test("what changed is told against the run before, or the paper", () => {
    const first = runOf("a");
    const config = { ...PRESETS.tiny, learningRate: 5e-5 };
    const second = runOf("b", { config, budget: { kind: "minutes", minutes: 1 } });
    expect(whatChanged(second, first)).toBe("learning rate 0.002 → 5e−5, 300 steps → 1 minute");
    expect(whatChanged(first, first)).toBe("the same settings");
    expect(whatChanged(first, undefined)).toMatch(/^\d+ settings not as in the paper$/);
    expect(whatChanged(runOf("c", { config: PAPER }), undefined)).toBe("the paper’s settings");
  });

  test("lengths and rates are words", () => {
    expect(budgetText({ kind: "epochs", epochs: 1 })).toBe("1 epoch");
    expect(paperTimeText(20_000)).toContain("23 days");
    expect(valueText(PAPER.learningRate)).toBe("5e−5");
  });
});

describe("curves and settings", () => {
  test("curves a token and a check-in, with baselines and the paper's levels", () => {
    expect(tokenCurves(LOG).map(({ name, y }) => [name, y])).toEqual([
      ["train", [148]],
      ["validation", [400, 20]],
    ]);
    expect(checkInCurves(LOG)[0]).toMatchObject({ x: [0, 4], y: [160_000, 400] });
    expect(tokenLevels({ baselines: BASELINES }).map(({ y }) => y)).toEqual([46, 2327, 5.27, 3.79]);
    expect(overlayOf([runOf("a"), runOf("b", { log: [] })])).toMatchObject([{ name: "run a" }]);
  });

  test("every setting exists, and what is smaller than the paper's is marked as scaled down", () => {
    for (const [, settings] of SETTINGS) {
      for (const { name } of settings) expect(PAPER).toHaveProperty(name);
    }
    expect(againstPaper("batch", 32, 64)).toBe("scaled down");
    expect(againstPaper("learningRate", 2e-3, 5e-5)).toBe("changed");
    expect(againstPaper("maskRate", 0.2, 0.2)).toBe("same");
    expect(sourceOf("warmup")).toBe("BERT’s default");
    expect(sourceOf("weightDecay")).toBe("paper");
  });
});
