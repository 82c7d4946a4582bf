import type { Matrix } from "./linear-model";

/** Turns of the power iteration: enough for a map, whose colours forgive the third digit. */
const TURNS = 30;
/** Rows that find the direction; more hardly move it. */
const MOST_ROWS = 4000;

/**
 * Where each row lies along the direction in which the rows differ most (the first principal component), by
 * power iteration on the centred rows. [N], with the sign that makes the largest weight positive.
 */
export function alongMainDirection({ data, width: C }: Matrix): Float32Array {
  const N = data.length / C;
  const step = Math.max(1, Math.ceil(N / MOST_ROWS));
  const mean = new Float64Array(C);
  for (let n = 0; n < N; n++) for (let c = 0; c < C; c++) mean[c]! += data[n * C + c]! / N;
  const along = (n: number, direction: Float64Array): number => {
    let sum = 0;
    for (let c = 0; c < C; c++) sum += (data[n * C + c]! - mean[c]!) * direction[c]!;
    return sum;
  };
  let direction = Float64Array.from({ length: C }, (_, c) => 1 + c / C); // no row is likely to be square to it
  for (let turn = 0; turn < TURNS; turn++) {
    const next = new Float64Array(C);
    for (let n = 0; n < N; n += step) {
      const weight = along(n, direction);
      for (let c = 0; c < C; c++) next[c]! += weight * (data[n * C + c]! - mean[c]!);
    }
    const length = Math.hypot(...next) || 1;
    direction = next.map((value) => value / length);
  }
  const largest = direction.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0);
  const sign = largest < 0 ? -1 : 1;
  return Float32Array.from({ length: N }, (_, n) => sign * along(n, direction));
}
