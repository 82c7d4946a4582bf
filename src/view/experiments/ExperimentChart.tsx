import { dot, lineY, ruleX } from "@observablehq/plot";
import type { PlotOptions, ScaleOptions } from "@observablehq/plot";
import { useCallback, useMemo, type JSX } from "react";
import { pointText } from "../../core/job/experiment/words";
import {
  EXPERIMENT_WORDS,
  type ChartFacts,
  type ExperimentName,
} from "../../core/task/experiments/names";
import { measureFacts, type Point } from "../../core/task/experiments/readings";
import { nameMark, roomFor, type LossCurve } from "../chart/LossChart";
import { PlotFigure } from "../chart/PlotFigure";
import { formatTick } from "../map/format";

interface Props {
  experiment: ExperimentName;
  points: readonly Point[];
}

/** What a chart of points shows. */
interface PointChart {
  chart: ChartFacts;
  points: readonly Point[];
  /** What the settings count: the experiment's column, or a group's own. */
  column: string;
}

interface Drawn {
  series: string;
  x: number;
  y: number;
  low: number;
  high: number;
}

const SERIES = ["var(--series-1)", "var(--series-2)", "var(--series-3)", "var(--series-4)"];
const HEIGHT_PX = 260;
const LEFT_PX = 60;
const LINE_PX = 12;
const LETTER_PX = 6;
/** Of a line below the axis. */
const MOST_LETTERS = 14;
/** Between two series at one place: their intervals would hide one another. */
const APART = 0.05;
/** Behind the name of a series beyond the four colours: it has one of them again, and open dots. */
const OPEN = " ○";

/** Settings that are no numbers stand side by side, in the order in which they were measured. */
const placesOf = (points: readonly Point[], { measure }: ChartFacts): string[] => [
  ...new Set(points.flatMap((point) => (point.measure === measure ? point.at : []))),
];

/** Where the axis of such places ends. */
const rightOf = ({ length }: readonly string[]): number => length - 0.7;

function drawnOf({ chart, points }: PointChart): Drawn[] {
  const { measure, shape } = chart;
  const own = points.filter((point) => point.measure === measure);
  const places = placesOf(points, chart);
  const names = [...new Set(own.map(({ series }) => series))];
  return own.map(({ series: name, at, x, spread: { mean, low = mean, high = mean } }) => {
    const place = shape === "curves" ? x : undefined;
    const n = names.indexOf(name);
    const aside = APART * (n - (names.length - 1) / 2);
    const series = n < SERIES.length ? name : name + OPEN;
    return { series, x: place ?? places.indexOf(at) + aside, y: mean, low, high };
  });
}

/** A series for its name, which stands at its end; of places at the right edge, beside the intervals. */
function toCurve(name: string, drawn: readonly Drawn[], right: number | undefined): LossCurve {
  const own = drawn.filter(({ series }) => series === name);
  return { name, x: own.map(({ x }) => right ?? x), y: own.map(({ y }) => y) };
}

const isOpen = ({ series }: Drawn): boolean => series.endsWith(OPEN);

/** Intervals beyond the drawing would push the means together: of a logarithmic axis only what is above 0 is drawn. */
const isDrawable = ({ low }: Drawn, isLog: boolean): boolean => !isLog || low > 0;

/** Words in as few lines of so many letters as they fit into; a longer word has a line of its own. */
function wrap(words: string, letters: number): string {
  return words.split(" ").reduce((text, word) => {
    const line = text.slice(text.lastIndexOf("\n") + 1);
    return `${text}${line.length + word.length < letters ? " " : "\n"}${word}`;
  });
}

