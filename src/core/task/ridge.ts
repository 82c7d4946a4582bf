import { FootfallError } from "../errors";
import { createPace, type Progress } from "../pace";
import { fitScaling, standardise, type LinearModel, type Matrix } from "./linear-model";
import { dot } from "./products";

/** The sums that ridge regression needs of n rows, of standardised features and centred targets. */
interface NormalEquations {
  readonly gram: Float64Array; // [C, C], lower triangle
  readonly moment: Float64Array; // [C, K]
}

/** Rows whose products are summed at once: 128 columns of them stay in the cache. */
const ROWS_A_TURN = 256;

/** Columns of rows from .. from + ROWS_A_TURN - 1, each in one piece, [width, ROWS_A_TURN]; 0 beyond the last. */
function turn(values: Float64Array, width: number, from: number): Float64Array {
  const columns = new Float64Array(width * ROWS_A_TURN);
  const count = Math.min(ROWS_A_TURN, values.length / width - from);
  for (let row = 0; row < count; row++) {
    const at = (from + row) * width;
    for (let c = 0; c < width; c++) columns[c * ROWS_A_TURN + row] = values[at + c]!;
  }
  return columns;
}

/** Some rows' part of the sums. */
function addProducts(
  { gram, moment }: NormalEquations,
  x: Float64Array, // [C, ROWS_A_TURN]
  y: Float64Array, // [K, ROWS_A_TURN]
): void {
  const C = x.length / ROWS_A_TURN;
  const K = y.length / ROWS_A_TURN;
  for (let i = 0; i < C; i++) {
    const at = i * ROWS_A_TURN;
    for (let j = 0; j <= i; j++) gram[i * C + j]! += dot(x, at, x, j * ROWS_A_TURN, ROWS_A_TURN);
    for (let k = 0; k < K; k++) {
      moment[i * K + k]! += dot(x, at, y, k * ROWS_A_TURN, ROWS_A_TURN);
    }
  }
}

/** A = L L' in place of A's lower triangle. Throws "bad-input" when A is not positive definite. */
export function cholesky(a: Float64Array, size: number): Float64Array {
  for (let j = 0; j < size; j++) {
    for (let i = j; i < size; i++) {
      let sum = a[i * size + j]!;
      for (let k = 0; k < j; k++) sum -= a[i * size + k]! * a[j * size + k]!;
      if (i > j) a[i * size + j] = sum / a[j * size + j]!;
      else if (sum > 0) a[j * size + j] = Math.sqrt(sum);
      else throw new FootfallError("bad-input", `column ${j} of the features repeats others`);
    }
  }
  return a;
}

/** Solves L L' X = B for B [size, K], in place of B. */
export function solveCholesky(l: Float64Array, b: Float64Array, size: number): Float64Array {
  const K = b.length / size;
  for (let k = 0; k < K; k++) {
    for (let i = 0; i < size; i++) {
      let sum = b[i * K + k]!;
      for (let j = 0; j < i; j++) sum -= l[i * size + j]! * b[j * K + k]!;
      b[i * K + k] = sum / l[i * size + i]!;
    }
    for (let i = size - 1; i >= 0; i--) {
      let sum = b[i * K + k]!;
      for (let j = i + 1; j < size; j++) sum -= l[j * size + i]! * b[j * K + k]!;
      b[i * K + k] = sum / l[i * size + i]!;
    }
  }
  return b;
}

/** The targets of the rows less their means. */
function centre(targets: Matrix, rows: Uint32Array): { y: Float64Array; bias: Float64Array } {
  const K = targets.width;
  const { mean } = fitScaling(targets, rows);
  const y = standardise(targets, rows, { mean, scale: new Float64Array(K).fill(1) });
  return { y, bias: mean };
}

/**
 * Ridge regression (Hoerl and Kennard 1970) by Cholesky on the normal equations, in double precision:
 * minimises squared error + lambda |W|^2 on standardised features, the bias free. One model for each
 * lambda, from one pass over the rows. The same input gives the same bits on one engine.
 */
export async function* fitRidge(
  features: Matrix, // [N, C]
  targets: Matrix, // [N, K]
  rows: Uint32Array,
  { lambdas, signal }: { lambdas: readonly number[]; signal?: AbortSignal | undefined },
): AsyncGenerator<Progress, LinearModel[]> {
  const pace = createPace(signal);
  const [C, K] = [features.width, targets.width];
  const scaling = fitScaling(features, rows);
  const x = standardise(features, rows, scaling); // [rows, C]
  const { y, bias } = centre(targets, rows); // [rows, K]
  const sums = { gram: new Float64Array(C * C), moment: new Float64Array(C * K) };
  for (let row = 0; row < rows.length; row += ROWS_A_TURN) {
    addProducts(sums, turn(x, C, row), turn(y, K, row));
    if (!pace.due()) continue;
    await pace.rest();
    yield { phase: "fit ridge regression", done: row, total: rows.length, unit: "rows" };
  }
  return lambdas.map((lambda) => {
    const factor = cholesky(withDiagonal(sums.gram, C, lambda), C);
    const weights = solveCholesky(factor, sums.moment.slice(), C);
    return { kind: "linear", width: C, outputs: K, weights, bias, ...scaling };
  });
}

/** A copy of a square matrix with `added` on its diagonal. */
function withDiagonal(a: Float64Array, size: number, added: number): Float64Array {
  const copy = a.slice();
  for (let i = 0; i < size; i++) copy[i * size + i]! += added;
  return copy;
}
