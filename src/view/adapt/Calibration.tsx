import type { CSSProperties, JSX } from "react";
import type { CalibrationBin } from "../../core/task/calibration";
import { formatShare } from "../map/format";
import { formatCount, formatCounted } from "../words";

interface CalibrationProps {
  bins: readonly CalibrationBin[];
  /** Expected calibration error; undefined for numbers, of which there is no confidence. */
  error: number | undefined;
  /** Whose answers these are. */
  title: string;
  /** Of which places this is told, in half a sentence. */
  about: string;
  format: (value: number) => string;
  /** Number of the chosen bin; undefined for none. */
  chosen: number | undefined;
  /** The same again takes the choice back. */
  onChoose: (bin: number | undefined) => void;
}

const SIDE = 220;
const MARGIN = 20;

/** Ends of both axes: 0 to 1 of confidences, else what guesses and truths reach, from 0 where that is not far. */
function rangeOf({ bins, error }: Pick<CalibrationProps, "bins" | "error">): [number, number] {
  if (error !== undefined) return [0, 1];
  const all = bins.flatMap(({ said, found }) => [said, found]);
  const [least, most] = [Math.min(...all), Math.max(...all)];
  return [least > 0 && least < most / 2 ? 0 : least, most];
}

/** One axis: its two ends and what it has. */
function Axis(props: { ends: readonly [string, string]; name: string; at: string }): JSX.Element {
  const { ends, name, at } = props;
  return (
    <g transform={at}>
      <text className="is-first" x={MARGIN}>
        {ends[0]}
      </text>
      <text x={SIDE / 2}>{name}</text>
      <text className="is-last" x={SIDE - MARGIN}>
        {ends[1]}
      </text>
    </g>
  );
}

/** A dot for each bin beside the line on which what was said came true. */
function Diagram({ bins, error, title, format, chosen, onChoose }: CalibrationProps): JSX.Element {
  const [least, most] = rangeOf({ bins, error });
  const at = (value: number): number =>
    MARGIN + ((value - least) / (most - least || 1)) * (SIDE - 2 * MARGIN);
  const largest = Math.max(...bins.map(({ places }) => places.length));
  const axis = error === undefined ? "mean guess" : "mean confidence";
  const across = error === undefined ? "mean truth" : "share right";
  const ends = [format(least), format(most)] as const;
  return (
    <svg
      viewBox={`0 0 ${SIDE} ${SIDE}`}
      role="img"
      aria-label={`Calibration of ${title}: ${across} against ${axis}, the same numbers as in the list`}
    >
      <rect x={MARGIN} y={MARGIN} width={SIDE - 2 * MARGIN} height={SIDE - 2 * MARGIN} />
      <line x1={MARGIN} y1={SIDE - MARGIN} x2={SIDE - MARGIN} y2={MARGIN} />
      {bins.map(({ from, said, found, places }, i) => (
        <circle
          key={from}
          cx={at(said)}
          cy={SIDE - at(found)}
          r={3 + 5 * Math.sqrt(places.length / largest)}
          className={chosen === i ? "is-chosen" : undefined}
          onClick={() => onChoose(chosen === i ? undefined : i)}
        />
      ))}
      <Axis ends={ends} name={axis} at={`translate(0 ${SIDE - 6})`} />
      <Axis ends={ends} name={across} at={`translate(14 ${SIDE}) rotate(-90)`} />
    </svg>
  );
}

/** Whether answers are as good as they say, in bins; a bin shows its hexagons on the maps (AD-25). */
export function Calibration(props: CalibrationProps): JSX.Element | null {
  const { bins, error, title, about, format, chosen, onChoose } = props;
  if (bins.length === 0) return null;
  const [least, most] = rangeOf(props);
  const share = (value: number): number => (value - least) / (most - least || 1);
  const words =
    error === undefined
      ? "the guesses in tenths of equal numbers, each with its mean guess and its mean truth"
      : `how sure it was and how often it was right, in bins of its confidence; expected calibration error ${formatShare(error)}`;
  return (
    <figure className="calibration" data-figure="calibration" data-drawn="true">
      <figcaption>
        {title}: {words}; {about}. On the line, answers are what they say; choose a bin to see its
        places alone on the maps.
      </figcaption>
      <div>
        <Diagram {...props} />
        <ul>
          {bins.map(({ from, to, said, found, places }, i) => {
            const range = `${format(from)} to ${format(to)}`;
            const count = formatCounted(places.length, "place");
            const told =
              error === undefined
                ? `guessed ${format(said)}, true ${format(found)}`
                : `sure by ${format(said)}, right ${format(found)}`;
            return (
              <li key={range}>
                <button
                  type="button"
                  aria-pressed={chosen === i}
                  aria-label={`${range}: ${told}, ${count}`}
                  style={{ "--share": share(found), "--said": share(said) } as CSSProperties}
                  onClick={() => onChoose(chosen === i ? undefined : i)}
                >
                  <span>{range}</span>
                  <i aria-hidden="true" />
                  <span>
                    {told} · {formatCount(places.length)}
                  </span>
                </button>
              </li>
            );
          })}
        </ul>
      </div>
    </figure>
  );
}
