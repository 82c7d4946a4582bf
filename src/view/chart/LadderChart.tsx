import { areaY, axisX, axisY, dot, gridY, line, text } from "@observablehq/plot";
import type { PlotOptions } from "@observablehq/plot";
import { useMemo, type JSX } from "react";
import type { Twin } from "../map/cell-twin";
import { formatTick, formatValue } from "../map/format";
import { logTicks } from "../map/scale";
import { PlotFigure } from "./PlotFigure";

/** A law beyond what was measured, with its interval. */
interface BandPoint {
  readonly x: number;
  readonly loss: number;
  readonly low: number;
  readonly high: number;
}

export interface LadderChartProps {
  /** What was measured, of rising x. */
  readonly points: readonly { readonly name: string; readonly x: number; readonly y: number }[];
  /** Empty where no law is drawn. */
  readonly band: readonly BandPoint[];
  readonly xLabel: string;
  readonly yLabel: string;
}

/** A band that falls further than this share below the points would flatten them. */
const LOWEST_SHARE = 0.2;
/** Room above and below on a logarithmic scale. */
const AIR = 1.08;

/** What the chart draws, without size: both scales logarithmic, what is extrapolated dashed. */
export function ladderOptions({ points, band, xLabel, yLabel }: LadderChartProps): PlotOptions {
  const losses = points.map(({ y }) => y);
  const least = LOWEST_SHARE * Math.min(...losses);
  const low = Math.max(least, Math.min(...losses, ...band.map((one) => one.low))) / AIR;
  const high = AIR * Math.max(...losses, ...band.map((one) => one.high));
  const last = points.at(-1)?.x ?? 0;
  const law = { x: "x", y: "loss", stroke: "var(--series-1)", clip: true } as const;
  return {
    marginLeft: 52,
    marginTop: 28,
    marginRight: 28,
    x: { label: xLabel, type: "log" },
    y: { label: `${yLabel} (nats)`, labelArrow: "none", type: "log", domain: [low, high] },
    marks: [
      axisX({ tickFormat: formatTick, ticks: 6, labelAnchor: "center", labelArrow: "none" }),
      gridY({ ticks: logTicks(low, high) }),
      axisY({ tickFormat: formatTick, ticks: logTicks(low, high), labelArrow: "none" }),
      areaY(band, {
        x: "x",
        y1: "low",
        y2: "high",
        fill: "var(--series-1)",
        fillOpacity: 0.16,
        clip: true,
      }),
      line(
        band.filter(({ x }) => x <= last),
        law,
      ),
      line(
        band.filter(({ x }) => x >= last),
        { ...law, strokeDasharray: "5 4" },
      ),
      dot(points, { x: "x", y: "y", r: 3.5, fill: "var(--series-2)" }),
      text(points, { x: "x", y: "y", text: "name", dy: -10, fill: "var(--ink-soft)" }),
    ],
  };
}

/** The points and the end of the band as text and table. */
export function ladderTwin({ points, band, xLabel, yLabel }: LadderChartProps): Twin {
  const end = band.at(-1);
  const said = points.map(({ name, x, y }) => {
    return `${name}: ${formatValue(y)} at ${formatValue(x)} ${xLabel}`;
  });
  const beyond =
    end &&
    `extrapolated to ${formatValue(end.x)}: ${formatValue(end.loss)}, from ${formatValue(end.low)} to ${formatValue(end.high)}`;
  return {
    summary: `${[...said, ...(beyond === undefined ? [] : [beyond])].join("; ")}.`,
    head: ["", xLabel, yLabel],
    rows: points.map(({ name, x, y }) => [name, formatValue(x), formatValue(y)]),
  };
}

/** Loss against what a model costs. */
export function LadderChart(props: LadderChartProps): JSX.Element {
  const { points, band, xLabel, yLabel } = props;
  const shown = useMemo(() => ({ points, band, xLabel, yLabel }), [points, band, xLabel, yLabel]);
  const options = useMemo(() => ladderOptions(shown), [shown]);
  const twin = useMemo(() => ladderTwin(shown), [shown]);
  const dashed =
    "Dots have run. The line is the fitted law, dashed beyond the largest of them, and the band its 95 % interval, by leaving out one size after the other.";
  return (
    <PlotFigure
      name="ladder"
      label={`${yLabel} by ${xLabel}`}
      options={options}
      twin={twin}
      heightPx={280}
      caption={band.length > 0 ? dashed : undefined}
    />
  );
}
