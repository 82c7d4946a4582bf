import * as tf from "@tensorflow/tfjs-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createRandom } from "../../../random";
import type { Engine } from "../../engine";
import { openEngine } from "../../engine";
import { oneBank } from "../../banks";
import { GradientSink } from "../../gradient-sink";
import { attention, linear, linearGelu } from "../../ops";
import { expectAllClose } from "../../testing";
import { attentionGradient, droppedAttention } from "../../training/attention";
import { dense, denseGradient } from "../../training/dense";
import { vocabularyLoss } from "../../training/loss";
import { keepNorm, normGradient } from "../../training/norm";
import { putRows } from "../../training/rows";
import type { GpuTraits } from "./install";
import { describeDevice, installGpuTrainingKernels } from "./install";

/** Of the largest value of a tensor: float32 sums in another order. */
const TOLERANCE = 5e-6;
const SHAPES = 4;

const values = (count: number, name: string): Float32Array => {
  const random = createRandom(11, name);
  return Float32Array.from({ length: count }, () => random.normal());
};
const matrix = (rows: number, columns: number, name: string): tf.Tensor2D =>
  tf.tensor2d(values(rows * columns, name), [rows, columns]);

/** Sizes that are not those of tiles: one to three vectors of four past some number of them. */
function drawSizes(n: number) {
  const random = createRandom(5, "kernels", n);
  const vectors = (most: number): number => 4 * (1 + random.integer(most));
  return {
    N: 1 + random.integer(200),
    I: vectors(60),
    O: vectors(60),
    V: 1 + random.integer(300),
    B: 1 + random.integer(3),
    T: vectors(12),
    H: 1 + random.integer(3),
    D: vectors(10),
  };
}

/** All operations of one draw of sizes; values one after the other. */
function runAll(n: number): tf.Tensor[] {
  const { N, I, O, V, B, T, H, D } = drawSizes(n);
  const [weight, bias] = [
    { start: 0, shape: [O, I] },
    { start: O * I, shape: [O] },
  ];
  const end = O * I + O;
  const size = end + 2 * I;
  const flat = oneBank(tf.tensor1d(values(size, "flat")));
  const sink = new GradientSink(flat);
  const [x, d] = [matrix(N, I, "x"), matrix(N, O, "d")];
  const norm = {
    weight: { start: end, shape: [I] },
    bias: { start: end + I, shape: [I] },
    epsilon: 1e-12,
  };
  const kept = keepNorm(x, matrix(N, I, "y"), flat, norm);
  const projected = tf.tensor3d(values(B * T * 3 * H * D, "p"), [B, T, 3 * H * D]);
  const padding = Float32Array.from({ length: B * T }, (_, t) => (t % T > 2 ? -1e4 : 0));
  const dMixed = tf.tensor3d(values(B * T * H * D, "m"), [B, T, H * D]);
  const both = [undefined, tf.tensor2d(padding, [B, T])].flatMap((added) =>
    [false, true].flatMap((isCausal) => [
      attention(projected, added, H, isCausal),
      attentionGradient(dMixed, { projected, bias: added, headCount: H, isCausal }),
    ]),
  );
  return [
    dense(x, flat, { weight, bias }),
    linear(x, matrix(I, V, "w"), tf.tensor1d(values(V, "b"))),
    linearGelu(x, matrix(I, O, "w"), tf.tensor1d(values(O, "b"))),
    linearGelu(matrix(N, 640, "l"), matrix(640, O, "w"), tf.tensor1d(values(O, "b"))), // a sum in parts
    ...(N % 4 === 0 ? [denseGradient(d, x, flat, { weight, bias }, sink)] : []),
    kept.out,
    kept.normal,
    normGradient(matrix(N, I, "n"), kept, flat, norm, sink),
    putRows(d, tf.tensor1d(Int32Array.from({ length: N }, (_, row) => (row * 7) % 5)), 9),
    ...both,
    ...sink.take().tensors,
  ];
}

/** So many heads that an invocation takes four rows, four with some left over, and two. */
const MANY_HEADS: readonly (readonly [B: number, T: number, H: number, D: number])[] = [
  [16, 68, 16, 8],
  [20, 66, 16, 4],
  [16, 8, 20, 12],
];

