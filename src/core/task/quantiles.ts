import { createRandom } from "../random";

/** Quantile of values sorted upwards, linear between neighbours (NumPy's default); NaN when empty. */
export function sortedQuantile(sorted: ArrayLike<number>, share: number): number {
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below] ?? NaN;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? NaN;
  return low + (high - low) * (position - below);
}

/** Middle of the values; NaN ones are left out. */
export function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).filter((value) => !Number.isNaN(value));
  return sortedQuantile(sorted.sort(), 0.5);
}

/** The nine edges between the ten tenths of the values (NaN left out), over all cells of the study area. */
export function decileEdges(values: ArrayLike<number>): Float64Array {
  const sorted = Float64Array.from(values).filter((value) => !Number.isNaN(value));
  sorted.sort();
  return Float64Array.from({ length: 9 }, (_, k) => sortedQuantile(sorted, (k + 1) / 10));
}

/** The decile, 0 to 9, of each value: how many edges lie at or below it. */
export function valuesToDeciles(values: ArrayLike<number>, edges: Float64Array): Uint8Array {
  return Uint8Array.from(values, (value) => {
    let decile = 0;
    while (decile < edges.length && edges[decile]! <= value) decile++;
    return decile;
  });
}

/** A statistic with its 95 % bootstrap interval. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Percentile bootstrap (Efron 1979): the statistic of `rounds` samples drawn with replacement.
 * The same seed gives the same interval.
 */
export function bootstrapInterval(
  values: Float64Array,
  statistic: (values: Float64Array) => number,
  { seed, rounds = 200 }: { seed: number; rounds?: number },
): Interval {
  const random = createRandom(seed, "bootstrap");
  const draw = (): number => statistic(values.map(() => values[random.integer(values.length)]!));
  const drawn = Float64Array.from({ length: rounds }, draw).sort();
  return {
    value: statistic(values),
    low: sortedQuantile(drawn, 0.025),
    high: sortedQuantile(drawn, 0.975),
  };
}
