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

/**
 * A shader over rows in two ways. `shared`: a group a row, for graphics cards. `alone`: an invocation a row,
 * without barriers, at which a program on the processor has to change threads.
 */
export interface RowShader {
  readonly shared: Shader;
  readonly alone: Shader;
}

/** Groups of a row shader. */
export const rowGroups = (rows: number, isAlone: boolean): number =>
  isAlone ? Math.ceil(rows / SIZE) : rows;

/** What the bodies below are written with. */
interface RowWriter {
  /** Does something for each `c` of the row; `at` is its place. */
  along(body: string): string;
  sum(value: string): string;
  top(value: string): string;
  /** Does something once for the row. */
  once(body: string): string;
  /** Waits until all of the row has been read. */
  readonly wait: string;
}

const SHARED: RowWriter = {
  along: (body) => `for (var c = lane; c < u.C; c += ${SIZE}u) { let at = row * u.C + c; ${body} }`,
  sum: (value) => `sumLanes(lane, ${value})`,
  top: (value) => `topLane(lane, ${value})`,
  once: (body) => `if (lane == 0u) { ${body} }`,
  wait: "workgroupBarrier();",
};

const ALONE: RowWriter = {
  along: (body) => `for (var c = 0u; c < u.C; c++) { let at = row * u.C + c; ${body} }`,
  sum: (value) => value,
  top: (value) => value,
  once: (body) => body,
  wait: "",
};

type Description = Pick<Shader, "label" | "buffers" | "numbers"> & {
  readonly body: (writer: RowWriter) => string;
};

function createRows({ label, buffers, numbers, body }: Description): RowShader {
  const start = (row: string): string => `let row = ${row}; if (row >= u.rows) { return; }`;
  const rest = { buffers, numbers: { rows: "u32", C: "u32", ...numbers } as const, size: SIZE };
  return {
    shared: { ...rest, label, shared: REDUCE, body: `${start("group")} ${body(SHARED)}` },
    alone: {
      ...rest,
      label: `${label}-alone`,
      body: `${start(`group * ${SIZE}u + lane`)} ${body(ALONE)}`,
    },
  };
}

/** Layer normalisation of x, or of x + y, with what its gradient needs. */
export const KEEP_NORM = createRows({
  label: "footfall-keep-norm",
  buffers: {
    x: "f32",
    y: "f32",
    flat: "f32",
    out: "mut f32",
    normal: "mut f32",
    scales: "mut f32",
  },
  numbers: { adds: "u32", weight: "u32", bias: "u32", epsilon: "f32" },
  body: ({ along, sum, once }) => `
    var sum = 0.0;
    ${along("let value = x[at] + select(0.0, y[at], u.adds == 1u); normal[at] = value; sum += value;")}
    let mean = ${sum("sum")} / f32(u.C);
    var squares = 0.0;
    ${along("let value = normal[at] - mean; squares += value * value;")}
    let scale = inverseSqrt(${sum("squares")} / f32(u.C) + u.epsilon);
    ${along("let value = (normal[at] - mean) * scale; normal[at] = value; out[at] = value * flat[u.weight + c] + flat[u.bias + c];")}
    ${once("scales[row] = scale;")}`,
});

/** Layer normalisation of x, or of x + y, where y may have fewer rows that repeat. */
export const NORM = createRows({
  label: "footfall-norm",
  buffers: { x: "f32", y: "f32", weight: "f32", bias: "f32", out: "mut f32" },
  numbers: { adds: "u32", period: "u32", epsilon: "f32" },
  body: ({ along, sum }) => `
    let other = row % u.period * u.C;
    var sum = 0.0;
    ${along("let value = x[at] + select(0.0, y[other + c], u.adds == 1u); out[at] = value; sum += value;")}
    let mean = ${sum("sum")} / f32(u.C);
    var squares = 0.0;
    ${along("let value = out[at] - mean; squares += value * value;")}
    let scale = inverseSqrt(${sum("squares")} / f32(u.C) + u.epsilon);
    ${along("out[at] = (out[at] - mean) * scale * weight[c] + bias[c];")}`,
});

/** The gradient of a layer normalisation's input. */
export const NORM_GRADIENT = createRows({
  label: "footfall-norm-gradient",
  buffers: { d: "f32", normal: "f32", scales: "f32", flat: "f32", out: "mut f32" },
  numbers: { weight: "u32" },
  body: ({ along, sum }) => `
    var sum = 0.0;
    var product = 0.0;
    ${along("let value = d[at] * flat[u.weight + c]; sum += value; product += value * normal[at];")}
    let mean = ${sum("sum")} / f32(u.C);
    let share = ${sum("product")} / f32(u.C);
    let scale = scales[row];
    ${along("out[at] = (d[at] * flat[u.weight + c] - mean - normal[at] * share) * scale;")}`,
});

/**
 * Losses of rows of V scores, which become their gradient times the row's weight; what fills a row up to whole
 * vectors becomes 0. The rows are those from `first` on.
 */
export const CROSS_ENTROPY = createRows({
  label: "footfall-cross-entropy",
  buffers: { scores: "mut f32", labels: "i32", weights: "f32", losses: "mut f32" },
  numbers: { V: "u32", first: "u32" },
  body: ({ along, sum, top, once, wait }) => `
    var top = -3e38;
    ${along("top = max(top, select(-3e38, scores[at], c < u.V));")}
    top = ${top("top")};
    var sum = 0.0;
    ${along("sum += select(0.0, exp(scores[at] - top), c < u.V);")}
    let total = ${sum("sum")};
    let label = u32(labels[u.first + row]);
    let weight = weights[u.first + row];
    ${once("losses[u.first + row] = log(total) + top - scores[row * u.C + label];")}
    ${wait}
    ${along("scores[at] = select(0.0, (exp(scores[at] - top) / total - select(0.0, 1.0, c == label)) * weight, c < u.V);")}`,
});
