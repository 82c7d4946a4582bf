import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Engine, EngineKind } from "../gpu/engine";
import { openEngine } from "../gpu/engine";
import type { Checkpoint } from "./checkpoint";
import { readCheckpoint, writeCheckpoint } from "./checkpoint";
import { pretrain } from "./pretrain";
import type { PretrainOptions, PretrainResult } from "./reports";
import { CONFIG, OPTIONS, V, makeCorpus, runAll } from "./run.testing";

/** A checkpoint as it comes back from files. */
async function throughFiles(checkpoint: Checkpoint): Promise<Checkpoint> {
  const files = new Map(writeCheckpoint(checkpoint).map(({ path, bytes }) => [path, bytes]));
  return (await readCheckpoint((path) => Promise.resolve(files.get(path))))!;
}

/** Stops a run at its first report with at least so many steps, as a closed tab would, and keeps the checkpoint. */
async function stopAfter(steps: number): Promise<Checkpoint> {
  const stop = new AbortController();
  const work = pretrain({ ...OPTIONS, reportEvery: 1, signal: stop.signal });
  let checkpoint: Checkpoint | undefined;
  await expect(async () => {
    for await (const report of work) {
      if (report.kind === "step" && report.row.step >= steps) stop.abort();
      if (report.kind === "checkpoint") ({ checkpoint } = report);
    }
  }).rejects.toMatchObject({ code: "stopped" });
  return checkpoint!;
}

/** The log without what a clock says. */
function withoutClock({ checkpoint }: PretrainResult) {
  return checkpoint.state.log.map((row) => ({ ...row, seconds: 0 }));
}

const BACKENDS: EngineKind[] = ["cpu", "wasm"];

function useEngine(backend: EngineKind): void {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openEngine({ backend });
  });
  afterAll(() => engine.dispose());
}

describe.each(BACKENDS)("pre-training on %s", (backend) => {
  useEngine(backend);

  test("goes on from a checkpoint as if it had never stopped", async () => {
    const { result } = await runAll({ ...OPTIONS, reportEvery: 1 });
    const checkpoint = await throughFiles(await stopAfter(5));
    expect(checkpoint.state.step).toBeLessThan(12);
    const resumed = await runAll({ ...OPTIONS, reportEvery: 1, checkpoint });
    expect(resumed.result.checkpoint.tensors).toEqual(result.checkpoint.tensors);
    expect(withoutClock(resumed.result)).toEqual(withoutClock(result));
  });
});

