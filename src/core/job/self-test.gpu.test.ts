import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openEngine, type Engine, type EngineKind } from "../gpu/engine";
import { TEST_WASM_PATHS } from "../gpu/testing";
import { TRAINING } from "../gpu/training-names";
import { finish } from "../pace";
import { runSelfTestJob, type SelfTestResult } from "./self-test";

const BACKENDS: EngineKind[] = ["cpu", "wasm", "webgpu"];

describe.each(BACKENDS)("the self-test on %s", (backend) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openEngine({ backend, wasmPaths: TEST_WASM_PATHS });
  }, 120_000);
  afterAll(() => engine.dispose());

  function check(): Promise<SelfTestResult> {
    const session = {
      readAsset: () => Promise.reject(new Error("nothing is shipped")),
      engine: () => Promise.resolve(engine),
      kept: new Map(),
    };
    return finish(
      runSelfTestJob({ kind: "self-test", seed: 123 }, session, new AbortController().signal),
    );
  }

  test("passes, leaves the engine as it was, and keeps no tensor", async () => {
    const before = tf.memory().numTensors;
    const result = await check();
    expect(result.rows.filter(({ passes }) => !passes)).toEqual([]);
    expect(result).toMatchObject({ passes: true, isRepeatable: true });
    expect(result.rows.map(({ largest }) => largest > 1e-3)).not.toContain(false);
    expect(tf.getBackend()).toBe(backend);
    expect(tf.memory().numTensors).toBe(before);
  });

  test.runIf(backend === "wasm")("fails where a kernel is wrong, and says which part", async () => {
    const right = tf.getKernel(TRAINING.adamw, backend);
    tf.unregisterKernel(TRAINING.adamw, backend);
    tf.registerKernel({
      ...right,
      kernelFunc: (given) => {
        const { rate } = given.attrs as Record<string, number>;
        return right.kernelFunc({ ...given, attrs: { ...given.attrs, rate: 1.1 * rate! } });
      },
    });
    const { passes, rows } = await check();
    tf.unregisterKernel(TRAINING.adamw, backend);
    tf.registerKernel(right);
    expect(passes).toBe(false);
    expect(rows.filter((row) => !row.passes).map(({ part }) => part)).toEqual(["parameters"]);
  });
});
