import type * as tf from "@tensorflow/tfjs-core";
import type { RunKernel } from "../../threads/pool";
import { headNs } from "../attention";
import type { Call } from "../register";
import { FLOAT_BYTES, floatsFrom } from "../register";
import type { Drop } from "./dropout";
import { readDrop } from "./dropout";

/** What one attention is about; strides in bytes. */
interface Plan {
  readonly B: number;
  readonly T: number;
  readonly H: number;
  readonly D: number;
  readonly rowBytes: number; // of projected
  readonly widthBytes: number; // of the result
  readonly scale: number;
  readonly isCausal: 0 | 1;
  readonly drop: Drop | undefined;
  readonly projected: number;
  readonly bias: number;
  /** The result, or its gradient: [B, T, C]. */
  readonly mixed: number;
  /** Gradient of `projected`. */
  readonly dProjected: number;
}

/** Addresses of one head of one row. */
interface Head {
  /** Of all heads of the batch. */
  readonly number: number;
  readonly query: number;
  readonly key: number;
  readonly value: number;
  readonly mixed: number;
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

function planAttention(call: Call, isCausal: 0 | 1, mixed: tf.TensorInfo): Plan {
  const { inputs, attributes, address } = call;
  const projected = inputs["projected"]!;
  const [B, T, C3] = projected.shape as [number, number, number];
  const H = attributes["headCount"]!;
  const [C, D] = [C3 / 3, C3 / 3 / H];
  return {
    B,
    T,
    H,
    D,
    rowBytes: C3 * FLOAT_BYTES,
    widthBytes: C * FLOAT_BYTES,
    scale: D ** -0.5,
    isCausal,
    drop: readDrop(call),
    projected: address(projected),
    bias: address(inputs["bias"]),
    mixed: address(mixed),
    dProjected: 0,
  };
}

function toHead({ T, H, D, rowBytes, widthBytes, ...plan }: Plan, number: number): Head {
  const [row, at] = [Math.floor(number / H), (number % H) * D * FLOAT_BYTES];
  const query = plan.projected + row * T * rowBytes + at;
  return {
    number,
    query,
    key: query + widthBytes,
    value: query + 2 * widthBytes,
    mixed: plan.mixed + row * T * widthBytes + at,
    dQuery: plan.dProjected + row * T * rowBytes + at,
    bias: plan.bias === 0 ? 0 : floatsFrom(plan.bias, row * T),
  };
}

/** The shares of one head from query and key. */
function runShares(run: RunKernel, head: Head, plan: Plan, { shares, columns }: Scratch): void {
  const { T, D, rowBytes, scale, isCausal } = plan;
  const [across, step] = [T * FLOAT_BYTES, FLOAT_BYTES];
  run("transpose", head.key, rowBytes, columns, across, T, D);
  const scored = [columns, across, shares, across, T, across, D, scale] as const;
  run("product", head.query, rowBytes, step, ...scored);
  run("softmax", shares, head.bias, T, across, isCausal);
}

/** Drops values of a matrix [T, T] of one head, where anything is dropped. */
function dropSquare(run: RunKernel, { number }: Head, { T, drop }: Plan, at: number): void {
  const first = number * T * T;
  drop?.(run, { from: at, to: at, first, end: first + T * T });
}

/** One head forward, by way of its shares. */
function runHead(run: RunKernel, head: Head, plan: Plan, scratch: Scratch): void {
  const { T, D, rowBytes, widthBytes } = plan;
  const { shares } = scratch;
  const [across, step, headBytes] = [T * FLOAT_BYTES, FLOAT_BYTES, D * FLOAT_BYTES];
  runShares(run, head, plan, scratch);
  dropSquare(run, head, plan, shares);
  const values = [head.value, rowBytes, head.mixed, widthBytes] as const;
  run("product", shares, across, step, ...values, T, headBytes, T, 1);
}

/** One head back: the shares again, then the five products of the way back. */
function runHeadBack(run: RunKernel, head: Head, plan: Plan, scratch: Scratch): void {
  const { T, D, rowBytes, widthBytes, scale } = plan;
  const { shares, scores, columns } = scratch;
  const [across, step, headBytes] = [T * FLOAT_BYTES, FLOAT_BYTES, D * FLOAT_BYTES];
  runShares(run, head, plan, scratch);
  run("transpose", head.value, rowBytes, columns, across, T, D);
  const weighed = [columns, across, scores, across, T, across, D, 1] as const;
  run("product", head.mixed, widthBytes, step, ...weighed);
  dropSquare(run, head, plan, scores);
  run("softmaxGradient", shares, scores, T, across, scale);
  const [dKey, dValue] = [head.dQuery + widthBytes, head.dQuery + 2 * widthBytes];
  const end = [rowBytes, T, headBytes, T, 1] as const;
  run("product", scores, across, step, head.key, rowBytes, head.dQuery, ...end);
  run("product", scores, step, across, head.query, rowBytes, dKey, ...end);
  dropSquare(run, head, plan, shares);
  run("product", shares, step, across, head.mixed, widthBytes, dValue, ...end);
}

/** Heads of a part: what it has to do must fit on the tape. */
const MOST_HEADS = 64;

/** Runs all heads of a batch, each in scratch memory of its thread; `times` is how much longer than forward. */
function runHeads(call: Call, plan: Plan, runOne: typeof runHead, times: number): void {
  const { B, T, H, D } = plan;
  const what = { total: B * H, ns: times * headNs(T, D), most: MOST_HEADS };
  const work = call.cut(what, ([first, end]) => (run, shares) => {
    const scores = floatsFrom(shares, T * T);
    const scratch = { shares, scores, columns: floatsFrom(scores, T * T) };
    for (let n = first; n < end; n++) runOne(run, toHead(plan, n), plan, scratch);
  });
  call.share([work], 2 * T * T + D * T);
}

/** Attention [B, T, C] of which shares are dropped. T and D are multiples of 4. */
export function droppedAttention(call: Call): tf.TensorInfo {
  const [B, T, C3] = call.inputs["projected"]!.shape as [number, number, number];
  const out = call.backend.makeOutput([B, T, C3 / 3], "float32");
  runHeads(call, planAttention(call, isCausalIn(call), out), runHead, 1);
  return out;
}

/**
 * The gradient [B, T, 3C] of queries, keys and values from that of the attention's result. The shares are
 * computed again, a head at a time, so that no T x T matrix outlives its head. T and D are multiples of 4.
 */
export function attentionGradient(call: Call, isCausal = isCausalIn(call)): tf.TensorInfo {
  const { projected, d } = call.inputs;
  const out = call.backend.makeOutput(projected!.shape, "float32");
  const plan = { ...planAttention(call, isCausal, d!), dProjected: call.address(out) };
  runHeads(call, plan, runHeadBack, 3);
  return out;
}

const isCausalIn = ({ attributes }: Call): 0 | 1 => (attributes["isCausal"] === 1 ? 1 : 0);
