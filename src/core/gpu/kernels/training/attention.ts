import type * as tf from "@tensorflow/tfjs-core";
import type { Call } from "../register";
import { FLOAT_BYTES } from "../register";

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

/**
 * The gradient [B, T, 3C] of queries, keys and values from that of the attention's result. The shares are
 * computed again, a head at a time, so that no T x T matrix outlives its head. T and D are multiples of 4.
 */
export function attentionGradient(call: Call, isCausal: 0 | 1): tf.TensorInfo {
  const { backend, inputs, attributes, address, run, withScratch } = call;
  const { projected, bias, d } = inputs;
  const [B, T, C3] = projected!.shape as [number, number, number];
  const C = C3 / 3;
  const D = C / attributes["headCount"]!;
  const [rowBytes, widthBytes] = [C3 * FLOAT_BYTES, C * FLOAT_BYTES];
  const sizes: Sizes = { T, D, rowBytes, widthBytes, scale: D ** -0.5, isCausal };
  const out = backend.makeOutput(projected!.shape, "float32");
  const [from, dFrom, to, padding] = [projected, d, out, bias].map(address);
  withScratch(2 * T * T + D * T, (shares) => {
    const scores = shares + T * T * FLOAT_BYTES;
    const scratch = { shares, scores, columns: scores + T * T * FLOAT_BYTES };
    for (let row = 0; row < B; row++) {
      for (let at = 0; at < widthBytes; at += D * FLOAT_BYTES) {
        const query = from! + row * T * rowBytes + at;
        const head: Head = {
          query,
          key: query + widthBytes,
          value: query + 2 * widthBytes,
          d: dFrom! + row * T * widthBytes + at,
          dQuery: to! + row * T * rowBytes + at,
          bias: padding === 0 ? 0 : padding! + row * T * FLOAT_BYTES,
        };
        runHead(run, head, sizes, scratch);
      }
    }
  });
  return out;
}
