import type { JSX } from "react";
import type { PartResult } from "../../core/job/papers";
import type { CheckedErratum } from "../../core/papers/errata";
import { withUnit } from "../../core/papers/judgement";
import { Table } from "../ui/Table";
import { MarkNote, Part, SourceNote } from "./parts";

function Erratum({ erratum }: { erratum: CheckedErratum }): JSX.Element {
  const { number, title, statement, finding, reading, mark, sources, rows } = erratum;
  return (
    <Part title={`${number}. ${title}`} id={`erratum-${number}`}>
      <p>{statement}</p>
      <p>
        <strong>{finding}</strong> {reading}
      </p>
      {rows.length > 0 && (
        <Table
          label={`Computation of erratum ${number}`}
          head={["computed here and now", "value"]}
          rows={rows.map(({ what, value, unit }) => [what, withUnit(value, unit, 4)])}
          numeric={[1]}
        />
      )}
      <p className="note">
        <MarkNote mark={mark} />
        {sources.map((source) => (
          <span key={`${source.text}-${source.line}`}>
            {" · "}
            <SourceNote source={source} />
          </span>
        ))}
      </p>
    </Part>
  );
}

/** Errata of the papers, numbered, each with its computation (DC-08). */
export function ErrataFigure({ outcome }: { outcome: PartResult<"errata"> }): JSX.Element {
  return (
    <>
      {outcome.errata.map((erratum) => (
        <Erratum key={erratum.id} erratum={erratum} />
      ))}
    </>
  );
}
