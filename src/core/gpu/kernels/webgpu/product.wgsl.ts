import { PHI } from "./elementwise.wgsl";
import type { Shader } from "./shader";

/** Invocations of a group. */
const SIZE = 64;

/** What a product's shader is written for. */
export interface ProductKind {
  /** Whether the sum runs along the rows of the first operand, or along its columns (it is turned). */
  readonly form: "rows" | "columns";
  /** Rows and columns of the result that one invocation sums. */
  readonly each: 4 | 8;
  /** Invocations of a group side by side; the others lie below. */
  readonly across: 4 | 8 | 16;
  /**
   * "wide": second operand and result lie in whole vectors of four; "half": so, and the second operand is two
   * halves a word; "narrow": they lie anywhere.
   */
  readonly layout: "wide" | "half" | "narrow";
  /** Whether GELU follows. */
  readonly bends: boolean;
}

/** Rows and columns of one group's tile. */
export const tileOf = (each: number, across: number): { rows: number; columns: number } => ({
  rows: (each * SIZE) / across,
  columns: each * across,
});

const range = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
const joinLines = (lines: readonly string[]): string => lines.join("\n");

/** The second operand's values of one term of the sum. */
function readB({ each, layout }: ProductKind, q: number): string {
  const row = `u.bStart + min(k + ${q}u, u.terms - 1u) * u.bRow`;
  if (layout === "narrow") {
    return joinLines(range(each).map((j) => `let b${q}_${j} = b[${row} + column${j}];`));
  }
  return joinLines(
    range(each / 4).map((j) => {
      const at = `b[(${row}) / 4u + column${j}]`;
      if (layout === "wide") return `let b${q}_${j} = ${at};`;
      return `let h${q}_${j} = ${at};
        let b${q}_${j} = vec4f(unpack2x16float(h${q}_${j}.x), unpack2x16float(h${q}_${j}.y));`;
    }),
  );
}

/** Adds one term: row i of the first operand, given as an expression, times all columns. */
function addTerm(kind: ProductKind, q: number, valueOf: (i: number) => string): string {
  const columns = range(kind.layout === "narrow" ? kind.each : kind.each / 4);
  const vector = kind.layout === "narrow" ? "" : "vec4f";
  const rows = range(kind.each).map((i) => {
    const sums = columns.map((j) => `s${i}_${j} = fma(${vector}(x), b${q}_${j}, s${i}_${j});`);
    return `{ let x = ${valueOf(i)}; ${sums.join(" ")} }`;
  });
  return joinLines([readB(kind, q), ...rows]);
}

/** The loop over the terms of one part. */
function writeLoop(kind: ProductKind): string {
  if (kind.form === "rows") {
    const reads = range(kind.each).map((i) => `let a${i} = a[row${i} + k / 4u];`);
    const terms = range(4).map((q) => addTerm(kind, q, (i) => `a${i}[${q}]`));
    return `for (var k = begin; k < end; k += 4u) { ${joinLines([...reads, ...terms])} }`;
  }
  const reads = range(kind.each / 4).map(
    (i) => `let a${i} = a[(u.aStart + k * u.aRow) / 4u + row${i}];`,
  );
  const term = addTerm(kind, 0, (i) => `a${i >> 2}[${i % 4}]`);
  return `for (var k = begin; k < end; k++) { ${joinLines([...reads, term])} }`;
}

/** Rows beyond the last are read as the last, so that nothing outside is read; they are not stored. */
function placeRows({ form, each }: ProductKind): string {
  if (form === "rows") {
    const at = (i: number): string => `(u.aStart + min(row + ${i}u, u.M - 1u) * u.aRow) / 4u`;
    return joinLines(range(each).map((i) => `let row${i} = ${at(i)};`));
  }
  const at = (i: number): string => `min(row / 4u + ${i}u, (u.M + 3u) / 4u - 1u)`;
  return joinLines(range(each / 4).map((i) => `let row${i} = ${at(i)};`));
}

function placeColumns({ each, across, layout }: ProductKind): string {
  const columns =
    layout === "narrow"
      ? range(each).map((j) => `min(column + ${j * across}u, u.N - 1u)`)
      : range(each / 4).map((j) => `min(column / 4u + ${j * across}u, u.N / 4u - 1u)`);
  return joinLines(columns.map((at, j) => `let column${j} = ${at};`));
}