describe("pre-training", () => {
  useEngine("wasm");

  test("goes on with a run from before dropout and hours could be set", async () => {
    const { result } = await runAll({ ...OPTIONS, reportEvery: 1 });
    const { state, tensors } = await stopAfter(5);
    const { dropout: _, times: __, ...config } = state.config;
    const older = { ...state, config: config as typeof CONFIG };
    const checkpoint = await throughFiles({ state: older, tensors });
    const resumed = await runAll({ ...OPTIONS, reportEvery: 1, checkpoint });
    expect(resumed.result.checkpoint.tensors).toEqual(result.checkpoint.tensors);
    expect(resumed.result.checkpoint.state.config).toEqual(CONFIG);
  });

  test("begins with parameters that are given, as a new run", async () => {
    const first = await runAll(OPTIONS);
    const again = await runAll({ ...OPTIONS, start: first.result.tensors });
    const { log, step } = again.result.checkpoint.state;
    expect(step).toBe(12);
    const [before] = log.filter(({ split }) => split === "validation");
    const end = first.result.checkpoint.state.log.findLast(({ split }) => split === "validation");
    expect(before!.loss).toBeCloseTo(end!.loss, 6);
  });

  test("learns more than frequencies, and repeats to the bit", async () => {
    const options = { ...OPTIONS, budget: { kind: "steps", steps: 60 } } as const;
    const { reports, result } = await runAll(options);
    const rows = result.checkpoint.state.log.filter(({ split }) => split === "validation");
    expect(Math.abs(Math.log(rows[0]!.perplexity / V))).toBeLessThan(0.1); // it knows nothing yet
    const baselines = reports.find((report) => report.kind === "baselines")!.scores;
    expect(rows.at(-1)!.perplexity).toBeLessThan(baselines.frequency.perplexity);
    const again = await runAll(options);
    expect(again.result.checkpoint.tensors).toEqual(result.checkpoint.tensors);
    expect(withoutClock(again.result)).toEqual(withoutClock(result));
  });

  test("passes that make up one step learn what one large batch learns", async () => {
    const logs = [];
    for (const [batch, accumulation] of [
      [12, 1],
      [6, 2],
      [3, 4],
      [1, 12],
    ] as const) {
      const { result } = await runAll({ ...OPTIONS, config: { ...CONFIG, batch, accumulation } });
      logs.push(result.checkpoint.state.log.map(({ loss }) => loss));
    }
    const [whole, ...others] = logs;
    expect(whole!.at(-1)).toBeLessThan(whole![0]! - 0.1); // it learns something
    for (const log of others) log.forEach((loss, n) => expect(loss).toBeCloseTo(whole![n]!, 4));
  });

  test("holds as much memory after many steps as after few", async () => {
    await runAll(OPTIONS); // the first run may fill caches
    const held: { tensors: number; bytes: number }[] = [];
    const budget = { kind: "steps", steps: 1000 } as const;
    for await (const report of pretrain({ ...OPTIONS, budget, reportEvery: 10, validations: 1 })) {
      const { numTensors, numBytes } = tf.memory();
      if (report.kind === "step") held.push({ tensors: numTensors, bytes: numBytes });
    }
    expect(held.length).toBeGreaterThan(4);
    for (const one of held) expect(one).toEqual(held[0]);
  });

  test("frees everything, however it ends", async () => {
    const before = tf.memory().numTensors;
    await runAll(OPTIONS);
    await stopAfter(2);
    for await (const report of pretrain(OPTIONS)) if (report.kind === "validation") break;
    expect(tf.memory().numTensors).toBe(before);
  });

  test("waits while it is paused, keeps a checkpoint, and takes another learning rate", async () => {
    const controls = { isPaused: false, rateFactor: 1 };
    const rates = new Map<number, number>();
    let [paused, saved] = [0, 0];
    for await (const report of pretrain({ ...OPTIONS, reportEvery: 1, controls })) {
      if (report.kind === "step") {
        rates.set(report.row.step, report.row.learningRate!);
        controls.isPaused = report.row.step === 4;
        if (report.row.step === 8) controls.rateFactor = 0.5;
      }
      if (report.kind === "paused") {
        paused++;
        setTimeout(() => (controls.isPaused = false), 120);
      }
      if (report.kind === "checkpoint") saved = report.checkpoint.state.rateFactor;
    }
    expect(paused).toBe(1);
    expect(saved).toBe(0.5);
    expect(rates.get(10)! / rates.get(7)!).toBeCloseTo((0.5 * (1 - 9 / 12)) / (1 - 6 / 12), 5);
  });

  test("names the layer where a number breaks, and keeps the step before", async () => {
    const { result } = await runAll(OPTIONS);
    const { state, tensors } = result.checkpoint;
    const parameters = tensors.parameters.slice();
    const layer = V * 16 + 24 * 16 + 2 * 16 + 4 * 16 * 16 + 2 * 16 * 32 + 5; // in the second layer's query
    parameters[layer] = NaN;
    const checkpoint = { state: { ...state, step: 3 }, tensors: { ...tensors, parameters } };
    await expect(runAll({ ...OPTIONS, checkpoint })).rejects.toMatchObject({
      code: "not-finite",
      message: expect.stringContaining("layer.1.attention.self.query.weight"),
    });
  });
});

describe("pre-training refuses", () => {
  const starting = (changes: Partial<PretrainOptions>) =>
    pretrain({ ...OPTIONS, ...changes }).next();

  test("values out of bounds and data that fills no step", async () => {
    const config = { ...CONFIG, width: 18, heads: 4 };
    await expect(starting({ config })).rejects.toThrow("cannot be shared by 4 heads");
    await expect(starting({ config: { ...CONFIG, maskRate: 2 } })).rejects.toThrow("maskRate is 2");
    await expect(starting({ config: { ...CONFIG, batch: 31 } })).rejects.toThrow(
      "60 training trajectories do not fill one step of 62",
    );
    const train = makeCorpus(0, "none");
    const data = { train, validation: train };
    await expect(starting({ data })).rejects.toThrow("holds no trajectory");
  });

  test("a checkpoint of another run", async () => {
    const engine = await openEngine({ backend: "cpu" });
    const { result } = await runAll({ ...OPTIONS, budget: { kind: "steps", steps: 1 } });
    const { checkpoint } = result;
    await expect(starting({ checkpoint })).rejects.toThrow("made with the budget");
    const other = { ...OPTIONS.data, train: makeCorpus(60, "other") };
    const budget = checkpoint.state.budget;
    await expect(starting({ checkpoint, budget, data: other })).rejects.toThrow("with the data");
    engine.dispose();
  });
});
