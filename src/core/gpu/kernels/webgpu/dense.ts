import type * as tf from "@tensorflow/tfjs-core";
import { groupsOf } from "./elementwise.wgsl";
import { ADD_PARTIAL, COLUMN_ROWS, COLUMN_SUMS } from "./gather.wgsl";
import { multiply, turn } from "./multiply";
import type { GpuCall } from "./shader";

/** target[start ...] += column sums of d [N, width], and of d * normal at `weighed`. */
export function addColumns(
  { run, make, free }: GpuCall,
  d: tf.TensorInfo,
  target_: tf.TensorInfo,
  { N, C, width = C, start }: { N: number; C: number; width?: number; start: number },
  weighed?: { normal: tf.TensorInfo; start: number },
): void {
  const segments = Math.ceil(N / COLUMN_ROWS);
  const partial = make([2, segments, C]);
  const normal = weighed?.normal ?? d;
  const numbers = { rows: N, C, width, segments, weighs: weighed === undefined ? 0 : 1 };
  run(COLUMN_SUMS, { d, normal, partial }, numbers, groupsOf(C * segments));
  const count = weighed === undefined ? C : 2 * C;
  const places = { count, C, segments, start, weighedStart: weighed?.start ?? 0 };
  run(ADD_PARTIAL, { partial, target_ }, places, groupsOf(count));
  free(partial);
}

/** x W^T + b of the flat parameters: [N, I] to [N, O]. */
export function dense(call: GpuCall): tf.TensorInfo {
  const { x, weight, bias } = call.inputs as Record<"x" | "weight" | "bias", tf.TensorInfo>;
  const starts = call.attributes as Record<"weight" | "bias" | "O", number>;
  const [N, I] = x.shape as [number, number];
  const { O } = starts;
  const out = call.make([N, O]);
  const turned = turn(call, weight, { start: starts.weight, rows: O, columns: I }); // [I, O]
  multiply(call, {
    M: N,
    N: O,
    terms: I,
    form: "rows",
    a: { tensor: x, start: 0, row: I },
    b: turned,
    out: { tensor: out, start: 0, row: O },
    bias: { tensor: bias, start: starts.bias },
  });
  call.free(turned.tensor);
  return out;
}

/** Adds d^T x to a weight's gradient [O, I]; rows of d are `dRow` apart, x begins at `xStart`. */
export function addWeightGradient(
  call: GpuCall,
  d: tf.TensorInfo,
  x: tf.TensorInfo,
  gradients: tf.TensorInfo,
  sizes: { N: number; O: number; I: number; dRow: number; xStart: number; start: number },
): void {
  const { N, O, I, dRow, xStart, start } = sizes;
  multiply(call, {
    M: O,
    N: I,
    terms: N,
    form: "columns",
    a: { tensor: d, start: 0, row: dRow },
    b: { tensor: x, start: xStart, row: I },
    out: { tensor: gradients, start, row: I },
    adds: true,
  });
}

/** From the gradient of `dense` to that of x; those of weight and bias are added up. */
export function denseGradient(call: GpuCall): tf.TensorInfo {
  const { d, x, weight, dWeight, dBias } = call.inputs as Record<
    "d" | "x" | "weight" | "dWeight" | "dBias",
    tf.TensorInfo
  >;
  const starts = call.attributes as Record<"weight" | "bias", number>;
  const [N, O] = d.shape as [number, number];
  const I = x.shape[1]!;
  const out = call.make([N, I]);
  multiply(call, {
    M: N,
    N: I,
    terms: O,
    form: "rows",
    a: { tensor: d, start: 0, row: O },
    b: { tensor: weight, start: starts.weight, row: I },
    out: { tensor: out, start: 0, row: I },
  });
  const sizes = { N, O, I, dRow: O, xStart: 0, start: starts.weight };
  addWeightGradient(call, d, x, dWeight, sizes);
  addColumns(call, d, dBias, { N, C: O, start: starts.bias });
  return out;
}

/** x W + b of tensors, or GELU of it: [N, I] x [I, O] to [N, O]. A weight [I, O / 2] of whole numbers holds halves in pairs. */
export function linear(call: GpuCall, bends: boolean): tf.TensorInfo {
  const { x, weight, bias } = call.inputs as Record<"x" | "weight" | "bias", tf.TensorInfo>;
  const [N, I] = x.shape as [number, number];
  const O = bias.shape[0]!;
  const out = call.make([N, O]);
  multiply(call, {
    M: N,
    N: O,
    terms: I,
    form: "rows",
    a: { tensor: x, start: 0, row: I },
    b: { tensor: weight, start: 0, row: O, isHalf: weight.dtype === "int32" },
    out: { tensor: out, start: 0, row: O },
    bias: { tensor: bias, start: 0 },
    bends,
  });
  return out;
}
