import { createRandom } from "../random";
import { sortedQuantile } from "../truth/deciles";

/** Middle of the values; NaN ones are left out. */
export function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).filter((value) => !Number.isNaN(value));
  return sortedQuantile(sorted.sort(), 0.5);
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