function xScale(
  { chart, points, column }: PointChart,
  roomPx: number,
): ScaleOptions & { lines: number } {
  const axis = { label: column, labelAnchor: "center", labelArrow: "none" } as const;
  if (chart.shape === "curves") return { ...axis, ticks: 6, tickFormat: formatTick, lines: 2 };
  const places = placesOf(points, chart);
  const letters = Math.floor(roomPx / places.length / LETTER_PX);
  const labels = places.map((place) => wrap(place, Math.min(letters, MOST_LETTERS)));
  return {
    ...axis,
    domain: [-0.3, rightOf(places)],
    ticks: [...places.keys()],
    tickFormat: (place: number) => labels[place]!,
    lines: Math.max(2, ...labels.map((text) => text.split("\n").length)),
  };
}

/** The marks of a chart of a width: means, their intervals as rules, and lines where settings have an order. */
export function chartOptions(props: PointChart, widthPx: number): PlotOptions {
  const { chart } = props;
  const drawn = drawnOf(props);
  const names = [...new Set(drawn.map(({ series }) => series))];
  const right = chart.shape === "curves" ? undefined : rightOf(placesOf(props.points, chart));
  const curves = names.map((name) => toCurve(name, drawn, right));
  const told = drawn.filter((one) => isDrawable(one, chart.isLog));
  const marginRight = roomFor(names);
  const { lines, ...x } = xScale(props, widthPx - LEFT_PX - marginRight);
  return {
    marginLeft: LEFT_PX,
    marginTop: 28,
    marginRight,
    marginBottom: 24 + LINE_PX * lines,
    x,
    y: {
      label: measureFacts(chart.measure).title,
      labelArrow: "none",
      type: chart.isLog ? "log" : "linear",
      grid: true,
      nice: true,
      ticks: 5,
      tickFormat: formatTick,
    },
    color: { domain: names, range: SERIES, unknown: "var(--ink-soft)" },
    marks: [
      ruleX(told, { x: "x", y1: "low", y2: "high", stroke: "series", strokeWidth: 1.2 }),
      ...(chart.shape === "curves"
        ? [lineY(drawn, { x: "x", y: "y", stroke: "series", strokeWidth: 1.8 })]
        : []),
      dot(
        drawn.filter((one) => !isOpen(one)),
        { x: "x", y: "y", fill: "series", r: 3.5 },
      ),
      dot(drawn.filter(isOpen), { x: "x", y: "y", fill: "var(--paper)", stroke: "series", r: 3 }),
      nameMark(curves, [], 0),
    ],
  };
}

/** Points by their settings, with the same in words. */
export function PointsFigure({
  name,
  title,
  chart,
  points,
  column,
}: PointChart & { name: string; title: string }): JSX.Element {
  const options = useCallback(
    (widthPx: number) => chartOptions({ chart, points, column }, widthPx),
    [chart, points, column],
  );
  const { title: measured } = measureFacts(chart.measure);
  const rows = points
    .filter((point) => point.measure === chart.measure)
    .map(({ series, at, spread }) => [series, at, pointText(chart.measure, spread)]);
  return (
    <PlotFigure
      name={name}
      label={`${measured} by ${column}`}
      options={options}
      twin={{ summary: `${title}: ${rows.length} settings.`, head: ["", column, measured], rows }}
      heightPx={HEIGHT_PX}
    />
  );
}

/** What an experiment measured first, as one chart for each group of settings, with the same in words. */
export function ExperimentChart({ experiment, points }: Props): JSX.Element {
  const { column, chart, title } = EXPERIMENT_WORDS[experiment];
  const groups = useMemo(() => {
    if (placesOf(points, chart).length < 2) return []; // one setting is no comparison
    const names = new Set(points.flatMap(({ group }) => (group ? [group] : [])));
    if (names.size === 0) return [{ column, points }];
    return [...names].map((name) => ({
      column: name,
      points: points.filter(({ group = "" }) => group === "" || group === name),
    }));
  }, [column, chart, points]);
  return (
    <>
      {groups.map((one) => (
        <PointsFigure
          key={one.column}
          name={`experiment-${experiment}`}
          {...{ title, chart }}
          {...one}
        />
      ))}
    </>
  );
}
