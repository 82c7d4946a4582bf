import type * as tf from "@tensorflow/tfjs-core";
import { TRAINING } from "../../training-names";
import { linearScratchFloats, writeLinear, writePackLinear } from "../linear.wasm";
import type { Call } from "../register";
import { FLOAT_BYTES, KernelLibrary, sizeOf } from "../register";
import { attentionGradient } from "./attention";
import { writeGeluGradient } from "./gelu.wasm";
import {
  writeAddColumns,
  writeAddRows,
  writeEmbed,
  writePackTransposed,
  writeTranspose,
} from "./movement.wasm";
import { writeKeepNorm, writeNormGradient } from "./norm.wasm";
import { SQUARES_BLOCK, writeAdamw, writeSquares } from "./optimiser.wasm";
import { writeProduct } from "./product.wasm";
import { writeCrossEntropy, writeSoftmax, writeSoftmaxGradient } from "./softmax.wasm";

const LIBRARY = new KernelLibrary((fma) => [
  writeTranspose(),
  writePackTransposed(),
  writePackLinear(),
  writeLinear(fma),
  writeLinear(fma, true),
  writeAddColumns(),
  writeAddRows(),
  writeEmbed(),
  writeKeepNorm(),
  writeNormGradient(),
  writeGeluGradient(fma),
  writeProduct(fma),
  writeSoftmax(fma),
  writeSoftmaxGradient(),
  writeCrossEntropy(fma),
  writeSquares(),
  writeAdamw(),
]);

/** Rows over which a weight's gradient is summed at a time: two operands of this inner size stay near. */
const INNER_ROWS = 256;

/** Scores of this many rows over the vocabulary are held at a time. */
const VOCABULARY_ROWS = 128;

/** The address of a part of the flat parameters, or of their gradients. */
const partOf = (start: number, offset: number): number => start + FLOAT_BYTES * offset;

function embed({ backend, inputs, attributes, address, run }: Call): tf.TensorInfo {
  const { tokens, flat } = inputs;
  const { words, positions, types, C, T } = attributes as Record<string, number>;
  const N = sizeOf(tokens!);
  const out = backend.makeOutput([N, C!], "float32");
  const tables = [words!, positions!, types!].map((start) => partOf(address(flat), start));
  run("embed", address(tokens), ...tables, address(out), N, T!, C! * FLOAT_BYTES);
  return out;
}

function embedGradient({ inputs, attributes, address, run }: Call): tf.TensorInfo[] {
  const { d, tokens, gradients } = inputs;
  const { words, positions, types, T } = attributes as Record<string, number>;
  const [N, C] = d!.shape as [number, number];
  const [from, to, rowBytes] = [address(d), address(gradients), C * FLOAT_BYTES];
  run("addRows", from, address(tokens), partOf(to, words!), N, rowBytes);
  for (let row = 0; row < N; row += T!) {
    run("addRows", from + row * rowBytes, 0, partOf(to, positions!), T!, rowBytes);
  }
  run("addColumns", from, partOf(to, types!), N, rowBytes);
  return [];
}

function norm({ backend, inputs, attributes, address, run }: Call): tf.TensorInfo[] {
  const { x, y, flat } = inputs;
  const { weight, bias, epsilon } = attributes as Record<string, number>;
  const [N, C] = x!.shape as [number, number];
  const outputs = [[N, C], [N, C], [N]].map((shape) => backend.makeOutput(shape, "float32"));
  const scale = [weight!, bias!].map((start) => partOf(address(flat), start));
  const addresses = [x, y, ...outputs].map(address);
  run("keepNorm", ...addresses, ...scale, N, C * FLOAT_BYTES, 1 / C, epsilon!);
  return outputs;
}

function normGradient({ backend, inputs, attributes, address, run }: Call): tf.TensorInfo {
  const { d, normal, scales, flat, gradients } = inputs;
  const { weight, bias } = attributes as Record<string, number>;
  const [N, C] = d!.shape as [number, number];
  const out = backend.makeOutput([N, C], "float32");
  const addresses = [d, normal, scales].map(address);
  const sums = [weight!, bias!].map((start) => partOf(address(gradients), start));
  const from = partOf(address(flat), weight!);
  run("normGradient", ...addresses, from, address(out), ...sums, N, C * FLOAT_BYTES, 1 / C);
  return out;
}

