import type { Shader } from "./shader";

/** Terms of the sum that lie in shared memory at a time. */
const INNER = 16;
/** Invocations of a group along rows, and along columns. */
const SIDE = 16;

/** One tile of a product, `each` x `each` values for every invocation, written out. */
function writeTile(each: number): Pick<Shader, "shared" | "body"> {
  const tile = SIDE * each;
  const range = Array.from({ length: each }, (_, n) => n);
  const pairs = range.flatMap((m) => range.map((n) => [m, n] as const));
  const loads = (INNER * tile) / (SIDE * SIDE);
  const copy = Array.from({ length: loads }, (_, n) => {
    const i = `(lane + ${n * SIDE * SIDE}u)`;
    return `{
      let am = select(${i} / ${INNER}u, ${i} % ${tile}u, u.aStep != 1u);
      let ak = select(${i} % ${INNER}u, ${i} / ${tile}u, u.aStep != 1u);
      let aInside = row + am < u.M && begin + ak < u.K;
      let aAt = a0 + (row + am) * u.aRow + (begin + ak) * u.aStep;
      sharedA[ak * ${tile}u + am] = select(0.0, a[select(0u, aAt, aInside)], aInside);
      let bn = select(${i} / ${INNER}u, ${i} % ${tile}u, u.bColumn == 1u);
      let bk = select(${i} % ${INNER}u, ${i} / ${tile}u, u.bColumn == 1u);
      let bInside = column + bn < u.N && begin + bk < u.K;
      let bAt = b0 + (column + bn) * u.bColumn + (begin + bk) * u.bStep;
      sharedB[bk * ${tile}u + bn] = select(0.0, b[select(0u, bAt, bInside)], bInside);
    }`;
  });
  const step = [
    ...range.map((m) => `let a${m}_ = sharedA[k * ${tile}u + rowLane + ${m * SIDE}u];`),
    ...range.map((n) => `let b${n}_ = sharedB[k * ${tile}u + columnLane + ${n * SIDE}u];`),
    ...pairs.map(([m, n]) => `sum${m}_${n} = fma(a${m}_, b${n}_, sum${m}_${n});`),
  ];
  const store = pairs.map(
    ([m, n]) => `{
      let r = row + rowLane + ${m * SIDE}u;
      let c = column + columnLane + ${n * SIDE}u;
      if (r < u.M && c < u.N) {
        let at = out0 + r * u.outRow + c;
        var value = sum${m}_${n} * u.scale;
        if (u.hasBias == 1u) { value += bias[u.biasStart + c]; }
        if (u.adds == 1u) { value += out[at]; }
        out[at] = value;
      }
    }`,
  );
  return {
    shared: `
      var<workgroup> sharedA: array<f32, ${INNER * tile}>;
      var<workgroup> sharedB: array<f32, ${INNER * tile}>;`,
    body: `
      let columns = (u.N + ${tile - 1}u) / ${tile}u;
      let rows = (u.M + ${tile - 1}u) / ${tile}u;
      let batch = group / (rows * columns);
      if (batch >= u.batches) { return; }
      let head = batch % u.heads;
      let item = batch / u.heads;
      let a0 = u.aStart + item * u.aItem + head * u.aHead;
      let b0 = u.bStart + item * u.bItem + head * u.bHead;
      let out0 = u.outStart + item * u.outItem + head * u.outHead;
      let row = (group / columns) % rows * ${tile}u;
      let column = group % columns * ${tile}u;
      let rowLane = lane / ${SIDE}u;
      let columnLane = lane % ${SIDE}u;
      ${pairs.map(([m, n]) => `var sum${m}_${n} = 0.0;`).join(" ")}
      for (var begin = 0u; begin < u.K; begin += ${INNER}u) {
        ${copy.join("\n")}
        workgroupBarrier();
        for (var k = 0u; k < ${INNER}u; k++) { ${step.join("\n")} }
        workgroupBarrier();
      }
      ${store.join("\n")}`,
  };
}

const NUMBERS = [
  "M",
  "N",
  "K",
  "batches",
  "heads",
  "aStart",
  "aRow",
  "aStep",
  "aItem",
  "aHead",
  "bStart",
  "bStep",
  "bColumn",
  "bItem",
  "bHead",
  "outStart",
  "outRow",
  "outItem",
  "outHead",
  "hasBias",
  "biasStart",
  "adds",
] as const;

function createProduct(each: number): Shader {
  return {
    label: `footfall-product-${each * SIDE}`,
    buffers: { a: "f32", b: "f32", bias: "f32", out: "mut f32" },
    numbers: {
      ...Object.fromEntries(NUMBERS.map((name) => [name, "u32" as const])),
      scale: "f32",
    },
    size: SIDE * SIDE,
    ...writeTile(each),
  };
}

/** By the values that each invocation sums: tiles of 32 and of 64. */
const PRODUCTS = { 2: createProduct(2), 4: createProduct(4) } as const;

/** Groups that a graphics card wants before its tiles may be large. */
const MANY_GROUPS = 256;

/** The shader for a product of M x N in so many batches, and its groups. */
export function chooseProduct(
  M: number,
  N: number,
  batches: number,
): { shader: Shader; groups: number } {
  const groupsOf = (tile: number): number => Math.ceil(M / tile) * Math.ceil(N / tile) * batches;
  const each = groupsOf(64) >= MANY_GROUPS ? 4 : 2;
  return { shader: PRODUCTS[each], groups: groupsOf(each * SIDE) };
}
