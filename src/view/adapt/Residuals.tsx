import type { CSSProperties, JSX } from "react";
import { formatCount, formatCounted } from "../words";
import type { ResidualBar } from "./answer-errors";

interface ResidualsProps {
  bars: readonly ResidualBar[];
  /** What is measured: the difference or the distance. */
  what: string;
  unit: string;
  /** How an end of a bar reads. */
  format: (value: number) => string;
  /** Number of the chosen bar; undefined for none. */
  chosen: number | undefined;
  /** The same again takes the choice back. */
  onChoose: (bar: number | undefined) => void;
}

/** How far answers lie from the truth; a bar of it shows its hexagons on the maps. */
export function Residuals({
  bars,
  what,
  unit,
  format,
  chosen,
  onChoose,
}: ResidualsProps): JSX.Element {
  const most = Math.max(1, ...bars.map(({ places }) => places.length));
  return (
    <figure className="residuals" data-figure="residuals" data-drawn="true">
      <figcaption>
        {what} from the truth{unit === "" ? "" : `, ${unit}`}: choose a bar to see its places alone
        on the maps.
      </figcaption>
      <ul>
        {bars.map(({ from, to, places }, i) => {
          const range = `${format(from)} to ${format(to)}`;
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
                <span>{formatCount(places.length)}</span>
              </button>
            </li>
          );
        })}
      </ul>
    </figure>
  );
}
