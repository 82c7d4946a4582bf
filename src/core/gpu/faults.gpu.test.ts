import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Engine } from "./engine";
import { openEngine } from "./engine";
import { TEST_WASM_PATHS } from "./testing";

describe("memory that runs out", () => {
  let engine: Engine;
  afterAll(() => engine.dispose());

  test("of WebAssembly is refused in words, and what was there stays", async () => {
    engine = await openEngine({ backend: "wasm", wasmPaths: TEST_WASM_PATHS });
    const kept = tf.tensor1d([1, 2, 3]);
    for (const [size, words] of [
      [2 ** 30 - 16, /no room for another 4,295 MB/], // all addresses that there are
      [2 ** 30 + 2 ** 20, /no room for another 4,300 MB/], // more than there are
    ] as const) {
      // oxlint-disable-next-line unicorn/no-array-fill-with-reference-type -- a shape of tfjs, no array's value
      expect(() => tf.fill([size], 1)).toThrow(words);
    }
    expect(Array.from(await kept.data())).toEqual([1, 2, 3]);
    kept.dispose();
    engine.dispose();
  });

  describe("of a graphics device", () => {
    beforeAll(async () => {
      engine = await openEngine({ backend: "webgpu" });
    });

    test("is told once, and so is work that it refuses", async () => {
      const { device } = tf.backend() as unknown as { device: GPUDevice };
      expect(engine.takeFault()).toBeUndefined();
      device.createBuffer({ size: 16, usage: 0 }); // no use at all is not allowed
      await device.queue.onSubmittedWorkDone();
      await expect.poll(() => engine.takeFault()?.message).toMatch(/refused a piece of work/);
      expect(engine.takeFault()).toBeUndefined();
      const { maxBufferSize } = device.limits;
      device.createBuffer({ size: maxBufferSize, usage: GPUBufferUsage.STORAGE }).destroy();
      await device.queue.onSubmittedWorkDone();
      const fault = engine.takeFault(); // some have that much
      if (fault !== undefined) expect(fault.code).toBe("out-of-memory");
    });
  });
});
