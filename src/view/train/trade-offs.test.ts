import { expect, test } from "vitest";
import type { TradeOffsResult } from "../../core/job/trade-offs";
import type { KeptSweep } from "../page-context";
import { chosenAt, COSTS, maskText, papersStand, QUALITY, sweptAt } from "./trade-offs";

const masks = [0.1, 0.2, 0.3].map((rate) => {
  return { rate, hidden: 80 * rate, seen: 80 - 80 * rate, alone: rate ** 2, copied: 0.5 };
});
const windows = [10, 60].map((windowMin) => ({
  windowMin,
  checkIns: 80,
  tokens: 162,
  truncated: [128, 512].map((length) => ({ length, trajectories: 0.25, checkIns: 0.1 })),
  kept: 1,
  repeated: 0.3,
  masks,
}));
const RESULT = {
  resolutions: [6, 7, 8, 9].map((resolution) => ({
    resolution,
    cells: 1,
    vocabularySize: 100 * resolution,
    parameters: { tiny: 1, base: 2 },
    places: 5,
    perplexity: { unigram: 9, previous: undefined },
    windows,
  })),
} as unknown as TradeOffsResult;

test("sliders begin at the papers’ setting, and each has its costs and its quality", () => {
  const papers = chosenAt(RESULT, papersStand(RESULT));
  expect([papers.resolution.resolution, papers.window.windowMin, papers.mask.rate]).toEqual([
    8, 10, 0.2,
  ]);
  expect(COSTS.map(([, value]) => value(papers))).toEqual([
    "800",
    "1",
    "2",
    "80.0",
    "162",
    "25%",
    "25%",
    "16.0",
  ]);
  expect(QUALITY.map(([, value]) => value(papers))).toContain("–");
  const coarse = { ...RESULT, resolutions: RESULT.resolutions.slice(0, 2) };
  expect(chosenAt(coarse, papersStand(coarse)).resolution.resolution).toBe(7);
});

test("finished runs of sweeps on the same data stand beside the sliders", () => {
  const curve = [{ cellPerplexity: 42, perplexity: 4, sequentialCellPerplexity: 42 }];
  const sweep = {
    over: "mask-ratio",
    data: { key: "k" },
    steps: 300,
    settings: [{ setting: { name: maskText(0.2) }, cellKm2: 1 }],
    runs: [{ setting: "20 %", seed: 1, curve, seconds: 1, tokens: 1, steps: 300 }],
  } as unknown as KeptSweep;
  const here = chosenAt(RESULT, papersStand(RESULT));
  expect(sweptAt([sweep], "k", here)).toEqual([
    "Trained with 20 % hidden for 300 steps: perplexity 42.0 per check-in.",
  ]);
  expect(sweptAt([sweep], "other", here)).toEqual([]);
  const other = chosenAt(RESULT, { ...papersStand(RESULT), mask: 0 });
  expect(sweptAt([sweep], "k", other)).toEqual([]);
});
