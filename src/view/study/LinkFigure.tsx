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

type Protected = Answer["protections"][number];

const told = (linking: Protected["places"]): number => linking.hits1;

const PROTECTED_COLUMNS: readonly MeasureColumn<Protected>[] = [
  {
    title: "by places",
    value: ({ places }) => told(places),
    format: formatPercent,
    better: "none",
  },
  {
    title: "by places and hours",
    value: ({ times }) => told(times),
    format: formatPercent,
    better: "none",
  },
  { title: "check-ins left", value: ({ kept }) => kept, format: formatPercent, better: "none" },
];

const worstOf = ({ places, times }: Protected): number => Math.max(told(places), told(times));

/** From one week: before and after each protection (PV-06). */
function Protections({ protections }: Pick<Answer, "protections">): JSX.Element | null {
  const [before, ...after] = protections;
  if (before === undefined) {
    return (
      <p className="note">No trajectory here is longer than a week, so no week can be linked.</p>
    );
  }
  const { people } = before.places;
  const best = after.reduce((least, one) => (worstOf(one) < worstOf(least) ? one : least), before);
  const count = (one: Protected): number => Math.round(worstOf(one) * people);
  const measured = measureRows(protections, PROTECTED_COLUMNS);
  return (
    <div data-protections={protections.length}>
      <p className="finding">
        {count(before)} of {formatCounted(people, "person", "people")} can be linked from one week;
        least with “{best.name}”: {count(best)} of {people}, with {formatPercent(best.kept)} of the
        check-ins left.
      </p>
      <Meter bars={protections.map((one) => ({ name: one.name, share: worstOf(one) }))} />
      <Table
        label="Linked from one week, by protection"
        head={["protection", ...PROTECTED_COLUMNS.map(({ title }) => title)]}
        rows={protections.map(({ name }, i) => [name, ...measured[i]!])}
        numeric={PROTECTED_COLUMNS.map((_, i) => i + 1)}
        hasRowNames
      />
      <p className="note">
        Somebody knows the first seven days of a person and looks among the other weeks of all{" "}
        {people} for the one that shares most places, or most places at the same hours of the week.
        What is known and what is given away are protected alike; no model is asked. Where nothing
        of a person is left, nobody is told.
      </p>
    </div>
  );
}

/** A bar of each share. */
function Meter({ bars }: { bars: readonly { name: string; share: number }[] }): JSX.Element {
  return (
    <ul className="privacy-meter" aria-label="Share of people that is told at once">
      {bars.map(({ name, share }) => (
        <li key={name} style={{ "--share": share } as CSSProperties}>
          <span>{name}</span>
          <i aria-hidden="true" />
          <span>{formatPercent(share)}</span>
        </li>
      ))}
    </ul>
  );
}

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
        once from half a trajectory by “{worst.name}”; guessing would tell{" "}
        {formatPercent(1 / people)}.
      </p>
      <Meter bars={rows.map(({ name, hits1 }) => ({ name, share: hits1 }))} />
      <Table
        label="Linking"
        head={["by", ...COLUMNS.map(({ title }) => title)]}
        rows={rows.map(({ name }, i) => [name, ...measured[i]!])}
        numeric={COLUMNS.map((_, i) => i + 1)}
        hasRowNames
      />
      <Protections protections={answer.protections} />
      <p className="note">{SENSITIVE_INFERENCE}</p>
    </>
  );
}
