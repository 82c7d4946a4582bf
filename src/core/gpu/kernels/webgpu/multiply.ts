import type * as tf from "@tensorflow/tfjs-core";
import { chooseProduct } from "./product.wgsl";
import type { GpuCall } from "./shader";

export type Numbers = Record<string, number>;

/** Bytes of scores, of attention or of the vocabulary, that are held at a time. */
export const SCORE_BYTES = 64e6;

/** A product out = scale * a b + bias; strides as in product.wgsl.ts, 0 where not given. */
interface Product {
  readonly a: tf.TensorInfo;
  readonly b: tf.TensorInfo;
  readonly out: tf.TensorInfo;
  readonly numbers: Numbers & { M: number; N: number; K: number };
}

const NOTHING = {
  batches: 1,
  heads: 1,
  aStart: 0,
  aItem: 0,
  aHead: 0,
  bStart: 0,
  bItem: 0,
  bHead: 0,
  outStart: 0,
  outItem: 0,
  outHead: 0,
  hasBias: 0,
  biasStart: 0,
  adds: 0,
  scale: 1,
};

/** Runs a product; the bias, where there is one, lies in `b`. */
export function multiply({ run }: GpuCall, { a, b, out, numbers }: Product): void {
  const all = { ...NOTHING, ...numbers };
  const { shader, groups } = chooseProduct(numbers.M, numbers.N, all.batches);
  run(shader, { a, b, bias: b, out }, all, groups);
}
