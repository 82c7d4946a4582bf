import { describe, expect, test } from "vitest";
import type { EngineKind } from "../gpu/engine";
import { openTestEngine } from "../gpu/testing";
import type { Checkpoint } from "./checkpoint";
import { pretrain } from "./pretrain";
import { OPTIONS, runAll } from "./run.testing";

const BACKENDS: EngineKind[] = ["wasm", "webgpu"];
const SHORT = { ...OPTIONS, budget: { kind: "steps", steps: 4 }, validations: 1 } as const;

/** The first checkpoint of a run, at once after its first step. */
async function firstCheckpoint(): Promise<Checkpoint> {
  for await (const report of pretrain({ ...SHORT, checkpointSeconds: 0 })) {
    if (report.kind === "checkpoint") return report.checkpoint;
  }
  throw new Error("the run kept no checkpoint");
}

describe.each(BACKENDS)("pre-training on %s", (backend) => {
  test("repeats, and goes on in another session, to the bit", async () => {
    const first = await openTestEngine(backend);
    const whole = await runAll(SHORT);
    const checkpoint = await firstCheckpoint();
    expect(checkpoint.state.step).toBe(1);
    first.dispose(); // as a reload does
    const second = await openTestEngine(backend);
    const resumed = await runAll({ ...SHORT, checkpoint });
    second.dispose();
    expect(resumed.result.checkpoint.tensors).toEqual(whole.result.checkpoint.tensors);
  });
});
