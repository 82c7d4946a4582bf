import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { openEngine } from "../gpu/engine";
import { createBert } from "../model/bert";
import { runForward, type ForwardResult } from "../model/forward";
import { loadReference } from "../model/reference.testing";
import { finish, type Progress } from "../pace";
import { keepEngine, tellFaults } from "./session-engine";

/** Takes the GPU away as the system would: not through the engine. */
function takeAway(): void {
  (tf.backend() as unknown as { device: GPUDevice }).device.destroy();
}

const ROWS = Array.from({ length: 3 }, () => [2, 5, 20, 3]);

test("a GPU that is taken away under a job ends it with one sentence, and the next job runs", async () => {
  const { config, tensors } = await loadReference("bert-half");
  const kept = new Map<string, unknown>([["a model", {}]]);
  const { engine, ...faults } = keepEngine(() => openEngine({ backend: "webgpu" }), kept);
  async function* job(isUnlucky: boolean): AsyncGenerator<Progress, ForwardResult> {
    await engine();
    const bert = createBert(config, tensors);
    yield { phase: "begin", done: 0, total: 1, unit: "rows" };
    if (isUnlucky) takeAway();
    return yield* runForward(bert, ROWS);
  }
  const whole = await finish(tellFaults(job(false), faults));
  await expect(finish(tellFaults(job(true), faults))).rejects.toMatchObject({
    code: "device-lost",
    message: expect.stringContaining("the graphics device was lost") as string,
  });
  expect(kept.size).toBe(0);
  const again = await finish(tellFaults(job(false), faults));
  expect(again.logits).toEqual(whole.logits);
  (await engine()).dispose();
});

test("what the GPU refuses under a job ends it, what was kept is made anew, and the next job runs", async () => {
  let disposed = 0;
  const kept = new Map<string, unknown>([["a model", { dispose: () => disposed++ }]]);
  const { engine, ...faults } = keepEngine(() => openEngine({ backend: "webgpu" }), kept);
  async function* job(bytes: number): AsyncGenerator<Progress, string> {
    await engine();
    yield { phase: "begin", done: 0, total: 1, unit: "buffers" };
    const { device } = tf.backend() as unknown as { device: GPUDevice };
    device.createBuffer({ size: Math.min(bytes, 2 * device.limits.maxBufferSize), usage: 128 });
    return "numbers of nobody knows what";
  }
  await expect(finish(tellFaults(job(Infinity), faults))).rejects.toMatchObject({
    message: expect.stringContaining("the graphics card") as string,
  });
  expect([disposed, kept.size]).toEqual([1, 0]);
  expect(await finish(tellFaults(job(16), faults))).toContain("numbers");
  (await engine()).dispose();
});

test("an engine that could not be opened is opened by the next job", async () => {
  let tries = 0;
  const open = (): ReturnType<typeof openEngine> =>
    ++tries === 1 ? Promise.reject(new Error("no such file")) : openEngine({ backend: "cpu" });
  const { engine } = keepEngine(open, new Map());
  await expect(engine()).rejects.toThrow("no such file");
  expect((await engine()).kind).toBe("cpu");
  (await engine()).dispose();
  expect(tries).toBe(2);
});

test("what fails for another reason keeps its own words", async () => {
  async function* job(): AsyncGenerator<Progress, void> {
    yield { phase: "begin", done: 0, total: 1, unit: "rows" };
    throw new Error("no such file");
  }
  const none = { loss: () => undefined, fault: () => Promise.resolve(undefined) };
  await expect(finish(tellFaults(job(), none))).rejects.toThrow("no such file");
});
