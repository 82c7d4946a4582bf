import type { Holiday } from "../../core/data/holidays";
import { STAY_RULES, type StayRule } from "../../core/data/rules";
import { WINDOW_KINDS } from "../../core/data/windows";
import { FootfallError } from "../../core/errors";
import { DEFAULT_IMPORT, type CalendarChoice, type ImportRules } from "../../core/job/import-rules";
import type { RulesJob } from "../../core/job/rules";
import { stepKind } from "../step-kind";
import type { FilesSpec } from "./files";

/** The page says of every import which days are off, if only that nobody knows. */
export type RulesSpec = ImportRules & { calendar: CalendarChoice };

/** Least and most of every number, wherever it stands. */
const RANGES: Record<string, readonly [least: number, most: number]> = {
  resolution: [5, 10],
  windowMin: [0, 1440],
  radiusM: [1, 100_000],
  minMin: [0, 10_080],
  maxGapMin: [1, 525_600],
  intervalMin: [1, 1440],
  maxPoints: [2, 100_000],
  minCheckIns: [1, 1e6],
  minCells: [1, 1e6],
  speedKmh: [1, 1e6],
};

const FILLS: readonly unknown[] = ["hold", "linear", "drop"];

/** Shortest reason that says something. */
const REASON_LETTERS = 3;

function fail(name: string, expected: string, came: unknown): never {
  throw new FootfallError(
    "bad-input",
    `rules step: ${name} is ${JSON.stringify(came)}; expected ${expected}`,
  );
}

function checkNumbers(record: object): void {
  for (const [name, value] of Object.entries(record)) {
    const range = RANGES[name];
    if (range === undefined || value === undefined) continue;
    const [least, most] = range;
    if (typeof value !== "number" || !(value >= least && value <= most)) {
      fail(name, `a number from ${least} to ${most}`, value);
    }
  }
}

function checkStays(stays: StayRule): void {
  if (!(stays.kind in STAY_RULES)) fail("stays", Object.keys(STAY_RULES).join(", "), stays);
  checkNumbers(stays);
  if (stays.kind === "resample" && !FILLS.includes(stays.fill)) {
    fail("fill", "hold, linear or drop", stays.fill);
  }
}

const isDate = (date: unknown): boolean =>
  typeof date === "string" &&
  /^\d{4}-\d\d-\d\d$/.test(date) &&
  !Number.isNaN(Date.parse(`${date}T00:00:00Z`));

const isWeekday = (day: unknown): boolean =>
  Number.isInteger(day) && Number(day) >= 1 && Number(day) <= 7;

function checkCalendar(calendar: unknown): void {
  if (calendar === "guess" || calendar === "none") return;
  const { country, weekend, added, removed } = Object(calendar) as Record<string, unknown>;
  const isListOf = (list: unknown, fits: (item: unknown) => boolean): boolean =>
    list === undefined || (Array.isArray(list) && list.every(fits));
  const isHoliday = (day: unknown): boolean =>
    isDate((day as Holiday | null)?.date) && typeof (day as Holiday).name === "string";
  const isRight =
    typeof country === "string" &&
    isListOf(weekend, isWeekday) &&
    isListOf(added, isHoliday) &&
    isListOf(removed, isDate);
  if (isRight) return;
  fail(
    "calendar",
    '"guess", "none" or a country with weekend (1 to 7), added and removed days (2023-05-03)',
    calendar,
  );
}

function toSpec(authored: Record<string, unknown>): RulesSpec {
  const spec: RulesSpec = { ...DEFAULT_IMPORT, calendar: "guess", ...authored };
  checkNumbers(spec);
  checkStays(spec.stays);
  checkNumbers(spec.drop);
  if (!WINDOW_KINDS.includes(spec.window)) fail("window", WINDOW_KINDS.join(", "), spec.window);
  checkCalendar(spec.calendar);
  const { keepUsers } = spec;
  if (keepUsers !== undefined && keepUsers.trim().length < REASON_LETTERS) {
    fail("keepUsers", "a reason in words, or nothing", keepUsers);
  }
  return spec;
}

export const rulesKind = stepKind<RulesSpec, RulesJob>({
  kind: "rules",
  inputs: { files: "files" },
  cost: "cheap",
  toSpec,
  toJob: (rules, inputs, context) => {
    const { files, read } = inputs["files"] as FilesSpec;
    return { kind: "rules", files: context.filesOf(files), read, rules };
  },
});
