import { axisX, axisY, initializer, lineY, ruleX, ruleY, text } from "@observablehq/plot";
import type { Markish, PlotOptions } from "@observablehq/plot";
import { useMemo } from "react";
import type { JSX, ReactNode } from "react";
import type { Twin } from "../map/cell-twin";
import { formatTick, formatValue } from "../map/format";
import { PlotFigure } from "./PlotFigure";

/** One curve; x rises. */
export interface LossCurve {
  /** e.g. "train", "validation". */
  readonly name: string;
  /** Steps or tokens seen. [K] */
  readonly x: ArrayLike<number>;
  /** Loss or perplexity. [K] */
  readonly y: ArrayLike<number>;
  /** CSS colour; default one of the series. */
  readonly color?: string;
}

/** A level to beat. */
interface Level {
  readonly name: string;
  readonly y: number;
}

export interface LossChartProps {
  /** Short name for tests, default "loss". */
  name?: string;
  curves: readonly LossCurve[];
  /** Default "step". */
  xLabel?: string | undefined;
  /** Default "loss". */
  yLabel?: string | undefined;
  /** Perplexities want it; default false. */
  isLog?: boolean | undefined;
  /** Levels to beat, drawn as dashed lines; default none. */
  levels?: readonly Level[] | undefined;
  /** Places along x that deserve a line of their own; default none. */
  marks?: readonly Mark[] | undefined;
  /** CSS pixels, default 240. */
  heightPx?: number;
  caption?: ReactNode;
}

/** A place along x with its name: "best". */
interface Mark {
  readonly name: string;
  readonly x: number;
}

interface Point {
  curve: string;
  x: number;
  y: number;
}

/** More points than this on one curve cannot be seen apart. */
const MOST_POINTS = 600;

/** A curve thinned to what can be seen; its first and last points stay. */
export function thinCurve({ name, x, y }: LossCurve): Point[] {
  const K = x.length;
  const count = Math.min(K, MOST_POINTS);
  return Array.from({ length: count }, (_, i) => {
    const k = count < 2 ? 0 : Math.round((i * (K - 1)) / (count - 1));
    return { curve: name, x: x[k]!, y: y[k]! };
  }).filter((point) => Number.isFinite(point.y));
}

/** Between two ticks along x, as near as round numbers come. */
const TICK_PX = 60;
const LEAST_ROOM_PX = 96;
const NAME_GAP_PX = 10;
const LETTER_PX = 6;

const SERIES = ["var(--series-1)", "var(--series-2)", "var(--series-3)", "var(--series-4)"];

/** Between two names at the right edge, CSS pixels: curves and levels often end in one place. */
const NAME_STEP_PX = 12;

/** Places moved apart so that names can be read, in their order and as near to where they were as can be. */
export function spreadNames(places: readonly number[], step: number = NAME_STEP_PX): number[] {
  const order = [...places.keys()].toSorted((a, b) => places[a]! - places[b]!);
  const blocks: { mean: number; count: number }[] = [];
  for (const [rank, n] of order.entries()) {
    let block = { mean: places[n]! - rank * step, count: 1 };
    for (let above = blocks.at(-1); above && above.mean > block.mean; above = blocks.at(-1)) {
      const count = above.count + block.count;
      block = { mean: (above.mean * above.count + block.mean * block.count) / count, count };
      blocks.pop();
    }
    blocks.push(block);
  }
  const means = blocks.flatMap(({ mean, count }) => Array.from({ length: count }, () => mean));
  const spread = [...places];
  for (const [rank, n] of order.entries()) spread[n] = means[rank]! + rank * step;
  return spread;
}

/** The names of curves at their ends and of levels at the right edge, none over another. */
export function nameMark(
  curves: readonly LossCurve[],
  levels: readonly Level[],
  right: number,
): Markish {
  const ends = curves.flatMap((curve) => thinCurve(curve).slice(-1));
  const names = [...ends, ...levels.map(({ name, y }) => ({ curve: name, x: right, y }))];
  const options = {
    x: "x",
    y: "y",
    text: "curve",
    fill: "curve",
    textAnchor: "start",
    dx: 6,
  } as const;
  return text(
    names,
    initializer(options, (data, facets, channels, scales) => {
      const places = Array.from(channels["y"]!.value as unknown as ArrayLike<number>, (y) =>
        Number(scales["y"]!(y)),
      );
      return { data, facets, channels: { y: { value: spreadNames(places) } } };
    }),
  );
}

