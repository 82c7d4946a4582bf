import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { createRandom } from "../../random";
import type { EngineKind } from "../engine";
import { openEngine } from "../engine";
import type { Banks, Part } from "../banks";
import { oneBank, sizeOfPart } from "../banks";
import { GradientSink } from "../gradient-sink";
import { installTrainingKernels } from "../kernels/training/install";
import { installGpuTrainingKernels } from "../kernels/webgpu/install";
import { expectAllClose, useTestEngine } from "../testing";
import { attentionGradient, droppedAttention } from "./attention";
import { geluGradient } from "./activations";
import { dense, denseGradient } from "./dense";
import { embed, embedGradient } from "./embed";
import { vocabularyLoss } from "./loss";
import { keepNorm, normGradient } from "./norm";
import { putRows } from "./rows";
import { sumOfSquares } from "./squares";
import { TRAINING } from "../training-names";

/** Of the largest value of a tensor: float32 sums of up to 1,028 terms in another order. */
const TOLERANCE = 4e-6;

function randomValues(count: number, name: string): Float32Array {
  const random = createRandom(7, name);
  return Float32Array.from({ length: count }, () => random.normal());
}

const matrix = (rows: number, columns: number, name: string): tf.Tensor2D =>
  tf.tensor2d(randomValues(rows * columns, name), [rows, columns]);

/** Parts one after the other, filled up as the layout of a model is. */
function lay(...shapes: number[][]): { parts: Part[]; size: number } {
  let end = 0;
  const parts = shapes.map((shape) => {
    const part = { start: end, shape };
    end += sizeOfPart(part);
    return part;
  });
  return { parts, size: Math.ceil(end / 4) * 4 + 16 };
}

/** Everything that an operation gives, one after the other. */
type Case = () => tf.Tensor[];

const flatOf = (size: number): Banks => oneBank(tf.tensor1d(randomValues(size, "flat")));

function runDense(N: number, I: number, O: number): Case {
  return () => {
    const { parts, size } = lay([O, I], [O]);
    const [weight, bias] = parts as [Part, Part];
    const [x, d, flat] = [matrix(N, I, "x"), matrix(N, O, "d"), flatOf(size)];
    const sink = new GradientSink(flat);
    const out = dense(x, flat, { weight, bias });
    const dX = denseGradient(d, x, flat, { weight, bias }, sink);
    denseGradient(d, x, flat, { weight, bias }, sink).dispose(); // gradients add up
    return [out, dX, ...sink.take().tensors];
  };
}

function runNorm(N: number, C: number): Case {
  return () => {
    const { parts, size } = lay([C], [C]);
    const norm = { weight: parts[0]!, bias: parts[1]!, epsilon: 1e-12 };
    const flat = flatOf(size);
    const sink = new GradientSink(flat);
    const kept = keepNorm(matrix(N, C, "x"), matrix(N, C, "y"), flat, norm);
    const alone = keepNorm(matrix(N, C, "x"), undefined, flat, norm);
    const dX = normGradient(matrix(N, C, "d"), kept, flat, norm, sink);
    return [kept.out, kept.normal, kept.scales, alone.out, dX, ...sink.take().tensors];
  };
}

function runEmbedding(B: number, T: number, V: number, C: number): Case {
  return () => {
    const { parts, size } = lay([V, C], [T + 3, C], [2, C]);
    const tables = { words: parts[0]!, positions: parts[1]!, types: parts[2]! };
    const flat = flatOf(size);
    const sink = new GradientSink(flat);
    const random = createRandom(3, "tokens");
    const numbers = Int32Array.from({ length: B * T }, () => random.integer(V));
    const places = { tokens: tf.tensor1d(numbers, "int32"), T };
    const out = embed(places, flat, tables);
    embedGradient(matrix(B * T, C, "d"), places, tables, sink);
    return [out, ...sink.take().tensors];
  };
}

function runAttention(
  [B, T, H, D]: readonly [B: number, T: number, H: number, D: number],
  { isPadded = false, isCausal = false, rate = 0 } = {},
): Case {
  return () => {
    const projected = tf.tensor3d(randomValues(B * T * 3 * H * D, "p"), [B, T, 3 * H * D]);
    const values = Float32Array.from({ length: B * T }, (_, n) =>
      n % T > 0 && n % 3 === 0 ? -1e4 : 0,
    );
    const bias = isPadded ? tf.tensor2d(values, [B, T]) : undefined;
    const d = tf.tensor3d(randomValues(B * T * H * D, "d"), [B, T, H * D]);
    const input = { projected, bias, headCount: H, isCausal };
    if (rate === 0) return [attentionGradient(d, input)];
    const place = { rate, seed: 2 ** 32 - 5, step: 70_000, pass: 3, site: 12 };
    return [droppedAttention(input, place), attentionGradient(d, input, place)];
  };
}

