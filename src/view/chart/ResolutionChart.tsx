import { axisX, axisY, dot, gridY, lineY, ruleY, text } from "@observablehq/plot";
import type { PlotOptions } from "@observablehq/plot";
import { useMemo } from "react";
import type { JSX, ReactNode } from "react";
import type { Twin } from "../map/cell-twin";
import { formatTick, formatValue } from "../map/format";
import { logTicks } from "../map/scale";
import { PlotFigure } from "./PlotFigure";

/** One value per resolution. */
export interface ResolutionCurve {
  readonly name: string;
  readonly points: readonly { readonly resolution: number; readonly value: number }[];
}

export interface ResolutionChartProps {
  /** Short name for tests, `data-figure`. */
  name: string;
  /** What is measured, e.g. "vocabulary (tokens)". */
  label: string;
  curves: readonly ResolutionCurve[];
  /** Vocabularies and perplexities want it; default false. */
  isLog?: boolean | undefined;
  /** Lines to compare with, dashed; default none. */
  levels?: readonly { readonly name: string; readonly y: number }[] | undefined;
  /** How a value reads, default three significant digits. */
  format?: ((value: number) => string) | undefined;
  caption?: ReactNode;
}

interface Point {
  curve: string;
  resolution: number;
  value: number;
}

const SERIES = ["var(--series-1)", "var(--series-2)", "var(--series-3)", "var(--series-4)"];
const HEIGHT_PX = 230;
/** Room for the names of the curves, CSS pixels a character. */
const CHARACTER_PX = 6;
/** Names nearer to each other than this share of the scale would lie on top of each other. */
const NAME_SHARE = 0.065;

function toPoints(curves: readonly ResolutionCurve[]): Point[] {
  return curves.flatMap(({ name, points }) =>
    points.map(({ resolution, value }) => ({ curve: name, resolution, value })),
  );
}

/** The names at the ends of the curves, moved apart from below where they would touch; y in data units. */
export function spreadNames(
  ends: readonly Point[],
  { low, high, isLog }: { low: number; high: number; isLog: boolean },
): Point[] {
  const toShare = (value: number): number =>
    isLog ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  const toValue = (share: number): number =>
    isLog ? low * (high / low) ** share : low + share * (high - low);
  let least = -Infinity;
  return ends
    .toSorted((a, b) => a.value - b.value)
    .map((end) => {
      least = Math.max(least + NAME_SHARE, toShare(end.value));
      return { ...end, value: toValue(least) };
    });
}

/** What the chart draws, without size. */
export function resolutionOptions(props: ResolutionChartProps): PlotOptions {
  const { curves, label, isLog = false, levels = [], format = formatValue } = props;
  const points = toPoints(curves);
  const resolutions = [...new Set(points.map(({ resolution }) => resolution))].sort(
    (a, b) => a - b,
  );
  const values = [...points.map(({ value }) => value), ...levels.map(({ y }) => y)];
  const [low, high] = [isLog ? Math.min(...values) : 0, Math.max(...values)];
  const ticks = isLog ? logTicks(low, high) : 5;
  const last = curves.flatMap(({ name, points: own }) => {
    const end = own.at(-1);
    return end === undefined ? [] : [{ curve: name, ...end }];
  });
  const longest = Math.max(4, ...curves.map(({ name }) => name.length));
  const names = high > low ? spreadNames(last, { low, high, isLog }) : last;
  return {
    marginLeft: 44,
    marginTop: 28,
    marginRight: longest * CHARACTER_PX + 14,
    x: { label: "H3 resolution", domain: resolutions, type: "point", padding: 0.1 },
    y: { label, labelArrow: "none", type: isLog ? "log" : "linear", zero: !isLog },
    color: { domain: curves.map(({ name }) => name), range: SERIES },
    marks: [
      axisX({ tickFormat: String, labelAnchor: "center", labelArrow: "none" }),
      gridY({ ticks }),
      axisY({ ticks, tickFormat: formatTick, labelArrow: "none" }),
      ruleY(levels, { y: "y", stroke: "var(--ink-faint)", strokeDasharray: "4 3" }),
      text(levels, {
        y: "y",
        text: "name",
        frameAnchor: "left",
        dx: 4,
        dy: -7,
        fill: "var(--ink-soft)",
        stroke: "var(--paper)",
        strokeWidth: 3,
      }),
      lineY(points, { x: "resolution", y: "value", z: "curve", stroke: "curve", strokeWidth: 1.8 }),
      dot(points, {
        x: "resolution",
        y: "value",
        fill: "curve",
        r: 3,
        title: ({ curve, value }: Point) => `${curve}: ${format(value)}`,
      }),
      text(names, {
        x: resolutions.length > 0 ? () => resolutions.at(-1) : "resolution",
        y: "value",
        text: "curve",
        fill: "curve",
        textAnchor: "start",
        dx: 8,
      }),
    ],
  };
}

/** The curves as text and table. */
export function resolutionTwin(props: ResolutionChartProps): Twin {
  const { curves, label, levels = [], format = formatValue } = props;
  const sentences = curves.map(({ name, points }) => {
    const said = points.map(({ resolution, value }) => `${format(value)} at ${resolution}`);
    return `${name}: ${said.join(", ")}`;
  });
  const lines = levels.map(({ name, y }) => `; ${name} at ${format(y)}`).join("");
  return {
    summary: `${label} by resolution. ${sentences.join("; ")}${lines}.`,
    head: ["", "resolution", label],
    rows: toPoints(curves).map(({ curve, resolution, value }) => [
      curve,
      String(resolution),
      format(value),
    ]),
  };
}

/** How something grows with the resolution of the cells. */
export function ResolutionChart(props: ResolutionChartProps): JSX.Element {
  const { name, label, curves, isLog, levels, format } = props;
  const options = useMemo(
    () => resolutionOptions({ name, label, curves, isLog, levels, format }),
    [name, label, curves, isLog, levels, format],
  );
  const twin = useMemo(
    () => resolutionTwin({ name, label, curves, isLog, levels, format }),
    [name, label, curves, isLog, levels, format],
  );
  return (
    <PlotFigure
      name={name}
      label={label}
      options={options}
      twin={twin}
      heightPx={HEIGHT_PX}
      maxWidthPx={520}
      caption={props.caption}
    />
  );
}
