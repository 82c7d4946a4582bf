import { FootfallError } from "../errors";

/** Spans of local time that a user's check-ins are cut into: paper 1 takes months, RAW 10 days. */
export const WINDOW_KINDS = ["month", "week", "day", "10-days", "whole"] as const;
export type WindowKind = (typeof WINDOW_KINDS)[number];

/** Words for "one trajectory per user and ...". */
export const WINDOW_WORDS: Record<WindowKind, string> = {
  month: "month",
  week: "week",
  day: "day",
  "10-days": "10 days",
  whole: "whole time",
};

const DAY_MS = 86_400_000;
/** 1970-01-01 was a Thursday, so the week around it began three days before. */
const DAYS_TO_MONDAY = 3;

/** Days since 1970 of a local moment. */
export const localDay = (localMs: number): number => Math.floor(localMs / DAY_MS);

/** Reads the month of times that mostly come in order, without a Date for each. */
function createMonthReader(): (localMs: number) => number {
  let from = 1;
  let to = 0;
  let month = 0;
  return (localMs) => {
    if (localMs >= from && localMs < to) return month;
    const local = new Date(localMs);
    const [year, index] = [local.getUTCFullYear(), local.getUTCMonth()];
    from = Date.UTC(year, index);
    to = Date.UTC(year, index + 1);
    month = year * 12 + index;
    return month;
  };
}

/** year * 12 + month (0 to 11) of a local moment. */
export function localMonth(localMs: number): number {
  return createMonthReader()(localMs);
}

/**
 * Numbers the window of a local moment: months as year * 12 + month (0 to 11), the others by their first
 * day, counted from 1970. Ten days are counted on from `firstDay`, the first day of the data.
 */
export function createWindowReader(
  kind: WindowKind,
  firstDay: number,
): (localMs: number) => number {
  switch (kind) {
    case "month":
      return createMonthReader();
    case "week":
      return (localMs) => Math.floor((localDay(localMs) + DAYS_TO_MONDAY) / 7) * 7 - DAYS_TO_MONDAY;
    case "day":
      return localDay;
    case "10-days":
      return (localMs) => firstDay + Math.floor((localDay(localMs) - firstDay) / 10) * 10;
    case "whole":
      return () => 0;
    default:
      throw kind satisfies never;
  }
}

/** "2012-04" for a month number. */
export function monthText(month: number): string {
  return `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, "0")}`;
}

/** The month number of "2012-04"; what follows is not looked at. */
export function monthNumber(text: string): number {
  const [year = 0, month = 1] = text.split("-").map(Number);
  return year * 12 + month - 1;
}

const dayText = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

/** The ISO week that a Monday begins: the year is that of its Thursday. */
function weekText(monday: number): string {
  const year = new Date((monday + 3) * DAY_MS).getUTCFullYear();
  const firstThursday = createWindowReader("week", 0)(Date.UTC(year, 0, 4)) + 3;
  return `${year}-W${String((monday + 3 - firstThursday) / 7 + 1).padStart(2, "0")}`;
}

/** A window as ISO 8601 writes it: 2012-04, 2012-W14, 2012-04-03, 2012-04-03/P10D; or "whole". */
export function windowText(kind: WindowKind, window: number): string {
  switch (kind) {
    case "month":
      return monthText(window);
    case "week":
      return weekText(window);
    case "day":
      return dayText(window);
    case "10-days":
      return `${dayText(window)}/P10D`;
    case "whole":
      return "whole";
    default:
      throw kind satisfies never;
  }
}

const FORMS: readonly (readonly [WindowKind, RegExp])[] = [
  ["month", /^\d{4}-\d\d$/],
  ["week", /^(\d{4})-W(\d\d)$/],
  ["day", /^\d{4}-\d\d-\d\d$/],
  ["10-days", /^\d{4}-\d\d-\d\d\/P10D$/],
  ["whole", /^whole$/],
];

/** The window of a text that `windowText` wrote. Throws "bad-file". */
export function readWindow(text: string): { kind: WindowKind; window: number } {
  const [kind] = FORMS.find(([, form]) => form.test(text)) ?? [];
  if (kind === undefined) {
    throw new FootfallError("bad-file", `"${text}" is no window of time such as 2012-04`);
  }
  switch (kind) {
    case "month":
      return { kind, window: monthNumber(text) };
    case "week": {
      const [year, week] = text.split("-W").map(Number);
      const firstMonday = createWindowReader("week", 0)(Date.UTC(year!, 0, 4));
      return { kind, window: firstMonday + (week! - 1) * 7 };
    }
    case "day":
    case "10-days":
      return { kind, window: Date.parse(text.slice(0, 10)) / DAY_MS };
    case "whole":
      return { kind, window: 0 };
    default:
      throw kind satisfies never;
  }
}
