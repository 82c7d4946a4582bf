import { FootfallError } from "../../errors";
import { parseNumberText } from "./fields";
import type { Guess, ReadOptions } from "./source";
import { ambiguousDate, parseClockTime, type DateOrder } from "./time-text";
import { guessTimeUnit, toTimeMs, type TimeUnit } from "./times";

/** How the fields of a time column are read. */
export type TimePlan = NumberTimes | TextTimes;

interface NumberTimes {
  kind: "number";
  unit: TimeUnit;
  originMs: number | undefined;
  why: string;
}

interface TextTimes {
  kind: "text";
  order: DateOrder;
  /** True where the texts are dates such as 03/04/2012, to which the order matters. */
  usesOrder: boolean;
  /** True where neither the options nor the rows seen say which of day and month comes first. */
  isOrderOpen: boolean;
  /** True where the texts tell their zone. */
  tellsZone: boolean;
  why: string;
}

type TimeOptions = Pick<ReadOptions, "timeUnit" | "timeOriginMs" | "dateOrder">;

const UNIT_WORDS: Record<TimeUnit, string> = {
  seconds: "Unix seconds",
  milliseconds: "Unix milliseconds",
  microseconds: "Unix microseconds",
  nanoseconds: "Unix nanoseconds",
  minutes: "minutes since 1970",
  "excel-days": "days of a spreadsheet",
};

const COMPACT = /^(?:\d{8}|\d{12}|\d{14})$/;

const shareOf = <T>(values: readonly T[], test: (value: T) => boolean): number =>
  values.length === 0 ? 0 : values.filter(test).length / values.length;

/** A share in words: "all of the first 1,000 rows". */
function inWords(share: number, rows: number): string {
  const percent = share === 1 ? "all" : `${Math.floor(share * 100)} %`;
  return `${percent} of the first ${rows.toLocaleString("en")} rows`;
}

const dayText = (timeMs: number): string =>
  Math.abs(timeMs) < 8.64e15 ? new Date(timeMs).toISOString().slice(0, 10) : "no date";

function planNumbers(numbers: readonly number[], options: TimeOptions): NumberTimes | undefined {
  const unit = options.timeUnit ?? guessTimeUnit(numbers);
  if (unit === undefined) return undefined;
  const middle = [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
  const day = dayText(toTimeMs(middle, unit, options.timeOriginMs));
  const why = options.timeUnit
    ? "chosen"
    : `the middle one of the numbers, ${middle}, is ${day} as ${UNIT_WORDS[unit]}`;
  return { kind: "number", unit, originMs: options.timeOriginMs, why };
}

/** What some dates such as 03/04/2012 say about their order. */
export class DateOrderVotes {
  dates = 0;
  dayFirst = 0;
  monthFirst = 0;

  /** Takes one field of the time column, of whatever form. */
  add(field: string): void {
    const numbers = ambiguousDate(field);
    if (!numbers) return;
    this.dates++;
    if (numbers[0] > 12 && numbers[1] <= 12) this.dayFirst++;
    if (numbers[1] > 12 && numbers[0] <= 12) this.monthFirst++;
  }

  /** The order that the dates show; undefined where none of them does. */
  get order(): DateOrder | undefined {
    if (this.dayFirst === this.monthFirst) return undefined;
    return this.dayFirst > this.monthFirst ? "day-first" : "month-first";
  }
}

/** Where no date has a day after the 12th: a point or 24 hours are Europe's way, AM and PM America's. */
function orderByHabit(example: string): { order: DateOrder; why: string } {
  if (/[ap]\.?m/i.test(example)) return { order: "month-first", why: "as is usual with AM and PM" };
  if (/^\d{1,2}\./.test(example)) return { order: "day-first", why: "as is usual with points" };
  return { order: "day-first", why: "as is usual with 24 hours" };
}

function planOrder(fields: readonly string[], options: TimeOptions) {
  const votes = new DateOrderVotes();
  for (const field of fields) votes.add(field);
  const { dates, order } = votes;
  const example = fields.find((field) => ambiguousDate(field)) ?? "";
  const chosen = options.dateOrder;
  if (dates === 0) return { order: chosen ?? "month-first", isOrderOpen: false, why: "" };
  if (chosen) return { order: chosen, isOrderOpen: false, why: `; ${chosen} is chosen` };
  if (order) {
    const count = order === "day-first" ? votes.dayFirst : votes.monthFirst;
    const part = order === "day-first" ? "first" : "second";
    const why = `; ${count.toLocaleString("en")} dates have a ${part} number above 12`;
    return { order, isOrderOpen: false, why };
  }
  const habit = orderByHabit(example);
  return {
    order: habit.order,
    isOrderOpen: true,
    why: `; no date seen shows whether ${example} begins with the day: ${habit.order} ${habit.why}`,
  };
}

function planText(fields: readonly string[], options: TimeOptions): TextTimes | undefined {
  const { order, isOrderOpen, why } = planOrder(fields, options);
  const times = fields.map((field) => parseClockTime(field, order));
  const share = shareOf(times, (time) => time !== undefined);
  if (share <= 0.5) return undefined;
  const told = times.filter((time) => time?.offsetMin !== undefined).length;
  const words = `${inWords(share, fields.length)} are times such as "${fields[times.findIndex(Boolean)]}"`;
  return {
    kind: "text",
    order,
    usesOrder: why !== "",
    isOrderOpen,
    tellsZone: told > 0 && told >= share * fields.length * 0.5,
    why: words + why,
  };
}

/** Decides from some fields of a column how its times are read; undefined where it holds no times. */
export function planTimes(
  sample: readonly string[],
  options: TimeOptions = {},
): TimePlan | undefined {
  const fields = sample.filter((field) => field !== "");
  const numbers = fields.map(parseNumberText).filter((value) => !Number.isNaN(value));
  const isNumeric = numbers.length * 2 > fields.length;
  const isCompact =
    options.timeUnit === undefined &&
    shareOf(fields, (field) => COMPACT.test(field) && isPlausible(field)) > 0.95;
  if (isNumeric && !isCompact) return planNumbers(numbers, options);
  return planText(fields, options);
}

/** True for digits that are a date between 1970 and 2100, such as 20120403. */
function isPlausible(field: string): boolean {
  const time = parseClockTime(field);
  return time !== undefined && time.localMs >= 0 && time.localMs < Date.UTC(2100, 0);
}

/** The guess in words for the page: value is the unit, or "text", or "text, day first". */
export function describeTimes(plan: TimePlan): Guess<string> {
  if (plan.kind === "number") return { value: plan.unit, why: plan.why };
  const order = plan.order === "day-first" ? "day first" : "month first";
  return { value: plan.usesOrder ? `text, ${order}` : "text", why: plan.why };
}

/** Refuses a column in which no times were found. */
export function badTimes(path: string, column: string, example: string): FootfallError {
  return new FootfallError(
    "bad-file",
    `${path}: column "${column}" holds times such as "${example}"; expected ISO 8601 text, a date with a clock, or Unix seconds, milliseconds or minutes`,
  );
}
