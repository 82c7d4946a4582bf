import type { RowShader } from "./rows.wgsl";
import type { Shader } from "./shader";

const SIZE = 64;
const here = `let at = group * ${SIZE}u + lane; if (at >= u.count) { return; }`;

/** The sum of word, position and type embeddings; one value an invocation. */
export const EMBED: Shader = {
  label: "footfall-embed",
  buffers: { tokens: "i32", words: "f32", positions: "f32", types: "f32", out: "mut f32" },
  numbers: { count: "u32", C: "u32", T: "u32", words: "u32", positions: "u32", types: "u32" },
  size: SIZE,
  body: `${here}
    let c = at % u.C;
    let row = at / u.C;
    let word = u.words + u32(tokens[row]) * u.C + c;
    let position = u.positions + row % u.T * u.C + c;
    out[at] = words[word] + positions[position] + types[u.types + c];`,
};

/**
 * target[number] += the rows of d that have this number, a group a number, in the order of the rows: no atomics on
 * values, the same bits each time. Blocks of numbers without a match cost one look each.
 */
const ADD_ROWS_SHARED: Shader = {
  label: "footfall-add-rows",
  buffers: { d: "f32", numbers: "i32", target_: "mut f32" },
  numbers: { rows: "u32", C: "u32", targets: "u32", start: "u32", begins: "u32" },
  size: SIZE,
  shared: `
    var<workgroup> block: array<i32, ${4 * SIZE}>;
    var<workgroup> matches: atomic<u32>;`,
  body: `
    if (group >= u.targets) { return; }
    let wanted = i32(group);
    let target0 = u.start + group * u.C;
    if (u.begins == 1u) {
      for (var c = lane; c < u.C; c += ${SIZE}u) { target_[target0 + c] = 0.0; }
    }
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
            target_[target0 + c] += d[(begin + i) * u.C + c];
          }
        }
      }
      workgroupBarrier();
    }`,
};

/** The same, an invocation a number. */
const ADD_ROWS_ALONE: Shader = {
  label: "footfall-add-rows-alone",
  buffers: ADD_ROWS_SHARED.buffers,
  numbers: ADD_ROWS_SHARED.numbers,
  size: SIZE,
  body: `
    let number = group * ${SIZE}u + lane;
    if (number >= u.targets) { return; }
    let target0 = u.start + number * u.C;
    for (var c = select(u.C, 0u, u.begins == 1u); c < u.C; c++) { target_[target0 + c] = 0.0; }
    for (var row = 0u; row < u.rows; row++) {
      for (var c = select(u.C, 0u, numbers[row] == i32(number)); c < u.C; c++) {
        target_[target0 + c] += d[row * u.C + c];
      }
    }`,
};

export const ADD_ROWS: RowShader = { shared: ADD_ROWS_SHARED, alone: ADD_ROWS_ALONE };

/** Rows of a table by their numbers; one value an invocation. */
export const TAKE_ROWS: Shader = {
  label: "footfall-take-rows",
  buffers: { table: "f32", numbers: "i32", out: "mut f32" },
  numbers: { count: "u32", C: "u32" },
  size: SIZE,
  body: `${here} out[at] = table[u32(numbers[at / u.C]) * u.C + at % u.C];`,
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

/** Rows that one invocation adds up. */
export const COLUMN_ROWS = 64;

/**
 * Sums of the columns of d, and of d * normal where that is wanted, over COLUMN_ROWS rows an invocation: partial
 * sums [2, segments, C]. A row of d is `width` long.
 */
export const COLUMN_SUMS: Shader = {
  label: "footfall-column-sums",
  buffers: { d: "f32", normal: "f32", partial: "mut f32" },
  numbers: { rows: "u32", C: "u32", width: "u32", segments: "u32", weighs: "u32" },
  size: SIZE,
  body: `
    let at = group * ${SIZE}u + lane;
    if (at >= u.C * u.segments) { return; }
    let c = at % u.C;
    let segment = at / u.C;
    let end = min((segment + 1u) * ${COLUMN_ROWS}u, u.rows);
    var sum = 0.0;
    for (var row = segment * ${COLUMN_ROWS}u; row < end; row++) { sum += d[row * u.width + c]; }
    partial[at] = sum;
    if (u.weighs == 1u) {
      var weighed = 0.0;
      for (var row = segment * ${COLUMN_ROWS}u; row < end; row++) {
        weighed += d[row * u.width + c] * normal[row * u.width + c];
      }
      partial[u.segments * u.C + at] = weighed;
    }`,
};

/** target[start + c] += the partial sums of a column, in their order; those weighed at their own start. */
export const ADD_PARTIAL: Shader = {
  label: "footfall-add-partial",
  buffers: { partial: "f32", target_: "mut f32" },
  numbers: { count: "u32", C: "u32", segments: "u32", start: "u32", weighedStart: "u32" },
  size: SIZE,
  body: `${here}
    let isWeighed = at >= u.C;
    let c = at % u.C;
    let begin = select(0u, u.segments * u.C, isWeighed) + c;
    var sum = 0.0;
    for (var s = 0u; s < u.segments; s++) { sum += partial[begin + s * u.C]; }
    target_[select(u.start, u.weighedStart, isWeighed) + c] += sum;`,
};
