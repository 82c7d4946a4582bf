import type { Shader } from "./shader";

const SIZE = 64;

/** Joins the values of all lanes in shared memory, in one order; the result is in every lane. */
const REDUCE = `
  var<workgroup> shared_: array<f32, ${SIZE}>;
  fn sumLanes(lane: u32, value: f32) -> f32 {
    shared_[lane] = value;
    workgroupBarrier();
    for (var half = ${SIZE / 2}u; half > 0u; half /= 2u) {
      if (lane < half) { shared_[lane] += shared_[lane + half]; }
      workgroupBarrier();
    }
    let sum = shared_[0];
    workgroupBarrier();
    return sum;
  }
  fn topLane(lane: u32, value: f32) -> f32 {
    shared_[lane] = value;
    workgroupBarrier();
    for (var half = ${SIZE / 2}u; half > 0u; half /= 2u) {
      if (lane < half) { shared_[lane] = max(shared_[lane], shared_[lane + half]); }
      workgroupBarrier();
    }
    let top = shared_[0];
    workgroupBarrier();
    return top;
  }`;

const along = (body: string): string =>
  `for (var c = lane; c < u.C; c += ${SIZE}u) { let at = group * u.C + c; ${body} }`;

/** A group a row. */
const perRow = { size: SIZE, shared: REDUCE };
const START = "if (group >= u.rows) { return; }";

/** Layer normalisation of x, or of x + y, with what its gradient needs. */
export const KEEP_NORM: Shader = {
  ...perRow,
  label: "footfall-keep-norm",
  buffers: {
    x: "f32",
    y: "f32",
    flat: "f32",
    out: "mut f32",
    normal: "mut f32",
    scales: "mut f32",
  },
  numbers: { rows: "u32", C: "u32", adds: "u32", weight: "u32", bias: "u32", epsilon: "f32" },
  body: `${START}
    var sum = 0.0;
    ${along("let value = x[at] + select(0.0, y[at], u.adds == 1u); normal[at] = value; sum += value;")}
    let mean = sumLanes(lane, sum) / f32(u.C);
    var squares = 0.0;
    ${along("let value = normal[at] - mean; squares += value * value;")}
    let scale = inverseSqrt(sumLanes(lane, squares) / f32(u.C) + u.epsilon);
    ${along("let value = (normal[at] - mean) * scale; normal[at] = value; out[at] = value * flat[u.weight + c] + flat[u.bias + c];")}
    if (lane == 0u) { scales[group] = scale; }`,
};

/** The gradient of a layer normalisation's input. */
export const NORM_GRADIENT: Shader = {
  ...perRow,
  label: "footfall-norm-gradient",
  buffers: { d: "f32", normal: "f32", scales: "f32", flat: "f32", out: "mut f32" },
  numbers: { rows: "u32", C: "u32", weight: "u32" },
  body: `${START}
    var sum = 0.0;
    var product = 0.0;
    ${along("let value = d[at] * flat[u.weight + c]; sum += value; product += value * normal[at];")}
    let mean = sumLanes(lane, sum) / f32(u.C);
    let share = sumLanes(lane, product) / f32(u.C);
    let scale = scales[group];
    ${along("out[at] = (d[at] * flat[u.weight + c] - mean - normal[at] * share) * scale;")}`,
};

/** Softmax of each row plus the bias of its item, in place; an item has `perItem` rows. */
export const SOFTMAX: Shader = {
  ...perRow,
  label: "footfall-softmax",
  buffers: { x: "mut f32", bias: "f32" },
  numbers: { rows: "u32", C: "u32", hasBias: "u32", perItem: "u32", firstItem: "u32" },
  body: `${START}
    let item = u.firstItem + group / u.perItem;
    var top = -3e38;
    ${along("var value = x[at]; if (u.hasBias == 1u) { value += bias[item * u.C + c]; } x[at] = value; top = max(top, value);")}
    top = topLane(lane, top);
    var sum = 0.0;
    ${along("let value = exp(x[at] - top); x[at] = value; sum += value;")}
    let total = sumLanes(lane, sum);
    ${along("x[at] /= total;")}`,
};

/** d = scale * shares * (d - sum of shares * d in its row), in place. */
export const SOFTMAX_GRADIENT: Shader = {
  ...perRow,
  label: "footfall-softmax-gradient",
  buffers: { shares: "f32", d: "mut f32" },
  numbers: { rows: "u32", C: "u32", scale: "f32" },
  body: `${START}
    var sum = 0.0;
    ${along("sum += shares[at] * d[at];")}
    let total = sumLanes(lane, sum);
    ${along("d[at] = u.scale * shares[at] * (d[at] - total);")}`,
};

/** Losses of rows of scores, which become their gradient times the row's weight; rows from `first` on. */
export const CROSS_ENTROPY: Shader = {
  ...perRow,
  label: "footfall-cross-entropy",
  buffers: { scores: "mut f32", labels: "i32", weights: "f32", losses: "mut f32" },
  numbers: { rows: "u32", C: "u32", first: "u32" },
  body: `${START}
    var top = -3e38;
    ${along("top = max(top, scores[at]);")}
    top = topLane(lane, top);
    var sum = 0.0;
    ${along("sum += exp(scores[at] - top);")}
    let total = sumLanes(lane, sum);
    let label = u32(labels[u.first + group]);
    let weight = weights[u.first + group];
    if (lane == 0u) { losses[u.first + group] = log(total) + top - scores[group * u.C + label]; }
    workgroupBarrier();
    ${along("scores[at] = (exp(scores[at] - top) / total - select(0.0, 1.0, c == label)) * weight;")}`,
};
