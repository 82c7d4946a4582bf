import type { JSX } from "react";
import type { Ledger, LedgerRule } from "../../core/data/ledger";
import { Table } from "../ui/Table";
import { formatCount } from "../words";

const COUNTED = ["points", "checkIns", "trajectories", "users"] as const;
const TITLES: Record<(typeof COUNTED)[number], string> = {
  points: "points",
  checkIns: "check-ins",
  trajectories: "trajectories",
  users: "people",
};

/** What a rule left of each; not every rule leaves a count of everything. */
function leftBy(rule: LedgerRule): string {
  return COUNTED.flatMap((what) => {
    const count = rule[what];
    return count === undefined ? [] : [`${formatCount(count)} ${TITLES[what]}`];
  }).join(", ");
}

/** The way from rows to trajectories: each rule and what it left, and the rows that could not be used. */
export function LedgerTable({ ledger }: { ledger: Ledger }): JSX.Element {
  return (
    <div className="ledger" data-table="ledger">
      <Table
        caption={`From ${formatCount(ledger.rowsRead)} rows to trajectories`}
        head={["rule", "what it left"]}
        rows={ledger.rules.map((rule) => [rule.rule, leftBy(rule)])}
        numeric={[]}
      />
      {ledger.rejected.length > 0 && (
        <Table
          head={["rejected because", "rows", "first lines"]}
          rows={ledger.rejected.map(({ reason, count, firstLines }) => [
            reason,
            formatCount(count),
            firstLines.join(", "),
          ])}
          numeric={[1]}
        />
      )}
    </div>
  );
}
