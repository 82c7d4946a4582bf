/** A mean over seeds with its 95 % interval. */
export interface Spread {
  readonly mean: number;
  /** Undefined for a single value: one run has no spread. */
  readonly low?: number;
  readonly high?: number;
  /** Number of values. */
  readonly n: number;
}

/** 97.5 % points of Student's t for 1 to 30 degrees of freedom (scipy.stats.t.ppf); beyond, the normal's. */
const T_975 = [
  12.706205, 4.302653, 3.182446, 2.776445, 2.570582, 2.446912, 2.364624, 2.306004, 2.262157,
  2.228139, 2.200985, 2.178813, 2.160369, 2.144787, 2.13145, 2.119905, 2.109816, 2.100922, 2.093024,
  2.085963, 2.079614, 2.073873, 2.068658, 2.063899, 2.059539, 2.055529, 2.051831, 2.048407, 2.04523,
  2.042272,
] as const;
const NORMAL_975 = 1.959964;

/** Mean of some values and the interval mean -+ t s / sqrt(n) (Student 1908); undefined where there is none. */
export function spreadOf(values: readonly number[]): Spread | undefined {
  const n = values.length;
  if (n === 0) return undefined;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  if (n === 1) return { mean, n };
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const reach = (T_975[n - 2] ?? NORMAL_975) * Math.sqrt(square / (n - 1) / n);
  return { mean, low: mean - reach, high: mean + reach, n };
}

/** A spread whose interval does not reach beyond what its measure can be, as that of few seeds does. */
export function clampSpread(spread: Spread, [least, most]: readonly [number, number]): Spread {
  const { low, high } = spread;
  return {
    ...spread,
    ...(low !== undefined && { low: Math.max(least, low) }),
    ...(high !== undefined && { high: Math.min(most, high) }),
  };
}
