import { useMemo, type JSX } from "react";
import type { ScoreResult, ScoreRow } from "../../core/job/score";
import { scoreKind, type ScoreSpec } from "../../notebook/steps/score";
import type { Bar } from "../chart/BarChart";
import { LazyBarChart } from "../chart/LazyCharts";
import { formatKm } from "../map/format";
import { Select } from "../ui/Select";
import { Table } from "../ui/Table";
import { formatCount, formatCounted, formatMeasure, formatPercent } from "../words";
import { measureRows, type MeasureColumn } from "./measure-column";
import { stepView, type FigureProps, type StepProps } from "./step-view";

const COLUMNS: readonly MeasureColumn<ScoreRow>[] = [
  { title: "first guess right", value: (row) => row.top1, format: formatPercent, better: "high" },
  {
    title: "among the first five",
    value: (row) => row.top5,
    format: formatPercent,
    better: "high",
  },
  { title: "median distance", value: (row) => row.medianKm, format: formatKm, better: "low" },
  {
    title: "perplexity per cell",
    value: (row) => row.perplexity,
    format: formatMeasure,
    better: "low",
  },
];

const SAMPLES = [50, 100, 200, 500, 1000] as const;

function About(): JSX.Element {
  return (
    <p>
      One guess is an anecdote. Here places are hidden in many trajectories that training never saw,
      and the model must beat rules that know nothing: the commonest places, the place before, the
      point half-way between the neighbours.
    </p>
  );
}

function Controls({ spec, onChange }: StepProps<ScoreSpec, ScoreResult>): JSX.Element {
  const sizes = SAMPLES.some((size) => size === spec.trajectories)
    ? SAMPLES
    : [spec.trajectories, ...SAMPLES];
  return (
    <Select
      label="Sample"
      value={String(spec.trajectories)}
      options={sizes.map((size) => ({
        value: String(size),
        text: formatCounted(size, "trajectory", "trajectories"),
      }))}
      onChange={(size) => onChange({ trajectories: Number(size) })}
    />
  );
}

function intervalText({ medianKmInterval }: ScoreRow): string {
  if (medianKmInterval === undefined) return "–";
  const [low, high] = medianKmInterval;
  return `${formatKm(low).replace(" km", "")} to ${formatKm(high)}`;
}

function nearest(rows: readonly ScoreRow[]): { name: string; km: number } | undefined {
  const known = rows.flatMap(({ name, medianKm }) =>
    medianKm === undefined ? [] : [{ name, km: medianKm }],
  );
  return known.toSorted((a, b) => a.km - b.km)[0];
}

/** Whether the model beats the best rule in the middle of its errors, in one sentence. */
export function verdict(rows: readonly ScoreRow[]): string {
  const model = nearest(rows.filter(({ isModel }) => isModel));
  const rule = nearest(rows.filter(({ isModel }) => !isModel));
  if (model === undefined || rule === undefined) return "";
  const said = `Half of the guesses by “${model.name}” lie within ${formatKm(model.km)}`;
  return model.km < rule.km
    ? `${said}; the best rule, “${rule.name}”, reaches ${formatKm(rule.km)}.`
    : `${said}, which does not beat “${rule.name}” with ${formatKm(rule.km)}.`;
}

/** A rule this many times as far off as the best would flatten all other bars; the table has it. */
const MOST_TIMES = 12;

function toBars(rows: readonly ScoreRow[]): Bar[] {
  const least = Math.min(...rows.map(({ medianKm }) => medianKm ?? Infinity));
  const drawn = rows.filter(({ medianKm = Infinity }) => medianKm <= least * MOST_TIMES);
  return drawn.flatMap(({ name, medianKm, medianKmInterval, isModel }) =>
    medianKm === undefined
      ? []
      : [
          {
            name,
            value: medianKm,
            isOwn: isModel,
            ...(medianKmInterval && { interval: medianKmInterval }),
          },
        ],
  );
}

function Figure({ outcome }: FigureProps<ScoreSpec, ScoreResult>): JSX.Element {
  const { rows } = outcome;
  const bars = useMemo(() => toBars(rows), [rows]);
  const measured = measureRows(rows, COLUMNS);
  return (
    <div className="figure-box" data-table="score">
      <p className="finding">{verdict(rows)}</p>
      <Table
        label="Guesses of the model and of the rules"
        head={["guess by", ...COLUMNS.map(({ title }) => title), "95% interval of the distance"]}
        rows={rows.map((row, i) => [
          row.isModel ? <span className="own-row">{row.name}</span> : row.name,
          ...(measured[i] ?? []),
          intervalText(row),
        ])}
        numeric={[1, 2, 3, 4, 5]}
      />
      <LazyBarChart
        name="score"
        label="median distance (km)"
        bars={bars}
        better="lower"
        format={formatKm}
      />
      <p className="note">
        {formatCount(outcome.maskedCells)} hidden places in{" "}
        {formatCounted(outcome.trajectories, "trajectory", "trajectories")}; best of each column in
        bold. A perplexity of N is as unsure as a fair choice among N cells.
      </p>
    </div>
  );
}

/** The model beside what it must beat. */
export const scoreView = stepView<ScoreSpec, ScoreResult>({
  kind: "score",
  toSpec: (authored) => scoreKind.toSpec(authored),
  name: () => "Score",
  title: () => "How well does it guess?",
  About,
  Controls,
  Figure,
  promise: "Here the score table will stand.",
  heightPx: 260,
});
