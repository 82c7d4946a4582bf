import { describe, expect, test } from "vitest";
import type { EngineKind } from "../gpu/engine";
import { cutBanks } from "../gpu/banks";
import { expectAllClose, openTestEngine } from "../gpu/testing";
import type { Checkpoint } from "./checkpoint";
import { readCheckpoint, writeCheckpoint } from "./checkpoint";
import { toBertConfig } from "./config";
import { checkFits, limitsOf } from "./estimate";
import { createLayout } from "./layout";
import type { PretrainOptions } from "./reports";
import { CONFIG, OPTIONS, makeCorpus, runAll } from "./run.testing";
import type { HostState } from "./trainer";

/** A buffer holds a third of the words, or a layer, but not the 58 KB of all parameters. */
const SMALL = 12_000;
const V = 501;
/** After 20 steps; the sums of a softmax over all banks are made in another order than those of one. */
const TOLERANCE = 1e-6;

const RUN: PretrainOptions = {
  ...OPTIONS,
  vocabularySize: V,
  config: { ...CONFIG, maxLength: 12, batch: 3, accumulation: 1, learningRate: 1e-3 },
  data: { train: makeCorpus(30, "train"), validation: makeCorpus(2, "validation") },
  budget: { kind: "steps", steps: 20 },
  validations: 1,
  checkpointSeconds: 0,
};

/** Runs to the end on the open engine; the checkpoints on the way, and where it ended. */
async function train(more: Partial<PretrainOptions> = {}) {
  const { reports, result } = await runAll({ ...RUN, ...more });
  const kept = reports.flatMap((one) => (one.kind === "checkpoint" ? [one.checkpoint] : []));
  return { kept, tensors: result.checkpoint.tensors };
}

/** Does something on an engine of its own. */
async function withEngine<T>(backend: EngineKind, bytes: number, body: () => Promise<T>) {
  const engine = await openTestEngine(backend, bytes);
  try {
    checkFits(RUN.config, V, limitsOf(engine)); // it was refused, where its parameters took more than a buffer
    return await body();
  } finally {
    engine.dispose();
  }
}

/** The checkpoint as its files give it back. */
async function throughFiles(checkpoint: Checkpoint): Promise<Checkpoint> {
  const files = new Map(writeCheckpoint(checkpoint).map(({ path, bytes }) => [path, bytes]));
  return (await readCheckpoint((path) => Promise.resolve(files.get(path))))!;
}

const BACKENDS: EngineKind[] = ["wasm", "webgpu"];

describe.each(BACKENDS)("a model larger than a buffer on %s", (backend) => {
  test("learns what it learns in one buffer, and goes on to the bit", async () => {
    const { spans } = createLayout(toBertConfig(RUN.config, V));
    expect(cutBanks(spans, SMALL / 4).length).toBeGreaterThan(3);
    const whole = await withEngine(backend, Infinity, () => train());
    await withEngine(backend, SMALL, async () => {
      const split = await train();
      const columns = Object.entries(split.tensors) as [keyof HostState, Float32Array][];
      for (const [name, values] of columns) expectAllClose(values, whole.tensors[name], TOLERANCE);
      const resumed = await train({ checkpoint: await throughFiles(split.kept[6]!) });
      expect(resumed.tensors).toEqual(split.tensors);
    });
  });
});
