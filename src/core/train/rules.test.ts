import { describe, expect, test } from "vitest";
import { PAPER, PRESETS, checkPretrainConfig, differencesFromPaper } from "./config";
import { checkFits, estimateRun } from "./estimate";
import type { Curves } from "./failures";
import { findFailures, frequencyRival, persistenceRival } from "./failures";
import { learningRateAt } from "./schedule";

describe("the schedule", () => {
  const rule = { learningRate: 1, warmup: 0.1, schedule: "linear" } as const;

  test("rises, and falls in a line or half a cosine, or stays", () => {
    const at = (schedule: "linear" | "cosine" | "constant"): number[] =>
      [0, 0.05, 0.1, 0.55, 1].map((share) => learningRateAt(share, { ...rule, schedule }));
    expect(at("linear")).toEqual([0, 0.5, 1, expect.closeTo(0.5), 0]);
    expect(at("cosine")).toEqual([0, 0.5, 1, expect.closeTo(0.5), 0]);
    expect(at("constant")).toEqual([0, 0.5, 1, 1, 1]);
    expect(learningRateAt(0.325, { ...rule, schedule: "cosine" })).toBeCloseTo(0.8536, 4);
    expect(learningRateAt(0, { ...rule, warmup: 0 })).toBe(1);
  });
});

describe("configurations", () => {
  test("presets are sound, and tell what is not the paper's", () => {
    for (const preset of Object.values(PRESETS)) checkPretrainConfig(preset);
    expect(differencesFromPaper(PAPER)).toEqual([]);
    expect(differencesFromPaper({ ...PAPER, batch: 16 })).toEqual([
      { name: "batch", paper: 64, here: 16 },
    ]);
  });

  test("the paper's model has the size of BERT base", () => {
    const { parameters, stateBytes } = estimateRun(PAPER, 30_522);
    expect(parameters).toBe(109_514_298); // Hugging Face's BertForMaskedLM of bert-base-uncased
    expect(stateBytes).toBe(16 * parameters);
  });

  test("what cannot fit is refused, with what would", () => {
    const wasm = { kind: "wasm", bufferBytes: Infinity } as const;
    expect(() => checkFits(PAPER, 2565, wasm)).toThrow(
      /needs 1\.\d\d GB .* a batch of 1 fits|preset/,
    );
    checkFits(PRESETS.small, 2565, wasm);
    const small = { kind: "webgpu", bufferBytes: 128e6 } as const;
    const batches = { ...PAPER, batch: 16 };
    checkFits(batches, 30_522, small); // its parameters fill four buffers
    expect(() => checkFits(PAPER, 2565, small)).toThrow("a batch of 16 fits, with 8 passes");
    expect(() => checkFits(batches, 2565, { kind: "webgpu", bufferBytes: 9e6 })).toThrow(
      "one matrix of a layer takes 0.01 GB and one buffer of this graphics card holds 0.01 GB",
    );
    const wide = { ...PRESETS.small, batch: 4096 };
    expect(() => checkFits(wide, 2565, small)).toThrow(
      /the inner layer of one pass takes .* GB and one buffer .* a batch of \d+ fits, with \d+ passes/,
    );
  });
});

/** A curve of one value a step. */
const curve = (...losses: number[]) => losses.map((loss, n) => ({ step: n * 10, loss }));
const range = (count: number, value: (n: number) => number): number[] =>
  Array.from({ length: count }, (_, n) => value(n));

describe("failure signatures", () => {
  const sound: Curves = {
    train: curve(...range(40, (n) => 6 * 0.95 ** n)),
    validation: curve(...range(8, (n) => 6 * 0.8 ** n)),
    progress: 0.6,
  };
  const frequency = frequencyRival(4);
  const kinds = (changes: Partial<Curves>): string[] =>
    findFailures({ ...sound, ...changes }, frequency).map(({ kind }) => kind);

  test("a sound run shows none", () => {
    expect(kinds({})).toEqual([]);
    expect(kinds({ train: [], validation: [], progress: 0 })).toEqual([]);
  });

  test("each rigged run shows its own", () => {
    const climbing = curve(...range(20, (n) => 4 - 0.1 * n), ...range(20, (n) => 2 + 0.2 * n));
    expect(kinds({ train: climbing })).toEqual(["diverging"]);
    expect(kinds({ train: curve(...range(40, (n) => 3 + (n % 2))) })).toEqual(["oscillating"]);
    expect(kinds({ validation: curve(6, 3.5, 3.5, 3.499, 3.5, 3.495) })).toEqual(["plateau"]);
    expect(kinds({ validation: curve(6, 3, 2, 2.1, 2.2, 2.3) })).toEqual(["overfitting"]);
    expect(kinds({ validation: curve(6, 5.5, 5, 4.8, 4.5, 4.3) })).toEqual(["below-frequency"]);
  });

  test("advice says what was seen and when", () => {
    const rising = { ...sound, validation: curve(6, 3, 2, 2.1, 2.2, 2.3) };
    const [failure] = findFailures(rising, frequency);
    expect(failure?.sentence).toContain("rises since step 20");
  });

  test("a next point no better than staying is told, in squared errors", () => {
    const validation = curve(...[0.3, 0.01, 0.005, 0.004, 0.0036, 0.0034].map(Math.log));
    const told = (rival: number) =>
      findFailures({ ...sound, validation }, persistenceRival(Math.log(rival)));
    expect(told(0.0035)).toEqual([]);
    expect(told(0.003)).toMatchObject([{ kind: "at-persistence", step: 390 }]);
    expect(told(0.003)[0]!.sentence).toContain("3.40e-3, is not below that of staying");
  });
});
