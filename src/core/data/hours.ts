import type { CheckIns } from "./check-ins";
import { createLocalReader, type LocalClock } from "./local-clock";

/** Hours of a week, from Monday 0:00 on, by the local clock. */
export const HOURS_OF_WEEK = 168;

/** The hour of a token that has none: [CLS], [SEP], [PAD]. */
export const NO_HOUR = 168;

const HOUR_MS = 3_600_000;
/** 1970-01-01 was a Thursday. */
const FIRST_HOUR = 72;

/** The hour of the week of a moment, in milliseconds since 1970 as the local clock counts them. */
function hourOfWeek(localMs: number): number {
  const hour = (Math.floor(localMs / HOUR_MS) + FIRST_HOUR) % HOURS_OF_WEEK;
  return hour < 0 ? hour + HOURS_OF_WEEK : hour;
}

/** The hour of the week in which each check-in begins, [check-ins]. */
export function hoursOfWeek(
  { startMs, offsetMin }: Pick<CheckIns, "startMs" | "offsetMin">,
  clock: LocalClock,
): Uint8Array {
  const toLocal = createLocalReader(clock);
  return Uint8Array.from(startMs, (ms, i) => hourOfWeek(toLocal(ms, offsetMin?.[i])));
}
