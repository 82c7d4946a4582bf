import type { CSSProperties, JSX } from "react";
import { formatSigned } from "../map/format";
import { formatCounted } from "../words";
import type { ResidualBar } from "./answer-errors";

interface ResidualsProps {
  bars: readonly ResidualBar[];
  unit: string;
  /** Number of the chosen bar; undefined for none. */
  chosen: number | undefined;
  /** The same again takes the choice back. */
  onChoose: (bar: number | undefined) => void;
}

/** How far answers lie from the truth; a bar of it shows its hexagons on the maps. */
export function Residuals({ bars, unit, chosen, onChoose }: ResidualsProps): JSX.Element {
  const most = Math.max(1, ...bars.map(({ places }) => places.length));
  return (
    <figure className="residuals" data-figure="residuals" data-drawn="true">
      <figcaption>
        Difference from the truth{unit === "" ? "" : `, ${unit}`}: choose a bar to see its places
        alone on the maps.
      </figcaption>
      <ul>
        {bars.map(({ from, to, places }, i) => {
          const range = `${formatSigned(from)} to ${formatSigned(to)}`;
          return (
            <li key={range}>
              <button
                type="button"
                disabled={places.length === 0}
                aria-pressed={chosen === i}
                aria-label={`${range}: ${formatCounted(places.length, "place")}`}
                style={{ "--share": places.length / most } as CSSProperties}
                onClick={() => onChoose(chosen === i ? undefined : i)}
              >
                <span>{range}</span>
                <i aria-hidden="true" />
                <span>{places.length}</span>
              </button>
            </li>
          );
        })}
      </ul>
    </figure>
  );
}
