import type { JSX } from "react";
import type { CheckInMark } from "./check-ins";

export interface CheckInStripProps {
  checkIns: readonly CheckInMark[];
  /** Position of the chosen one, from 0. */
  chosen: number;
  /** What choosing does, e.g. "mask": part of each button's name. Default "choose". */
  verb?: string;
  /** Without it the strip only shows. */
  onChoose?: ((index: number) => void) | undefined;
}

/** All check-ins in time order as small buttons: on the map many lie on top of each other. */
export function CheckInStrip({
  checkIns,
  chosen,
  verb = "choose",
  onChoose,
}: CheckInStripProps): JSX.Element {
  const place = checkIns[chosen]?.hash;
  return (
    <ol className="check-in-strip" aria-label="Check-ins in time order">
      {checkIns.map(({ hash, time }, i) => (
        <li key={i}>
          <button
            type="button"
            className={hash === place && i !== chosen ? "same-cell" : undefined}
            aria-pressed={i === chosen}
            aria-label={`${verb} check-in ${i + 1}${time ? `, ${time}` : ""}, cell ${hash}`}
            title={`${time ?? ""} ${hash}`.trim()}
            disabled={!onChoose}
            onClick={() => onChoose?.(i)}
          >
            {i + 1}
          </button>
        </li>
      ))}
    </ol>
  );
}
