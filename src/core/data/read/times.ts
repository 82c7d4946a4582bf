import { parseClockTime } from "./time-text";

/** What a number in a time column counts. "excel-days" are days since 1899-12-30, with the time as fraction. */
export type TimeUnit =
  "seconds" | "milliseconds" | "microseconds" | "nanoseconds" | "minutes" | "excel-days";

/** Milliseconds in one of each unit. */
const UNIT_MS: Record<TimeUnit, number> = {
  seconds: 1000,
  milliseconds: 1,
  microseconds: 1e-3,
  nanoseconds: 1e-6,
  minutes: 60_000,
  "excel-days": 86_400_000,
};

/** Day 0 of Excel, as its days count for all dates since March 1900. */
const EXCEL_ZERO_MS = Date.UTC(1899, 11, 30);

/** Units and the numbers that fit them: all of the years 1973 to 2200, without overlap. */
const UNIT_RANGES: { unit: TimeUnit; from: number; to: number }[] = [
  { unit: "minutes", from: 1.6e6, to: 9.9e7 },
  { unit: "seconds", from: 9.9e7, to: 7.3e9 },
  { unit: "milliseconds", from: 9.9e10, to: 7.3e12 },
  { unit: "microseconds", from: 9.9e13, to: 7.3e15 },
  { unit: "nanoseconds", from: 9.9e16, to: 7.3e18 },
];
/** 1973 to 2100 in Excel's days; whole numbers of this size may count anything. */
const EXCEL_DAYS = { from: 26_665, to: 73_051 };

/** Text of any form that `parseClockTime` knows as milliseconds; UTC without a zone; NaN where it is no time. */
export function parseTimeText(text: string): number {
  const time = parseClockTime(text);
  return time ? time.localMs - (time.offsetMin ?? 0) * 60_000 : NaN;
}

/** The unit that fits the middle one of some numbers; undefined where none does. */
export function guessTimeUnit(values: readonly number[]): TimeUnit | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? NaN;
  const fits = ({ from, to }: { from: number; to: number }) => median >= from && median < to;
  const broken = values.filter((value) => !Number.isInteger(value)).length;
  if (fits(EXCEL_DAYS) && broken * 2 > values.length) return "excel-days";
  return UNIT_RANGES.find(fits)?.unit;
}

/** A number of a unit as milliseconds since 1970, rounded; counted from `originMs` where one is given. */
export function toTimeMs(value: number, unit: TimeUnit, originMs?: number): number {
  const zeroMs = originMs ?? (unit === "excel-days" ? EXCEL_ZERO_MS : 0);
  return zeroMs + Math.round(value * UNIT_MS[unit]);
}
