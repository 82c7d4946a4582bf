import { FootfallError } from "../errors";
import type { CheckIns } from "./check-ins";
import { createLocalReader, type LocalClock } from "./local-clock";

/** A public holiday by its local date, such as "2023-05-03". */
export interface Holiday {
  date: string;
  name: string;
}

/** Which days are off, as the user chooses: the country's list with changes (DI-19). */
export interface CalendarSpec {
  /** ISO 3166 code, such as JP. */
  country: string;
  /** State or region of the country where it has holidays of its own, such as BY in DE. */
  region?: string | undefined;
  /** Days of the week that are off, 1 Monday to 7 Sunday; default those of the country. */
  weekend?: readonly number[] | undefined;
  added?: readonly Holiday[] | undefined;
  /** Dates that are no holidays after all. */
  removed?: readonly string[] | undefined;
}

/** The days that are off in the time of the data, whole. */
export interface Calendar {
  country: string;
  region?: string | undefined;
  weekend: readonly number[];
  holidays: readonly Holiday[];
}

const DAY_MS = 86_400_000;
const dateText = (localMs: number): string => new Date(localMs).toISOString().slice(0, 10);

/** The dates of one entry, which may last some days. */
function datesOf({ date, start, end }: { date: string; start: Date; end: Date }): string[] {
  const first = Date.parse(`${date.slice(0, 10)}T00:00:00Z`);
  const days = Math.max(1, Math.round((end.getTime() - start.getTime()) / DAY_MS));
  return Array.from({ length: days }, (_, day) => dateText(first + day * DAY_MS));
}

/**
 * Public holidays of a country by local date, with those of the region, from one moment to another (both days
 * included). The lists are date-holidays', loaded when first asked for. Throws "bad-input" for a country or
 * region that it does not know.
 */
export async function holidaysOf(
  country: string,
  region: string | undefined,
  fromMs: number,
  toMs: number,
): Promise<Holiday[]> {
  const { default: Holidays } = await import("date-holidays");
  const known = new Holidays();
  if (!(country in known.getCountries("en"))) {
    throw new FootfallError(
      "bad-input",
      `no holidays are known for the country "${country}"; expected a code such as JP, CN, US or DE`,
    );
  }
  const regions = known.getStates(country, "en") ?? {};
  if (region !== undefined && !(region in regions)) {
    const names = Object.keys(regions).join(", ") || "none";
    throw new FootfallError(
      "bad-input",
      `${country} has no region "${region}" with holidays of its own; it has: ${names}`,
    );
  }
  const calendar = region === undefined ? new Holidays(country) : new Holidays(country, region);
  const [from, to] = [dateText(fromMs), dateText(toMs)];
  const years: number[] = [];
  for (let year = Number(from.slice(0, 4)); year <= Number(to.slice(0, 4)); year++)
    years.push(year);
  return years
    .flatMap((year) => calendar.getHolidays(year, "en"))
    .filter(({ type }) => type === "public")
    .flatMap((entry) => datesOf(entry).map((date) => ({ date, name: entry.name })))
    .filter(({ date }, i, all) => date >= from && date <= to && isFirst(all, date, i));
}

/** A country or region by its code, with its English name. */
export interface NamedCode {
  code: string;
  name: string;
}

const toNamed = (names: Readonly<Record<string, string>> | undefined): NamedCode[] =>
  Object.entries(names ?? {})
    .map(([code, name]) => ({ code, name }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));

/** Countries whose holidays are known, and the regions of one that have holidays of their own; by name. */
export async function listHolidayPlaces(
  country: string | undefined,
): Promise<{ countries: NamedCode[]; regions: NamedCode[] }> {
  const { default: Holidays } = await import("date-holidays");
  const known = new Holidays();
  const regions = country === undefined ? undefined : known.getStates(country, "en");
  return { countries: toNamed(known.getCountries("en")), regions: toNamed(regions) };
}