function store({ each, across, layout, bends }: ProductKind): string {
  const [vectors, step, unit] =
    layout === "narrow" ? [each, across, ""] : [each / 4, 4 * across, " / 4u"];
  const phi =
    layout === "narrow"
      ? "phi(value)"
      : "vec4f(phi(value.x), phi(value.y), phi(value.z), phi(value.w))";
  const bent = bends ? `value * ${phi}` : "value";
  const biasOf = (c: string): string =>
    layout === "narrow"
      ? `bias[${c}]`
      : `vec4f(${range(4)
          .map((n) => `bias[${c} + ${n}u]`)
          .join(", ")})`;
  return joinLines(
    range(each).flatMap((i) =>
      range(vectors).map(
        (j) => `{
          let c = column + ${j * step}u;
          if (row + ${i}u < u.M && c < u.N) {
            let at = (u.outStart + part * u.outPart + (row + ${i}u) * u.outRow + c)${unit};
            var value = s${i}_${j};
            if (u.hasBias == 1u) { value += ${biasOf("u.biasStart + c")}; }
            if (u.adds == 1u) { value += out[at]; }
            out[at] = ${bent};
          }
        }`,
      ),
    ),
  );
}

const NUMBERS = [
  "M",
  "N",
  "terms",
  "perPart",
  "aStart",
  "aRow",
  "bStart",
  "bRow",
  "outStart",
  "outRow",
  "outPart",
  "hasBias",
  "biasStart",
  "adds",
] as const;

/**
 * out = a b + bias, or GELU of it, without shared memory and barriers: each invocation sums a block in registers, from whole
 * vectors of the first operand (which all columns of a group share) and rows of the second. Strides and starts
 * count floats; those of whole vectors are multiples of 4. The sum may be cut into parts, each with its result.
 */
function createProduct(kind: ProductKind): Shader {
  const { form, each, across, layout, bends } = kind;
  const { rows, columns } = tileOf(each, across);
  const vectors = range(layout === "narrow" ? each : each / 4);
  const nothing = layout === "narrow" ? "0.0" : "vec4f(0.0)";
  const element = { wide: "vec4f", half: "vec2u", narrow: "f32" }[layout];
  return {
    label: `footfall-product-${form}-${each}-${across}-${layout}${bends ? "-gelu" : ""}`,
    buffers: {
      a: "vec4f",
      b: element,
      bias: "f32",
      out: layout === "narrow" ? "mut f32" : "mut vec4f",
    },
    numbers: Object.fromEntries(NUMBERS.map((name) => [name, "u32" as const])),
    size: SIZE,
    shared: bends ? PHI : "",
    body: `
      let tiles = (u.N + ${columns - 1}u) / ${columns}u;
      let down = (u.M + ${rows - 1}u) / ${rows}u;
      let part = group / (down * tiles);
      let begin = part * u.perPart;
      let end = min(begin + u.perPart, u.terms);
      if (begin >= end) { return; }
      let row = (group / tiles) % down * ${rows}u + lane / ${across}u * ${each}u;
      let column = group % tiles * ${columns}u + lane % ${across}u * ${layout === "narrow" ? 1 : 4}u;
      ${placeRows(kind)}
      ${placeColumns(kind)}
      ${range(each)
        .flatMap((i) => vectors.map((j) => `var s${i}_${j} = ${nothing};`))
        .join(" ")}
      ${writeLoop(kind)}
      ${store(kind)}`,
  };
}

const products = new Map<string, Shader>();

/** The shader of a kind, the same one each time. */
export function productShader(kind: ProductKind): Shader {
  const key = Object.values(kind).join();
  const shader = products.get(key) ?? createProduct(kind);
  products.set(key, shader);
  return shader;
}

/** Joins the parts of a cut sum, in their order; one value an invocation. */
export const JOIN_PARTS: Shader = {
  label: "footfall-join-parts",
  buffers: { parts: "f32", bias: "f32", out: "mut f32" },
  numbers: {
    count: "u32",
    N: "u32",
    partCount: "u32",
    outStart: "u32",
    outRow: "u32",
    hasBias: "u32",
    biasStart: "u32",
    adds: "u32",
    bends: "u32",
  },
  size: SIZE,
  shared: PHI,
  body: `
    let index = group * ${SIZE}u + lane;
    if (index >= u.count) { return; }
    let c = index % u.N;
    let at = u.outStart + index / u.N * u.outRow + c;
    var value = select(0.0, bias[u.biasStart + c], u.hasBias == 1u) + select(0.0, out[at], u.adds == 1u);
    for (var part = 0u; part < u.partCount; part++) { value += parts[part * u.count + index]; }
    if (u.bends == 1u) { value *= phi(value); }
    out[at] = value;`,
};

/** Rows of a matrix [rows, columns] as columns of one [columns, width]; a value beyond the rows is 0. */
export const TURN: Shader = {
  label: "footfall-turn",
  buffers: { x: "f32", out: "mut vec4f" },
  numbers: { rows: "u32", columns: "u32", width: "u32", start: "u32" },
  size: SIZE,
  body: `
    let at = group * ${SIZE}u + lane;
    let across = u.width / 4u;
    if (at >= across * u.columns) { return; }
    let c = at % u.columns;
    let r = at / u.columns * 4u;
    var value = vec4f(0.0);
    for (var n = 0u; n < 4u; n++) {
      if (r + n < u.rows) { value[n] = x[u.start + (r + n) * u.columns + c]; }
    }
    out[c * across + r / 4u] = value;`,
};
