import { axisY, barX, ruleX, ruleY, text } from "@observablehq/plot";
import type { PlotOptions } from "@observablehq/plot";
import { useMemo } from "react";
import type { JSX, ReactNode } from "react";
import type { Twin } from "../map/cell-twin";
import { formatValue } from "../map/format";
import { PlotFigure } from "./PlotFigure";

/** One bar. */
export interface Bar {
  readonly name: string;
  readonly value: number;
  /** Ends of its interval; default none. */
  readonly interval?: readonly [low: number, high: number];
  /** The model itself, drawn in the accent colour; the others are what it must beat. Default false. */
  readonly isOwn?: boolean;
}

export interface BarChartProps {
  /** Short name for tests, `data-figure`. */
  name: string;
  /** What is measured, e.g. "median error (km)". */
  label: string;
  bars: readonly Bar[];
  /** Said in the summary; default "higher". */
  better?: "higher" | "lower" | undefined;
  /** How a value reads, default three significant digits. */
  format?: ((value: number) => string) | undefined;
  caption?: ReactNode;
}

const ROW_PX = 26;
const MARGIN_PX = 34;
/** A bar's name gets this much per character. */
const CHARACTER_PX = 6.2;

/** What the chart draws, without size: values stand beside the bars, so no axis has to be read. */
export function barOptions({ bars, format = formatValue, label }: BarChartProps): PlotOptions {
  const longest = Math.max(...bars.map(({ name }) => name.length), 4);
  const intervals = bars.flatMap(({ name, interval }) =>
    interval ? [{ name, low: interval[0], high: interval[1] }] : [],
  );
  return {
    marginLeft: Math.min(220, longest * CHARACTER_PX + 12),
    marginRight: 64,
    marginTop: 22,
    marginBottom: 6,
    x: { label, axis: "top", ticks: 4, labelAnchor: "left", labelArrow: "none", insetRight: 4 },
    y: { label: null, domain: bars.map(({ name }) => name), padding: 0.28 },
    marks: [
      axisY({ tickSize: 0 }),
      barX(bars, {
        y: "name",
        x: "value",
        fill: ({ isOwn }: Bar) => (isOwn ? "var(--accent)" : "var(--series-4)"),
      }),
      ruleY(intervals, { y: "name", x1: "low", x2: "high", stroke: "var(--ink)" }),
      text(bars, {
        y: "name",
        x: ({ value, interval }: Bar) => Math.max(value, interval?.[1] ?? value, 0),
        text: ({ value }: Bar) => format(value),
        textAnchor: "start",
        dx: 5,
      }),
      ruleX([0], { stroke: "var(--ink-faint)" }),
    ],
  };
}

/** The bars as text and table. */
export function barTwin({
  bars,
  label,
  better = "higher",
  format = formatValue,
}: BarChartProps): Twin {
  const sign = better === "higher" ? 1 : -1;
  const best = bars.toSorted((a, b) => sign * (b.value - a.value))[0];
  return {
    summary: `${label}, ${better} is better${best ? `; best: ${best.name} with ${format(best.value)}` : ""}.`,
    head: ["", label, "interval"],
    rows: bars.map(({ name, value, interval }) => [
      name,
      format(value),
      interval ? `${format(interval[0])} to ${format(interval[1])}` : "",
    ]),
  };
}

/** A few numbers to compare: the model beside what it must beat. */
export function BarChart(props: BarChartProps): JSX.Element {
  const { name, bars, label, better, format } = props;
  const options = useMemo(
    () => barOptions({ name, bars, label, format }),
    [name, bars, label, format],
  );
  const twin = useMemo(
    () => barTwin({ name, bars, label, better, format }),
    [name, bars, label, better, format],
  );
  return (
    <PlotFigure
      name={props.name}
      label={label}
      options={options}
      twin={twin}
      heightPx={bars.length * ROW_PX + MARGIN_PX}
      maxWidthPx={640}
      caption={props.caption}
    />
  );
}
