import type { JSX } from "react";
import { RIGHT, WRONG, type ClassEntry } from "../map/class-figure";
import type { Rgb } from "../map/color-tables";

interface ClassLegendProps {
  title: string;
  /** Title of the map of right and wrong; default there is none. */
  agreement?: string;
  /** The most frequent class first. */
  entries: readonly ClassEntry[];
  /** How many of the last ones share one colour. */
  otherCount: number;
}

function Swatches({
  title,
  lines,
}: {
  title: string;
  lines: readonly { name: string; color: Rgb }[];
}): JSX.Element {
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

/** A colour and a name for each class, those of one colour on one line; and the colours of right and wrong. */
export function ClassLegend({
  title,
  agreement,
  entries,
  otherCount,
}: ClassLegendProps): JSX.Element {
  const own = entries.slice(0, entries.length - otherCount);
  const other = entries.at(-1);
  const lines = own.map(({ name, color }) => ({ name, color }));
  if (otherCount > 0 && other)
    lines.push({ name: `${otherCount} other classes`, color: other.color });
  return (
    <>
      <Swatches title={title} lines={lines} />
      {agreement !== undefined && (
        <Swatches
          title={agreement}
          lines={[
            { name: "right", color: RIGHT },
            { name: "wrong", color: WRONG },
          ]}
        />
      )}
    </>
  );
}