function attendMany(): tf.Tensor[] {
  return MANY_HEADS.flatMap(([B, T, H, D]) => {
    const projected = tf.tensor3d(values(B * T * 3 * H * D, "p"), [B, T, 3 * H * D]);
    const d = tf.tensor3d(values(B * T * H * D, "d"), [B, T, H * D]);
    const input = { projected, bias: undefined, headCount: H, isCausal: true };
    const mixed = attention(projected, undefined, H, true);
    if (T % 4 !== 0) return [mixed]; // the others are composed
    const place = { rate: 0.2, seed: 3, step: 5, pass: 1, site: 7 };
    return [
      mixed,
      attentionGradient(d, input),
      droppedAttention(input, place),
      attentionGradient(d, input, place),
    ];
  });
}

async function read(results: tf.Tensor[]): Promise<Float32Array[]> {
  const found = await Promise.all(results.map((tensor) => tensor.data<"float32">()));
  tf.dispose(results);
  return found;
}

const run = (n: number): Promise<Float32Array[]> => read(tf.tidy(() => runAll(n)));

const expected: Float32Array[][] = [];
let expectedMany: Float32Array[];
let engine: Engine;
beforeAll(async () => {
  const cpu = await openEngine({ backend: "cpu" });
  for (let n = 0; n < SHAPES; n++) expected.push(await run(n));
  expectedMany = await read(tf.tidy(attendMany));
  cpu.dispose();
  engine = await openEngine({ backend: "webgpu" });
  tf.env().set("WEBGPU_CPU_FORWARD", false);
  installGpuTrainingKernels();
}, 120_000);
afterAll(() => engine.dispose());

const pretend = (traits: GpuTraits): void =>
  describeDevice((tf.backend() as unknown as { device: GPUDevice }).device, traits);

const SOFTWARE: GpuTraits = { isSoftware: true, bufferBytes: 2 ** 27 };

describe.each([
  ["a program on the processor", SOFTWARE],
  ["a graphics card", { ...SOFTWARE, isSoftware: false }],
])("with the tiles for %s", (_, traits) => {
  beforeEach(() => pretend(traits));

  test.each(Array.from({ length: SHAPES }, (_, n) => n))(
    "draw %i as in plain JavaScript",
    async (n) => {
      const found = await run(n);
      expected[n]!.forEach((wanted, k) => {
        const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
        expectAllClose(found[k]!, wanted, TOLERANCE * largest);
      });
    },
  );

  test("attention of many heads as in plain JavaScript", async () => {
    const found = await read(tf.tidy(attendMany));
    expectedMany.forEach((wanted, k) => expectAllClose(found[k]!, wanted, 4 * TOLERANCE));
  });

  test("two runs are equal to the bit", async () => {
    expect(await run(1)).toEqual(await run(1));
  });
});

/** Losses and gradients over a vocabulary. */
function loseOver(V: number, M: number): tf.Tensor[] {
  const C = 8;
  const size = V * C + V + 4;
  const flat = oneBank(tf.tensor1d(values(size, "flat")));
  const sink = new GradientSink(flat);
  const labels = Int32Array.from({ length: M }, (_, m) => (m * 131) % V);
  const targets = {
    labels: tf.tensor1d(labels, "int32"),
    weights: tf.tensor1d(new Float32Array(M).fill(1 / M)),
  };
  const decoder = { weight: { start: 0, shape: [V, C] }, bias: { start: V * C, shape: [V] } };
  const { losses, d } = vocabularyLoss(matrix(M, C, "x"), targets, flat, decoder, sink);
  return [losses, d!, ...sink.take().tensors];
}

describe("with small buffers", () => {
  afterEach(() => pretend(SOFTWARE));

  test("rows and vocabulary are split, with the same losses and gradients", async () => {
    pretend(SOFTWARE);
    const whole = await read(tf.tidy(() => loseOver(2101, 20)));
    for (const bufferBytes of [70_000, 20_000]) {
      pretend({ isSoftware: true, bufferBytes }); // rows are split; rows and vocabulary are
      const split = await read(tf.tidy(() => loseOver(2101, 20)));
      whole.forEach((wanted, k) => expectAllClose(split[k]!, wanted, TOLERANCE));
    }
  });

  test("a result that fits into no buffer is refused in a sentence", () => {
    pretend({ isSoftware: true, bufferBytes: 4096 });
    const multiply = () =>
      tf.tidy(
        () => void linear(matrix(40, 8, "x"), matrix(8, 40, "w"), tf.tensor1d(values(40, "b"))),
      );
    expect(multiply).toThrow(
      /values \[40, 40\] take 0\.00640 MB and one buffer .* holds 0\.00410 MB/,
    );
  });
});
