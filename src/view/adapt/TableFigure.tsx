import type { JSX } from "react";
import type { AdaptTable } from "../../core/job/adapt";
import type { Outcome } from "../../core/papers/judgement";
import { warningOf } from "../../core/papers/sensitive";
import type { TableRow } from "../../core/task/table/results";
import { findSignatures } from "../../core/task/table/signatures";
import { formatValue } from "../map/format";
import { saveFile } from "../save-file";
import { Facts } from "../steps/Facts";
import { Button } from "../ui/Button";
import { asSentence, formatCount, formatCounted, formatMeasure, formatSeconds } from "../words";
import { ScoreTable } from "./ScoreTable";
import {
  gainSentence,
  judgeControl,
  scaledSentence,
  shapeSentence,
  whyNotComparable,
} from "./scores";
import { truthsText } from "./brought-truths";
import { toCsv, toJson, toLatex, toMarkdown } from "./table-files";

interface TableFigureProps {
  table: AdaptTable;
  /** Tables of other tasks, by the same model of the same data. */
  others: readonly AdaptTable[];
  isGoing: boolean;
  onMaps: ((row: TableRow) => void) | undefined;
  onZip: ((row: TableRow) => void) | undefined;
  /** Fills what is left of a partial table. */
  onGoOn: () => void;
}

/** How far the table is, and what is left, as far as the speed so far tells. */
function progressOf({ runs, runCount, secondsLeft }: AdaptTable, isGoing: boolean): string {
  const all = formatCounted(runCount, "run");
  if (runs.length === runCount) return all;
  const left = `about ${formatSeconds(secondsLeft)}`;
  if (runs.length === 0 && isGoing) return `${all}, ${left} on this device`;
  return `${formatCount(runs.length)} of ${all}, ${left} left`;
}

/** How many runs a minute, of those that are there. */
function speedOf({ runs }: AdaptTable): string | undefined {
  const seconds = runs.reduce((sum, run) => sum + run.seconds, 0);
  if (runs.length === 0 || seconds === 0) return undefined;
  return `${formatMeasure((60 * runs.length) / seconds)} runs a minute`;
}

const isPartial = ({ runs, runCount }: AdaptTable, isGoing: boolean): boolean =>
  !isGoing && runs.length < runCount;

/** Why a table must be read with care: it is partial, runs failed or show a signature of the papers, truths are sparse. */
function warningsOf(table: AdaptTable, isGoing: boolean): string[] {
  const { task, rows, examples, runs, runCount } = table;
  const problems = rows.flatMap(({ title, problems: told }) =>
    told.map((problem) => `${title}: ${problem}`),
  );
  const partial = `Partial: ${formatCount(runs.length)} of ${formatCounted(runCount, "run")}; what stands here counts, go on for the rest`;
  const signatures = findSignatures(task, runs).map(({ sentence }) => sentence);
  return [
    ...(isPartial(table, isGoing) ? [partial] : []),
    ...examples.notes,
    ...problems,
    ...signatures,
  ];
}

function Downloads({ table }: { table: AdaptTable }): JSX.Element {
  const save = (text: string, ending: string, type: string): void =>
    saveFile(`footfall-${table.task.name}.${ending}`, new Blob([text], { type }));
  return (
    <div className="set-tools">
      <Button onClick={() => save(toMarkdown(table), "md", "text/markdown")}>
        Download as Markdown
      </Button>
      <Button kind="quiet" onClick={() => save(toCsv(table), "csv", "text/csv")}>
        CSV
      </Button>
      <Button kind="quiet" onClick={() => save(toLatex(table), "tex", "application/x-tex")}>
        LaTeX
      </Button>
      {table.origin && (
        <Button kind="quiet" onClick={() => save(toJson(table), "json", "application/json")}>
          Manifest
        </Button>
      )}
    </div>
  );
}

/** Gains of the pre-trained model over its random twin. */
function Gains({ table: { gains } }: { table: AdaptTable }): JSX.Element | null {
  const shown = gains.filter(({ choice }) => choice !== "last");
  if (shown.length === 0) return null;
  return (
    <div className="finding" data-gains="">
      Fine-tuned less its random twin (above 0, pre-training helped):
      <ul>
        {shown.map((gain) => (
          <li key={`${gain.split} ${gain.choice}`}>{gainSentence(gain)}</li>
        ))}
      </ul>
    </div>
  );
}

const CONTROL_WORDS: Readonly<Record<Outcome, string>> = {
  reproduced: "✓ As expected of this control, pre-training does not help",
  not: "≠ This control gains, which the paper does not expect",
  "not-tested": "– Whether this control gains is not told",
};

/** Whether the control did what it is expected to do, nothing: as the verdict has it (AD-08). */
function Control(props: Pick<TableFigureProps, "table" | "others">): JSX.Element | null {
  const judged = judgeControl(props.table, props.others);
  if (judged === undefined) return null;
  const { outcome, evidence } = judged;
  return (
    <p className="control" data-control={outcome}>
      <strong>{CONTROL_WORDS[outcome]}:</strong> {evidence}.
    </p>
  );
}

/** A table as it fills, or as far as it was filled. */
export function TableFigure(props: TableFigureProps): JSX.Element {
  const { table, others, isGoing, onMaps, onZip, onGoOn } = props;
  const { task, examples, rows, running, settings, layerFactor, layers } = table;
  const warnings = warningsOf(table, isGoing);
  const sensitive = warningOf(task.name);
  const whyNot = whyNotComparable(task);
  const { count, unit, drawnFrom, paperFactor } = examples;
  return (
    <div className="adapt-table" data-adapt={task.name} data-runs={table.runs.length}>
      <h3>
        {task.title} <span className="quiet">({task.source})</span>
      </h3>
      <p>{asSentence(task.formula)}</p>
      {sensitive !== undefined && <p className="adapt-warning">{sensitive}</p>}
      <Facts
        facts={[
          ["table", progressOf(table, isGoing)],
          ["speed", isGoing ? speedOf(table) : undefined],
          [
            "now",
            running &&
              `${running.row}, ${running.split} split, epoch ${Math.max(0, running.epochs.length - 1)}`,
          ],
          ["examples", `${formatCount(count)} of ${formatCount(drawnFrom)} ${unit}`],
          [
            "the paper has",
            task.source.startsWith("paper")
              ? `${formatValue(paperFactor)} times as many`
              : undefined,
          ],
          ["held against", truthsText(table)],
          ["seeds", formatCount(settings.seeds)],
        ]}
      />
      {warnings.length > 0 && (
        <div className="loud" role={isGoing ? undefined : "alert"}>
          {warnings.map((text) => (
            <p key={text}>{asSentence(text)}</p>
          ))}
        </div>
      )}
      {isPartial(table, isGoing) && (
        <div className="set-tools">
          <Button kind="primary" onClick={onGoOn}>
            Go on with the table
          </Button>
        </div>
      )}
      <Gains table={table} />
      <Control {...{ table, others }} />
      {rows.length > 0 && <ScoreTable {...{ table, onMaps, onZip }} />}
      {rows.length > 0 && <Downloads table={table} />}
      <p className="note">
        Transformers small, medium and large have {layers["transformer-small"]},{" "}
        {layers["transformer-medium"]} and {layers["transformer-large"]} layers: the paper’s 3, 6
        and 9 times {formatValue(layerFactor)}, the factor between its model and this one.
        {shapeSentence(table)} {scaledSentence(table)}
        {whyNot !== undefined && ` Not comparable number by number: ${whyNot}`}
        {task.isNegativeControl === true &&
          " A negative control: pre-training is expected not to help here."}
      </p>
    </div>
  );
}
