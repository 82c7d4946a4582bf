import type * as tf from "@tensorflow/tfjs-core";
import { attentionShaders } from "./attention.wgsl";
import { readDropout } from "./dropout";
import { groupsOf } from "./elementwise.wgsl";
import type { GpuCall } from "./shader";

/** Invocations that keep the cores of a processor busy. */
const MANY_INVOCATIONS = 1024;

/** Rows that one invocation takes: each key is read once for all of them, but some work is left for each core. */
const chooseRows = (heads: number, T: number): number =>
  [4, 2].find((rows) => heads * Math.ceil(T / rows) >= MANY_INVOCATIONS) ?? 1;

/** What else an attention does. */
interface Manner {
  readonly isCausal: boolean;
  readonly isDropped: boolean;
}

/** Sizes of one attention, its shaders, and what all of them are given. */
function prepare(call: GpuCall, manner: Manner) {
  const { inputs, attributes, traits } = call;
  const { projected, bias } = inputs as { projected: tf.TensorInfo; bias?: tf.TensorInfo };
  const [B, T, C3] = projected.shape as [number, number, number];
  const H = attributes["headCount"]!;
  const D = C3 / 3 / H;
  const rows = traits.isSoftware ? chooseRows(B * H, T) : 1; // a card's registers hold one row and its sums
  const count = B * H * Math.ceil(T / rows);
  return {
    shaders: attentionShaders({ D, rows, ...manner }),
    buffers: { projected, bias: bias ?? projected },
    numbers: {
      count,
      T,
      H,
      hasBias: bias === undefined ? 0 : 1,
      scale: D ** -0.5,
      ...(manner.isDropped ? readDropout(call) : {}),
    },
    groups: groupsOf(count),
    sizes: { B, T, H, C3 },
  };
}

/** Multi-head attention: [B, T, C] of queries, keys and values [B, T, 3C]; no matrix of T x T is kept. */
export function attention(call: GpuCall, manner: Manner): tf.TensorInfo {
  const { shaders, buffers, numbers, groups, sizes } = prepare(call, manner);
  const out = call.make([sizes.B, sizes.T, sizes.C3 / 3]);
  call.run(shaders.forward, { ...buffers, out }, numbers, groups);
  return out;
}

/** The gradient [B, T, 3C] of queries, keys and values; the shares are computed again. */
export function attentionGradient(call: GpuCall, manner: Manner): tf.TensorInfo {
  const { shaders, buffers, numbers, groups, sizes } = prepare(call, manner);
  const { B, T, H, C3 } = sizes;
  const d = call.inputs["d"]!;
  const out = call.make([B, T, C3]);
  const statistics = call.make([B, H, T, 2]);
  const all = { ...buffers, d, statistics, out };
  call.run(shaders.statistics, all, numbers, groups);
  call.run(shaders.queries, all, numbers, groups);
  call.run(shaders.keys, all, numbers, groups);
  call.free(statistics);
  return out;
}
