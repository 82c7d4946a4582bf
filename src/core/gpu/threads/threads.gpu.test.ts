import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { createRandom } from "../../random";
import type { Engine } from "../engine";
import { openEngine } from "../engine";
import { oneBank } from "../banks";
import { GradientSink } from "../gradient-sink";
import { installTrainingKernels } from "../kernels/training/install";
import { addAndNorm, attention, gelu, linear, takeRows } from "../ops";
import type { Threading } from "../options";
import { TEST_WASM_PATHS } from "../testing";
import { geluGradient } from "../training/activations";
import { attentionGradient, droppedAttention } from "../training/attention";
import { dense, denseGradient } from "../training/dense";
import { dropOut } from "../training/dropout";
import { embed, embedGradient } from "../training/embed";
import { vocabularyLoss } from "../training/loss";
import { keepNorm, normGradient } from "../training/norm";
import { putRows } from "../training/rows";
import { sumOfSquares } from "../training/squares";
import { poolOf } from "./pool";
import { loadTestThreads } from "./testing";

/** Sizes that are large enough to be shared, and no round numbers. */
interface Sizes {
  readonly B: number;
  readonly T: number;
  readonly H: number;
  readonly D: number;
  readonly F: number;
  readonly V: number;
}

const four = (from: number, to: number): fc.Arbitrary<number> =>
  fc.integer({ min: from / 4, max: to / 4 }).map((n) => 4 * n);
const SIZES: fc.Arbitrary<Sizes> = fc.record({
  B: fc.integer({ min: 3, max: 9 }),
  T: four(36, 100),
  H: fc.integer({ min: 1, max: 5 }),
  D: four(8, 40),
  F: four(100, 300),
  V: fc.integer({ min: 300, max: 700 }),
});

function valuesOf(count: number, name: string): Float32Array {
  const random = createRandom(7, name);
  return Float32Array.from({ length: count }, () => random.normal());
}
const matrix = (rows: number, columns: number, name: string): tf.Tensor2D =>
  tf.tensor2d(valuesOf(rows * columns, name), [rows, columns]);

function numbersOf(count: number, below: number): tf.Tensor1D {
  const random = createRandom(3, "numbers");
  return tf.tensor1d(
    Int32Array.from({ length: count }, () => random.integer(below)),
    "int32",
  );
}

/** Forward alone: each result of it. */
function runForward({ B, T, H, D, F }: Sizes): tf.Tensor[] {
  const C = H * D;
  const x = matrix(B * T, C, "x");
  const norm = {
    weight: tf.tensor1d(valuesOf(C, "w")),
    bias: tf.tensor1d(valuesOf(C, "b")),
    epsilon: 1e-12,
  };
  const projected = tf.tensor3d(valuesOf(B * T * 3 * C, "p"), [B, T, 3 * C]);
  const bias = tf.tensor2d(
    Float32Array.from({ length: B * T }, (_, n) => (n % T > 30 ? -1e4 : 0)),
    [B, T],
  );
  return [
    linear(x, matrix(C, F + 1, "m"), tf.tensor1d(valuesOf(F + 1, "o"))),
    addAndNorm(x, matrix(T, C, "y"), norm),
    gelu(matrix(B * T, F, "g")),
    takeRows(x, numbersOf(400, B * T)),
    attention(projected, bias, H),
    attention(projected, undefined, H, true),
  ];
}

/** The way back: each gradient, and the sums of those of all parameters. */
function runBack({ B, T, H, D, F, V }: Sizes): tf.Tensor[] {
  const [N, C, M] = [B * T, H * D, 4 * Math.ceil((B * T) / 8)];
  const O = 4 * Math.ceil(V / 4);
  const size = F * C + O * C + (T + 2) * C + 3 * (F + C + O) + 64;
  const layer = { weight: { start: 0, shape: [F, C] }, bias: { start: F * C, shape: [F] } };
  const words = { start: F * C + F, shape: [V, C] };
  const positions = { start: words.start + O * C, shape: [T, C] };
  const types = { start: positions.start + T * C, shape: [2, C] };
  const scale = { start: types.start + 2 * C, shape: [C] };
  const shift = { start: scale.start + C, shape: [C] };
  const outputs = { start: shift.start + C, shape: [V] };
  const norm = { weight: scale, bias: shift, epsilon: 1e-12 };
  const flat = oneBank(tf.tensor1d(valuesOf(size, "flat")));
  const sink = new GradientSink(flat);
  const x = matrix(N, C, "x");
  const kept = keepNorm(x, matrix(N, C, "y"), flat, norm);
  const places = { tokens: numbersOf(N, V), T };
  const tables = { words, positions, types };
  const targets = { labels: numbersOf(M, V), weights: tf.tensor1d(valuesOf(M, "v")) };
  const loss = vocabularyLoss(
    matrix(M, C, "z"),
    targets,
    flat,
    { weight: words, bias: outputs },
    sink,
  );
  const projected = tf.tensor3d(valuesOf(N * 3 * C, "p"), [B, T, 3 * C]);
  const d = tf.tensor3d(valuesOf(N * C, "d"), [B, T, C]);
  const input = { projected, bias: undefined, headCount: H };
  embedGradient(matrix(N, C, "e"), places, tables, sink);
  const place = { rate: 0.1, seed: 3, step: 1, pass: 0, site: 2 };
  const results = [
    dense(x, flat, layer),
    denseGradient(matrix(N, F, "f"), x, flat, layer, sink),
    ...Object.values(kept),
    normGradient(matrix(N, C, "d"), kept, flat, norm, sink),
    embed(places, flat, tables),
    attentionGradient(d, input),
    attentionGradient(d, { ...input, isCausal: true }),
    droppedAttention(input, place),
    attentionGradient(d, input, place),
    dropOut(x, place),
    geluGradient(matrix(N, F, "f"), matrix(N, F, "g")),
    putRows(matrix(M, C, "z"), numbersOf(M, N), N),
    loss.losses,
    loss.d!,
    sumOfSquares(flat.tensors[0]!),
  ];
  return [...results, ...sink.take().tensors];
}