function dense({ backend, inputs, attributes, address, run, withScratch }: Call): tf.TensorInfo {
  const { x, flat } = inputs;
  const { weight, bias, O } = attributes as Record<string, number>;
  const [N, I] = x!.shape as [number, number];
  const out = backend.makeOutput([N, O!], "float32");
  withScratch(linearScratchFloats(I, O!), (packed) => {
    const [from, offset] = [weight!, bias!].map((start) => partOf(address(flat), start));
    run("packTransposed", from!, offset!, packed, I, O!);
    run("linear", address(x), packed, address(out), N, I, O!);
  });
  return out;
}

interface Product {
  readonly d: number; // [N, O]
  readonly x: number; // [N, I]
  readonly N: number;
  readonly I: number;
  readonly O: number;
  readonly target: number; // [O, I]
}

/** Adds d^T x to a weight's gradient, some rows at a time. */
function addWeightGradient({ run, withScratch }: Call, { d, x, N, I, O, target }: Product): void {
  const most = Math.min(N, INNER_ROWS);
  withScratch(most * O + linearScratchFloats(most, I), (scratch) => {
    const packed = partOf(scratch, most * O);
    for (let row = 0; row < N; row += INNER_ROWS) {
      const rows = Math.min(INNER_ROWS, N - row);
      run("transpose", partOf(d, row * O), O * FLOAT_BYTES, scratch, rows * FLOAT_BYTES, rows, O);
      run("packLinear", partOf(x, row * I), 0, packed, rows, I);
      run("addLinear", scratch, packed, target, O, rows, I);
    }
  });
}

/** out [N, I] = d [N, O] times a weight [O, I]. */
function multiplyBack(
  { run, withScratch }: Call,
  { d, weight, out, N, I, O }: Omit<Product, "x" | "target"> & { weight: number; out: number },
): void {
  withScratch(linearScratchFloats(O, I), (packed) => {
    run("packLinear", weight, 0, packed, O, I);
    run("linear", d, packed, out, N, O, I);
  });
}

function denseGradient(call: Call): tf.TensorInfo {
  const { backend, inputs, attributes, address, run } = call;
  const { x, flat, gradients } = inputs;
  const { weight, bias } = attributes as Record<string, number>;
  const [N, O] = inputs["d"]!.shape as [number, number];
  const I = x!.shape[1]!;
  const out = backend.makeOutput([N, I], "float32");
  const d = address(inputs["d"]);
  const to = address(gradients);
  run("addColumns", d, partOf(to, bias!), N, O * FLOAT_BYTES);
  addWeightGradient(call, { d, x: address(x), N, I, O, target: partOf(to, weight!) });
  multiplyBack(call, { d, weight: partOf(address(flat), weight!), out: address(out), N, I, O });
  return out;
}

function geluGradient({ backend, inputs, address, run }: Call): tf.TensorInfo {
  const { x, d } = inputs;
  const out = backend.makeOutput(x!.shape, "float32");
  run("geluGradient", address(x), address(d), address(out), sizeOf(x!) * FLOAT_BYTES);
  return out;
}

function putRows({ backend, inputs, attributes, address, run, view }: Call): tf.TensorInfo {
  const { d, numbers } = inputs;
  const [M, C] = d!.shape as [number, number];
  const out = backend.makeOutput([attributes["N"]!, C], "float32");
  view(address(out), sizeOf(out)).fill(0);
  run("addRows", address(d), address(numbers), address(out), M, C * FLOAT_BYTES);
  return out;
}

/** Loss of each row from its two parts, in double precision. */
function writeLosses(parts: Float32Array, losses: Float32Array): void {
  for (let m = 0; m < losses.length; m++) {
    losses[m] = Math.log(parts[2 * m]!) + parts[2 * m + 1]!;
  }
}

/**
 * Losses [M] and, where `gradients` are given, the gradient of x [M, C]. Rows of scores are filled up to whole
 * vectors: the weights that are read for the columns behind the vocabulary are those of the next part of the
 * flat parameters, and count for nothing.
 */
