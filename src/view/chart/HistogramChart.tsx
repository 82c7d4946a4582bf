import { axisX, axisY, rectY, ruleX, ruleY } from "@observablehq/plot";
import type { PlotOptions } from "@observablehq/plot";
import { useMemo } from "react";
import type { JSX, ReactNode } from "react";
import type { Twin } from "../map/cell-twin";
import { formatTick, formatValue } from "../map/format";
import { linearTicks, logTicks } from "../map/scale";
import { PlotFigure } from "./PlotFigure";

export interface HistogramChartProps {
  /** Short name for tests, `data-figure`. */
  name: string;
  /** What is measured, e.g. "distance to the truth (km)". */
  label: string;
  /** NaN is left out. */
  values: ArrayLike<number>;
  /** What one value is, default "cells". */
  unit?: string | undefined;
  /** Bins of equal width on a log axis; default false. Values of 0 and below fall in the first. */
  isLog?: boolean | undefined;
  /** Default 40. */
  binCount?: number | undefined;
  /** A marked value, e.g. the median; default none. */
  mark?: number | undefined;
  /** CSS pixels, default 200. */
  heightPx?: number;
  caption?: ReactNode;
}

/** One bar of a histogram. */
export interface Bin {
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

/** Values counted in bins of equal width, or of equal ratio on a log axis. */
export function binValues(values: ArrayLike<number>, { binCount = 40, isLog = false } = {}): Bin[] {
  const kept = Float64Array.from(values).filter((v) => Number.isFinite(v));
  if (kept.length === 0) return [];
  const positive = isLog ? kept.filter((v) => v > 0) : kept;
  const least = positive.reduce((a, b) => Math.min(a, b), Infinity);
  const most = positive.reduce((a, b) => Math.max(a, b), -Infinity);
  const forth = (v: number): number => (isLog ? Math.log(v) : v);
  const back = (v: number): number => (isLog ? Math.exp(v) : v);
  if (positive.length === 0 || least === most) {
    return [{ low: kept[0]!, high: kept[0]!, count: kept.length }];
  }
  const [from, step] = [forth(least), (forth(most) - forth(least)) / binCount];
  const counts = new Uint32Array(binCount);
  for (const value of kept) {
    const place = value <= least ? 0 : Math.floor((forth(value) - from) / step);
    counts[Math.min(binCount - 1, place)]!++;
  }
  return Array.from(counts, (count, i) => ({
    low: back(from + i * step),
    high: back(from + (i + 1) * step),
    count,
  }));
}

function xTicks(bins: readonly Bin[], isLog: boolean): number[] {
  const [low, high] = [bins[0]?.low ?? 0, bins.at(-1)?.high ?? 1];
  return isLog ? logTicks(low, high) : linearTicks(low, high, 8);
}

/** What the chart draws, without size. */
export function histogramOptions(props: HistogramChartProps): PlotOptions {
  const { values, label, unit = "cells", isLog = false, binCount = 40, mark } = props;
  const bins = binValues(values, { binCount, isLog });
  return {
    marginLeft: 52,
    marginTop: 28,
    x: { label, type: isLog ? "log" : "linear" },
    y: { label: unit, grid: true, nice: true },
    marks: [
      axisX({
        tickFormat: formatTick,
        ticks: xTicks(bins, isLog),
        labelAnchor: "center",
        labelArrow: "none",
      }),
      axisY({ tickFormat: formatTick, ticks: 4, labelArrow: "none" }),
      rectY(bins, { x1: "low", x2: "high", y: "count", fill: "var(--accent)", insetLeft: 0.5 }),
      ruleX(mark === undefined ? [] : [mark], { stroke: "var(--guess)", strokeWidth: 1.5 }),
      ruleY([0], { stroke: "var(--ink-faint)" }),
    ],
  };
}

/** The histogram as text and table. */
export function histogramTwin(props: HistogramChartProps): Twin {
  const { values, label, unit = "cells", isLog = false, binCount = 40, mark } = props;
  const bins = binValues(values, { binCount, isLog });
  const total = bins.reduce((sum, { count }) => sum + count, 0);
  const range =
    bins.length > 0
      ? ` from ${formatValue(bins[0]!.low)} to ${formatValue(bins.at(-1)!.high)}`
      : "";
  return {
    summary: `${label}: ${formatValue(total)} ${unit}${range}${mark === undefined ? "" : `, marked at ${formatValue(mark)}`}.`,
    head: ["from", "to", unit],
    rows: bins.map(({ low, high, count }) => [
      formatValue(low),
      formatValue(high),
      formatValue(count),
    ]),
  };
}

/** How values spread. */
export function HistogramChart(props: HistogramChartProps): JSX.Element {
  const { name, values, label, unit, isLog, binCount, mark } = props;
  const [options, twin] = useMemo(() => {
    const input = { name, values, label, unit, isLog, binCount, mark };
    return [histogramOptions(input), histogramTwin(input)];
  }, [name, values, label, unit, isLog, binCount, mark]);
  return (
    <PlotFigure
      name={props.name}
      label={label}
      options={options}
      twin={twin}
      heightPx={props.heightPx ?? 200}
      caption={props.caption}
    />
  );
}
