import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { openEngine } from "../gpu/engine";
import { createBert } from "../model/bert";
import { runForward, type ForwardResult } from "../model/forward";
import { loadReference } from "../model/reference.testing";
import { finish, type Progress } from "../pace";
import { keepEngine, tellLoss } from "./session-engine";

/** Takes the GPU away as the system would: not through the engine. */
function takeAway(): void {
  (tf.backend() as unknown as { device: GPUDevice }).device.destroy();
}

const ROWS = Array.from({ length: 3 }, () => [2, 5, 20, 3]);

test("a GPU that is taken away under a job ends it with one sentence, and the next job runs", async () => {
  const { config, tensors } = await loadReference("bert-half");
  const kept = new Map<string, unknown>([["a model", {}]]);
  const { engine, loss } = keepEngine(() => openEngine({ backend: "webgpu" }), kept);
  async function* job(isUnlucky: boolean): AsyncGenerator<Progress, ForwardResult> {
    await engine();
    const bert = createBert(config, tensors);
    yield { phase: "begin", done: 0, total: 1, unit: "rows" };
    if (isUnlucky) takeAway();
    return yield* runForward(bert, ROWS);
  }
  const whole = await finish(tellLoss(job(false), loss));
  await expect(finish(tellLoss(job(true), loss))).rejects.toMatchObject({
    code: "device-lost",
    message: expect.stringContaining("the graphics device was lost") as string,
  });
  expect(kept.size).toBe(0);
  const again = await finish(tellLoss(job(false), loss));
  expect(again.logits).toEqual(whole.logits);
  (await engine()).dispose();
});

test("what fails for another reason keeps its own words", async () => {
  async function* job(): AsyncGenerator<Progress, void> {
    yield { phase: "begin", done: 0, total: 1, unit: "rows" };
    throw new Error("no such file");
  }
  await expect(finish(tellLoss(job(), () => undefined))).rejects.toThrow("no such file");
});
