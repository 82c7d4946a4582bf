import { dot, lineY, ruleX, text } from "@observablehq/plot";
import type { PlotOptions } from "@observablehq/plot";
import { useMemo, type JSX } from "react";
import { pointText } from "../../core/job/experiment/words";
import { EXPERIMENT_WORDS, type ExperimentName } from "../../core/task/experiments/names";
import { measureFacts, type Point } from "../../core/task/experiments/readings";
import { PlotFigure } from "../chart/PlotFigure";
import { formatTick } from "../map/format";

interface Props {
  experiment: ExperimentName;
  points: readonly Point[];
}

interface OneChart extends Props {
  /** What the settings count: the experiment's column, or a group's own. */
  column: string;
}

interface Drawn {
  series: string;
  x: number | string;
  y: number;
  low: number;
  high: number;
}

const SERIES = ["var(--series-1)", "var(--series-2)", "var(--series-3)", "var(--series-4)"];
const HEIGHT_PX = 260;

function drawnOf({ experiment, points }: Props): Drawn[] {
  const { measure, shape } = EXPERIMENT_WORDS[experiment].chart;
  return points
    .filter((point) => point.measure === measure)
    .map(({ series, at, x, spread: { mean, low = mean, high = mean } }) => {
      return { series, x: shape === "curves" && x !== undefined ? x : at, y: mean, low, high };
    });
}

/** The marks of a chart, without size: means, their intervals as rules, and lines where settings have an order. */
export function chartOptions({ column, ...props }: OneChart): PlotOptions {
  const { chart } = EXPERIMENT_WORDS[props.experiment];
  const drawn = drawnOf(props);
  const series = [...new Set(drawn.map((one) => one.series))];
  const ends = series.flatMap((name) => drawn.findLast((one) => one.series === name) ?? []);
  const isCurve = chart.shape === "curves";
  return {
    marginLeft: 60,
    marginTop: 28,
    marginRight: 110,
    marginBottom: 42,
    x: isCurve
      ? {
          label: column,
          labelAnchor: "center",
          labelArrow: "none",
          ticks: 6,
          tickFormat: formatTick,
        }
      : { type: "point", label: column, labelAnchor: "center", labelArrow: "none" },
    y: {
      label: measureFacts(chart.measure).title,
      labelArrow: "none",
      type: chart.isLog ? "log" : "linear",
      grid: true,
      nice: true,
      ticks: 5,
      tickFormat: formatTick,
    },
    color: { domain: series, range: SERIES, unknown: "var(--ink-soft)" },
    marks: [
      ruleX(drawn, { x: "x", y1: "low", y2: "high", stroke: "series", strokeWidth: 1.2 }),
      ...(isCurve ? [lineY(drawn, { x: "x", y: "y", stroke: "series", strokeWidth: 1.8 })] : []),
      dot(drawn, { x: "x", y: "y", fill: "series", r: 3.5 }),
      text(ends, { x: "x", y: "y", text: "series", fill: "series", textAnchor: "start", dx: 8 }),
    ],
  };
}

function OneFigure({ experiment, points, column }: OneChart): JSX.Element {
  const options = useMemo(
    () => chartOptions({ experiment, points, column }),
    [experiment, points, column],
  );
  const { chart, title } = EXPERIMENT_WORDS[experiment];
  const { title: measured } = measureFacts(chart.measure);
  const rows = points
    .filter((point) => point.measure === chart.measure)
    .map(({ series, at, spread }) => [series, at, pointText(chart.measure, spread)]);
  return (
    <PlotFigure
      name={`experiment-${experiment}`}
      label={`${measured} by ${column}`}
      options={options}
      twin={{ summary: `${title}: ${rows.length} settings.`, head: ["", column, measured], rows }}
      heightPx={HEIGHT_PX}
    />
  );
}

/** What an experiment measured first, as one chart for each group of settings, with the same in words. */
export function ExperimentChart({ experiment, points }: Props): JSX.Element {
  const { column } = EXPERIMENT_WORDS[experiment];
  const groups = useMemo(() => {
    const names = new Set(points.flatMap(({ group }) => (group ? [group] : [])));
    if (names.size === 0) return [{ column, points }];
    return [...names].map((name) => ({
      column: name,
      points: points.filter(({ group = "" }) => group === "" || group === name),
    }));
  }, [column, points]);
  return (
    <>
      {groups.map((one) => (
        <OneFigure key={one.column} experiment={experiment} {...one} />
      ))}
    </>
  );
}
