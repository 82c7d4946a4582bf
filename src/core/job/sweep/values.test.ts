import { describe, expect, test } from "vitest";
import { PRESETS } from "../../train/config";
import type { PlannedSetting } from "./record";
import { forecastFor, rungsOf } from "./rungs";
import { atSize, LADDER, sizeName } from "./sizes";
import { readValues } from "./values";

describe("the values of a sweep", () => {
  test("are read as people write them, and none are the usual ones", () => {
    expect(readValues("mask-ratio", "10, 12.5 %,40%").values).toEqual([0.1, 0.125, 0.4]);
    expect(readValues("size", "1x32, 2 × 64").values).toEqual([
      { layers: 1, width: 32 },
      { layers: 2, width: 64 },
    ]);
    expect(readValues("tokeniser", "4|4,one digit a level").values).toHaveLength(2);
    expect(readValues("resolution", " , ").values).toBeUndefined();
  });

  test.each([
    ["size", "2x64x3"],
    ["size", "0x64"],
    ["resolution", "7.5"],
    ["mask-ratio", "0"],
    ["data", "101"],
    ["tokeniser", "letters"],
    ["data", "10,10"],
  ] as const)("over %s refuse %s", (over, text) => {
    expect(() => readValues(over, text)).toThrow(/expected|each once/);
  });
});

test("a rung has the presets' shape where it is one, and heads that share its width", () => {
  const rung = (width: number) =>
    atSize(
      LADDER.find((size) => size.width === width)!,
      PRESETS.tiny,
    );
  const { layers, width, heads, innerWidth, learningRate } = PRESETS.tiny;
  expect(rung(64)).toEqual({ layers, width, heads, innerWidth, learningRate });
  expect(rung(128).heads).toBe(PRESETS.small.heads);
  expect(rung(128).learningRate).toBeCloseTo(PRESETS.small.learningRate, 3);
  expect(rung(768).heads).toBe(PRESETS.base.heads);
  expect(atSize({ layers: 1, width: 100 }, PRESETS.tiny).heads).toBe(2);
});

describe("the ladder ends", () => {
  const settings = LADDER.map((size) => ({ name: sizeName(size) }) as PlannedSetting["setting"]);
  const timed = [1, 2, 4].map((secondsPerStep) => {
    const operationsPerStep = 1e6 * secondsPerStep;
    return { secondsPerStep, operationsPerStep, validationSeconds: 0 } as PlannedSetting;
  });
  const clock = (minutes: number, values = "") =>
    ({ over: "size", values, budget: { kind: "minutes", minutes }, seeds: 1 }) as const;
  const steps = { ...clock(0), budget: { kind: "steps", steps: 9 } } as const;

  test("with the clock: where a model would leave fewer than 100 steps, by its operations", () => {
    expect(rungsOf(clock(1), settings)).toHaveLength(LADDER.length);
    expect(forecastFor(clock(26), timed)(8e6)).toBeUndefined(); // 15 s for each step of all
    expect(forecastFor(clock(24), timed)(8e6)).toMatch(
      /^left out: .* about 96 steps .*more minutes/,
    );
    expect(forecastFor(clock(24), timed.slice(0, 2))(1e9)).toBeUndefined(); // three are needed
  });

  test("without one at the preset small, and where somebody says", () => {
    expect(rungsOf(steps, settings).at(-1)!.name).toBe("4 × 128");
    expect(forecastFor(steps, timed)(1e12)).toBeUndefined();
    expect(forecastFor(clock(1, "12x768"), timed)(1e12)).toBeUndefined();
  });
});
