import { cellCentres, type CellTable } from "../geo/cells";
import { NO_OFFSET } from "./points";
import { openZone } from "./zones";

/** Which local clock says where a day or a month begins. */
export type ClockRule =
  /** The offsets that the file tells; where it tells none, whole hours by longitude. */
  | { kind: "guess" }
  | { kind: "offset"; hours: number }
  /** An IANA zone ("Asia/Tokyo") with its summer times, or "+09:00". */
  | { kind: "zone"; zone: string };

/** A clock that is decided: plain data, so that all batches of a data set read the same one. */
export type LocalClock =
  | { kind: "offset"; hours: number; isGuessed: boolean }
  | { kind: "zone"; zone: string }
  /** The offset of each point; `hours` where a point has none. */
  | { kind: "column"; hours: number };

/** Points or check-ins, as far as a clock is guessed from them. */
interface LocatedColumn {
  cells: CellTable;
  cell: Uint32Array;
  offsetMin?: Int16Array | undefined;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Whole hours east of Greenwich by the mean direction of all points or check-ins; 0 without any. */
function guessUtcOffsetHours({ cells, cell }: LocatedColumn): number {
  const { lng } = cellCentres(cells);
  const counts = new Float64Array(lng.length);
  for (const n of cell) counts[n]!++;
  let sin = 0;
  let cos = 0;
  lng.forEach((degrees, n) => {
    sin += counts[n]! * Math.sin((degrees * Math.PI) / 180);
    cos += counts[n]! * Math.cos((degrees * Math.PI) / 180);
  });
  return Math.round((Math.atan2(sin, cos) * 180) / Math.PI / 15);
}

/** Decides the clock of a data set. Throws "bad-input" for a zone that does not exist. */
export function toLocalClock(rule: ClockRule, points: LocatedColumn): LocalClock {
  switch (rule.kind) {
    case "offset":
      return { kind: "offset", hours: rule.hours, isGuessed: false };
    case "zone":
      openZone(rule.zone);
      return rule;
    case "guess": {
      const hours = guessUtcOffsetHours(points);
      const isTold = points.offsetMin?.some((minutes) => minutes !== NO_OFFSET) === true;
      return isTold ? { kind: "column", hours } : { kind: "offset", hours, isGuessed: true };
    }
    default:
      throw rule satisfies never;
  }
}

/** Reads moments on a clock: milliseconds since 1970 as the wall clock counts them. */
export function createLocalReader(
  clock: LocalClock,
): (timeMs: number, offsetMin: number | undefined) => number {
  switch (clock.kind) {
    case "offset": {
      const offsetMs = clock.hours * HOUR_MS;
      return (timeMs) => timeMs + offsetMs;
    }
    case "zone": {
      const zone = openZone(clock.zone);
      return (timeMs) => timeMs + zone.offsetAt(timeMs) * MINUTE_MS;
    }
    case "column": {
      const offsetMs = clock.hours * HOUR_MS;
      return (timeMs, offsetMin = NO_OFFSET) =>
        timeMs + (offsetMin === NO_OFFSET ? offsetMs : offsetMin * MINUTE_MS);
    }
    default:
      throw clock satisfies never;
  }
}

/** The clock in words: "UTC+9, guessed from the longitudes". */
export function clockText(clock: LocalClock): string {
  const utc = (hours: number): string => `UTC${hours < 0 ? "-" : "+"}${Math.abs(hours)}`;
  switch (clock.kind) {
    case "offset":
      return clock.isGuessed
        ? `${utc(clock.hours)}, guessed from the longitudes`
        : utc(clock.hours);
    case "zone":
      return clock.zone;
    case "column":
      return `each point's own offset (${utc(clock.hours)} where it has none)`;
    default:
      throw clock satisfies never;
  }
}
