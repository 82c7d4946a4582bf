import { PHILOX_WGSL } from "../../tokenise/philox";
import type { Shader } from "./shader";

const SIZE = 64;

/** Where in a run something is dropped, and how much: `dropoutNumbers` by these names. */
export const DROPOUT_NUMBERS = {
  seed: "u32",
  step: "u32",
  pass_: "u32",
  site: "u32",
  threshold: "u32",
  factor: "f32",
} as const;

/** The generator's words for eight values in a row, and what the value of a number is multiplied by. */
export const DROPOUT_WGSL = `
  ${PHILOX_WGSL}
  fn dropoutWords(block: u32) -> vec4u {
    return philox(vec4u(block, u.site, u.pass_, 0u), vec2u(u.seed, u.step));
  }
  fn dropoutFactor(words: vec4u, number: u32) -> f32 {
    let word = words[number / 2u % 4u];
    let half = select(word & 0xffffu, word >> 16u, number % 2u == 1u);
    return select(u.factor, 0.0, half < u.threshold);
  }`;

/** Drops a share of the values; eight an invocation. */
export const DROPOUT: Shader = {
  label: "footfall-dropout",
  buffers: { x: "f32", out: "mut f32" },
  numbers: { count: "u32", ...DROPOUT_NUMBERS },
  size: SIZE,
  shared: DROPOUT_WGSL,
  body: `
    let block = group * ${SIZE}u + lane;
    if (8u * block >= u.count) { return; }
    let words = dropoutWords(block);
    for (var at = 8u * block; at < min(8u * block + 8u, u.count); at++) {
      out[at] = x[at] * dropoutFactor(words, at);
    }`,
};
