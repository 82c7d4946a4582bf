import type { JSX } from "react";
import type { Bar } from "../../core/data/point-report";
import { formatCount } from "../words";

interface CountBarsProps {
  /** Short name for tests, `data-figure`. */
  name: string;
  title: string;
  bars: readonly Bar[];
  /** How the upper end of a bar reads. */
  format: (upTo: number) => string;
}

function rangeText(upTo: number | null, last: number, format: (upTo: number) => string): string {
  if (upTo === null) return `over ${format(last)}`;
  return upTo === 0 ? format(0) : `to ${format(upTo)}`;
}

/** A histogram as a list: each bar with its range and its count in words. */
export function CountBars({ name, title, bars, format }: CountBarsProps): JSX.Element {
  const most = Math.max(1, ...bars.map(({ count }) => count));
  const last = bars.findLast(({ upTo }) => upTo !== null)?.upTo ?? 0;
  const first = bars.findIndex(({ count }) => count > 0);
  return (
    <section className="count-bars" data-figure={name} data-drawn="true">
      <h3>{title}</h3>
      <ul>
        {bars.slice(Math.max(0, first)).map(({ upTo, count }) => (
          <li key={String(upTo)}>
            <span className="bar-range">{rangeText(upTo, last, format)}</span>
            <span className="bar-track" aria-hidden="true">
              <span style={{ width: `${((100 * count) / most).toFixed(2)}%` }} />
            </span>
            <span className="bar-count">{formatCount(count)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
