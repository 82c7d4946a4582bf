/**
 * Product of `count` numbers of two columns, beginning at `i` and `j`; four sums at a time, because one sum
 * waits for itself.
 */
export function dot(a: Float64Array, i: number, b: Float64Array, j: number, count: number): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let n = 0;
  for (; n + 3 < count; n += 4) {
    s0 += a[i + n]! * b[j + n]!;
    s1 += a[i + n + 1]! * b[j + n + 1]!;
    s2 += a[i + n + 2]! * b[j + n + 2]!;
    s3 += a[i + n + 3]! * b[j + n + 3]!;
  }
  for (; n < count; n++) s0 += a[i + n]! * b[j + n]!;
  return s0 + s1 + s2 + s3;
}
