import type { JSX } from "react";
import type { DayCounts } from "../../core/data/holidays";
import { formatCount, formatPercent } from "../words";
import "./import.css";
import "./days-off.css";

const KINDS = [
  ["workday", "workdays"],
  ["weekend", "weekends"],
  ["holiday", "holidays"],
] as const;

/** Check-ins on workdays, weekends and holidays of the local clock. */
export function DayBars({ checkInsOn }: Pick<DayCounts, "checkInsOn">): JSX.Element {
  const counts = KINDS.map(([kind]) => checkInsOn[kind]);
  const all = counts.reduce((sum, count) => sum + count, 0);
  return (
    <section className="count-bars" data-figure="day-kinds" data-drawn="true">
      <h3>Check-ins by the kind of day</h3>
      <ul>
        {KINDS.map(([kind, title]) => {
          const share = checkInsOn[kind] / Math.max(1, all);
          return (
            <li key={kind} data-kind={kind}>
              <span className="bar-range">{title}</span>
              <span className="bar-track" aria-hidden="true">
                <span style={{ width: `${(100 * share).toFixed(2)}%` }} />
              </span>
              <span className="bar-count">
                {formatCount(checkInsOn[kind])} ({formatPercent(share)})
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