/** The bits of all results, one after the other. */
async function bitsOf(sizes: Sizes): Promise<Int32Array> {
  const results = tf.tidy(() => [...runForward(sizes), ...runBack(sizes)]);
  const values = await Promise.all(results.map((tensor) => tensor.data<"float32">()));
  tf.dispose(results);
  const bits = values.map((one) => new Int32Array(one.slice().buffer));
  const all = new Int32Array(bits.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const one of bits) {
    all.set(one, at);
    at += one.length;
  }
  return all;
}

/** As `toEqual`, which takes a second for so many numbers. */
function expectSame(found: Int32Array, expected: Int32Array): void {
  expect(found.length).toBe(expected.length);
  expect(found.findIndex((value, n) => value !== expected[n])).toBe(-1);
}

let open: Engine | undefined;
afterEach(() => open?.dispose());

async function openThreads(threading: Threading, threads: number): Promise<Engine> {
  open = await openEngine({ backend: "wasm", wasmPaths: TEST_WASM_PATHS, threading, threads });
  installTrainingKernels();
  return open;
}

const pool = () => poolOf(tf.backend())!;
const rest = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Starts the helpers by a first run, and waits for them. */
async function awaitHelpers(sizes: Sizes): Promise<void> {
  await bitsOf(sizes);
  for (let n = 0; n < 2000 && !pool().isReady; n++) await rest(10);
  expect(pool().isReady).toBe(true);
}

const SOME: Sizes = { B: 6, T: 60, H: 4, D: 20, F: 200, V: 501 };

test("the same bits with one, two and three threads", async () => {
  const threading = await loadTestThreads();
  const sizes = fc.sample(SIZES, { numRuns: 5, seed: 123 });
  await openThreads(threading, 1);
  const expected: Int32Array[] = [];
  for (const one of sizes) expected.push(await bitsOf(one));
  open!.dispose();
  for (const threads of [2, 3]) {
    const engine = await openThreads(threading, threads);
    expect(engine.description).toBe(`WebAssembly, SIMD, ${threads} threads`);
    await awaitHelpers(SOME);
    const before = pool().jobs;
    for (const [n, one] of sizes.entries()) expectSame(await bitsOf(one), expected[n]!);
    expect(pool().jobs - before).toBeGreaterThan(5 * sizes.length);
    engine.dispose();
  }
});

if (TEST_WASM_PATHS !== undefined) {
  test("a file that cannot be started for want of memory is an error, and may start the next time", async () => {
    const { WebAssembly } = globalThis as unknown as { WebAssembly: Record<string, unknown> };
    const { instantiate, instantiateStreaming } = WebAssembly;
    const refuse = (): Promise<never> => Promise.reject(new RangeError("Out of memory"));
    Object.assign(WebAssembly, { instantiate: refuse, instantiateStreaming: refuse });
    const threading = await loadTestThreads();
    await expect(openThreads(threading, 2)).rejects.toMatchObject({ code: "bad-file" });
    Object.assign(WebAssembly, { instantiate, instantiateStreaming });
    (await openThreads(threading, 2)).dispose();
  });
}

test("without shared memory there is one thread", async () => {
  const engine = await openEngine({ backend: "wasm", wasmPaths: TEST_WASM_PATHS, threads: 4 });
  expect(engine.capabilities.threads).toBe(1);
  engine.dispose();
});

test("a small call stays on its thread", async () => {
  await openThreads(await loadTestThreads(), 2);
  await awaitHelpers(SOME);
  const before = pool().jobs;
  tf.dispose(gelu(matrix(4, 16, "small")));
  expect(pool().jobs).toBe(before);
});

test("helpers that end leave the work to the calling thread", async () => {
  const threading = await loadTestThreads();
  const ended: (() => void)[] = [];
  const spawn: Threading["spawn"] = () => {
    const helper = threading.spawn();
    const onEnd = (callback: () => void): void => {
      ended.push(() => (helper.terminate(), callback()));
    };
    return { ...helper, onEnd };
  };
  await openThreads({ ...threading, spawn }, 3);
  await awaitHelpers(SOME);
  const expected = await bitsOf(SOME);
  for (const end of ended) end();
  const before = pool().jobs;
  expectSame(await bitsOf(SOME), expected);
  expect(pool().jobs).toBe(before);
});
