/** Japan's clock: hours ahead of UTC, without summer time. */
export const UTC_OFFSET_HOURS = 9;

/** The simulated month: May 2023 in Japan, which has a long weekend, workdays and ordinary weekends. */
export const MONTH = { year: 2023, month: 5, days: 31 } as const;

/** Japan's national holidays of the simulated month, as local dates (Act on National Holidays, 1948). */
export const HOLIDAYS: readonly string[] = ["2023-05-03", "2023-05-04", "2023-05-05"];

export const DAY_MINUTES = 1440;
const MINUTE_MS = 60_000;

/** The first moment of the month in local time, as milliseconds since 1970 UTC. */
export const MONTH_START_MS =
  Date.UTC(MONTH.year, MONTH.month - 1, 1) - UTC_OFFSET_HOURS * 60 * MINUTE_MS;

/** Minutes since the local start of the month as milliseconds since 1970 UTC, to a second. */
export function minuteToMs(minute: number): number {
  return MONTH_START_MS + Math.round(minute * 60) * 1000;
}

/** The local date of a moment, such as "2023-05-03". */
export function localDate(timeMs: number, utcOffsetHours: number = UTC_OFFSET_HOURS): string {
  return new Date(timeMs + utcOffsetHours * 60 * MINUTE_MS).toISOString().slice(0, 10);
}

/** True on Saturdays, Sundays and holidays of the local calendar. */
export function isOffDay(timeMs: number, utcOffsetHours: number = UTC_OFFSET_HOURS): boolean {
  const local = new Date(timeMs + utcOffsetHours * 60 * MINUTE_MS);
  const weekday = local.getUTCDay();
  return weekday === 0 || weekday === 6 || HOLIDAYS.includes(local.toISOString().slice(0, 10));
}

/** Days of the month, 0 to 30, that are off. */
export const OFF_DAYS: readonly boolean[] = Array.from({ length: MONTH.days }, (_, day) =>
  isOffDay(minuteToMs(day * DAY_MINUTES)),
);

/** Runs of off days, as [first, last]: 3 to 7, 13 to 14, 20 to 21 and 27 to 28 May. */
export const OFF_BLOCKS: readonly (readonly [first: number, last: number])[] = findBlocks();

function findBlocks(): [number, number][] {
  const blocks: [number, number][] = [];
  OFF_DAYS.forEach((isOff, day) => {
    if (!isOff) return;
    const open = blocks.at(-1);
    if (open && open[1] === day - 1) open[1] = day;
    else blocks.push([day, day]);
  });
  return blocks;
}
