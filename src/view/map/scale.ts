import { DIVERGING, SEQUENTIAL } from "./color-tables";
import type { Rgb } from "./color-tables";

/** How values become colours; one scale serves every panel that shows the same quantity. */
export interface Scale {
  readonly kind: "linear" | "log" | "diverging";
  /** Values beyond the domain take the colour of its end. */
  readonly domain: readonly [low: number, high: number];
  /** True where values lie below / above the domain; the legend says so. */
  readonly beyond: readonly [below: boolean, above: boolean];
  readonly ticks: readonly number[];
  /** What is counted, e.g. "people per cell". */
  readonly unit: string;
  /** 256 colours, low to high; default the sequential or the diverging ones. */
  readonly table?: readonly Rgb[];
}

export interface ScaleOptions {
  /** Default "linear". Log suits counts and people; it leaves out values of 0 and below. */
  kind?: "linear" | "log";
  /** Default "". */
  unit?: string;
  /** Share of the values at the upper end that may fall beyond the domain, default 0.005. */
  clipShare?: number;
  /** Fixed domain, e.g. [0, 1] for shares; default: what the values need. */
  domain?: readonly [number, number];
}

type Column = ArrayLike<number>;

function sortedValues(columns: readonly Column[], keep: (value: number) => boolean): Float64Array {
  const count = columns.reduce((sum, column) => sum + column.length, 0);
  const values = new Float64Array(count);
  let at = 0;
  for (const column of columns) {
    for (let i = 0; i < column.length; i++) if (keep(column[i]!)) values[at++] = column[i]!;
  }
  return values.subarray(0, at).sort();
}

function quantile(sorted: Float64Array, share: number): number {
  return sorted[Math.round((sorted.length - 1) * share)] ?? 0;
}

/** Round numbers between low and high, about `count` of them: 1, 2 or 5 times a power of ten. */
export function linearTicks(low: number, high: number, count = 5): number[] {
  const span = high - low;
  if (!(span > 0)) return [low];
  const power = 10 ** Math.floor(Math.log10(span / count));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => span / s <= count) ?? 10 * power;
  const ticks: number[] = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) {
    ticks.push(Number((i * step).toPrecision(12)));
  }
  return ticks;
}

/** Powers of ten in the domain; with the 3s between where these alone are too few. */
export function logTicks(low: number, high: number): number[] {
  const ticks: number[] = [];
  const sparse = Math.log10(high / low) >= 2.5;
  for (let power = Math.floor(Math.log10(low)); 10 ** power <= high; power++) {
    for (const factor of sparse ? [1] : [1, 3]) {
      const tick = Number((factor * 10 ** power).toPrecision(12));
      if (tick >= low && tick <= high) ticks.push(tick);
    }
  }
  return ticks.length > 0 ? ticks : [low];
}

function toDomain(sorted: Float64Array, low: number, clipShare: number): [number, number] {
  const high = quantile(sorted, 1 - clipShare);
  return high > low ? [low, high] : [low, low === 0 ? 1 : low + Math.abs(low)];
}

/**
 * One scale for all columns that show the same quantity (house rule 15). NaN means "no value" and is left
 * out. A linear scale starts at 0 unless there are values below.
 */
export function sharedScale(columns: readonly Column[], options: ScaleOptions = {}): Scale {
  const { kind = "linear", unit = "", clipShare = 0.005 } = options;
  const isKept = kind === "log" ? (v: number) => v > 0 : (v: number) => !Number.isNaN(v);
  const sorted = sortedValues(columns, isKept);
  const lowest = sorted[0] ?? (kind === "log" ? 1 : 0);
  const low = kind === "log" ? lowest : Math.min(0, lowest);
  const domain = options.domain ?? toDomain(sorted, low, clipShare);
  const ticks = kind === "log" ? logTicks(...domain) : linearTicks(...domain);
  const highest = sorted.at(-1) ?? domain[1];
  return { kind, domain, ticks, unit, beyond: [lowest < domain[0], highest > domain[1]] };
}

/** A scale around zero for predicted minus true, symmetric so that its middle means "equal". */
export function differenceScale(column: Column, { unit = "", clipShare = 0.02 } = {}): Scale {
  const sizes = sortedValues([column], (v) => !Number.isNaN(v))
    .map(Math.abs)
    .sort();
  const limit = quantile(sizes, 1 - clipShare) || 1;
  const isBeyond = (sizes.at(-1) ?? 0) > limit;
  return {
    kind: "diverging",
    domain: [-limit, limit],
    ticks: linearTicks(-limit, limit, 5),
    unit,
    beyond: [isBeyond, isBeyond],
  };
}

/** Where a value lies on the scale, 0 to 1; NaN for no value and for what a log scale cannot show. */
export function scalePosition({ kind, domain: [low, high] }: Scale, value: number): number {
  if (Number.isNaN(value) || (kind === "log" && value <= 0)) return Number.NaN;
  const place =
    kind === "log" ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  return Math.max(0, Math.min(1, place));
}

/** The 256 colours of a scale. */
export function scaleTable(scale: Scale): readonly Rgb[] {
  return scale.table ?? (scale.kind === "diverging" ? DIVERGING : SEQUENTIAL);
}

/** Colour of a value, undefined where the scale shows nothing. */
export function scaleColor(scale: Scale, value: number): Rgb | undefined {
  const place = scalePosition(scale, value);
  return Number.isNaN(place) ? undefined : scaleTable(scale)[Math.round(place * 255)];
}

/** Colours of all cells, RGBA; transparent where there is no value. [N] -> [N, 4] */
export function colorCells(values: Column, scale: Scale): Uint8Array {
  const colors = new Uint8Array(values.length * 4);
  for (let n = 0; n < values.length; n++) {
    const color = scaleColor(scale, values[n]!);
    if (!color) continue;
    colors.set(color, n * 4);
    colors[n * 4 + 3] = 255;
  }
  return colors;
}

/** Predicted minus true, NaN where either has no value. */
export function difference(predicted: Column, truth: Column): Float32Array {
  return Float32Array.from({ length: truth.length }, (_, n) => predicted[n]! - truth[n]!);
}