const isFirst = (all: readonly Holiday[], date: string, i: number): boolean =>
  all.findIndex((other) => other.date === date) === i;

/** What newer engines say about a country's week; older ones have it as a property. */
type WeekLocale = Intl.Locale & {
  getWeekInfo?: () => { weekend: number[] };
  weekInfo?: { weekend: number[] };
};

/** Days of the week that are off in a country, 1 Monday to 7 Sunday. */
function weekendOf(country: string): readonly number[] {
  const locale = new Intl.Locale(`und-${country}`) as WeekLocale;
  return (locale.getWeekInfo?.() ?? locale.weekInfo)?.weekend ?? [6, 7];
}

/** The calendar of a choice for the time of the data, `fromMs` to `toMs`. Throws "bad-input". */
export async function makeCalendar(
  spec: CalendarSpec,
  fromMs: number,
  toMs: number,
): Promise<Calendar> {
  const { country, region, weekend = weekendOf(country), added = [], removed = [] } = spec;
  const listed = await holidaysOf(country, region, fromMs, toMs);
  const kept = listed.filter(
    ({ date }) => !removed.includes(date) && !added.some((other) => other.date === date),
  );
  const holidays = [...kept, ...added].sort((a, b) => (a.date < b.date ? -1 : 1));
  return { country, region, weekend, holidays };
}

/** Kinds of days. A holiday on a weekend is a holiday. */
export type DayKind = "workday" | "weekend" | "holiday";

type TimedCheckIns = Pick<CheckIns, "startMs" | "offsetMin">;

/** Days since 1970 of the holidays, each with its place in the list. */
const placesByDay = ({ holidays }: Calendar): Map<number, number> =>
  new Map(holidays.map(({ date }, place) => [Date.parse(`${date}T00:00:00Z`) / DAY_MS, place]));

/** Reads the local day, in days since 1970, on which check-in `i` begins. */
function createDayReader({ startMs, offsetMin }: TimedCheckIns, clock: LocalClock) {
  const toLocal = createLocalReader(clock);
  return (i: number): number => Math.floor(toLocal(startMs[i]!, offsetMin?.[i]) / DAY_MS);
}

/** Reads the local day on which check-in `i` begins, in days since 1970, and what kind of day it is. */
export function createDayKindReader(
  checkIns: TimedCheckIns,
  clock: LocalClock,
  calendar: Calendar,
): (i: number) => { day: number; kind: DayKind } {
  const dayAt = createDayReader(checkIns, clock);
  const places = placesByDay(calendar);
  return (i) => {
    const day = dayAt(i);
    return { day, kind: kindOf(day, places.has(day), calendar) };
  };
}

/** Check-ins by the kind of their local day, and those of each holiday, in the calendar's order. */
export interface DayCounts {
  checkInsOn: Record<DayKind, number>;
  onHoliday: number[];
}

/** Counts check-ins by the local day on which they begin. */
export function countDays(
  checkIns: TimedCheckIns,
  clock: LocalClock,
  calendar: Calendar,
): DayCounts {
  const dayAt = createDayReader(checkIns, clock);
  const places = placesByDay(calendar);
  const checkInsOn = { workday: 0, weekend: 0, holiday: 0 };
  const onHoliday = calendar.holidays.map(() => 0);
  for (let i = 0; i < checkIns.startMs.length; i++) {
    const day = dayAt(i);
    const place = places.get(day);
    if (place !== undefined) onHoliday[place]!++;
    checkInsOn[kindOf(day, place !== undefined, calendar)]++;
  }
  return { checkInsOn, onHoliday };
}

function kindOf(day: number, isHoliday: boolean, { weekend }: Calendar): DayKind {
  if (isHoliday) return "holiday";
  const weekday = ((((day + 3) % 7) + 7) % 7) + 1; // 1970-01-01 was a Thursday
  return weekend.includes(weekday) ? "weekend" : "workday";
}
