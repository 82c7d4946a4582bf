import type * as tf from "@tensorflow/tfjs-core";
import type { Work } from "../../threads/cut";
import { packWork, productNs } from "../linear";
import { linearScratchFloats } from "../linear.wasm";
import type { Call } from "../register";
import { FLOAT_BYTES, floatsFrom } from "../register";
import { runBack } from "./dense";

/** Scores of so many rows over the vocabulary are held at a time, for each of the first two threads. */
const VOCABULARY_ROWS = 128;
/** Nanoseconds of one thread for a score's share. */
const SHARE_NS = 1;

/** Loss of each row from its two parts, in double precision. */
function writeLosses(parts: Float32Array, losses: Float32Array): void {
  for (let m = 0; m < losses.length; m++) {
    losses[m] = Math.log(parts[2 * m]!) + parts[2 * m + 1]!;
  }
}

/** Addresses and sizes of one call. */
interface Plan {
  readonly x: number; // [M, C]
  readonly labels: number;
  readonly weights: number;
  readonly packed: number; // the table, for the scores
  readonly packedBack: number; // and for the way back
  readonly scores: number; // [rowsAtOnce, O]
  readonly parts: number; // [M, 2]
  readonly M: number;
  readonly C: number;
  readonly V: number;
  readonly O: number;
}

/** Scores of some rows, and their cross-entropy: the scores become their gradients. */
function scoreWork(call: Call, p: Plan, row: number, N: number): Work {
  const { x, labels, weights, packed, scores, parts, C, V, O } = p;
  const what = { total: N, ns: productNs(C, O) + O * SHARE_NS, align: 6 };
  return call.cut(what, ([from, to]) => (run) => {
    const [first, count] = [row + from, to - from];
    const target = floatsFrom(scores, from * O);
    run("linear", floatsFrom(x, first * C), packed, target, count, C, O);
    const perRow = [floatsFrom(labels, first), floatsFrom(weights, first)];
    const out = floatsFrom(parts, 2 * first);
    run("crossEntropy", target, ...perRow, out, count, V, O * FLOAT_BYTES);
  });
}

/** What the gradients of some rows need beside their scores. */
interface BackPlan {
  readonly dWeight: number;
  readonly dBias: number;
  readonly out: number; // [M, C]
}

function runBackRows(call: Call, p: Plan, back: BackPlan, row: number, N: number): void {
  const { x, packedBack, scores, C, V, O } = p;
  const { dWeight, dBias } = back;
  const places = { d: scores, x: floatsFrom(x, row * C), packed: packedBack, dWeight, dBias };
  const out = floatsFrom(back.out, row * C);
  runBack(call, { ...places, out, N, I: C, O, outputs: V }, []);
}

/** Places of the gradients, undefined where none are wanted. */
function planBack({ inputs, attributes, address }: Call, out: tf.TensorInfo): BackPlan | undefined {
  const { dTable, dBias } = inputs;
  if (dTable === undefined) return undefined;
  const { weight, bias } = attributes as Record<"weight" | "bias", number>;
  return {
    dWeight: floatsFrom(address(dTable), weight),
    dBias: floatsFrom(address(dBias), bias),
    out: address(out),
  };
}

/**
 * Losses [M] and, where those of the table are given, the gradient of x [M, C]. Rows of scores are filled up to whole
 * vectors: the weights that are read for the columns behind the vocabulary are those of the next part of the
 * bank, and count for nothing.
 */
export function vocabulary(call: Call): tf.TensorInfo[] {
  const { backend, inputs, attributes, address, withScratch, view } = call;
  const { x, labels, weights, table } = inputs;
  const { weight, bias, V } = attributes as Record<"weight" | "bias" | "V", number>;
  const [M, C] = x!.shape as [number, number];
  const O = Math.ceil(V / 4) * 4;
  const losses = backend.makeOutput([M], "float32");
  const out = backend.makeOutput([M, C], "float32");
  const back = planBack(call, out);
  const rowsAtOnce = Math.min(M, VOCABULARY_ROWS * Math.min(2, call.threads));
  const packedFloats = linearScratchFloats(C, O);
  const backFloats = back === undefined ? 0 : linearScratchFloats(O, C);
  withScratch(packedFloats + backFloats + rowsAtOnce * O + 2 * M, (packed) => {
    const packedBack = floatsFrom(packed, packedFloats);
    const scores = floatsFrom(packedBack, backFloats);
    const parts = floatsFrom(scores, rowsAtOnce * O);
    const places = { x: address(x), labels: address(labels), weights: address(weights) };
    const plan: Plan = { ...places, packed, packedBack, scores, parts, M, C, V, O };
    const offsets = floatsFrom(address(inputs["bias"]), bias);
    packTable(call, plan, floatsFrom(address(table), weight), offsets, back);
    for (let row = 0; row < M; row += rowsAtOnce) {
      const N = Math.min(rowsAtOnce, M - row);
      call.share([scoreWork(call, plan, row, N)]);
      if (back !== undefined) runBackRows(call, plan, back, row, N);
    }
    writeLosses(view(parts, 2 * M), view(address(losses), M));
  });
  return [losses, out];
}

/** Packs the table [V, C] for the scores and, where wanted, for the way back. */
function packTable(
  call: Call,
  { packed, packedBack, C, O }: Plan,
  weight: number,
  bias: number,
  back: BackPlan | undefined,
): void {
  const forward = packWork(call, "packTransposed", { weight, bias, packed, I: C, O });
  const turned = { weight, bias: 0, packed: packedBack, I: O, O: C };
  call.share(back === undefined ? [forward] : [forward, packWork(call, "packLinear", turned)]);
}
