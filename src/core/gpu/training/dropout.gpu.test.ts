import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import type { EngineKind } from "../engine";
import { installTrainingKernels } from "../kernels/training/install";
import { installGpuTrainingKernels } from "../kernels/webgpu/install";
import { useTestEngine } from "../testing";
import type { DropoutPlace } from "./dropout";
import { dropOut, dropoutFactors } from "./dropout";

const PLACE: DropoutPlace = { rate: 0.1, seed: 2 ** 32 - 5, step: 70_000, pass: 3, site: 12 };
const COUNT = 30_003;

const shareOfZeros = (values: Float32Array): number =>
  values.filter((value) => value === 0).length / values.length;

test("drops the share it is told, keeps the mean, and another place drops others", () => {
  const factors = dropoutFactors(COUNT, PLACE);
  expect(Math.abs(shareOfZeros(factors) - 0.1)).toBeLessThan(4 * Math.sqrt(0.09 / COUNT));
  expect(new Set(factors)).toEqual(new Set([0, Math.fround(65_536 / (65_536 - 6554))]));
  for (const change of [{ seed: 1 }, { step: 1 }, { pass: 0 }, { site: 0 }]) {
    const others = dropoutFactors(COUNT, { ...PLACE, ...change });
    const both = others.filter((factor, n) => factor === 0 && factors[n] === 0).length / COUNT;
    expect(Math.abs(both - 0.01)).toBeLessThan(4 * Math.sqrt(0.0099 / COUNT)); // independent
  }
});

const BACKENDS: EngineKind[] = ["cpu", "wasm", "webgpu"];

describe.each(BACKENDS)("dropout on %s", (backend) => {
  useTestEngine(backend, () => {
    if (backend === "webgpu") installGpuTrainingKernels();
    if (backend === "wasm") installTrainingKernels();
  });

  test("has the same bits as in plain JavaScript", async () => {
    const values = Float32Array.from({ length: COUNT }, (_, n) => Math.sin(n));
    const x = tf.tensor2d(values, [COUNT / 3, 3]);
    const out = dropOut(x, PLACE); // [N, 3]
    const factors = dropoutFactors(COUNT, PLACE);
    const found = await out.data<"float32">();
    expect(found).toEqual(values.map((value, n) => Math.fround(value * factors[n]!)));
    expect(shareOfZeros(found)).toBeGreaterThan(0.09);
    tf.dispose([x, out]);
  });
});
