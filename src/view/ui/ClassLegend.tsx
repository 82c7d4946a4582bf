import type { JSX } from "react";
import type { ClassEntry } from "../map/class-figure";

interface ClassLegendProps {
  title: string;
  /** The most frequent class first. */
  entries: readonly ClassEntry[];
  /** How many of the last ones share one colour. */
  otherCount: number;
}

/** A colour and a name for each class; those of one colour on one line. */
export function ClassLegend({ title, entries, otherCount }: ClassLegendProps): JSX.Element {
  const own = entries.slice(0, entries.length - otherCount);
  const other = entries.at(-1);
  const lines = own.map(({ name, color }) => ({ name, color }));
  if (otherCount > 0 && other)
    lines.push({ name: `${otherCount} other classes`, color: other.color });
  return (
    <div className="class-legend">
      <span className="legend-title">{title}</span>
      <ul aria-label={`Legend: ${title}`}>
        {lines.map(({ name, color: [red, green, blue] }) => (
          <li key={name}>
            <i aria-hidden="true" style={{ background: `rgb(${red} ${green} ${blue})` }} />
            {name}
          </li>
        ))}
      </ul>
    </div>
  );
}
