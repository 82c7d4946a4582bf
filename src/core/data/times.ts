/** What a number in a time column counts. */
export type TimeUnit = "seconds" | "milliseconds" | "microseconds" | "minutes";

/** Milliseconds in one of each unit. */
const UNIT_MS: Record<TimeUnit, number> = {
  seconds: 1000,
  milliseconds: 1,
  microseconds: 1e-3,
  minutes: 60_000,
};

/** Units and the numbers that fit them: all of the years 1973 to 2200, without overlap. */
const UNIT_RANGES: { unit: TimeUnit; from: number; to: number }[] = [
  { unit: "minutes", from: 1.6e6, to: 9.9e7 },
  { unit: "seconds", from: 9.9e7, to: 7.3e9 },
  { unit: "milliseconds", from: 9.9e10, to: 7.3e12 },
  { unit: "microseconds", from: 9.9e13, to: 7.3e15 },
];

const ISO_TIME =
  /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?)?\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?$/i;

/** Foursquare's and Twitter's form: Tue Apr 03 18:17:18 +0000 2012. */
const FOURSQUARE_TIME =
  /^[A-Za-z]{3} ([A-Za-z]{3}) (\d{1,2}) (\d{2}):(\d{2}):(\d{2}) ([+-]\d{4}) (\d{4})$/;

const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");

function offsetMs(zone: string | undefined): number {
  const match = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone ?? "");
  if (!match) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  return (match[1] === "-" ? -1 : 1) * minutes * 60_000;
}

interface Clock {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  fraction: number;
}

/** NaN for the 30th of February and the 25th hour. */
function clockToMs({ year, month, day, hour, minute, second, fraction }: Clock): number {
  const midnight = Date.UTC(year, month, day);
  const date = new Date(midnight);
  if (date.getUTCMonth() !== month || date.getUTCDate() !== day) return NaN;
  if (hour > 24 || minute > 59 || second > 60) return NaN;
  return midnight + ((hour * 60 + minute) * 60 + second) * 1000 + fraction;
}

/** ISO 8601 (with a space or a T) or Foursquare's form as milliseconds; UTC without a zone; else NaN. */
export function parseTimeText(text: string): number {
  const iso = ISO_TIME.exec(text);
  if (iso) {
    const [, year, month, day, hour = 0, minute = 0, second = 0, fraction, zone] = iso;
    const clock = {
      year: Number(year),
      month: Number(month) - 1,
      day: Number(day),
      hour: Number(hour),
      minute: Number(minute),
      second: Number(second),
      fraction: fraction === undefined ? 0 : Math.floor(Number(`0.${fraction}`) * 1000),
    };
    return clockToMs(clock) - offsetMs(zone);
  }
  const match = FOURSQUARE_TIME.exec(text);
  if (!match) return NaN;
  const [, name = "", day, hour, minute, second, zone, year] = match;
  const month = MONTHS.indexOf(name.toLowerCase());
  const [h, m, s] = [Number(hour), Number(minute), Number(second)];
  const date = { year: Number(year), month, day: Number(day) };
  return clockToMs({ ...date, hour: h, minute: m, second: s, fraction: 0 }) - offsetMs(zone);
}

/** The unit that fits the middle one of some numbers; undefined where none does. */
export function guessTimeUnit(values: readonly number[]): TimeUnit | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? NaN;
  return UNIT_RANGES.find(({ from, to }) => median >= from && median < to)?.unit;
}

/** A field of one column as milliseconds since 1970, NaN where it is no time. */
export type TimeReader = (field: string) => number;

/** Reads numbers of a unit, counted from `originMs` (default 1970). */
export function createNumberTimeReader(unit: TimeUnit, originMs = 0): TimeReader {
  const unitMs = UNIT_MS[unit];
  return (field) => (field === "" ? NaN : originMs + Math.round(Number(field) * unitMs));
}
