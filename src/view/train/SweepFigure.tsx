import { useMemo, type JSX } from "react";
import { sweepMarkdown, sweepNotes } from "../../core/job/sweep/markdown";
import { sweepResults } from "../../core/job/sweep/results";
import { summariseSweep, type SettingSummary } from "../../core/job/sweep/summary";
import type { SweepStatus } from "../../core/job/sweep/sweep";
import { SWEEP_WORDS } from "../../core/job/sweep/words";
import { LazyLossChart } from "../chart/LazyCharts";
import { saveFile } from "../save-file";
import { Facts } from "../steps/Facts";
import { Button } from "../ui/Button";
import { Table } from "../ui/Table";
import { asSentence, formatCount, formatMeasure, formatSeconds } from "../words";
import { LadderFigure } from "./LadderFigure";
import { SweepScores } from "./SweepScores";
import { nowText, progressText, spreadText, sweepCurves, sweepFinding } from "./sweep-words";

const HEAD = [
  "vocabulary",
  "parameters",
  "tokens a trajectory",
  "tokens seen",
  "time",
  "of scores",
  "perplexity, token",
  "check-in",
  "piece by piece",
  "as an area, km²",
  "frequency",
  "persistence",
];

const optional = (value: number | undefined, format: (value: number) => string): string =>
  value === undefined ? "–" : format(value);

const MASK_HEAD = ["its own share hidden"];
const SIZE_HEAD = ["loss", "operations"];

const operationsText = (count: number): string => count.toExponential(1).replace("e+", "e");

function cellsOf(
  row: SettingSummary,
  { current, over }: Pick<SweepStatus, "current" | "over">,
): (string | JSX.Element)[] {
  const { planned, cellPerplexity } = row;
  const isGoing = current?.setting === planned.setting.name;
  const now = isGoing ? current.curve.at(-1)?.cellPerplexity : undefined;
  return [
    planned.setting.name,
    formatCount(planned.vocabularySize),
    formatCount(planned.parameters),
    formatMeasure(planned.tokensPerTrajectory),
    optional(row.tokens, formatCount),
    optional(row.seconds, formatSeconds),
    optional(row.scoreSeconds, formatSeconds),
    spreadText(row.perplexity),
    now === undefined ? (
      <strong key="own">{spreadText(cellPerplexity)}</strong>
    ) : (
      <em key="now">now {formatMeasure(now)}</em>
    ),
    spreadText(row.sequentialCellPerplexity),
    spreadText(row.km2),
    spreadText(row.frequency),
    spreadText(row.persistence),
    ...(over === "mask-ratio" ? [spreadText(row.ownPerplexity)] : []),
    ...(over === "size"
      ? [optional(row.loss, (loss) => loss.toFixed(3)), optional(row.operations, operationsText)]
      : []),
  ];
}

function Downloads({ status }: { status: SweepStatus }): JSX.Element {
  const name = `footfall-${status.id}`;
  const save = (text: string, kind: string, type: string): void =>
    saveFile(`${name}.${kind}`, new Blob([text], { type }));
  const toJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
  const all = (): unknown => ({ ...status, summary: summariseSweep(status) });
  return (
    <div className="set-tools">
      <Button onClick={() => save(sweepMarkdown(status), "md", "text/markdown")}>
        Download the report (Markdown)
      </Button>
      <Button
        onClick={() => save(toJson(sweepResults(status)), "results.json", "application/json")}
      >
        Results for the verdict (JSON)
      </Button>
      <Button kind="quiet" onClick={() => save(toJson(all()), "json", "application/json")}>
        All numbers (JSON)
      </Button>
    </div>
  );
}

/** A sweep as it fills in, or as it ended: a table, the curves, and what must be known to read them. */
export function SweepFigure({ status }: { status: SweepStatus }): JSX.Element {
  const { over, current, secondsLeft, notice, isKept, runs } = status;
  const rows = useMemo(() => summariseSweep(status), [status]);
  const curves = useMemo(() => sweepCurves(status), [status]);
  const more = over === "size" ? SIZE_HEAD : over === "mask-ratio" ? MASK_HEAD : [];
  const head = [...HEAD, ...more];
  const finding = sweepFinding(rows, over);
  const problems = rows.flatMap(({ planned, problems: told }) =>
    told.map((problem) => `${planned.setting.name}: ${problem}`),
  );
  const warnings = [
    ...(notice === undefined ? [] : [notice]),
    ...problems,
    ...(isKept ? [] : ["This browser gives the page no storage: the sweep goes with the tab."]),
  ];
  return (
    <div className="training" data-sweep={status.id} data-sweep-runs={runs.length}>
      <Facts
        facts={[
          ["done", progressText(status)],
          ["now", current && nowText(current)],
          ["time left", secondsLeft ? formatSeconds(secondsLeft) : undefined],
        ]}
      />
      {warnings.length > 0 && (
        <div className="loud" role="alert">
          {warnings.map((text) => (
            <p key={text}>{asSentence(text)}</p>
          ))}
        </div>
      )}
      {finding !== undefined && <p className="finding">{finding}</p>}
      <div className="wide-table" data-table="sweep">
        <Table
          label={SWEEP_WORDS[over].title}
          head={[SWEEP_WORDS[over].column, ...head]}
          rows={rows.map((row) => cellsOf(row, status))}
          numeric={head.map((_, column) => column + 1)}
        />
      </div>
      {curves.length > 0 && (
        <LazyLossChart
          name="sweep"
          curves={curves}
          xLabel="tokens seen"
          yLabel="validation perplexity per check-in"
          isLog
          heightPx={260}
        />
      )}
      <SweepScores status={status} />
      {over === "size" && runs.length > 0 && <LadderFigure rows={rows} />}
      {runs.length > 0 && <Downloads status={status} />}
      <ul className="note">
        {sweepNotes(status).map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </div>
  );
}
