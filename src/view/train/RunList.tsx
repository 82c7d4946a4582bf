import { useEffect, useMemo, useState, type JSX } from "react";
import { LazyLossChart } from "../chart/LazyCharts";
import type { LossCurve } from "../chart/LossChart";
import { trainedName, type BertRecord, type PointRecord } from "../../core/job/run-store";
import { isOfPoints } from "../../notebook/pretrain-settings";
import { formatKm } from "../map/format";
import { usePage, type KeptRun, type KeptTable } from "../page-context";
import { lazyPart } from "../steps/lazy-part";
import { Button } from "../ui/Button";
import { Table } from "../ui/Table";
import { formatBytes, formatCount, formatMeasure, formatSeconds } from "../words";
import { formatError } from "./point-words";
import { RemoveButton } from "./RemoveButton";
import { useKept } from "./use-kept";
import { budgetText, validationsOf, whatChanged, whenText } from "./words";

interface RunListProps {
  runs: readonly KeptRun[];
  /** Says the same for the same data; undefined before they are there. */
  dataKey: string | undefined;
  /** The run that goes, is shown, and is used in the notebook. */
  going: string | undefined;
  shown: string | undefined;
  used: readonly string[];
  onOpen: (run: KeptRun) => void;
  onUse: (run: KeptRun) => void;
  onDownload: (run: KeptRun) => void;
  onRemove: (run: KeptRun) => void;
}

/** The run of its kind before it on the same data, which it is compared with. */
export function runBefore(runs: readonly KeptRun[], n: number): KeptRun | undefined {
  const { data, config } = runs[n]!;
  const isLike = (run: KeptRun): boolean =>
    run.data.key === data.key && "family" in run.config === "family" in config;
  return runs.slice(n + 1).find(isLike);
}

/** As many curves can be told apart by colour. */
const MOST_CURVES = 4;

/** A value of the validations of a run by tokens (or points) seen; none where there are not two. */
function curveBy<Row extends { readonly tokens: number }>(
  id: string,
  rows: readonly Row[],
  value: (row: Row) => number | undefined,
): LossCurve[] {
  const known = rows.filter((row) => value(row) !== undefined);
  if (known.length < 2) return [];
  const x = known.map(({ tokens }) => tokens);
  return [{ name: `run ${id}`, x, y: known.map((row) => value(row)!) }];
}

const isPoints = (run: KeptRun): run is KeptRun & PointRecord => isOfPoints<PointRecord>(run);
const isBert = (run: KeptRun): run is KeptRun & BertRecord => !isPoints(run);

/** The validation of each run of a BERT by tokens seen. */
export function overlayOf(runs: readonly KeptRun[]): LossCurve[] {
  const some = runs.filter(isBert).slice(0, MOST_CURVES);
  return some.flatMap(({ id, log }) =>
    curveBy(id, validationsOf(log), ({ cellPerplexity }) => cellPerplexity),
  );
}

/** And of each run of a GPT by points seen. */
function pointOverlayOf(runs: readonly KeptRun[]): LossCurve[] {
  const some = runs.filter(isPoints).slice(0, MOST_CURVES);
  return some.flatMap(({ id, log }) => curveBy(id, validationsOf(log), ({ km }) => km));
}

/** What the two numbers of each row are, for the kinds of runs that there are. */
export function scoreTitles(runs: readonly KeptRun[]): [string, string] {
  const titles = [
    ...(runs.some(isBert) ? [["perplexity, token", "check-in"]] : []),
    ...(runs.some(isPoints) ? [["squared error", "next point"]] : []),
  ];
  return [0, 1].map((column) => titles.map((kind) => kind[column]).join(" / ")) as [string, string];
}

/** The last validation in two numbers: a token and a check-in, or the squared error and the kilometres of a point. */
function scoresOf(run: KeptRun): [string, string] {
  const say = (value: number | undefined, words: (value: number) => string): string =>
    value === undefined ? "–" : words(value);
  if (isPoints(run)) {
    const last = validationsOf(run.log).at(-1);
    return [say(last?.loss, (mse) => `MSE ${formatError(mse)}`), say(last?.km, formatKm)];
  }
  const last = validationsOf((run as BertRecord).log).at(-1);
  return [say(last?.perplexity, formatMeasure), say(last?.cellPerplexity, formatMeasure)];
}

