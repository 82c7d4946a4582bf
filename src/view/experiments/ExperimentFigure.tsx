import { useMemo, type JSX } from "react";
import type { ExperimentStatus } from "../../core/job/experiment/experiment";
import { findingOf } from "../../core/job/experiment/finding";
import { toResultsFile } from "../../core/job/experiment/our-results";
import {
  experimentMarkdown,
  experimentNotes,
  pointsOf,
  problemsOf,
  tableOf,
  verdictsOf,
} from "../../core/job/experiment/report";
import { EXPERIMENT_WORDS } from "../../core/task/experiments/names";
import { ClaimVerdicts } from "../papers/ClaimVerdicts";
import { saveFile } from "../save-file";
import { Facts } from "../steps/Facts";
import { Button } from "../ui/Button";
import { Table } from "../ui/Table";
import { asSentence, formatSeconds } from "../words";
import { ExperimentChart } from "./ExperimentChart";
import { TransferMatrix } from "./TransferMatrix";

type Props = { status: ExperimentStatus };

function Downloads({ status }: Props): JSX.Element {
  const save = (text: string, ending: string, type: string): void =>
    saveFile(`footfall-experiment-${status.experiment}.${ending}`, new Blob([text], { type }));
  const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
  return (
    <div className="set-tools">
      <Button onClick={() => save(experimentMarkdown(status), "md", "text/markdown")}>
        Download the report (Markdown)
      </Button>
      <Button
        onClick={() => save(json(toResultsFile([status])), "results.json", "application/json")}
      >
        Results for the verdict (JSON)
      </Button>
      <Button kind="quiet" onClick={() => save(json(status), "json", "application/json")}>
        All numbers (JSON)
      </Button>
    </div>
  );
}

/** An experiment as it fills in, or as it ended: a sentence, a chart, a table, and what must be known to read them. */
export function ExperimentFigure({ status }: Props): JSX.Element {
  const { experiment, outcomes, unitCount, secondsLeft, notice } = status;
  const points = useMemo(() => pointsOf(status), [status]);
  const { head, rows } = useMemo(() => tableOf(status), [status]);
  const verdicts = useMemo(() => verdictsOf(status), [status]);
  const finding = findingOf(experiment, points);
  const warnings = [...(notice === undefined ? [] : [notice]), ...problemsOf(status)];
  return (
    <div className="training" data-experiment={experiment} data-parts={outcomes.length}>
      <Facts
        facts={[
          ["done", `${outcomes.length} of ${unitCount} parts`],
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
      {finding !== undefined && (
        <p className="finding" role="status">
          {finding}
        </p>
      )}
      {experiment === "countries" && <TransferMatrix points={points} />}
      {points.length > 0 && <ExperimentChart experiment={experiment} points={points} />}
      {rows.length > 0 && (
        <div className="wide-table" data-table="experiment">
          <Table
            label={EXPERIMENT_WORDS[experiment].title}
            head={head}
            rows={rows}
            numeric={head.map((_, column) => column).slice(2)}
          />
        </div>
      )}
      <ClaimVerdicts verdicts={verdicts} part="experiment-verdicts" />
      {outcomes.length > 0 && <Downloads status={status} />}
      <ul className="note">
        {experimentNotes(status).map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </div>
  );
}
