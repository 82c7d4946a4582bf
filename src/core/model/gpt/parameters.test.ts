import { describe, expect, test } from "vitest";
import { RAW_BOX } from "../../data/box";
import type { GptConfig } from "./config";
import { gptConfigToJson, readGptConfig } from "./config";
import { GPT_NAMES, countGptParameters, gptShapes, initialiseGpt } from "./parameters";

const shapeOf = (layerCount: number, width: number, headCount: number): GptConfig => ({
  width,
  layerCount,
  headCount,
  maxPositions: 960,
  layerNormEpsilon: 1e-5,
  isCausal: true,
  box: RAW_BOX,
  intervalMin: 15,
  notes: {},
});

describe("parameters of a GPT on points", () => {
  // NOTES.md 1.3: the shapes of RAW's three scripts, counted there
  test.each([
    [12, 768, 16, 91_702_274],
    [16, 768, 16, 120_053_762],
    [12, 1024, 16, 162_639_874],
  ])("%i layers of %i come to RAW's number", (layers, width, heads, expected) => {
    expect(countGptParameters(shapeOf(layers, width, heads))).toBe(expected);
  });

  test("names are unique, and a seed gives the same weights again", () => {
    const config = shapeOf(2, 16, 2);
    const names = [...gptShapes(config)].map(([name]) => name);
    expect(new Set(names).size).toBe(names.length);
    const tensors = initialiseGpt(config);
    expect(tensors).toEqual(initialiseGpt(config));
    expect(tensors).not.toEqual(initialiseGpt(config, 7));
  });

  test("start as PyTorch's layers and RAW's positions do", () => {
    const tensors = initialiseGpt(shapeOf(1, 64, 4));
    const values = (name: string): Float32Array => tensors.get(name)!.values;
    const positions = values(GPT_NAMES.positions);
    const square = positions.reduce((sum, value) => sum + value * value, 0) / positions.length;
    expect(Math.sqrt(square)).toBeCloseTo(0.02, 3);
    const reach = (name: string): number =>
      values(name).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expect(reach(`${GPT_NAMES.encoderInner}.weight`)).toBeCloseTo(Math.SQRT1_2, 1); // 2 inputs
    expect(reach(`${GPT_NAMES.encoderInner}.bias`)).toBeCloseTo(Math.SQRT1_2, 1);
    expect(reach(`${GPT_NAMES.headOutput}.weight`)).toBeCloseTo(1 / 8, 1); // 64 inputs
    expect(values(`${GPT_NAMES.finalNorm}.weight`)).toEqual(new Float32Array(64).fill(1));
  });

  test("the configuration is written and read as it was, and says what is wrong", () => {
    const config = shapeOf(2, 16, 2);
    expect(readGptConfig(gptConfigToJson(config))).toEqual(config);
    const broken = (change: object) => () =>
      readGptConfig({ ...gptConfigToJson(config), ...change });
    expect(broken({ model_type: "bert" })).toThrow('"model_type" is "bert"');
    expect(broken({ box: [1, 2, 3] })).toThrow('"box" is [1,2,3]');
    expect(broken({ box: [41, 115, 39, 117] })).toThrow("is no box");
    expect(broken({ num_attention_heads: 3 })).toThrow("cannot be shared by 3");
  });
});