function RunTools(props: RunListProps & { run: KeptRun }): JSX.Element {
  const { run, dataKey, going, shown, used } = props;
  if (going === run.id) return <span className="quiet">going on now</span>;
  const isSame = dataKey === undefined || dataKey === run.data.key;
  const hasModel = run.best !== undefined || run.isFinished;
  return (
    <span className="run-tools">
      {isSame && shown !== run.id && (
        <Button disabled={going !== undefined} onClick={() => props.onOpen(run)}>
          {run.isFinished ? "Show" : "Resume"}
        </Button>
      )}
      {isSame && hasModel && !used.includes(run.id) && (
        <Button disabled={going !== undefined} onClick={() => props.onUse(run)}>
          Use
        </Button>
      )}
      {used.includes(run.id) && <span className="quiet">in use</span>}
      {hasModel && (
        <Button kind="quiet" onClick={() => props.onDownload(run)}>
          Download
        </Button>
      )}
      <RemoveButton name={`run ${run.id}`} bytes={run.bytes} onRemove={() => props.onRemove(run)} />
    </span>
  );
}

/** How far a run has come: "34 of 300 steps, 11 s". */
export function progressText({ isFinished, step, budget, seconds }: KeptRun): string {
  const done = isFinished
    ? budgetText(budget)
    : budget.kind === "steps"
      ? `${formatCount(step)} of ${budgetText(budget)}`
      : `${formatCount(step)} steps of ${budgetText(budget)}`;
  return `${done}, ${formatSeconds(seconds)}`;
}

/** What a run's model came to on tasks; the tables' code comes where there are some. */
const AdaptedScores = lazyPart(() => import("./AdaptedScores"));

/** The tables of a run's model that the browser keeps. */
const tablesOf = (run: string, tables: readonly KeptTable[]): KeptTable[] =>
  tables.filter(({ model }) => model === trainedName(run));

/** All runs that this browser keeps: what changed from one to the next, and their curves together (PT-21). */
export function RunList(props: RunListProps): JSX.Element | null {
  const { runs } = props;
  const { tables: shelf } = usePage();
  const { found: tables, look } = useKept(shelf?.list, "");
  useEffect(() => shelf?.watch(look), [shelf, look]);
  const [hidden, setHidden] = useState<readonly string[]>([]);
  const [curves, pointCurves] = useMemo(() => {
    const drawn = runs.filter(({ id }) => !hidden.includes(id));
    return [overlayOf(drawn), pointOverlayOf(drawn)];
  }, [runs, hidden]);
  if (runs.length === 0) return null;
  const toggle = (id: string): void =>
    setHidden(hidden.includes(id) ? hidden.filter((one) => one !== id) : [...hidden, id]);
  return (
    <div className="run-list" data-table="runs">
      <h3>Runs in this browser</h3>
      <Table
        head={["run", "what changed", "length", ...scoreTitles(runs), "kept", ""]}
        rows={runs.map((run, n) => {
          return [
            <label key="run" className="check-box">
              <input
                type="checkbox"
                checked={!hidden.includes(run.id)}
                onChange={() => toggle(run.id)}
                aria-label={`Draw the curve of run ${run.id}`}
              />
              <span data-run-row={run.id}>
                <strong>{run.id}</strong>
                <br />
                <span className="quiet">{whenText(run.startedMs)}</span>
              </span>
            </label>,
            <span key="changed">
              {run.config.preset} on {run.data.name}: {whatChanged(run, runBefore(runs, n))}
              {tablesOf(run.id, tables).length > 0 && (
                <AdaptedScores tables={tablesOf(run.id, tables)} />
              )}
            </span>,
            progressText(run),
            ...scoresOf(run),
            formatBytes(run.bytes),
            <RunTools key="tools" {...props} run={run} />,
          ];
        })}
        numeric={[3, 4, 5]}
      />
      {curves.length > 1 && (
        <LazyLossChart
          name="runs"
          curves={curves}
          xLabel="tokens seen"
          yLabel="validation perplexity per check-in"
          isLog
          heightPx={240}
        />
      )}
      {pointCurves.length > 1 && (
        <LazyLossChart
          name="point-runs"
          curves={pointCurves}
          xLabel="points seen"
          yLabel="km to the next point"
          isLog
          heightPx={240}
        />
      )}
    </div>
  );
}
