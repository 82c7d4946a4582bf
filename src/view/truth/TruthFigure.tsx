import { useEffect, useMemo, useState, type JSX } from "react";
import type { TruthFileJob } from "../../core/job/truth-file";
import type { TruthResult } from "../../core/job/truth";
import { toTruthFile, type TruthSpec } from "../../notebook/steps/truth";
import { useAnswer } from "../asking";
import { HistogramChart } from "../chart/HistogramChart";
import { CellMap } from "../map/CellMap";
import { formatShare, formatValue } from "../map/format";
import { sharedScale, type Scale } from "../map/scale";
import { usePage } from "../page-context";
import { RunningLine } from "../RunningLine";
import { saveFile, stemOf } from "../save-file";
import type { FigureProps } from "../steps/step-view";
import { TruthFacts } from "../steps/TruthFacts";
import { Button } from "../ui/Button";
import { Table } from "../ui/Table";
import { formatCount, formatCounted, formatPercent } from "../words";
import { ClassMap } from "./ClassMap";
import { KField } from "../ui/KField";
import { usePeopleK } from "../people";
import { shownTruth, type ShownTruth } from "./shown-cells";
import { TaskButtons } from "./TaskButtons";
import { hiddenText, joinWords, plainFacts, truthFinding } from "./words";
import "../import/import.css";
import "./truth.css";

type Props = FigureProps<TruthSpec, TruthResult>;

const MAP_PX = 400;
const NO_CLASSES: readonly string[] = [];
/** Counts whose largest value is so many times their median are easier to tell apart on a log scale. */
const SKEWED = 12;

/** True for counts and the like that few cells have most of. */
function isSkewed(values: Float32Array): boolean {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  const median = sorted[sorted.length >> 1] ?? 0;
  return (sorted[0] ?? -1) >= 0 && (sorted.at(-1) ?? 0) > SKEWED * median && median >= 0;
}

const formatDecile = (value: number): string =>
  Number.isNaN(value) ? "no value" : String(Math.round(value));

function toScale({ truth }: TruthResult, values: Float32Array): Scale {
  const { scale, unit } = truth;
  if (scale === "decile") return sharedScale([values], { unit, domain: [0, 9] });
  if (scale === "share") return sharedScale([values], { unit, domain: [0, 1] });
  return sharedScale([values], { unit, kind: isSkewed(truth.values) ? "log" : "linear" });
}

const FORMATS = { decile: formatDecile, share: formatShare, value: formatValue } as const;

function TruthMap({ outcome, shown }: { outcome: TruthResult; shown: ShownTruth }): JSX.Element {
  const { basemap } = usePage();
  const { title, unit, scale, classes } = outcome.truth;
  const colors = useMemo(() => toScale(outcome, shown.values), [outcome, shown]);
  if (scale === "class")
    return (
      <ClassMap
        {...{ title, unit, ...shown }}
        all={outcome.truth.values}
        classes={classes ?? NO_CLASSES}
        heightPx={MAP_PX}
      />
    );
  return (
    <CellMap
      name="truth"
      {...{ title, unit, basemap }}
      cells={shown.cells}
      values={shown.values}
      scale={colors}
      {...(scale === "value" ? {} : { format: FORMATS[scale] })}
      heightPx={MAP_PX}
    />
  );
}

/** How many cells each class has, the most frequent first. */
function ClassCounts({ truth }: TruthResult): JSX.Element {
  const names = truth.classes ?? [];
  const counts = names.map(() => 0);
  for (const k of truth.values) if (!Number.isNaN(k)) counts[k]!++;
  const order = [...counts.keys()].sort((a, b) => counts[b]! - counts[a]!);
  return (
    <div data-table="classes">
      <Table
        head={["class", "cells", "of all"]}
        rows={order.map((k) => [
          names[k]!,
          formatCount(counts[k]!),
          formatPercent(counts[k]! / truth.report.withValue),
        ])}
        numeric={[1, 2]}
      />
    </div>
  );
}

