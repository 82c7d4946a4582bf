import { clampSpread, spreadOf, type Spread } from "../table/interval";

/** What experiments measure. */
const MEASURES = {
  perplexity: { title: "perplexity per check-in", kind: "perplexity" },
  adaptedPerplexity: { title: "perplexity, adapted", kind: "perplexity" },
  tokenPerplexity: { title: "perplexity per token", kind: "perplexity" },
  hits: { title: "guessed at once", kind: "share" },
  km: { title: "median km off", kind: "distance" },
  probeKm: { title: "probe off, median km", kind: "distance" },
  gain: { title: "gain over the random twin", kind: "number" },
  probeGain: { title: "gain by a linear probe", kind: "number" },
  score: { title: "fine-tuned", kind: "number" },
  twinScore: { title: "random twin", kind: "number" },
  tokens: { title: "tokens seen", kind: "count" },
  vocabulary: { title: "vocabulary", kind: "count" },
} as const;
export type MeasureName = keyof typeof MEASURES;

/** What a measure can be at least and at most: whoever knew everything would have a perplexity of 1. */
const RANGES = {
  perplexity: [1, Infinity],
  share: [0, 1],
  distance: [0, Infinity],
  count: [0, Infinity],
  number: [-Infinity, Infinity],
} as const;

/** How a measure is called and of which kind it is; perplexities are summarised by their logarithms. */
export const measureFacts = (
  name: MeasureName,
): { readonly title: string; readonly kind: keyof typeof RANGES } => MEASURES[name];

/** One number that was measured. */
export interface Reading {
  /** Whose number it is: "pre-trained", "random twin", a task. */
  readonly series: string;
  /** The setting in words: "25 %". */
  readonly at: string;
  /** The setting as a number; absent where settings have no order. */
  readonly x?: number;
  /** Which chart of several it belongs to, and what `x` counts there; "" for all of them. */
  readonly group?: string;
  readonly measure: MeasureName;
  readonly seed: number;
  readonly value: number;
}

/** What the seeds of one setting come to. */
export interface Point extends Pick<Reading, "series" | "at" | "x" | "group" | "measure"> {
  /** Mean (of perplexities geometric) with its 95 % interval, which one seed does not have. */
  readonly spread: Spread;
  /** Of each seed. */
  readonly values: ReadonlyMap<number, number>;
}

/** The spread of values over seeds; of perplexities by their logarithms, which are means of losses. */
export function spreadOfMeasure(
  measure: MeasureName,
  values: readonly number[],
): Spread | undefined {
  if (measureFacts(measure).kind !== "perplexity") return spreadOf(values);
  const spread = spreadOf(values.map(Math.log));
  if (spread === undefined) return undefined;
  const { mean, low, high, n } = spread;
  return {
    mean: Math.exp(mean),
    ...(low !== undefined && { low: Math.exp(low) }),
    ...(high !== undefined && { high: Math.exp(high) }),
    n,
  };
}

const keyOf = ({ series, at, measure }: Pick<Reading, "series" | "at" | "measure">): string =>
  JSON.stringify([series, at, measure]);

/** All settings with what their seeds come to, in the order in which they were first measured. */
export function summarise(readings: readonly Reading[]): Point[] {
  const groups = new Map<string, Reading[]>();
  for (const reading of readings.filter(({ value }) => Number.isFinite(value))) {
    const key = keyOf(reading);
    groups.set(key, [...(groups.get(key) ?? []), reading]);
  }
  return [...groups.values()].flatMap((group) => {
    const { value: _, seed: __, ...setting } = group[0]!;
    const values = new Map(group.map(({ seed, value }) => [seed, value]));
    const spread = spreadOfMeasure(setting.measure, [...values.values()]);
    if (spread === undefined) return [];
    const range = RANGES[measureFacts(setting.measure).kind];
    return [{ ...setting, spread: clampSpread(spread, range), values }];
  });
}

/** The point of a setting. */
export function findPoint(
  points: readonly Point[],
  wanted: Pick<Reading, "series" | "at" | "measure">,
): Point | undefined {
  return points.find((point) => keyOf(point) === keyOf(wanted));
}

/**
 * How many times as high one perplexity is as another, seed by seed on the same questions, or how much more any other
 * measure is. Undefined where they share no seed.
 */
export function compare(a: Point | undefined, b: Point | undefined): Spread | undefined {
  if (a === undefined || b === undefined) return undefined;
  const isRatio = measureFacts(a.measure).kind === "perplexity";
  const pairs = [...a.values].flatMap(([seed, value]) => {
    const other = b.values.get(seed);
    return other === undefined ? [] : [isRatio ? value / other : value - other];
  });
  return spreadOfMeasure(a.measure, pairs);
}
