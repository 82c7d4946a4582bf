import {
  countDays,
  listHolidayPlaces,
  makeCalendar,
  type Calendar,
  type CalendarSpec,
  type DayCounts,
  type NamedCode,
} from "../data/holidays";
import type { LocatedPoints } from "../data/points";
import type { BuiltTrajectories } from "../data/rules";
import { guessCountry, readOutlines, type CountryGuess } from "../truth/countries";
import type { CalendarChoice } from "./import-rules";
import type { Session } from "./session";

/** The calendar of some data, and what it says of their check-ins. */
export interface CountedCalendar extends DayCounts {
  calendar: Calendar;
}

/** What the page shows of a choice of days off. */
export interface DaysOff {
  /** Undefined where no calendar was chosen, or none could be guessed. */
  counted: CountedCalendar | undefined;
  guess: CountryGuess;
  /** To choose from: countries, and the regions of the calendar's. */
  countries: NamedCode[];
  regions: NamedCode[];
}

const DAY_MS = 86_400_000;

/** The calendar of data's time. Throws "bad-input". */
export function calendarOf(
  spec: CalendarSpec,
  { fromMs, toMs }: { fromMs: number; toMs: number },
): Promise<Calendar> {
  return makeCalendar(spec, fromMs - DAY_MS, toMs + DAY_MS); // whatever the clock, local days lie in this
}

async function countCalendar(
  spec: CalendarSpec,
  { checkIns, clock }: Pick<BuiltTrajectories, "checkIns" | "clock">,
  report: { fromMs: number; toMs: number },
): Promise<CountedCalendar> {
  const calendar = await calendarOf(spec, report);
  return { calendar, ...countDays(checkIns, clock, calendar) };
}

/** The country in which points lie, from the shipped outlines. */
export async function guessCountryOf(
  points: LocatedPoints,
  session: Session,
): Promise<CountryGuess> {
  return guessCountry(readOutlines(await session.readAsset("data/countries.json")), points);
}

/** A choice with the guessed country put in; undefined where there is no calendar then. */
export function toCalendarSpec(
  choice: CalendarChoice,
  country: string | undefined,
): CalendarSpec | undefined {
  if (choice === "none") return undefined;
  if (choice !== "guess") return choice;
  return country === undefined ? undefined : { country };
}

/** What a choice means for points and the check-ins that they became (DI-19). Throws "bad-input". */
export async function describeDaysOff(
  choice: CalendarChoice,
  points: LocatedPoints,
  built: BuiltTrajectories,
  report: { fromMs: number; toMs: number },
  session: Session,
): Promise<DaysOff> {
  const guess = await guessCountryOf(points, session);
  const spec = toCalendarSpec(choice, guess.country);
  const counted = spec && (await countCalendar(spec, built, report));
  return { counted, guess, ...(await listHolidayPlaces(spec?.country)) };
}