function vocabulary(call: Call): tf.TensorInfo[] {
  const { backend, inputs, attributes, address, run, withScratch, view } = call;
  const { x, labels, weights, flat, gradients } = inputs;
  const { weight, bias, V } = attributes as Record<string, number>;
  const [M, C] = x!.shape as [number, number];
  const O = Math.ceil(V! / 4) * 4;
  const losses = backend.makeOutput([M], "float32");
  const out = backend.makeOutput([M, C], "float32");
  const from = address(flat);
  const rowsAtOnce = Math.min(M, VOCABULARY_ROWS);
  const packedFloats = linearScratchFloats(C, O);
  withScratch(packedFloats + rowsAtOnce * O + 2 * M, (packed) => {
    const scores = partOf(packed, packedFloats);
    const parts = partOf(scores, rowsAtOnce * O);
    run("packTransposed", partOf(from, weight!), partOf(from, bias!), packed, C, O);
    for (let row = 0; row < M; row += rowsAtOnce) {
      const N = Math.min(rowsAtOnce, M - row);
      const rows = partOf(address(x), row * C);
      run("linear", rows, packed, scores, N, C, O);
      const perRow = [partOf(address(labels), row), partOf(address(weights), row)];
      run("crossEntropy", scores, ...perRow, partOf(parts, 2 * row), N, V!, O * FLOAT_BYTES);
      if (gradients === undefined) continue;
      const to = address(gradients);
      const product = { d: scores, N, I: C, O };
      run("addColumns", scores, partOf(to, bias!), N, O * FLOAT_BYTES);
      addWeightGradient(call, { ...product, x: rows, target: partOf(to, weight!) });
      const place = partOf(address(out), row * C);
      multiplyBack(call, { ...product, weight: partOf(from, weight!), out: place });
    }
    writeLosses(view(parts, 2 * M), view(address(losses), M));
  });
  return [losses, out];
}

function squares({ backend, inputs, address, run, withScratch, view }: Call): tf.TensorInfo {
  const x = inputs["x"]!;
  const bytes = sizeOf(x) * FLOAT_BYTES;
  const blocks = Math.ceil(bytes / SQUARES_BLOCK);
  const out = backend.makeOutput([], "float32");
  withScratch(blocks, (sums) => {
    run("squares", address(x), bytes, sums);
    view(address(out), 1)[0] = view(sums, blocks).reduce((sum, value) => sum + value, 0);
  });
  return out;
}

function adamw({ inputs, attributes, address, run }: Call): tf.TensorInfo[] {
  const { parameters, gradients, means, squares: second } = inputs;
  const { scale, beta1, beta2, keep, rate, root, epsilon, decayed } = attributes as Record<
    string,
    number
  >;
  const update = (from: number, to: number, kept: number): void => {
    const places = [parameters, gradients, means, second].map((t) => partOf(address(t), from));
    const factors = [scale!, beta1!, beta2!, kept, rate!, root!, epsilon!];
    run("adamw", ...places, (to - from) * FLOAT_BYTES, ...factors);
  };
  update(0, decayed!, keep!);
  update(decayed!, sizeOf(parameters!), 1);
  return [];
}

/** Registers the kernels of training for tfjs' wasm backend; they need SIMD. */
export function installTrainingKernels(): void {
  LIBRARY.register(TRAINING.embed, embed);
  LIBRARY.register(TRAINING.embedGradient, embedGradient);
  LIBRARY.register(TRAINING.norm, norm);
  LIBRARY.register(TRAINING.normGradient, normGradient);
  LIBRARY.register(TRAINING.dense, dense);
  LIBRARY.register(TRAINING.denseGradient, denseGradient);
  LIBRARY.register(TRAINING.attentionGradient, (call) => attentionGradient(call, 0));
  LIBRARY.register(TRAINING.causalAttentionGradient, (call) => attentionGradient(call, 1));
  LIBRARY.register(TRAINING.geluGradient, geluGradient);
  LIBRARY.register(TRAINING.putRows, putRows);
  LIBRARY.register(TRAINING.vocabulary, vocabulary);
  LIBRARY.register(TRAINING.squares, squares);
  LIBRARY.register(TRAINING.adamw, adamw);
}
