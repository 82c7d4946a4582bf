import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, expect } from "vitest";
import type { Engine, EngineKind } from "./engine";
import { openEngine } from "./engine";
import type { WasmPaths } from "./options";

/** Every value within `tolerance` of its twin, NaN nowhere; the message names the worst. */
export function expectAllClose(
  found: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
): void {
  expect(found.length).toBe(expected.length);
  let worst = -1;
  let worstGap = -1;
  for (let n = 0; n < found.length; n++) {
    const gap = Math.abs(found[n]! - expected[n]!);
    if (gap > worstGap || Number.isNaN(gap)) [worst, worstGap] = [n, gap];
    if (Number.isNaN(gap)) break;
  }
  expect(
    worstGap,
    `value ${worst}: found ${found[worst]}, expected ${expected[worst]}`,
  ).toBeLessThanOrEqual(tolerance);
}

/** Runs `body` twice; the second run must leave as many tensors and as much memory as the first. */
export async function expectNoLeak(body: () => unknown): Promise<void> {
  await body(); // the first run may fill caches
  const before = tf.memory();
  await body();
  const after = tf.memory();
  expect(after.numTensors).toBe(before.numTensors);
  const pool = (memory: tf.MemoryInfo): unknown =>
    (memory as { numBytesAllocatedInGPU?: number }).numBytesAllocatedInGPU;
  expect(pool(after)).toBe(pool(before));
}

/** Opens an engine for tests; what is small does not go to the processor instead of the graphics card. */
export async function openTestEngine(backend: EngineKind, bufferBytes?: number): Promise<Engine> {
  const engine = await openEngine({ backend, bufferBytes, wasmPaths: TEST_WASM_PATHS });
  if (backend === "webgpu") tf.env().set("WEBGPU_CPU_FORWARD", false);
  return engine;
}

/** An engine for the tests of the block around, closed behind them; `install` adds kernels to it. */
export function useTestEngine(
  backend: EngineKind,
  install: () => void = () => undefined,
): () => Engine {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openTestEngine(backend);
    install();
  }, 120_000);
  afterAll(() => engine.dispose());
  return () => engine;
}

/** Values of a tensor that is freed. */
export async function readAndDispose(tensor: tf.Tensor): Promise<Float32Array> {
  const values = await tensor.data<"float32">();
  tensor.dispose();
  return values;
}

interface Glob {
  glob<T>(pattern: string, options: Record<string, unknown>): Record<string, T>;
}

/** Addresses of tfjs' wasm files for tests in the browser; Node finds them itself. */
export const TEST_WASM_PATHS = findWasmPaths();

function findWasmPaths(): WasmPaths | undefined {
  const isNode = "process" in globalThis && "versions" in process;
  if (isNode) return undefined;
  const files = (import.meta as unknown as Glob).glob<string>(
    "../../../node_modules/@tensorflow/tfjs-backend-wasm/dist/*.wasm",
    { eager: true, import: "default", query: "?url" },
  );
  const named = Object.entries(files).map(([path, url]) => [
    path.slice(path.lastIndexOf("/") + 1),
    url,
  ]);
  return Object.fromEntries(named) as WasmPaths;
}
