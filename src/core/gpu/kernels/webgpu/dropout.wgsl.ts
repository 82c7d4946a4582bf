import type * as tf from "@tensorflow/tfjs-core";
import { PHILOX_WGSL } from "../../tokenise/philox";
import { DROPOUT_BLOCK } from "../../training/dropout";
import { sizeOf } from "../register";
import { groupsOf } from "./elementwise.wgsl";
import type { GpuCall, Shader } from "./shader";

const SIZE = 64;

/** Drops values by Philox of their place; an invocation decides a block of them. */
const DROPOUT: Shader = {
  label: "footfall-dropout",
  buffers: { x: "f32", out: "mut f32" },
  numbers: {
    count: "u32",
    seed: "u32",
    step: "u32",
    pass_: "u32",
    site: "u32",
    threshold: "u32",
    scale: "f32",
  },
  size: SIZE,
  shared: PHILOX_WGSL,
  body: `
    let block = group * ${SIZE}u + lane;
    let start = block * ${DROPOUT_BLOCK}u;
    if (start >= u.count) { return; }
    let words = philox(vec4u(block, u.site, u.pass_, 0u), vec2u(u.seed, u.step));
    for (var n = 0u; n < min(${DROPOUT_BLOCK}u, u.count - start); n++) {
      let half = (words[n / 2u] >> (16u * (n % 2u))) & 0xffffu;
      out[start + n] = x[start + n] * select(u.scale, 0.0, half < u.threshold);
    }`,
};

/** out = x with a share of its values dropped. */
export function dropOut({ inputs, attributes, make, run }: GpuCall): tf.TensorInfo {
  const x = inputs["x"]!;
  const count = sizeOf(x);
  const out = make(x.shape);
  const { pass, ...numbers } = attributes as Record<string, number>;
  const blocks = Math.ceil(count / DROPOUT_BLOCK);
  run(DROPOUT, { x, out }, { ...numbers, count, pass_: pass! }, groupsOf(blocks));
  return out;
}
