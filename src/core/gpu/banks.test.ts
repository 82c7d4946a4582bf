import { describe, expect, test } from "vitest";
import {
  cutBanks,
  cutPart,
  findPart,
  limitTensors,
  readBanks,
  readPart,
  uploadBanks,
} from "./banks";
import { GradientSink } from "./gradient-sink";
import { readAndDispose, useTestEngine } from "./testing";

const whole = (size: number) => ({ size, step: size });

describe("banks", () => {
  useTestEngine("cpu");

  test("hold whole spans, and tables cut behind their steps", () => {
    const spans = [{ size: 50, step: 8 }, whole(20), whole(30), whole(4)];
    expect(cutBanks(spans, Infinity)).toEqual([0]);
    expect(cutBanks(spans, 104)).toEqual([0]);
    expect(cutBanks(spans, 103)).toEqual([0, 100]);
    expect(cutBanks(spans, 50)).toEqual([0, 50, 100]);
    expect(cutBanks(spans, 35)).toEqual([0, 32, 50, 70]); // 18 and 20 are too many
    expect(cutBanks([whole(6), { size: 30, step: 4 }, whole(3)], 15)).toEqual([0, 6, 18, 30]);
    expect(cutBanks([whole(6), whole(30), whole(3)], 15)).toEqual([0, 6, 36]); // refused before
  });

  test("give back what was put into them, and rows of a table bank by bank", async () => {
    limitTensors(4 * 35);
    const values = Float32Array.from({ length: 104 }, (_, n) => n);
    const banks = uploadBanks(values, [{ size: 50, step: 10 }, whole(15), whole(39)]);
    expect(banks.starts).toEqual([0, 30, 65]);
    expect(banks.tensors.map(({ size }) => size)).toEqual([30, 35, 39]);
    expect(await readBanks(banks)).toEqual(values);
    const table = { start: 0, shape: [10, 5] };
    const inner = { start: 55, shape: [2, 5] };
    expect(cutPart(banks, inner)).toEqual([inner]);
    expect(cutPart(banks, table)).toEqual([
      { start: 0, shape: [6, 5] },
      { start: 30, shape: [4, 5] },
    ]);
    expect(findPart(banks, inner).start).toBe(25);
    expect(await readAndDispose(readPart(banks, inner))).toEqual(values.subarray(55, 65));
  });

  test("collect gradients that lie in different ones", async () => {
    limitTensors(4 * 4);
    const sink = new GradientSink(uploadBanks(new Float32Array(12), Array(3).fill(whole(4))));
    const add = (start: number, size: number) => {
      const part = { start, shape: [size] };
      sink.add(
        part,
        readPart(uploadBanks(new Float32Array(size).fill(start), [whole(size)]), {
          start: 0,
          shape: [size],
        }),
      );
    };
    add(9, 2);
    add(1, 2);
    add(9, 2);
    const gradients = sink.take();
    expect(gradients.starts).toEqual([0, 4, 8]);
    expect([...(await readBanks(gradients))]).toEqual([0, 1, 1, 0, 0, 0, 0, 0, 0, 18, 18, 0]);
  });
});
