import { describe, expect, test } from "vitest";
import {
  PAPER,
  PAPER_SCALE,
  POINT_PRESETS,
  PRESETS,
  RAW_PAPER,
} from "../../notebook/pretrain-settings";
import type { Budget, LogRow } from "../../notebook/pretrain-settings";
import type { PretrainProbeResult } from "../../core/job/pretrain-probe";
import type { BertRecord, PointRecord } from "../../core/job/run-store";
import { factNumber } from "../../core/papers/facts";
import type { KeptRun } from "../page-context";
import { checkInCurves, tokenCurves, tokenLevels } from "./curves";
import { againstRaw, POINT_SETTINGS, pointSource } from "./point-settings";
import { errorCurves, errorLevels, kmCurves, kmLevels, pointFinding } from "./point-words";
import { maskFinding } from "./MaskCheck";
import { overlayOf, runBefore, scoreTitles } from "./RunList";
import { againstPaper, SETTINGS, sourceOf, valueText } from "./settings";
import { FIRST_WANTED, paperRateText, scaleRows } from "./paper-scale";
import { memoryText, probeSentence } from "./ProbeTable";
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

function runOf(id: string, changes: Partial<BertRecord> = {}): KeptRun {
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
    const levels = tokenLevels({ baselines: BASELINES, vocabularySize: 352 });
    expect(levels.map(({ y }) => y)).toEqual([352, 46, 2327, 5.27, 3.79]);
    expect(levels[0]!.name).toBe("any of the vocabulary 352");
    expect(overlayOf([runOf("a"), runOf("b", { log: [] })])).toMatchObject([{ name: "run a" }]);
  });

  test("every setting exists, and what is smaller than the paper's is marked as scaled down", () => {
    const names = SETTINGS.flatMap(([, settings]) => settings.map(({ name }) => name));
    for (const name of names) expect(PAPER).toHaveProperty(name);
    const elsewhere = ["preset", "layers", "width", "heads", "innerWidth", "epochs", "seed"];
    expect([...names, ...elsewhere].toSorted()).toEqual(Object.keys(PAPER).toSorted());
    expect(againstPaper("batch", 32, 64)).toBe("scaled down");
    expect(againstPaper("learningRate", 2e-3, 5e-5)).toBe("changed");
    expect(againstPaper("maskRate", 0.2, 0.2)).toBe("same");
    expect(sourceOf("warmup")).toBe("BERT’s default");
    expect(sourceOf("weightDecay")).toBe("paper");
  });
});

describe("a GPT on points", () => {
  const score = (km: number) => ({ mse: km / 100, mae: km / 90, rawKm: km * 1.1, km });
  const POINT_BASELINES = {
    persistence: score(2),
    linear: score(3),
    yesterday: score(4),
    generationKm: 8,
  };
  const row = (step: number, km: number, generationKm: number) => ({
    step,
    tokens: 100 * step,
    seconds: step,
    split: "validation" as const,
    loss: km / 100,
    mae: km / 90,
    rawKm: km * 1.1,
    km,
    generationKm,
  });
  const POINT_LOG: PointRecord["log"] = [row(0, 40, 50), row(20, 1.5, 6)];
  const pointRun = (id: string, changes: Partial<PointRecord> = {}): KeptRun => {
    const { vocabularySize: _, ...rest } = runOf(id) as BertRecord;
    return {
      ...rest,
      config: POINT_PRESETS.tiny,
      baselines: POINT_BASELINES,
      log: POINT_LOG,
      bytes: 1,
      ...changes,
    };
  };

  test("says its distance, RAW's way of counting, and what staying comes to", () => {
    const said = pointFinding({ log: POINT_LOG, baselines: POINT_BASELINES });
    expect(said).toBe(
      "After 20 steps the next point is guessed 1.5 km off (1.7 km as RAW counts); staying where one is, 2.0 km (2.2 km). Left to go on by itself it is 6.0 km off after ten points; staying, 8.0 km.",
    );
    expect(pointFinding({ log: [], baselines: undefined })).toBeUndefined();
  });

  test("the check of the mask says what collapsed and what it is worth", () => {
    const run = (isCausal: boolean, mse: number) => ({
      isCausal,
      log: [{ ...row(900, 1, 9), loss: mse }],
    });
    const said = maskFinding({
      steps: 900,
      staying: { mse: 0.011, generationKm: 8 },
      runs: [run(true, 0.01), run(false, 0.001)],
      engine: "wasm",
    });
    expect(said).toContain("1.0e−2 with the mask");
    expect(said).toContain("10 times less");
    expect(said).toContain("9.0 km and 9.0 km off; staying, 8.0 km");
  });

  test("draws errors and kilometres with their rivals, each family by itself", () => {
    expect(errorCurves(POINT_LOG)).toMatchObject([{ name: "validation", y: [0.4, 0.015] }]);
    expect(kmCurves(POINT_LOG).map(({ y }) => Array.from(y))).toEqual([
      [40, 1.5],
      [44, expect.closeTo(1.65)],
      [50, 6],
    ]);
    expect(errorLevels({ baselines: POINT_BASELINES }).map(({ y }) => y)).toEqual([
      0.02, 0.03, 0.04,
    ]);
    expect(kmLevels({ baselines: POINT_BASELINES }).map(({ y }) => y)).toEqual([2, 8]);
    expect(overlayOf([pointRun("a"), runOf("b")])).toMatchObject([{ name: "run b" }]);
    expect(scoreTitles([runOf("b")])).toEqual(["perplexity, token", "check-in"]);
    expect(scoreTitles([pointRun("a")])).toEqual(["squared error", "next point"]);
    expect(scoreTitles([pointRun("a"), runOf("b")])[1]).toBe("check-in / next point");
  });

  test("what changed is told in its own words, and not across families", () => {
    const off = { ...POINT_PRESETS.tiny, isCausal: false };
    expect(whatChanged(pointRun("b", { config: off }), pointRun("a"))).toBe(
      "causal mask true → false",
    );
    const mixed = [pointRun("b"), runOf("a"), pointRun("c")];
    expect(runBefore(mixed, 0)).toBe(mixed[2]);
    expect(runBefore(mixed, 1)).toBeUndefined();
    expect(whatChanged(pointRun("b", { config: RAW_PAPER }), undefined)).toBe(
      "the paper’s settings",
    );
    for (const [, settings] of POINT_SETTINGS) {
      for (const { name } of settings) expect(RAW_PAPER).toHaveProperty(name);
    }
    expect(againstRaw("batch", 4, 15)).toBe("scaled down");
    expect(pointSource("weightDecay")).toBe("PyTorch’s default");
  });
});

