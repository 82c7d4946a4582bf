import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createRandom } from "../random";
import type { Engine, EngineKind } from "./engine";
import { openEngine } from "./engine";
import { FUSED, addAndNorm, attention, gelu, layerNorm, linear, takeRows } from "./ops";
import { TEST_WASM_PATHS, expectAllClose, expectNoLeak, openTestEngine } from "./testing";

/** float32 sums in another order, and e^x and erf by other polynomials. */
const TOLERANCE = 1e-5;

function randomValues(count: number, scale: number, name: string): Float32Array {
  const random = createRandom(7, name);
  return Float32Array.from({ length: count }, () => random.normal() * scale);
}

const matrix = (rows: number, columns: number, name: string, scale = 1): tf.Tensor2D =>
  tf.tensor2d(randomValues(rows * columns, scale, name), [rows, columns]);
const vector = (count: number, name: string): tf.Tensor1D =>
  tf.tensor1d(randomValues(count, 1, name));

interface Shape {
  B: number;
  T: number;
  H: number;
  D: number;
}

function attend({ B, T, H, D }: Shape, isPadded: boolean, isCausal = false): tf.Tensor {
  const projected = tf.tensor3d(randomValues(B * T * 3 * H * D, 2, "projected"), [B, T, 3 * H * D]);
  const bias = Float32Array.from({ length: B * T }, (_, n) =>
    n % T > 0 && n % 3 === 0 ? -1e4 : 0,
  );
  return attention(projected, isPadded ? tf.tensor2d(bias, [B, T]) : undefined, H, isCausal);
}

/** Lengths around the vector (4) and the block of four vectors (16), widths alike. */
const SHAPES: Shape[] = [
  { B: 3, T: 1, H: 1, D: 4 },
  { B: 2, T: 3, H: 2, D: 8 },
  { B: 2, T: 4, H: 3, D: 16 },
  { B: 1, T: 5, H: 2, D: 20 },
  { B: 1, T: 17, H: 1, D: 32 },
  { B: 1, T: 66, H: 2, D: 12 },
  { B: 1, T: 7, H: 2, D: 6 }, // no whole vectors: composed on every engine
];

function mixed(): tf.Tensor {
  const norm = { weight: vector(12, "weight"), bias: vector(12, "bias"), epsilon: 1e-12 };
  const x = matrix(10, 12, "x", 3);
  const parts = [
    layerNorm(x, norm),
    addAndNorm(x, matrix(10, 12, "y"), norm),
    addAndNorm(x, matrix(5, 12, "positions"), norm), // repeats
    gelu(x),
    takeRows(x, tf.tensor1d([9, 0, 3, 3, 7, 1, 2, 4, 8, 9], "int32")),
    linear(x, matrix(12, 12, "w"), vector(12, "b")),
  ];
  return tf.concat(parts, 0);
}

const CASES: Record<string, () => tf.Tensor> = {
  "normalisation, GELU, rows and products": mixed,
  ...Object.fromEntries(
    SHAPES.flatMap((shape) => [
      [`attention ${JSON.stringify(shape)}`, () => attend(shape, false)],
      [`padded attention ${JSON.stringify(shape)}`, () => attend(shape, true)],
      [`causal attention ${JSON.stringify(shape)}`, () => attend(shape, true, true)],
    ]),
  ),
};

/** Composed operations on webgpu are the library's: two shapes are enough, each compiles a dozen shaders. */
const casesOf = (backend: EngineKind): string[] =>
  Object.keys(CASES).filter((_, n) => backend !== "webgpu" || n % 8 === 0);

/** Cases on the engine that is open. */
async function runCases(backend: EngineKind): Promise<Map<string, Float32Array>> {
  const results = new Map<string, Float32Array>();
  for (const name of casesOf(backend)) {
    const result = tf.tidy(CASES[name]!);
    results.set(name, await result.data<"float32">());
    result.dispose();
  }
  return results;
}

