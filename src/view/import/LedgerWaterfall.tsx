import type { JSX } from "react";
import {
  COUNTED,
  findLosses,
  ledgerSteps,
  type Counted,
  type Ledger,
} from "../../core/data/ledger";
import { formatCount, formatPercent } from "../words";
import "./import.css";

const TITLES: Record<"rows" | Counted, string> = {
  rows: "rows",
  points: "points",
  checkIns: "check-ins",
  trajectories: "trajectories",
  users: "people",
};

/** One bar: what was there before a rule and what it left. */
export interface Fall {
  rule: string;
  before: number;
  after: number;
}

/** The rules that count a thing, each with the count of the last such rule before it. */
export function fallsOf(ledger: Ledger, what: Counted): Fall[] {
  const falls: Fall[] = [];
  for (const { rule, after } of ledgerSteps(ledger)) {
    const count = after[what];
    if (count !== undefined)
      falls.push({ rule, before: falls.at(-1)?.after ?? count, after: count });
  }
  return falls;
}

/** Rows come before everything else: those that were read, and those of them that can be used. */
function rowFalls({ rowsRead, rejected }: Ledger): Fall[] {
  const lost = rejected.reduce((sum, { count }) => sum + count, 0);
  return [
    { rule: "rows read", before: rowsRead, after: rowsRead },
    { rule: "rows that can be used", before: rowsRead, after: rowsRead - lost },
  ];
}

/** What the bars show: the first count, and every rule that took something. The table has them all. */
const tellingFalls = (falls: readonly Fall[]): readonly Fall[] =>
  falls.filter(({ before, after }, i) => i === 0 || after < before);

function FallBar({ fall, most }: { fall: Fall; most: number }): JSX.Element {
  const lost = fall.before - fall.after;
  const wide = (count: number): string => `${((100 * count) / Math.max(1, most)).toFixed(2)}%`;
  return (
    <li>
      <span className="fall-rule">{fall.rule}</span>
      <span className="fall-track" aria-hidden="true">
        <span className="fall-left" style={{ width: wide(fall.after) }} />
        {lost > 0 && <span className="fall-lost" style={{ width: wide(lost) }} />}
      </span>
      <span className="fall-count">{formatCount(fall.after)}</span>
      <span className={lost * 2 > fall.before ? "fall-change is-most" : "fall-change"}>
        {lost > 0 ? `−${formatCount(lost)} (${formatPercent(lost / fall.before)})` : ""}
      </span>
    </li>
  );
}

/** What the rules left of rows, points, check-ins, trajectories and people, one falling row of bars each. */
export function LedgerWaterfall({ ledger }: { ledger: Ledger }): JSX.Element {
  const groups = [
    { what: "rows" as const, falls: rowFalls(ledger) },
    ...COUNTED.map((what) => ({ what, falls: fallsOf(ledger, what) })),
  ].filter(({ falls }) => falls.length > 1);
  return (
    <div className="waterfall" data-figure="waterfall" data-drawn="true">
      {groups.map(({ what, falls }) => (
        <section key={what} aria-label={TITLES[what]} data-fall={what}>
          <h3>{TITLES[what]}</h3>
          <ul>
            {tellingFalls(falls).map((fall) => (
              <FallBar key={fall.rule} fall={fall} most={falls[0]?.before ?? 0} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

/** A loud line for each thing of which more than half is gone (DI-15); nothing where all is well. */
export function LossLines({ ledger }: { ledger: Ledger }): JSX.Element | null {
  const losses = findLosses(ledger);
  if (losses.length === 0) return null;
  return (
    <div className="loud" role="alert" data-losses={losses.map(({ what }) => what).join(" ")}>
      {losses.map(({ what, before, after }) => (
        <p key={what}>
          <strong>Over half of the {TITLES[what]} are lost:</strong> {formatCount(before - after)}{" "}
          of {formatCount(before)} ({formatPercent((before - after) / before)}).
        </p>
      ))}
    </div>
  );
}