function runVocabulary(M: number, C: number, V: number): Case {
  return () => {
    const { parts, size } = lay([V, C], [4, C], [V]);
    const decoder = { weight: parts[0]!, bias: parts[2]! };
    const flat = flatOf(size);
    const sink = new GradientSink(flat);
    const targets = {
      labels: tf.tensor1d(
        Int32Array.from({ length: M }, (_, m) => (m * 13) % V),
        "int32",
      ),
      weights: tf.tensor1d(Float32Array.from({ length: M }, (_, m) => (m % 5 === 4 ? 0 : 1 / M))),
    };
    const x = matrix(M, C, "x");
    const { losses, d } = vocabularyLoss(x, targets, flat, decoder, sink);
    const again = vocabularyLoss(x, targets, flat, decoder, undefined);
    return [losses, d!, ...sink.take().tensors, again.losses];
  };
}

function runSmall(): tf.Tensor[] {
  const x = matrix(6, 16, "x");
  const numbers = tf.tensor1d([7, 0, 3, 3, 5, 1], "int32");
  const wide = tf.tensor2d([-40, -8, -5.6, -1e-3, 0, 5, 5.6, 40], [2, 4]);
  return [
    geluGradient(matrix(6, 16, "d"), x),
    geluGradient(tf.ones([2, 4]), wide),
    putRows(x, numbers, 9),
    tf.div(sumOfSquares(tf.tensor1d(randomValues(5000, "s"))), 5000),
  ];
}

/** Around vectors (4), panels (8), rows (6), rows of a weight's gradient (256) and of the vocabulary (128). */
const CASES: Readonly<Record<string, Case>> = {
  "GELU, rows, squares": runSmall,
  "dense 4 x 4 to 4": runDense(4, 4, 4),
  "dense 52 x 12 to 20": runDense(52, 12, 20),
  "dense 300 x 24 to 36": runDense(300, 24, 36),
  "dense 1028 x 8 to 1024": runDense(1028, 8, 1024), // large tiles on webgpu
  "dense 7 x 6 to 5, no whole vectors": runDense(7, 6, 5),
  "norm 5 x 20": runNorm(5, 20),
  "norm 3 x 6, no whole vectors": runNorm(3, 6),
  "embedding 3 x 8 of 11": runEmbedding(3, 8, 11, 12),
  "attention 2 x 4, 1 head of 4": runAttention([2, 4, 1, 4]),
  "attention 2 x 12, 3 heads of 8": runAttention([2, 12, 3, 8], { isPadded: true }),
  "attention 1 x 68, 2 heads of 20": runAttention([1, 68, 2, 20], { isPadded: true }),
  "dropped attention 2 x 12, 3 heads of 8": runAttention([2, 12, 3, 8], { rate: 0.3 }),
  "dropped causal attention 1 x 68, padded": runAttention([1, 68, 2, 20], {
    isPadded: true,
    isCausal: true,
    rate: 0.1,
  }),
  "causal attention 2 x 12, 3 heads of 8": runAttention([2, 12, 3, 8], { isCausal: true }),
  "causal attention 1 x 68, padded": runAttention([1, 68, 2, 20], {
    isPadded: true,
    isCausal: true,
  }),
  "attention 1 x 7, 2 heads of 6, no whole vectors": runAttention([1, 7, 2, 6], { isPadded: true }),
  "vocabulary 16 x 8 of 21": runVocabulary(16, 8, 21),
  "vocabulary 272 x 12 of 50": runVocabulary(272, 12, 50),
  "vocabulary 8 x 16 of 64": runVocabulary(8, 16, 64),
};

async function runCase(name: string): Promise<Float32Array[]> {
  const before = tf.memory().numTensors;
  const results = tf.tidy(CASES[name]!);
  const values = await Promise.all(results.map((tensor) => tensor.data<"float32">()));
  tf.dispose(results);
  expect(tf.memory().numTensors).toBe(before);
  return values;
}

const expected = new Map<string, Float32Array[]>();
beforeAll(async () => {
  const engine = await openEngine({ backend: "cpu" });
  for (const name of Object.keys(CASES)) expected.set(name, await runCase(name));
  engine.dispose();
});

const BACKENDS: EngineKind[] = ["wasm", "webgpu"];

describe.each(BACKENDS)("operations of training on %s", (backend) => {
  useTestEngine(backend, () => {
    if (backend === "wasm") installTrainingKernels();
    if (backend === "webgpu") installGpuTrainingKernels();
  });

  test.each(Object.keys(CASES))("%s as composed in plain JavaScript", async (name) => {
    const found = await runCase(name);
    expected.get(name)!.forEach((values, n) => {
      const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
      expectAllClose(found[n]!, values, TOLERANCE * largest);
    });
  });

  test("the same input gives the same bits", async () => {
    for (const name of ["embedding 3 x 8 of 11", "vocabulary 16 x 8 of 21"]) {
      expect(await runCase(name)).toEqual(await runCase(name));
    }
  });
});

test("wasm has a kernel for each of them", () => {
  const missing = Object.values(TRAINING).filter(
    (name) => (tf.getKernel(name, "wasm") as object | undefined) === undefined,
  );
  expect(missing).toEqual([]);
});
