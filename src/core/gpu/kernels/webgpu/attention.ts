import type * as tf from "@tensorflow/tfjs-core";
import type { Numbers } from "./multiply";
import { SCORE_BYTES, multiply } from "./multiply";
import { SOFTMAX, SOFTMAX_GRADIENT } from "./rows.wgsl";
import type { GpuCall } from "./shader";

/** Sizes and strides of one attention over some items of a batch. */
function attentionStrides({ inputs, attributes }: GpuCall) {
  const [B, T, C3] = inputs["projected"]!.shape as [number, number, number];
  const H = attributes["headCount"]!;
  const C = C3 / 3;
  const perItem = H * T * T * 4;
  const itemsAtOnce = Math.max(1, Math.min(B, Math.floor(SCORE_BYTES / perItem)));
  return { B, T, H, C, C3, D: C / H, itemsAtOnce };
}
type Strides = ReturnType<typeof attentionStrides>;

/** Where heads lie in [B, T, 3C] or [B, T, C], and in [items, H, T, T]. */
function headStrides({ T, C, C3, D, H }: Strides, first: number) {
  const projected = (name: "a" | "b" | "out", part: number): Numbers => ({
    [`${name}Start`]: first * T * C3 + part * C,
    [`${name}Item`]: T * C3,
    [`${name}Head`]: D,
  });
  const result = (name: "a" | "b" | "out"): Numbers => ({
    [`${name}Start`]: first * T * C,
    [`${name}Item`]: T * C,
    [`${name}Head`]: D,
  });
  const square = (name: "a" | "b" | "out"): Numbers => ({
    [`${name}Item`]: H * T * T,
    [`${name}Head`]: T * T,
  });
  return { projected, result, square };
}

/** Shares of all keys for each query of some items: softmax(q k / sqrt(D) + bias), [items, H, T, T]. */
function shareOut(call: GpuCall, s: Strides, first: number, items: number): tf.TensorInfo {
  const { projected, bias } = call.inputs as { projected: tf.TensorInfo; bias?: tf.TensorInfo };
  const { T, H, C3, D } = s;
  const at = headStrides(s, first);
  const shares = call.make([items, H, T, T]);
  const numbers = {
    M: T,
    N: T,
    K: D,
    batches: items * H,
    heads: H,
    scale: D ** -0.5,
    ...at.projected("a", 0),
    aRow: C3,
    aStep: 1,
    ...at.projected("b", 1),
    bStep: 1,
    bColumn: C3,
    ...at.square("out"),
    outRow: T,
  };
  multiply(call, { a: projected, b: projected, out: shares, numbers });
  const rows = items * H * T;
  const softmax = {
    rows,
    C: T,
    hasBias: bias === undefined ? 0 : 1,
    perItem: H * T,
    firstItem: first,
  };
  call.run(SOFTMAX, { x: shares, bias: bias ?? projected }, softmax, rows);
  return shares;
}

/** Multi-head attention: [B, T, C] of queries, keys and values [B, T, 3C], some items of the batch at a time. */
export function attention(call: GpuCall): tf.TensorInfo {
  const s = attentionStrides(call);
  const { B, T, H, C, C3, D, itemsAtOnce } = s;
  const projected = call.inputs["projected"]!;
  const out = call.make([B, T, C]);
  for (let first = 0; first < B; first += itemsAtOnce) {
    const items = Math.min(itemsAtOnce, B - first);
    const at = headStrides(s, first);
    const shares = shareOut(call, s, first, items);
    const numbers = {
      M: T,
      N: D,
      K: T,
      batches: items * H,
      heads: H,
      ...at.square("a"),
      aRow: T,
      aStep: 1,
      ...at.projected("b", 2),
      bStep: C3,
      bColumn: 1,
      ...at.result("out"),
      outRow: C,
    };
    multiply(call, { a: shares, b: projected, out, numbers });
    call.free(shares);
  }
  return out;
}

/** The gradients of query, key and value of some items, from those of shares and scores. */
function projectBack(
  call: GpuCall,
  s: Strides,
  first: number,
  items: number,
  out: tf.TensorInfo,
): void {
  const { projected, d } = call.inputs as Record<"projected" | "d", tf.TensorInfo>;
  const { T, H, C, C3, D } = s;
  const at = headStrides(s, first);
  const shares = shareOut(call, s, first, items);
  const scores = call.make([items, H, T, T]);
  const sizes = { batches: items * H, heads: H };
  const weighed = {
    M: T,
    N: T,
    K: D,
    ...sizes,
    ...at.result("a"),
    aRow: C,
    aStep: 1,
    ...at.projected("b", 2),
    bStep: 1,
    bColumn: C3,
    ...at.square("out"),
    outRow: T,
  };
  multiply(call, { a: d, b: projected, out: scores, numbers: weighed });
  const rows = items * H * T;
  call.run(SOFTMAX_GRADIENT, { shares, d: scores }, { rows, C: T, scale: D ** -0.5 }, rows);
  const product = { M: T, N: D, K: T, ...sizes, ...at.square("a"), outRow: C3, bColumn: 1 };
  const straight = { ...product, aRow: T, aStep: 1 };
  const turned = { ...product, aRow: 1, aStep: T };
  const query = { ...straight, ...at.projected("b", 1), bStep: C3, ...at.projected("out", 0) };
  const key = { ...turned, ...at.projected("b", 0), bStep: C3, ...at.projected("out", 1) };
  const value = { ...turned, ...at.result("b"), bStep: C, ...at.projected("out", 2) };
  multiply(call, { a: scores, b: projected, out, numbers: query });
  multiply(call, { a: scores, b: projected, out, numbers: key });
  multiply(call, { a: shares, b: d, out, numbers: value });
  call.free(shares);
  call.free(scores);
}

/** The gradient [B, T, 3C] of queries, keys and values; the shares are computed again. */
export function attentionGradient(call: GpuCall): tf.TensorInfo {
  const s = attentionStrides(call);
  const out = call.make([s.B, s.T, s.C3]);
  for (let first = 0; first < s.B; first += s.itemsAtOnce) {
    projectBack(call, s, first, Math.min(s.itemsAtOnce, s.B - first), out);
  }
  return out;
}
