import type { Code, Local, WrittenFunction } from "../assembler";
import { FunctionBuilder, i32, loop, sequence, v128 } from "../assembler";

const ZERO = i32.const(0);
const ONE = i32.const(1);
const VECTOR = i32.const(16);
/** Rows that are multiplied at once. */
const ROWS = 4;

/** All variables of one call; strides and widths are in bytes. */
function declareFrame(builder: FunctionBuilder) {
  const parameter = (): Local => builder.parameter();
  const integer = (): Local => builder.integer();
  const vector = (): Local => builder.vector();
  return {
    a: parameter(),
    aRow: parameter(), // from one row of the result to the next
    aStep: parameter(), // from one term of the sum to the next
    b: parameter(),
    bStep: parameter(),
    out: parameter(),
    outRow: parameter(),
    rows: parameter(),
    columnBytes: parameter(),
    inner: parameter(),
    scale: builder.floatParameter(),
    pointers: Array.from({ length: ROWS }, integer),
    sums: Array.from({ length: ROWS }, () => [vector(), vector()] as const),
    operands: [vector(), vector()] as const,
    factor: vector(),
    matrix: integer(),
    target: integer(),
    row: integer(),
    at: integer(),
    step: integer(),
  };
}

type Frame = ReturnType<typeof declareFrame>;

/** Four rows times `count` vectors of columns. */
function writeBlock(f: Frame, count: 1 | 2, hasFma: boolean): Code {
  const sums = f.sums.map((pair) => pair.slice(0, count));
  const addRow = sums.map((pair, m) =>
    sequence(
      f.factor.set(v128.loadSplat(f.pointers[m]!.get)),
      ...pair.map((sum, n) =>
        sum.set(v128.multiplyAdd(f.factor.get, f.operands[n]!.get, sum.get, hasFma)),
      ),
      f.pointers[m]!.set(i32.add(f.pointers[m]!.get, f.aStep.get)),
    ),
  );
  const body = sequence(
    ...f.operands.slice(0, count).map((one, n) => one.set(v128.load(f.matrix.get, 16 * n))),
    ...addRow,
    f.matrix.set(i32.add(f.matrix.get, f.bStep.get)),
  );
  const firstRow = i32.add(f.a.get, i32.mul(f.row.get, f.aRow.get));
  const starts = f.pointers.map((pointer, m) =>
    pointer.set(m === 0 ? firstRow : i32.add(f.pointers[m - 1]!.get, f.aRow.get)),
  );
  const store = sums.map((pair) =>
    sequence(
      ...pair.map((sum, n) =>
        v128.store(f.target.get, v128.mul(sum.get, v128.splat(f.scale.get)), 16 * n),
      ),
      f.target.set(i32.add(f.target.get, f.outRow.get)),
    ),
  );
  return sequence(
    ...starts,
    ...sums.flat().map((sum) => sum.set(v128.const(0))),
    f.matrix.set(i32.add(f.b.get, f.at.get)),
    loop(f.step, { from: ZERO, to: f.inner.get, step: ONE }, body),
    f.target.set(i32.add(f.out.get, i32.add(i32.mul(f.row.get, f.outRow.get), f.at.get))),
    ...store,
  );
}

/**
 * product(a, aRow, aStep, b, bStep, out, outRow, rows, columnBytes, inner, scale): out[r][c] = scale * sum
 * over k of a[r * aRow + k * aStep] * b[k * bStep + c]; rows and columns are multiples of 4. The strides let it
 * read a matrix, a transposed one, or one head of several.
 */
export function writeProduct(hasFma: boolean): WrittenFunction {
  const builder = new FunctionBuilder();
  const f = declareFrame(builder);
  const whole = i32.and(f.columnBytes.get, i32.const(-32));
  const runRows = sequence(
    loop(f.at, { from: ZERO, to: whole, step: i32.const(32) }, writeBlock(f, 2, hasFma)),
    loop(f.at, { from: whole, to: f.columnBytes.get, step: VECTOR }, writeBlock(f, 1, hasFma)),
  );
  const body = loop(f.row, { from: ZERO, to: f.rows.get, step: i32.const(ROWS) }, runRows);
  return { name: "product", builder, body };
}
