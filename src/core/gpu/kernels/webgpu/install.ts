import type * as tf from "@tensorflow/tfjs-core";
import { FUSED } from "../../ops";
import { TRAINING } from "../../training-names";
import { sizeOf } from "../register";
import { ADAMW, GELU, GELU_GRADIENT, groupsOf } from "./elementwise.wgsl";
import {
  ADD_PARTIAL,
  ADD_POSITIONS,
  ADD_ROWS,
  COLUMN_ROWS,
  COLUMN_SUMS,
  EMBED,
} from "./gather.wgsl";
import { attention, attentionGradient } from "./attention";
import type { Numbers } from "./multiply";
import { SCORE_BYTES, multiply } from "./multiply";
import { CROSS_ENTROPY, KEEP_NORM, NORM_GRADIENT } from "./rows.wgsl";
import type { GpuCall } from "./shader";
import { registerGpuKernel } from "./shader";

/** target[start ...] += column sums of d [N, C], and of d * normal at `weighed`. */
function addColumns(
  { run, make, free }: GpuCall,
  d: tf.TensorInfo,
  target_: tf.TensorInfo,
  { N, C, start }: { N: number; C: number; start: number },
  weighed?: { normal: tf.TensorInfo; start: number },
): void {
  const segments = Math.ceil(N / COLUMN_ROWS);
  const partial = make([2, segments, C]);
  const normal = weighed?.normal ?? d;
  const numbers = { rows: N, C, segments, weighs: weighed === undefined ? 0 : 1 };
  run(COLUMN_SUMS, { d, normal, partial }, numbers, Math.ceil(C / 16) * segments);
  const add = (begin: number, to: number): void =>
    run(ADD_PARTIAL, { partial, target_ }, { count: C, segments, begin, start: to }, groupsOf(C));
  add(0, start);
  if (weighed !== undefined) add(segments * C, weighed.start);
  free(partial);
}

function embed({ inputs, attributes, make, run }: GpuCall): tf.TensorInfo {
  const { tokens, flat } = inputs as Record<"tokens" | "flat", tf.TensorInfo>;
  const { C, T, words, positions, types } = attributes as Numbers;
  const count = sizeOf(tokens) * C!;
  const out = make([sizeOf(tokens), C!]);
  const numbers = { count, C: C!, T: T!, words: words!, positions: positions!, types: types! };
  run(EMBED, { tokens, flat, out }, numbers, groupsOf(count));
  return out;
}

function addRows(
  call: GpuCall,
  d: tf.TensorInfo,
  numbers: tf.TensorInfo,
  target_: tf.TensorInfo,
  place: { targets: number; start: number },
): void {
  const [rows, C] = d.shape as [number, number];
  call.run(ADD_ROWS, { d, numbers, target_ }, { rows, C, ...place }, place.targets);
}

function embedGradient(call: GpuCall): tf.TensorInfo[] {
  const { d, tokens, gradients } = call.inputs as Record<
    "d" | "tokens" | "gradients",
    tf.TensorInfo
  >;
  const { V, T, words, positions, types } = call.attributes as Numbers;
  const [N, C] = d.shape as [number, number];
  addRows(call, d, tokens, gradients, { targets: V!, start: words! });
  const numbers = { count: T! * C, rows: N, C, T: T!, start: positions! };
  call.run(ADD_POSITIONS, { d, target_: gradients }, numbers, groupsOf(T! * C));
  addColumns(call, d, gradients, { N, C, start: types! });
  return [];
}

function norm({ inputs, attributes, make, run }: GpuCall): tf.TensorInfo[] {
  const { x, y, flat } = inputs as { x: tf.TensorInfo; y?: tf.TensorInfo; flat: tf.TensorInfo };
  const { weight, bias, epsilon } = attributes as Numbers;
  const [rows, C] = x.shape as [number, number];
  const [out, normal, scales] = [make([rows, C]), make([rows, C]), make([rows])];
  const numbers = {
    rows,
    C,
    adds: y === undefined ? 0 : 1,
    weight: weight!,
    bias: bias!,
    epsilon: epsilon!,
  };
  run(KEEP_NORM, { x, y: y ?? x, flat, out, normal, scales }, numbers, rows);
  return [out, normal, scales];
}

function normGradient(call: GpuCall): tf.TensorInfo {
  const { d, normal, scales, flat, gradients } = call.inputs as Record<
    "d" | "normal" | "scales" | "flat" | "gradients",
    tf.TensorInfo
  >;
  const { weight, bias } = call.attributes as Numbers;
  const [N, C] = d.shape as [number, number];
  const out = call.make([N, C]);
  call.run(NORM_GRADIENT, { d, normal, scales, flat, out }, { rows: N, C, weight: weight! }, N);
  addColumns(call, d, gradients, { N, C, start: bias! }, { normal, start: weight! });
  return out;
}

function dense(call: GpuCall): tf.TensorInfo {
  const { x, flat } = call.inputs as Record<"x" | "flat", tf.TensorInfo>;
  const { weight, bias, O } = call.attributes as Numbers;
  const [N, I] = x.shape as [number, number];
  const out = call.make([N, O!]);
  const numbers = { M: N, N: O!, K: I, aRow: I, aStep: 1, bStart: weight!, bStep: 1, bColumn: I };
  multiply(call, {
    a: x,
    b: flat,
    out,
    numbers: { ...numbers, outRow: O!, hasBias: 1, biasStart: bias! },
  });
  return out;
}

