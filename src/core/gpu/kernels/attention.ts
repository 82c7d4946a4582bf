import type * as tf from "@tensorflow/tfjs-core";
import type { Range } from "../threads/cut";
import { productNs } from "./linear";
import type { Call } from "./register";
import { floatsFrom } from "./register";

/** Nanoseconds of one thread for a pair of tokens, beside the products. */
const PAIR_NS = 1;

/** Multi-head attention: [B, T, C] of queries, keys and values [B, T, 3C]. */
export function attend(call: Call, isCausal: 0 | 1): tf.TensorInfo {
  const { backend, inputs, attributes, address } = call;
  const projected = inputs["projected"]!;
  const [B, T, C3] = projected.shape as [number, number, number];
  const H = attributes["headCount"]!;
  const [C, D] = [C3 / 3, C3 / 3 / H];
  const out = backend.makeOutput([B, T, C], "float32");
  const [from, to, padding] = [projected, out, inputs["bias"]].map(address) as Three;
  const work = call.cut({ total: B * H, ns: headNs(T, D) }, (range) => (run, scratch) => {
    for (const [row, head, heads] of rowsOf(range, H)) {
      const places = [
        floatsFrom(from, row * T * C3 + head * D),
        padding === 0 ? 0 : floatsFrom(padding, row * T),
        floatsFrom(to, row * T * C + head * D),
        scratch,
      ];
      run("attention", ...places, 1, T, H, D, heads, isCausal, D ** -0.5);
    }
  });
  call.share([work], (D + 2) * Math.ceil(T / 4) * 4);
  return out;
}

type Three = [number, number, number];

/** About how long attention takes for one head of one row. */
export const headNs = (T: number, D: number): number => 2 * productNs(T * D, T) + T * T * PAIR_NS;

/** Heads of a batch, numbered through, as the rows that they belong to, each with its first and their count. */
export function rowsOf([from, to]: Range, H: number): Three[] {
  const rows: Three[] = [];
  for (let at = from; at < to;) {
    const head = at % H;
    const heads = Math.min(H - head, to - at);
    rows.push([(at - head) / H, head, heads]);
    at += heads;
  }
  return rows;
}
