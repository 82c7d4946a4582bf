import type * as tf from "@tensorflow/tfjs-core";
import type { RunKernel } from "../../threads/pool";
import type { Call } from "../register";
import { floatsFrom, sizeOf } from "../register";

/** Nanoseconds of one thread for a value. */
const DROP_NS = 1;

/** Drops some of the values from one number to another, which begin at `from`; the result begins at `to`. */
export type Drop = (
  run: RunKernel,
  range: { from: number; to: number; first: number; end: number },
) => void;

/** What a call is to drop, by the place in its run that its attributes tell; undefined for nothing. */
export function readDrop({ attributes }: Call): Drop | undefined {
  if (attributes["threshold"] === undefined) return undefined;
  const { threshold, seed, step, pass, site, scale } = attributes as Record<
    "threshold" | "seed" | "step" | "pass" | "site" | "scale",
    number
  >;
  return (run, { from, to, first, end }) => {
    run("dropout", from, to, first, end, threshold, seed, step, pass, site, scale);
  };
}

/** Drops values of a tensor, and scales the others up. */
export function dropOut(call: Call): tf.TensorInfo {
  const x = call.inputs["x"]!;
  const out = call.backend.makeOutput(x.shape, "float32");
  const [from, to] = [call.address(x), call.address(out)];
  const drop = readDrop(call)!;
  const what = { total: sizeOf(x), ns: DROP_NS, align: 32 };
  const work = call.cut(what, ([first, end]) => (run) => {
    drop(run, { from: floatsFrom(from, first), to: floatsFrom(to, first), first, end });
  });
  call.share([work]);
  return out;
}
