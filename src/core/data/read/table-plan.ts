import type { FootfallError } from "../../errors";
import {
  columnOf,
  findCandidates,
  findDateColumn,
  findOffsetColumn,
  missingColumn,
  USER_FROM_FILE,
  type FoundColumn,
  type Role,
  type TableSample,
} from "./columns";
import { parseNumberText } from "./fields";
import { userOf } from "./formats/file-user";
import type { Guess, ReadOptions } from "./source";
import { badTimes, planTimes, describeTimes, type TimePlan } from "./time-plan";
import { openZone, type Zone } from "../zones";

/** How a column of offsets is read. */
export interface OffsetColumn extends Guess<string> {
  index: number;
  /** Minutes in one of its units. */
  minutes: number;
}

/** Which column means what, and how it is read; roles without a column are undefined. */
export interface TablePlan {
  sample: TableSample;
  roles: Record<Role, FoundColumn | undefined>;
  times: TimePlan | undefined;
  /** Place of a column of days that stands beside the one of clocks; -1 without. */
  dateIndex: number;
  offset: OffsetColumn | undefined;
  /** Zone of times that do not tell theirs; undefined where they are UTC. */
  zone: Zone | undefined;
  /** True where the offset column says how far the times that were read are ahead of UTC. */
  isLocalByOffset: boolean;
  swapped: boolean;
  looksSwapped: boolean;
  /** The user of all rows where no column tells it. */
  fileUser: string;
}

interface ChosenTimes {
  time: FoundColumn | undefined;
  times: TimePlan | undefined;
  dateIndex: number;
}

const CLOCK_ONLY = /^\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s*[ap]m)?$/i;

/** Fields of a time column, together with the day of another column where they are clocks only. */
function timeFields(sample: TableSample, index: number): { fields: string[]; dateIndex: number } {
  const fields = columnOf(sample, index);
  const isClock = fields.length > 0 && fields.every((text) => text === "" || CLOCK_ONLY.test(text));
  const dateIndex = isClock ? (findDateColumn(sample.names) ?? -1) : -1;
  if (dateIndex < 0) return { fields, dateIndex };
  const days = columnOf(sample, dateIndex);
  return { fields: fields.map((clock, i) => `${days[i]} ${clock}`), dateIndex };
}

/** The first column named like a time that holds times; minutes since an unknown day are passed over. */
function chooseTimes(
  sample: TableSample,
  candidates: readonly FoundColumn[],
  options: ReadOptions,
): ChosenTimes {
  for (const time of candidates) {
    const { fields, dateIndex } = timeFields(sample, time.index);
    const times = planTimes(fields, options);
    if (times) return { time, times, dateIndex };
  }
  return { time: candidates[0], times: undefined, dateIndex: -1 };
}

/** Minutes in one unit of an offset column: hours up to 14, seconds from 900 on, else minutes. */
function planOffset(sample: TableSample): OffsetColumn | undefined {
  const index = findOffsetColumn(sample.names);
  if (index === undefined) return undefined;
  const values = columnOf(sample, index).map(parseNumberText).filter(Number.isFinite);
  if (values.length === 0) return undefined;
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const minutes = largest <= 14 ? 60 : largest < 900 ? 1 : 1 / 60;
  const unit = minutes === 60 ? "hours" : minutes === 1 ? "minutes" : "seconds";
  const value = sample.names[index]!;
  return { index, minutes, value, why: `its name; the numbers, up to ${largest}, are ${unit}` };
}

/** True where the latitudes are too large to be any and would do as longitudes. */
function findSwapped(sample: TableSample, lat: FoundColumn, lng: FoundColumn): boolean {
  if (lat.index === lng.index) return false;
  const lats = columnOf(sample, lat.index).map(parseNumberText);
  const lngs = columnOf(sample, lng.index).map(parseNumberText);
  const count = lats.filter((value, i) => {
    return Math.abs(value) > 90 && Math.abs(value) <= 180 && Math.abs(lngs[i]!) <= 90;
  }).length;
  return count * 2 > sample.rows.length;
}

const FILE_AS_USER: FoundColumn = { index: -1, value: USER_FROM_FILE, why: "no column names it" };

const isText = (times: TimePlan | undefined): boolean => times?.kind === "text";

/** True where the clock of the times is to be told by a zone or an offset. */
export const needsZone = (times: TimePlan | undefined): boolean =>
  times?.kind === "text" ? !times.tellsZone : times?.unit === "excel-days";

/** Decides what the columns of a table mean. Throws "missing-column" where a chosen one does not exist. */
export function planTable(sample: TableSample, options: ReadOptions = {}): TablePlan {
  const candidates = findCandidates(sample, options.columns);
  const { time, times, dateIndex } = chooseTimes(sample, candidates.time, options);
  const roles = {
    user: candidates.user[0] ?? (options.userFrom ? FILE_AS_USER : undefined),
    time,
    lat: candidates.lat[0],
    lng: candidates.lng[0],
  };
  const offset = planOffset(sample);
  const zone = options.zone === undefined ? undefined : openZone(options.zone);
  const isUtc = zone !== undefined && zone.offsetAt(0) === 0 && /^(utc|gmt|z)$/i.test(zone.name);
  const looksSwapped = Boolean(roles.lat && roles.lng && findSwapped(sample, roles.lat, roles.lng));
  return {
    sample,
    roles,
    times,
    dateIndex,
    offset,
    zone: isUtc ? undefined : zone,
    isLocalByOffset:
      offset !== undefined && !zone && needsZone(times) && /local/i.test(time?.value ?? ""),
    swapped: options.swapped ?? false,
    looksSwapped,
    fileUser: userOf(sample.path, options),
  };
}

function refusal({ sample, roles, times }: TablePlan): FootfallError | undefined {
  for (const role of ["user", "lat", "lng", "time"] as const) {
    if (!roles[role]) return missingColumn(sample, role);
  }
  if (times) return undefined;
  const example = columnOf(sample, roles.time!.index).find((field) => field !== "") ?? "";
  return badTimes(sample.path, roles.time!.value, example);
}

/** Throws "missing-column" or "bad-file" where points cannot be read with this plan. */
export function checkPlan(plan: TablePlan): void {
  const error = refusal(plan);
  if (error) throw error;
}

/** The same refusal as a sentence; undefined where all is well. */
export const problemOf = (plan: TablePlan): string | undefined => refusal(plan)?.message;

/** Says where the zone of the times comes from. */
export function describeZone(plan: TablePlan): Guess<string> | undefined {
  const { times, zone, offset, roles } = plan;
  if (!times) return undefined;
  if (zone && needsZone(times)) return { value: zone.name, why: "chosen" };
  if (!needsZone(times)) {
    const why = isText(times) ? "the times tell their zone" : "counted from 1970 in UTC";
    return { value: "UTC", why };
  }
  if (plan.isLocalByOffset) return { value: `column ${offset!.value}`, why: offset!.why };
  const isNamed = /utc|gmt/i.test(roles.time?.value ?? "");
  return { value: "UTC", why: isNamed ? "the column's name" : "the times do not tell theirs" };
}

/** The times in words, with the day's column where there is one. */
export function describePlanTimes({
  times,
  dateIndex,
  sample,
}: TablePlan): Guess<string> | undefined {
  if (!times) return undefined;
  const { value, why } = describeTimes(times);
  return dateIndex < 0
    ? { value, why }
    : { value, why: `${why}, days of ${sample.names[dateIndex]}` };
}
