import * as tf from "@tensorflow/tfjs-core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openEngine } from "./engine";
import { TEST_WASM_PATHS } from "./testing";

const wasmPaths = TEST_WASM_PATHS;
const scope = globalThis as { navigator?: { gpu?: unknown } };
const original = Object.getOwnPropertyDescriptor(globalThis, "navigator");

/** Lets tfjs and us see another `navigator.gpu`. */
function pretend(gpu: unknown): void {
  const { navigator } = scope;
  const value = new Proxy(navigator ?? {}, {
    get: (target, key) => (key === "gpu" ? gpu : (Reflect.get(target, key) as unknown)),
  });
  Object.defineProperty(globalThis, "navigator", { value, configurable: true });
}

function restore(): void {
  if (original !== undefined) Object.defineProperty(globalThis, "navigator", original);
}

describe("without a choice", () => {
  afterEach(restore);

  test("a software adapter means wasm, in one sentence", async () => {
    const engine = await openEngine({ wasmPaths });
    expect(engine.kind).toBe("wasm");
    expect(engine.reason).toBe(
      "WebGPU is only emulated in software here, so the model runs on the processor (wasm).",
    );
    expect(engine.capabilities.adapter).toMatchObject({ isSoftware: true });
    engine.dispose();
  });

  test.each([
    ["no WebGPU", undefined, "This browser has no WebGPU"],
    [
      "no adapter",
      { requestAdapter: async () => null },
      "No graphics adapter is offered to WebGPU",
    ],
    [
      "a failing adapter",
      { requestAdapter: async () => Promise.reject(new Error("x")) },
      "No graphics",
    ],
  ])("%s means wasm, in one sentence", async (_, gpu, sentence) => {
    pretend(gpu);
    const engine = await openEngine({ wasmPaths });
    expect(engine.kind).toBe("wasm");
    expect(engine.reason).toContain(sentence);
    engine.dispose();
  });

  test("webgpu that was asked for and is not there is refused", async () => {
    pretend(undefined);
    await expect(openEngine({ backend: "webgpu" })).rejects.toMatchObject({ code: "no-gpu" });
  });
});

describe("the report", () => {
  beforeEach(restore);

  test("is plain data that can be copied", async () => {
    const engine = await openEngine({ backend: "webgpu", wasmPaths });
    const { capabilities } = engine;
    expect(JSON.parse(JSON.stringify(capabilities))).toEqual(
      JSON.parse(JSON.stringify(structuredClone(capabilities))),
    );
    expect(capabilities).toMatchObject({ engine: "webgpu", hasSimd: true, threads: 0 });
    expect(capabilities.adapter!.limits["maxBufferSize"]).toBeGreaterThan(1e6);
    engine.dispose();
  });

  test("tells how wasm runs", async () => {
    const engine = await openEngine({ backend: "wasm", wasmPaths, threads: 1 });
    expect(engine.capabilities).toMatchObject({ engine: "wasm", threads: 1 });
    expect(engine.description).toBe("WebAssembly, SIMD, 1 thread");
    expect(engine.reason).toBeUndefined();
    engine.dispose();
  });
});

test.each(["webgpu", "wasm", "cpu"] as const)(
  "%s can be closed and opened again",
  async (backend) => {
    for (let round = 0; round < 2; round++) {
      const engine = await openEngine({ backend, wasmPaths });
      const sum = tf.sum(tf.tensor1d([1, 2, 3]));
      expect((await sum.data())[0]).toBe(6);
      sum.dispose();
      engine.dispose();
    }
  },
);

test("a device that is taken away is told, one that is closed is not", async () => {
  const told: string[] = [];
  const engine = await openEngine({ backend: "webgpu" });
  engine.onLost((error) => told.push(error.code));
  engine.dispose();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(told).toEqual([]);
});