let expected: Map<string, Float32Array>;
beforeAll(async () => {
  const engine = await openEngine({ backend: "cpu" });
  expected = await runCases("cpu");
  engine.dispose();
});

describe.each(["wasm", "webgpu"] as const)("on %s", (backend) => {
  let engine: Engine;
  let found: Map<string, Float32Array>;
  beforeAll(async () => {
    engine = await openTestEngine(backend);
    found = await runCases(backend);
  }, 120_000);
  afterAll(() => engine.dispose());

  test.each(casesOf(backend))("%s as in plain JavaScript", (name) => {
    expectAllClose(found.get(name)!, expected.get(name)!, TOLERANCE);
  });

  test("GELU keeps its tails", async () => {
    const xs = [-40, -8, -5.6, -5, -1e-3, 0, 1e-3, 5, 5.6, 8, 40, 0];
    const result = gelu(tf.tensor2d(xs, [1, 12]));
    const phi = (x: number): number => (x > 0 ? 1 : 0);
    const limits = xs.map((x) => x * (Math.abs(x) < 1 ? 0.5 + x * 0.3989423 : phi(x)));
    expectAllClose(await result.data(), limits, 2e-6);
  });
});

/** Around the rows (6), panels (8), steps (4) and chunks (48) of our product. */
const PRODUCTS: [N: number, I: number, O: number][] = [
  [1, 4, 1],
  [5, 8, 7],
  [6, 12, 8],
  [7, 16, 9],
  [48, 32, 24],
  [49, 20, 30],
  [103, 64, 66],
];

test.each(PRODUCTS)("our own product [%i, %i] x [%i] equals plain JavaScript", async (N, I, O) => {
  const engine = await openEngine({ backend: "wasm", wasmPaths: TEST_WASM_PATHS, threads: 1 });
  const [x, w, b] = [
    randomValues(N * I, 1, "x"),
    randomValues(I * O, 1, "w"),
    randomValues(O, 1, "b"),
  ];
  const result = tf.tidy(() =>
    linear(tf.tensor2d(x, [N, I]), tf.tensor2d(w, [I, O]), tf.tensor1d(b)),
  );
  const products = Float32Array.from({ length: N * O }, (_, n) => {
    let sum = b[n % O]!;
    for (let i = 0; i < I; i++) sum += x[Math.floor(n / O) * I + i]! * w[i * O + (n % O)]!;
    return sum;
  });
  expectAllClose(await result.data(), products, TOLERANCE);
  engine.dispose();
});

test("padding weighs exactly nothing, and no share is subnormal", async () => {
  const engine = await openEngine({ backend: "wasm", wasmPaths: TEST_WASM_PATHS });
  const values = randomValues(48, 1, "row").fill(1e30, 44); // the last token's value
  const projected = tf.tensor3d(values, [1, 4, 12]);
  const masked = attention(projected, tf.tensor2d([[0, 0, 0, -1e4]]), 1); // [1, 4, 4]
  const alone = attention(tf.slice(projected, [0, 0, 0], [1, 3, 12]), undefined, 1); // [1, 3, 4]
  const found = (await masked.data<"float32">()).subarray(0, 12);
  expectAllClose(found, await alone.data<"float32">(), TOLERANCE);
  engine.dispose();
});

test("attention in wasm leaves no scratch memory behind", async () => {
  const engine = await openEngine({ backend: "wasm", wasmPaths: TEST_WASM_PATHS });
  await expectNoLeak(() => tf.tidy(() => void attend({ B: 2, T: 5, H: 2, D: 8 }, true)));
  const { dataIdMap } = tf.backend() as unknown as { dataIdMap: { numDataIds(): number } };
  expect(dataIdMap.numDataIds()).toBe(0);
  engine.dispose();
});

test("wasm runs its own kernels", () => {
  const { linearHalf: _, linearGelu: __, ...always } = FUSED; // graphics cards alone
  const kernels = Object.values(always).map(
    (name) => tf.getKernel(name, "wasm") as object | undefined,
  );
  expect(kernels).not.toContain(undefined);
});
