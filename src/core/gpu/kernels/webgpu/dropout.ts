import type * as tf from "@tensorflow/tfjs-core";
import { DROPOUT_BLOCK } from "../../training/dropout";
import { sizeOf } from "../register";
import { DROPOUT } from "./dropout.wgsl";
import { groupsOf } from "./elementwise.wgsl";
import type { GpuCall } from "./shader";

type Given = Record<"seed" | "step" | "pass" | "site" | "threshold" | "scale", number>;

/** The attributes of a kernel that drops, by the names that shaders know them by. */
export function readDropout({ attributes }: GpuCall) {
  const { seed, step, pass, site, threshold, scale } = attributes as Given;
  return { seed, step, pass_: pass, site, threshold, factor: scale };
}

/** Drops a share of the values, the same ones as `dropoutFactors`. */
export function dropOut(call: GpuCall): tf.TensorInfo {
  const x = call.inputs["x"]!;
  const out = call.make(x.shape);
  const count = sizeOf(x);
  const groups = groupsOf(Math.ceil(count / DROPOUT_BLOCK));
  call.run(DROPOUT, { x, out }, { count, ...readDropout(call) }, groups);
  return out;
}