describe("before a run", () => {
  const probed: PretrainProbeResult = {
    engine: "wasm",
    unit: "tokens",
    vocabularySize: 352,
    trajectories: 45,
    tokens: 3600,
    stepsPerEpoch: 1,
    tokensPerStep: 2500,
    models: [
      {
        preset: "tiny",
        parameters: 1e5,
        stateBytes: 1.6e6,
        activationBytes: 1e6,
        spanBytes: 1e4,
        widestBytes: 1e5,
        operationsPerStep: 1e9,
        obstacle: undefined,
        secondsPerStep: 0.1,
      },
    ],
    paperSeconds: 100 * 240 * 3600,
    perOperation: 1e-10,
    pointsPerSecond: 1e6,
  };

  test("the papers' amounts are theirs, and take what was measured here", () => {
    const { points, trajectories, tokens, parameters, hours, devices } = PAPER_SCALE;
    const stated = ["points", "trajectories", "tokens", "parameters", "hours", "devices"];
    expect([points, trajectories, tokens, parameters, hours, devices]).toEqual(
      stated.map(factNumber),
    );
    expect(scaleRows(probed, FIRST_WANTED)).toMatchObject([
      { what: expect.stringContaining("53 billion points"), seconds: 53_000 },
      { what: expect.stringContaining("17 million trajectories"), seconds: 100 * 240 * 3600 },
      { inASecond: "25,000 tokens", seconds: 1.6e6 },
      {
        what: "40 billion tokens, 1,000 million parameters",
        inASecond: "1.7 tokens",
        seconds: 40e9 * 6e9 * 1e-10,
      },
    ]);
    const [, , , asked] = scaleRows(probed, { tokens: 0.5, parameters: 10 });
    expect(asked!.seconds).toBeCloseTo((0.5 / 40) * (10 / 1000) * 40e9 * 6e9 * 1e-10, 3);
    expect(scaleRows({ ...probed, perOperation: undefined }, FIRST_WANTED)).toEqual([]);
  });

  test("the paper's own rate stands beside this device's", () => {
    expect(paperRateText(100 * 240 * 3600)).toMatch(/46,296 tokens a second, 100 times as many/);
    expect(paperRateText(24 * 3600)).toContain("this device would have 10.0 times as many");
  });

  test("a graphics card's memory, which nobody tells, is asked for", () => {
    expect(memoryText(probed)).toBe("");
    expect(memoryText({ ...probed, engine: "webgpu: a card" })).toContain("2.6 MB must fit");
  });

  test("what cannot fit is said first, then that the data fill no step", () => {
    const budget = { kind: "steps", steps: 300 } as const;
    const tooFew = "45 training trajectories do not fill one step of 128; choose a smaller batch";
    expect(probeSentence(probed, budget)).toMatch(/^300 steps take about 30 s on this device/);
    expect(probeSentence({ ...probed, tooFew }, budget)).toBe(`${tooFew}.`);
    const models = [
      { ...probed.models[0]!, obstacle: "this is too large", secondsPerStep: undefined },
    ];
    expect(probeSentence({ ...probed, tooFew, models }, budget)).toBe("This is too large.");
  });
});