/** The edges of the deciles, with the cells between them. */
function DecileTable({ truth }: TruthResult): JSX.Element {
  const { edges = [], values, columns } = truth;
  const counts = new Uint32Array(10);
  for (const decile of columns[0]!.values) if (!Number.isNaN(decile)) counts[decile]!++;
  const known = values.filter((value) => !Number.isNaN(value));
  const least = known.reduce((a, b) => Math.min(a, b), Infinity);
  const most = known.reduce((a, b) => Math.max(a, b), -Infinity);
  return (
    <div data-table="deciles">
      <Table
        head={["decile", "from", "to under", "cells"]}
        rows={Array.from(counts, (count, k) => [
          String(k),
          formatValue(edges[k - 1] ?? least),
          formatValue(edges[k] ?? most),
          formatCount(count),
        ])}
        numeric={[0, 1, 2, 3]}
      />
    </div>
  );
}

function Spread({ outcome }: { outcome: TruthResult }): JSX.Element {
  const { truth } = outcome;
  if (truth.scale === "class") return <ClassCounts {...outcome} />;
  return (
    <>
      {truth.scale === "decile" && <DecileTable {...outcome} />}
      <HistogramChart
        name="truth-values"
        label={truth.unit.replace("decile of ", "")}
        values={truth.values}
        isLog={truth.scale !== "share" && isSkewed(truth.values)}
        heightPx={190}
      />
    </>
  );
}

/** The truth as a file, written in the worker. */
function Downloads({ outcome, spec, k }: Props & { k: number }): JSX.Element {
  const answer = useAnswer<TruthFileJob>(`${outcome.made.data} ${JSON.stringify(spec)} ${k}`);
  const [format, setFormat] = useState<TruthFileJob["format"]>("csv");
  const { result, state } = answer;
  useEffect(() => {
    if (result === undefined) return;
    const blob = new Blob([result.bytes as Uint8Array<ArrayBuffer>]);
    saveFile(`${stemOf(spec.name)}-per-cell.${format}`, blob);
    // oxlint-disable-next-line react/exhaustive-deps -- a file is saved once, when it is written
  }, [result]);
  const write = (wanted: TruthFileJob["format"]): void => {
    setFormat(wanted);
    answer.start(toTruthFile(wanted, k));
  };
  return (
    <div className="truth-files" data-part="files">
      <Button onClick={() => write("csv")}>Download CSV</Button>
      <Button onClick={() => write("parquet")}>Download Parquet</Button>
      {state.kind === "running" && <RunningLine state={state} onStop={answer.stop} />}
      {state.kind === "failed" && <span role="alert">{state.error.message}</span>}
      {result && (
        <span className="quiet" data-rows={result.rows}>
          {formatCounted(result.rows, "cell")} written
          {result.hidden > 0 &&
            `, ${formatCount(result.hidden)} of fewer than ${formatCount(k)} people left out`}
        </span>
      )}
    </div>
  );
}

/** What a layer says of each cell: map, spread, report, files, and the way to a task. */
export default function TruthFigure(props: Props): JSX.Element {
  const { outcome, isStale } = props;
  const [k, setK] = usePeopleK();
  const shown = useMemo(() => shownTruth(outcome, k), [outcome, k]);
  const { report } = outcome.truth;
  return (
    <div className="truth-figure" data-with-value={report.withValue}>
      <p className="finding">{truthFinding(outcome)}</p>
      {report.join && <p data-join={report.join.differ}>{joinWords(report.join)}</p>}
      <div className="truth-parts">
        <div>
          <TruthMap outcome={outcome} shown={shown} />
          {outcome.people && (
            <KField
              k={k}
              onChange={setK}
              hidden={shown.hidden}
              hiddenText={hiddenText(shown.hidden)}
            />
          )}
        </div>
        <div>
          <Spread outcome={outcome} />
        </div>
      </div>
      {!isStale && <TaskButtons scale={outcome.truth.scale} />}
      {!isStale && <Downloads {...props} k={k} />}
      <TruthFacts report={{ ...report, facts: plainFacts(report) }} />
    </div>
  );
}
