import type * as tf from "@tensorflow/tfjs-core";
import type { Call } from "../register";
import { headNs } from "../attention";
import { FLOAT_BYTES, floatsFrom } from "../register";

/** Sizes of one attention, strides in bytes. */
interface Sizes {
  readonly T: number;
  readonly D: number;
  readonly rowBytes: number; // of projected
  readonly widthBytes: number; // of the result
  readonly scale: number;
  readonly isCausal: 0 | 1;
}

/** Addresses of one head of one row. */
interface Head {
  readonly query: number;
  readonly key: number;
  readonly value: number;
  /** Gradient of the head's result. */
  readonly d: number;
  /** Gradient of the query; key and value lie `widthBytes` behind. */
  readonly dQuery: number;
  readonly bias: number;
}

/** Places of scratch memory: shares and scores [T, T], keys or values as columns [D, T]. */
interface Scratch {
  readonly shares: number;
  readonly scores: number;
  readonly columns: number;
}

/** One head: the shares again from query and key, then the five products of the way back. */
function runHead(run: Call["run"], head: Head, sizes: Sizes, scratch: Scratch): void {
  const { T, D, rowBytes, widthBytes, scale } = sizes;
  const { shares, scores, columns } = scratch;
  const [across, step, headBytes] = [T * FLOAT_BYTES, FLOAT_BYTES, D * FLOAT_BYTES];
  const keys = [head.key, rowBytes] as const;
  run("transpose", ...keys, columns, across, T, D);
  const scored = [columns, across, shares, across, T, across, D, scale] as const;
  run("product", head.query, rowBytes, step, ...scored);
  run("softmax", shares, head.bias, T, across, sizes.isCausal);
  run("transpose", head.value, rowBytes, columns, across, T, D);
  const weighed = [columns, across, scores, across, T, across, D, 1] as const;
  run("product", head.d, widthBytes, step, ...weighed);
  run("softmaxGradient", shares, scores, T, across, scale);
  const [dKey, dValue] = [head.dQuery + widthBytes, head.dQuery + 2 * widthBytes];
  const end = [rowBytes, T, headBytes, T, 1] as const;
  run("product", scores, across, step, ...keys, head.dQuery, ...end);
  run("product", scores, step, across, head.query, rowBytes, dKey, ...end);
  run("product", shares, step, across, head.d, widthBytes, dValue, ...end);
}

/** Heads of a part: what it has to do must fit on the tape. */
const MOST_HEADS = 64;

/**
 * The gradient [B, T, 3C] of queries, keys and values from that of the attention's result. The shares are
 * computed again, a head at a time, so that no T x T matrix outlives its head. T and D are multiples of 4.
 */
export function attentionGradient(call: Call, isCausal: 0 | 1): tf.TensorInfo {
  const { backend, inputs, attributes, address } = call;
  const { projected, bias, d } = inputs;
  const [B, T, C3] = projected!.shape as [number, number, number];
  const [C, H] = [C3 / 3, attributes["headCount"]!];
  const D = C / H;
  const [rowBytes, widthBytes] = [C3 * FLOAT_BYTES, C * FLOAT_BYTES];
  const sizes: Sizes = { T, D, rowBytes, widthBytes, scale: D ** -0.5, isCausal };
  const out = backend.makeOutput(projected!.shape, "float32");
  const [from, dFrom, to, padding] = [projected, d, out, bias].map(address) as Four;
  const toHead = (number: number): Head => {
    const [row, at] = [Math.floor(number / H), (number % H) * D];
    const query = floatsFrom(from, row * T * C3 + at);
    return {
      query,
      key: query + widthBytes,
      value: query + 2 * widthBytes,
      d: floatsFrom(dFrom, row * T * C + at),
      dQuery: floatsFrom(to, row * T * C3 + at),
      bias: padding === 0 ? 0 : floatsFrom(padding, row * T),
    };
  };
  const what = { total: B * H, ns: 3 * headNs(T, D), most: MOST_HEADS };
  const work = call.cut(what, ([first, end]) => (run, shares) => {
    const scores = floatsFrom(shares, T * T);
    const scratch = { shares, scores, columns: floatsFrom(scores, T * T) };
    for (let n = first; n < end; n++) runHead(run, toHead(n), sizes, scratch);
  });
  call.share([work], 2 * T * T + D * T);
  return out;
}

type Four = [number, number, number, number];
