import * as tf from "@tensorflow/tfjs-core";
import { FUSED } from "../../ops";
import { TRAINING } from "../../training-names";
import { sizeOf } from "../register";
import { attention, attentionGradient } from "./attention";
import { addColumns, dense, denseGradient, linear } from "./dense";
import { dropOut } from "./dropout";
import { ADAMW, GELU, GELU_GRADIENT, groupsOf } from "./elementwise.wgsl";
import { ADD_POSITIONS, ADD_ROWS, EMBED, TAKE_ROWS } from "./gather.wgsl";
import type { Numbers } from "./multiply";
import { KEEP_NORM, NORM, NORM_GRADIENT } from "./rows.wgsl";
import { runRows } from "./run-rows";
import type { GpuCall } from "./shader";
import { describeDevice, registerGpuKernel } from "./shader";
import { vocabulary } from "./vocabulary";

export { describeDevice };
export type { GpuTraits } from "./shader";

function embed({ inputs, attributes, make, run }: GpuCall): tf.TensorInfo {
  const tokens = inputs["tokens"]!;
  const { C, T, words, positions, types } = attributes as Numbers;
  const count = sizeOf(tokens) * C!;
  const out = make([sizeOf(tokens), C!]);
  const numbers = { count, C: C!, T: T!, words: words!, positions: positions!, types: types! };
  run(EMBED, { ...inputs, out }, numbers, groupsOf(count));
  return out;
}

/** target[start + number * C ...] += the rows of d that have this number; a target that begins is 0 before. */
function addRows(
  call: GpuCall,
  buffers: { d: tf.TensorInfo; numbers: tf.TensorInfo; target_: tf.TensorInfo },
  { targets, start, begins }: { targets: number; start: number; begins: boolean },
): void {
  const [rows, C] = buffers.d.shape as [number, number];
  const numbers = { rows, C, targets, start, begins: begins ? 1 : 0 };
  runRows(call, ADD_ROWS, buffers, numbers, targets);
}

function embedGradient(call: GpuCall): tf.TensorInfo[] {
  const { d, tokens, words, positions, types } = call.inputs as Record<
    "d" | "tokens" | "words" | "positions" | "types",
    tf.TensorInfo
  >;
  const { V, T, ...starts } = call.attributes as Numbers;
  const [N, C] = d.shape as [number, number];
  const buffers = { d, numbers: tokens, target_: words };
  addRows(call, buffers, { targets: V!, start: starts["words"]!, begins: false });
  const numbers = { count: T! * C, rows: N, C, T: T!, start: starts["positions"]! };
  call.run(ADD_POSITIONS, { d, target_: positions }, numbers, groupsOf(T! * C));
  addColumns(call, d, types, { N, C, start: starts["types"]! });
  return [];
}

function putRows(call: GpuCall): tf.TensorInfo {
  const { d, numbers } = call.inputs as Record<"d" | "numbers", tf.TensorInfo>;
  const N = call.attributes["N"]!;
  const out = call.make([N, d.shape[1]!]);
  addRows(call, { d, numbers, target_: out }, { targets: N, start: 0, begins: true });
  return out;
}

function takeRows({ inputs, make, run }: GpuCall): tf.TensorInfo {
  const { table, numbers } = inputs as Record<"table" | "numbers", tf.TensorInfo>;
  const C = table.shape[1]!;
  const out = make([sizeOf(numbers), C]);
  run(TAKE_ROWS, { table, numbers, out }, { count: sizeOf(out), C }, groupsOf(sizeOf(out)));
  return out;
}

function norm(call: GpuCall): tf.TensorInfo {
  const { x, y, weight, bias } = call.inputs as Record<"x" | "weight" | "bias", tf.TensorInfo> & {
    y?: tf.TensorInfo;
  };
  const [rows, C] = x.shape as [number, number];
  const out = call.make([rows, C]);
  const epsilon = call.attributes["epsilon"]!;
  const numbers = { rows, C, adds: y === undefined ? 0 : 1, period: y?.shape[0] ?? rows, epsilon };
  runRows(call, NORM, { x, y: y ?? x, weight, bias, out }, numbers);
  return out;
}