/** Room for the names at the right edge, CSS pixels. */
export function roomFor(names: readonly string[]): number {
  const longest = names.reduce((most, name) => Math.max(most, name.length), 0);
  return Math.max(LEAST_ROOM_PX, Math.ceil(NAME_GAP_PX + LETTER_PX * longest));
}

/** What the chart draws, without size. */
export function lossOptions(props: LossChartProps): PlotOptions {
  const {
    curves,
    xLabel = "step",
    yLabel = "loss",
    isLog = false,
    levels = [],
    marks = [],
  } = props;
  const points = curves.flatMap(thinCurve);
  return {
    marginLeft: 52,
    marginTop: 28,
    marginRight: roomFor([...curves, ...levels].map(({ name }) => name)),
    x: { label: xLabel },
    y: {
      label: yLabel,
      labelArrow: "none",
      type: isLog ? "log" : "linear",
      grid: true,
      nice: true,
    },
    color: {
      domain: curves.map(({ name }) => name),
      range: curves.map(({ color }, n) => color ?? SERIES[n % SERIES.length]!),
      unknown: "var(--ink-soft)",
    },
    marks: [
      axisX({
        tickFormat: formatTick,
        tickSpacing: TICK_PX,
        labelAnchor: "center",
        labelArrow: "none",
      }),
      axisY({ tickFormat: formatTick, ticks: 5, labelArrow: "none" }),
      ruleY(levels, { y: "y", stroke: "var(--ink-faint)", strokeDasharray: "4 3" }),
      ruleX(marks, { x: "x", stroke: "var(--warn)", strokeWidth: 1.2 }),
      text(marks, { x: "x", text: "name", frameAnchor: "top", dy: -12, fill: "var(--warn)" }),
      lineY(points, { x: "x", y: "y", z: "curve", stroke: "curve", strokeWidth: 1.8 }),
      nameMark(curves, levels, Math.max(...points.map(({ x }) => x))),
    ],
  };
}

/** The curves as text, and twenty points of each as a table. */
export function lossTwin(props: LossChartProps): Twin {
  const { curves, xLabel = "step", yLabel = "loss", marks = [] } = props;
  const marked = marks.map(({ name, x }) => `${name} at ${formatValue(x)}`);
  const sentences = curves.map(({ name, x, y }) => {
    const last = y.length - 1;
    if (last < 0) return `${name}: no points`;
    return `${name}: ${yLabel} from ${formatValue(y[0]!)} to ${formatValue(y[last]!)} after ${formatValue(x[last]!)} (${xLabel})`;
  });
  const rows = curves.flatMap((curve) => {
    const points = thinCurve(curve);
    const every = Math.max(1, Math.ceil(points.length / 20));
    return points
      .filter((_, i) => i % every === 0 || i === points.length - 1)
      .map(({ x, y }) => [curve.name, formatValue(x), formatValue(y)]);
  });
  return {
    summary: `${[...sentences, ...marked].join("; ")}.`,
    head: ["curve", xLabel, yLabel],
    rows,
  };
}

/** How the loss fell. */
export function LossChart(props: LossChartProps): JSX.Element {
  const { curves, xLabel, yLabel, isLog, levels, marks } = props;
  const options = useMemo(
    () => lossOptions({ curves, xLabel, yLabel, isLog, levels, marks }),
    [curves, xLabel, yLabel, isLog, levels, marks],
  );
  const twin = useMemo(
    () => lossTwin({ curves, xLabel, yLabel, marks }),
    [curves, xLabel, yLabel, marks],
  );
  return (
    <PlotFigure
      name={props.name ?? "loss"}
      label={`${yLabel ?? "loss"} by ${xLabel ?? "step"}`}
      options={options}
      twin={twin}
      heightPx={props.heightPx ?? 240}
      caption={props.caption}
    />
  );
}
