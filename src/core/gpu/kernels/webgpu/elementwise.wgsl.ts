import type { Shader } from "./shader";

const SIZE = 64;
const here = `let at = group * ${SIZE}u + lane; if (at >= u.count) { return; }`;

/** The normal distribution function, with erf by Abramowitz and Stegun 7.1.26 (1.5e-7), as tfjs' own. */
export const PHI = `
  fn phi(x: f32) -> f32 {
    let z = abs(x) * ${Math.SQRT1_2};
    let t = 1.0 / (1.0 + 0.3275911 * z);
    let p = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
    let tail = 0.5 * p * exp(-z * z);
    return select(tail, 1.0 - tail, x > 0.0);
  }`;

export const GELU: Shader = {
  label: "footfall-gelu",
  buffers: { x: "f32", out: "mut f32" },
  numbers: { count: "u32" },
  size: SIZE,
  shared: PHI,
  body: `${here} out[at] = x[at] * phi(x[at]);`,
};

export const GELU_GRADIENT: Shader = {
  label: "footfall-gelu-gradient",
  buffers: { x: "f32", d: "f32", out: "mut f32" },
  numbers: { count: "u32" },
  size: SIZE,
  shared: PHI,
  body: `${here}
    let value = x[at];
    out[at] = d[at] * (phi(value) + value * exp(-0.5 * value * value) * ${1 / Math.sqrt(2 * Math.PI)});`,
};

/** One step of AdamW (Loshchilov and Hutter 2019) over all parameters, in place. */
export const ADAMW: Shader = {
  label: "footfall-adamw",
  buffers: { gradients: "f32", parameters: "mut f32", means: "mut f32", squares: "mut f32" },
  numbers: {
    count: "u32",
    decayed: "u32",
    scale: "f32",
    beta1: "f32",
    beta2: "f32",
    keep: "f32",
    rate: "f32",
    root: "f32",
    epsilon: "f32",
  },
  size: SIZE,
  body: `${here}
    let gradient = gradients[at] * u.scale;
    let mean = means[at] * u.beta1 + gradient * (1.0 - u.beta1);
    let square = squares[at] * u.beta2 + gradient * gradient * (1.0 - u.beta2);
    means[at] = mean;
    squares[at] = square;
    let kept = parameters[at] * select(1.0, u.keep, at < u.decayed);
    parameters[at] = kept - mean * u.rate / (sqrt(square) * u.root + u.epsilon);`,
};

/** Invocations of a group of one value each. */
export const groupsOf = (count: number): number => Math.ceil(count / SIZE);