function keepNorm(call: GpuCall): tf.TensorInfo[] {
  const { x, y, flat } = call.inputs as {
    x: tf.TensorInfo;
    y?: tf.TensorInfo;
    flat: tf.TensorInfo;
  };
  const { weight, bias, epsilon } = call.attributes as Record<
    "weight" | "bias" | "epsilon",
    number
  >;
  const [rows, C] = x.shape as [number, number];
  const [out, normal, scales] = [call.make([rows, C]), call.make([rows, C]), call.make([rows])];
  const numbers = { rows, C, adds: y === undefined ? 0 : 1, weight, bias, epsilon };
  runRows(call, KEEP_NORM, { x, y: y ?? x, flat, out, normal, scales }, numbers);
  return [out, normal, scales];
}

function normGradient(call: GpuCall): tf.TensorInfo {
  const { d, normal, scales, flat, gradients } = call.inputs as Record<
    "d" | "normal" | "scales" | "flat" | "gradients",
    tf.TensorInfo
  >;
  const { weight, bias } = call.attributes as Record<"weight" | "bias", number>;
  const [N, C] = d.shape as [number, number];
  const out = call.make([N, C]);
  runRows(call, NORM_GRADIENT, { d, normal, scales, flat, out }, { rows: N, C, weight });
  addColumns(call, d, gradients, { N, C, start: bias }, { normal, start: weight });
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

function adamw({ inputs, attributes, run }: GpuCall): tf.TensorInfo[] {
  const count = sizeOf(inputs["parameters"]!);
  run(ADAMW, inputs, { ...attributes, count }, groupsOf(count));
  return [];
}

const OPEN = { isCausal: false, isDropped: false } as const;
const CAUSAL = { isCausal: true, isDropped: false } as const;

const droppedManner = ({ attributes }: GpuCall) => ({
  isCausal: attributes["isCausal"] === 1,
  isDropped: true,
});

/**
 * Registers the kernels of the forward pass for tfjs' WebGPU backend.
 * @param hasHalf whether weights are kept as halves: half the bytes, on cards that work with them
 */
export function installGpuKernels({ hasHalf }: { hasHalf: boolean }): void {
  registerGpuKernel(FUSED.attention, (call) => attention(call, OPEN));
  registerGpuKernel(FUSED.causalAttention, (call) => attention(call, CAUSAL));
  registerGpuKernel(FUSED.layerNorm, norm);
  registerGpuKernel(FUSED.gelu, gelu);
  registerGpuKernel(FUSED.rows, takeRows);
  registerGpuKernel(FUSED.linear, (call) => linear(call, false));
  registerGpuKernel(FUSED.linearGelu, (call) => linear(call, true));
  if (hasHalf) {
    registerGpuKernel(FUSED.linearHalf, (call) => linear(call, call.attributes["bends"] === 1));
  }
  if (!hasHalf && (tf.getKernel(FUSED.linearHalf, "webgpu") as object | undefined)) {
    tf.unregisterKernel(FUSED.linearHalf, "webgpu");
  }
}

/** Registers the kernels of training for tfjs' WebGPU backend, besides those of the forward pass. */
export function installGpuTrainingKernels(): void {
  registerGpuKernel(TRAINING.embed, embed);
  registerGpuKernel(TRAINING.embedGradient, embedGradient);
  registerGpuKernel(TRAINING.norm, keepNorm);
  registerGpuKernel(TRAINING.normGradient, normGradient);
  registerGpuKernel(TRAINING.dense, dense);
  registerGpuKernel(TRAINING.denseGradient, denseGradient);
  registerGpuKernel(TRAINING.attentionGradient, (call) => attentionGradient(call, OPEN));
  registerGpuKernel(TRAINING.causalAttentionGradient, (call) => attentionGradient(call, CAUSAL));
  registerGpuKernel(TRAINING.dropout, dropOut);
  registerGpuKernel(TRAINING.droppedAttention, (call) => attention(call, droppedManner(call)));
  registerGpuKernel(TRAINING.droppedAttentionGradient, (call) =>
    attentionGradient(call, droppedManner(call)),
  );
  registerGpuKernel(TRAINING.geluGradient, geluGradient);
  registerGpuKernel(TRAINING.putRows, putRows);
  registerGpuKernel(TRAINING.vocabulary, vocabulary);
  registerGpuKernel(TRAINING.adamw, adamw);
}
