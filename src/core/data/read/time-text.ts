/** Order of day and month in dates such as 03/04/2012. */
export type DateOrder = "day-first" | "month-first";

/** A time as a text tells it. */
export interface ClockTime {
  /** The clock's reading as if the clock stood in UTC, milliseconds since 1970. */
  localMs: number;
  /** Minutes that the clock is ahead of UTC; undefined where the text does not tell. */
  offsetMin: number | undefined;
}

const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const WEEKDAY = String.raw`(?:[A-Za-z]{3,9},?\s+)?`;

const ISO_DATE = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)/;
const ISO_COMPACT = /^(\d{4})(\d{2})(\d{2})(?:[T ]?(\d{2})(\d{2})(\d{2})?)?(?=$|[Z+.\- T])/;
/** Foursquare's and Twitter's form: Tue Apr 03 18:17:18 +0000 2012. */
const FOURSQUARE =
  /^[A-Za-z]{3} ([A-Za-z]{3}) +(\d{1,2}) (\d{2}):(\d{2}):(\d{2}) ([+-]\d{4}) (\d{4})$/;
const NUMERIC_DATE = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?!\d)/;
const DAY_MONTH_NAME = new RegExp(
  String.raw`^${WEEKDAY}(\d{1,2})[ -]([A-Za-z]{3,9})[-, ]+(\d{4})(?!\d)`,
);
const MONTH_NAME_DAY = new RegExp(
  String.raw`^${WEEKDAY}([A-Za-z]{3,9})\.? (\d{1,2}),? (\d{4})(?!\d)`,
);
const REST =
  /^[T ,]*(?:(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,](\d+))?)?\s*(?:([AP])\.?M\.?)?)?\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?$/i;

/** "+0900", "+09", "Z" as minutes; undefined without a zone. */
function zoneMinutes(zone: string | undefined): number | undefined {
  if (zone === undefined) return undefined;
  const [, sign, hours, minutes = "0"] = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone) ?? [];
  if (hours === undefined) return 0;
  const total = Number(hours) * 60 + Number(minutes);
  return sign === "-" ? -total : total;
}

/** Midnight of a day in UTC; NaN for the 30th of February. `month` counts from 1. */
export function dayToMs(year: number, month: number, day: number): number {
  const midnight = Date.UTC(year, month - 1, day);
  const date = new Date(midnight);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? midnight : NaN;
}

/** NaN for the 25th hour and for 13 o'clock in the afternoon. */
function clockToMs(hour: number, minute: number, second: number, half?: string): number {
  if (minute > 59 || second > 60) return NaN;
  if (half === undefined) return hour > 24 ? NaN : ((hour * 60 + minute) * 60 + second) * 1000;
  if (hour < 1 || hour > 12) return NaN;
  const hours = (hour % 12) + (half.toLowerCase() === "p" ? 12 : 0);
  return ((hours * 60 + minute) * 60 + second) * 1000;
}

/** Whatever stands behind the date: nothing, or a clock, perhaps a zone. */
function parseRest(dayMs: number, rest: string): ClockTime | undefined {
  const match = REST.exec(rest);
  if (!match) return undefined;
  const [, hour = "0", minute = "0", second = "0", fraction, half, zone] = match;
  const clockMs = clockToMs(Number(hour), Number(minute), Number(second), half);
  const fractionMs = fraction === undefined ? 0 : Math.floor(Number(`0.${fraction}`) * 1000 + 1e-9);
  const localMs = dayMs + clockMs + fractionMs;
  return Number.isNaN(localMs) ? undefined : { localMs, offsetMin: zoneMinutes(zone) };
}

const monthOf = (name: string): number => MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1;

/** Two digits mean 1970 to 2069. */
function yearOf(text: string): number {
  const year = Number(text);
  if (text.length === 4) return year;
  return year < 70 ? 2000 + year : 1900 + year;
}

function parseFoursquare(text: string): ClockTime | undefined {
  const [, month, day, hour, minute, second, zone, year] = FOURSQUARE.exec(text) ?? [];
  if (month === undefined) return undefined;
  const dayMs = dayToMs(Number(year), monthOf(month), Number(day));
  return parseRest(dayMs, `${hour}:${minute}:${second}${zone}`);
}

function parseCompact(text: string): ClockTime | undefined {
  const match = ISO_COMPACT.exec(text);
  if (!match) return undefined;
  const [whole, year, month, day, hour, minute, second = "00"] = match;
  const dayMs = dayToMs(Number(year), Number(month), Number(day));
  const rest = text.slice(whole.length);
  return parseRest(dayMs, hour === undefined ? rest : `${hour}:${minute}:${second}${rest}`);
}

/** Dates with the names of months: 3 Apr 2012, 03-Apr-2012, April 3, 2012. */
function parseNamed(text: string): ClockTime | undefined {
  const dayFirst = DAY_MONTH_NAME.exec(text);
  const monthFirst = dayFirst ? null : MONTH_NAME_DAY.exec(text);
  const match = dayFirst ?? monthFirst;
  if (!match) return undefined;
  const [day, month] = dayFirst ? [match[1]!, match[2]!] : [match[2]!, match[1]!];
  return parseRest(
    dayToMs(Number(match[3]), monthOf(month), Number(day)),
    text.slice(match[0].length),
  );
}

function parseNumeric(text: string, order: DateOrder): ClockTime | undefined {
  const match = NUMERIC_DATE.exec(text);
  if (!match) return undefined;
  const [whole, first, , second, year = ""] = match;
  const [day, month] = order === "day-first" ? [first, second] : [second, first];
  return parseRest(dayToMs(yearOf(year), Number(month), Number(day)), text.slice(whole.length));
}

/**
 * Reads ISO 8601 (with T, a space or compact), Foursquare's form, dates with names of months, and dates such
 * as 03/04/2012 5:06 PM in the given order. Undefined where it is no time.
 */
export function parseClockTime(
  text: string,
  order: DateOrder = "month-first",
): ClockTime | undefined {
  const iso = ISO_DATE.exec(text);
  if (iso) {
    const dayMs = dayToMs(Number(iso[1]), Number(iso[2]), Number(iso[3]));
    return parseRest(dayMs, text.slice(iso[0].length));
  }
  if (/^\d{8}/.test(text)) return parseCompact(text);
  if (/^\d/.test(text)) return parseNumeric(text, order) ?? parseNamed(text);
  return parseFoursquare(text) ?? parseNamed(text);
}

/** The two numbers of a date such as 03/04/2012, whose order is to be guessed; undefined for other texts. */
export function ambiguousDate(text: string): [first: number, second: number] | undefined {
  const match = NUMERIC_DATE.exec(text);
  return match ? [Number(match[1]), Number(match[3])] : undefined;
}
