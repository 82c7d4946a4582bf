import type { CSSProperties, JSX } from "react";
import { SENSITIVE_INFERENCE } from "../../core/papers/sensitive";
import { measureRows, type MeasureColumn } from "../steps/measure-column";
import { Table } from "../ui/Table";
import { formatCounted, formatPercent } from "../words";
import type { AnswerOf } from "./StudyFigure";

type Answer = AnswerOf<"link">;
type Row = Answer["rows"][number];

const COLUMNS: readonly MeasureColumn<Row>[] = [
  { title: "told at once", value: ({ hits1 }) => hits1, format: formatPercent, better: "high" },
  { title: "among five", value: ({ hits5 }) => hits5, format: formatPercent, better: "high" },
  { title: "MRR", value: ({ mrr }) => mrr, format: (value) => value.toFixed(3), better: "high" },
];

/** Whom half a month gives away, as a meter (TT-04, PV-06). */
export function LinkFigure({ answer }: { answer: Answer }): JSX.Element {
  const { rows } = answer;
  const people = rows[0]?.people ?? 0;
  const worst = rows.reduce((most, row) => (row.hits1 > most.hits1 ? row : most));
  const measured = measureRows(rows, COLUMNS);
  return (
    <>
      <p className="finding" role="status">
        Of {formatCounted(people, "person", "people")}, {formatPercent(worst.hits1)} are told at
        once from half a month by “{worst.name}”; guessing would tell {formatPercent(1 / people)}.
      </p>
      <ul className="privacy-meter" aria-label="Share of people that is told at once">
        {rows.map(({ name, hits1 }) => (
          <li key={name} style={{ "--share": hits1 } as CSSProperties}>
            <span>{name}</span>
            <i aria-hidden="true" />
            <span>{formatPercent(hits1)}</span>
          </li>
        ))}
      </ul>
      <Table
        label="Linking"
        head={["by", ...COLUMNS.map(({ title }) => title)]}
        rows={rows.map(({ name }, i) => [name, ...measured[i]!])}
        numeric={COLUMNS.map((_, i) => i + 1)}
        hasRowNames
      />
      <p className="note">{SENSITIVE_INFERENCE}</p>
    </>
  );
}
