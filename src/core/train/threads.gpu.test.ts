import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import type { Engine } from "../gpu/engine";
import { openEngine } from "../gpu/engine";
import { TEST_WASM_PATHS } from "../gpu/testing";
import { poolOf } from "../gpu/threads/pool";
import { loadTestThreads } from "../gpu/threads/testing";
import type { Checkpoint } from "./checkpoint";
import type { PretrainOptions } from "./reports";
import { CONFIG, OPTIONS, makeCorpus, runAll } from "./run.testing";
import { pretrain } from "./pretrain";

/** Large enough for calls that are worth sharing. */
const LARGE: PretrainOptions = {
  ...OPTIONS,
  config: { ...CONFIG, width: 64, heads: 4, innerWidth: 256, batch: 60, accumulation: 1 },
  data: { train: makeCorpus(120, "train"), validation: makeCorpus(10, "validation") },
  budget: { kind: "steps", steps: 6 },
  validations: 1,
};

async function openThreads(threads: number): Promise<Engine> {
  const threading = await loadTestThreads();
  return openEngine({ backend: "wasm", wasmPaths: TEST_WASM_PATHS, threading, threads });
}

/** The third checkpoint of a run. */
async function checkpointOf(options: PretrainOptions): Promise<Checkpoint> {
  for await (const report of pretrain({ ...options, checkpointSeconds: 0 })) {
    if (report.kind === "checkpoint" && report.checkpoint.state.step === 3)
      return report.checkpoint;
  }
  throw new Error("the run kept no checkpoint");
}

test("a run comes to the same bits on one thread, on three, and gone on with on two", async () => {
  const one = await openThreads(1);
  const whole = await runAll(LARGE);
  const checkpoint = await checkpointOf(LARGE);
  one.dispose();

  const three = await openThreads(3);
  await runAll(LARGE); // the helpers come meanwhile
  const pool = poolOf(tf.backend())!;
  for (let n = 0; n < 2000 && !pool.isReady; n++) await new Promise((r) => setTimeout(r, 10));
  const before = pool.jobs;
  const shared = await runAll(LARGE);
  expect(pool.jobs - before).toBeGreaterThan(50);
  three.dispose();
  expect(shared.result.checkpoint.tensors).toEqual(whole.result.checkpoint.tensors);

  const two = await openThreads(2);
  const resumed = await runAll({ ...LARGE, checkpoint });
  two.dispose();
  expect(resumed.result.checkpoint.tensors).toEqual(whole.result.checkpoint.tensors);
});
