import type * as tf from "@tensorflow/tfjs-core";
import type { Work } from "../../threads/cut";
import type { Call } from "../register";
import { FLOAT_BYTES, floatsFrom, sizeOf } from "../register";
import { SQUARES_BLOCK } from "./optimiser.wasm";

/** Nanoseconds of one thread for a value. */
const SQUARE_NS = 0.3;
const ADAMW_NS = 1.5;
/** Floats of a line of memory: no two threads write to one. */
const LINE = 16;

/** The sum of all squares; that of each block in float32, of all blocks in float64 and in their order. */
export function squares(call: Call): tf.TensorInfo {
  const { backend, inputs, address, view } = call;
  const x = inputs["x"]!;
  const size = sizeOf(x);
  const align = SQUARES_BLOCK / FLOAT_BYTES;
  const blocks = Math.ceil(size / align);
  const out = backend.makeOutput([], "float32");
  const from = address(x);
  call.withScratch(blocks, (sums) => {
    const work = call.cut({ total: size, ns: SQUARE_NS, align }, ([first, end]) => (run) => {
      const bytes = (end - first) * FLOAT_BYTES;
      run("squares", floatsFrom(from, first), bytes, floatsFrom(sums, first / align));
    });
    call.share([work]);
    view(address(out), 1)[0] = view(sums, blocks).reduce((sum, value) => sum + value, 0);
  });
  return out;
}

type Constants = "scale" | "beta1" | "beta2" | "keep" | "rate" | "root" | "epsilon" | "decayed";

/** One step of AdamW in place; the first `decayed` parameters decay. */
export function adamw(call: Call): tf.TensorInfo[] {
  const { inputs, attributes, address } = call;
  const { parameters, gradients, means, squares: second } = inputs;
  const constants = attributes as Record<Constants, number>;
  const { scale, beta1, beta2, keep, rate, root, epsilon, decayed } = constants;
  const places = [parameters, gradients, means, second].map(address);
  const update = (start: number, total: number, kept: number): Work =>
    call.cut({ total, ns: ADAMW_NS, align: LINE }, ([first, end]) => (run) => {
      const from = places.map((place) => floatsFrom(place, start + first));
      const factors = [scale, beta1, beta2, kept, rate, root, epsilon];
      run("adamw", ...from, (end - first) * FLOAT_BYTES, ...factors);
    });
  call.share([update(0, decayed, keep), update(decayed, sizeOf(parameters!) - decayed, 1)]);
  return [];
}