/** Adds d^T x to a weight's gradient [O, I]; x from `xStart` on. */
function addWeightGradient(
  call: GpuCall,
  d: tf.TensorInfo,
  x: tf.TensorInfo,
  out: tf.TensorInfo,
  sizes: { N: number; O: number; I: number; xStart: number; start: number },
): void {
  const { N, O, I, xStart, start } = sizes;
  const numbers = { M: O, N: I, K: N, aRow: 1, aStep: O, bStart: xStart, bStep: I, bColumn: 1 };
  multiply(call, { a: d, b: x, out, numbers: { ...numbers, outStart: start, outRow: I, adds: 1 } });
}

function denseGradient(call: GpuCall): tf.TensorInfo {
  const { d, x, flat, gradients } = call.inputs as Record<
    "d" | "x" | "flat" | "gradients",
    tf.TensorInfo
  >;
  const { weight, bias } = call.attributes as Numbers;
  const [N, O] = d.shape as [number, number];
  const I = x.shape[1]!;
  const out = call.make([N, I]);
  const numbers = {
    M: N,
    N: I,
    K: O,
    aRow: O,
    aStep: 1,
    bStart: weight!,
    bStep: I,
    bColumn: 1,
    outRow: I,
  };
  multiply(call, { a: d, b: flat, out, numbers });
  addWeightGradient(call, d, x, gradients, { N, O, I, xStart: 0, start: weight! });
  addColumns(call, d, gradients, { N, C: O, start: bias! });
  return out;
}

function gelu({ inputs, make, run }: GpuCall): tf.TensorInfo {
  const x = inputs["x"]!;
  const out = make(x.shape);
  run(GELU, { x, out }, { count: sizeOf(x) }, groupsOf(sizeOf(x)));
  return out;
}

function geluGradient({ inputs, make, run }: GpuCall): tf.TensorInfo {
  const { x, d } = inputs as Record<"x" | "d", tf.TensorInfo>;
  const out = make(x.shape);
  run(GELU_GRADIENT, { x, d, out }, { count: sizeOf(x) }, groupsOf(sizeOf(x)));
  return out;
}

function vocabulary(call: GpuCall): tf.TensorInfo[] {
  const { x, labels, weights, flat, gradients } = call.inputs as Record<string, tf.TensorInfo>;
  const { weight, bias, V } = call.attributes as Record<"weight" | "bias" | "V", number>;
  const [M, C] = x!.shape as [number, number];
  const [losses, out] = [call.make([M]), call.make([M, C])];
  const rowsAtOnce = Math.max(1, Math.min(M, Math.floor(SCORE_BYTES / 4 / V)));
  for (let first = 0; first < M; first += rowsAtOnce) {
    const N = Math.min(rowsAtOnce, M - first);
    const scores = call.make([N, V]);
    const forward = {
      M: N,
      N: V,
      K: C,
      aStart: first * C,
      aRow: C,
      aStep: 1,
      bStart: weight,
      bStep: 1,
      bColumn: C,
    };
    const numbers = { ...forward, outRow: V, hasBias: 1, biasStart: bias };
    multiply(call, { a: x!, b: flat!, out: scores, numbers });
    const columns = { scores, labels: labels!, weights: weights!, losses };
    call.run(CROSS_ENTROPY, columns, { rows: N, C: V, first }, N);
    if (gradients !== undefined) {
      const back = { M: N, N: C, K: V, aRow: V, aStep: 1, bStart: weight, bStep: C, bColumn: 1 };
      const place = { outStart: first * C, outRow: C };
      multiply(call, { a: scores, b: flat!, out, numbers: { ...back, ...place } });
      const sizes = { N, O: V, I: C, xStart: first * C, start: weight };
      addWeightGradient(call, scores, x!, gradients, sizes);
      addColumns(call, scores, gradients, { N, C: V, start: bias });
    }
    call.free(scores);
  }
  return [losses, out];
}

function adamw({ inputs, attributes, run }: GpuCall): tf.TensorInfo[] {
  const count = sizeOf(inputs["parameters"]!);
  run(ADAMW, inputs, { ...attributes, count }, groupsOf(count));
  return [];
}

/** Registers the kernels of training for tfjs' WebGPU backend. */
export function installGpuTrainingKernels(): void {
  registerGpuKernel(TRAINING.embed, embed);
  registerGpuKernel(TRAINING.embedGradient, embedGradient);
  registerGpuKernel(TRAINING.norm, norm);
  registerGpuKernel(TRAINING.normGradient, normGradient);
  registerGpuKernel(TRAINING.dense, dense);
  registerGpuKernel(TRAINING.denseGradient, denseGradient);
  registerGpuKernel(FUSED.attention, attention);
  registerGpuKernel(TRAINING.attentionGradient, attentionGradient);
  registerGpuKernel(FUSED.gelu, gelu);
  registerGpuKernel(TRAINING.geluGradient, geluGradient);
  registerGpuKernel(TRAINING.vocabulary, vocabulary);
  registerGpuKernel(TRAINING.adamw, adamw);
}
