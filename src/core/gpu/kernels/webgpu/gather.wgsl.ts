import type { Shader } from "./shader";

const SIZE = 64;
const here = `let at = group * ${SIZE}u + lane; if (at >= u.count) { return; }`;

/** The sum of word, position and type embeddings; one value an invocation. */
export const EMBED: Shader = {
  label: "footfall-embed",
  buffers: { tokens: "i32", flat: "f32", out: "mut f32" },
  numbers: { count: "u32", C: "u32", T: "u32", words: "u32", positions: "u32", types: "u32" },
  size: SIZE,
  body: `${here}
    let c = at % u.C;
    let row = at / u.C;
    let word = u.words + u32(tokens[row]) * u.C + c;
    let position = u.positions + row % u.T * u.C + c;
    out[at] = flat[word] + flat[position] + flat[u.types + c];`,
};

/**
 * target[number] += the rows of d that have this number, a group a number, in the order of the rows: no atomics,
 * the same bits each time. Blocks of numbers without a match cost one look each.
 */
export const ADD_ROWS: Shader = {
  label: "footfall-add-rows",
  buffers: { d: "f32", numbers: "i32", target_: "mut f32" },
  numbers: { rows: "u32", C: "u32", targets: "u32", start: "u32" },
  size: SIZE,
  shared: `
    var<workgroup> block: array<i32, ${4 * SIZE}>;
    var<workgroup> matches: atomic<u32>;`,
  body: `
    if (group >= u.targets) { return; }
    let wanted = i32(group);
    for (var begin = 0u; begin < u.rows; begin += ${4 * SIZE}u) {
      if (lane == 0u) { atomicStore(&matches, 0u); }
      workgroupBarrier();
      for (var i = lane; i < ${4 * SIZE}u; i += ${SIZE}u) {
        let number = select(-1, numbers[min(begin + i, u.rows - 1u)], begin + i < u.rows);
        block[i] = number;
        if (number == wanted) { atomicAdd(&matches, 1u); }
      }
      workgroupBarrier();
      if (atomicLoad(&matches) > 0u) {
        for (var i = 0u; i < ${4 * SIZE}u; i++) {
          if (block[i] != wanted) { continue; }
          for (var c = lane; c < u.C; c += ${SIZE}u) {
            target_[u.start + group * u.C + c] += d[(begin + i) * u.C + c];
          }
        }
      }
      workgroupBarrier();
    }`,
};

/** target[t] += the sum of d at this position over the batch; one value an invocation. */
export const ADD_POSITIONS: Shader = {
  label: "footfall-add-positions",
  buffers: { d: "f32", target_: "mut f32" },
  numbers: { count: "u32", rows: "u32", C: "u32", T: "u32", start: "u32" },
  size: SIZE,
  body: `${here}
    var sum = 0.0;
    for (var row = at / u.C; row < u.rows; row += u.T) { sum += d[row * u.C + at % u.C]; }
    target_[u.start + at] += sum;`,
};

const ACROSS = 16;
const DOWN = 16;

/** Rows that one group adds up. */
export const COLUMN_ROWS = 256;

/**
 * Sums of the columns of d, and of d * normal where that is wanted, over COLUMN_ROWS rows a group: partial sums
 * [2, segments, C].
 */
export const COLUMN_SUMS: Shader = {
  label: "footfall-column-sums",
  buffers: { d: "f32", normal: "f32", partial: "mut f32" },
  numbers: { rows: "u32", C: "u32", segments: "u32", weighs: "u32" },
  size: ACROSS * DOWN,
  shared: `var<workgroup> sums: array<vec2f, ${ACROSS * DOWN}>;`,
  body: `
    let across = (u.C + ${ACROSS - 1}u) / ${ACROSS}u;
    let segment = group / across;
    if (segment >= u.segments) { return; }
    let c = group % across * ${ACROSS}u + lane % ${ACROSS}u;
    let end = min((segment + 1u) * ${COLUMN_ROWS}u, u.rows);
    var sum = vec2f(0.0);
    for (var row = segment * ${COLUMN_ROWS}u + lane / ${ACROSS}u; row < end; row += ${DOWN}u) {
      if (c < u.C) {
        let value = d[row * u.C + c];
        sum += vec2f(value, select(0.0, value * normal[row * u.C + c], u.weighs == 1u));
      }
    }
    sums[lane] = sum;
    workgroupBarrier();
    if (lane < ${ACROSS}u && c < u.C) {
      for (var i = 1u; i < ${DOWN}u; i++) { sum += sums[lane + i * ${ACROSS}u]; }
      partial[segment * u.C + c] = sum.x;
      if (u.weighs == 1u) { partial[(u.segments + segment) * u.C + c] = sum.y; }
    }`,
};

/** target[c] += the partial sums of a column, in their order. */
export const ADD_PARTIAL: Shader = {
  label: "footfall-add-partial",
  buffers: { partial: "f32", target_: "mut f32" },
  numbers: { count: "u32", segments: "u32", begin: "u32", start: "u32" },
  size: SIZE,
  body: `${here}
    var sum = 0.0;
    for (var s = 0u; s < u.segments; s++) { sum += partial[u.begin + s * u.count + at]; }
    target_[u.start + at] += sum;`,
};
