import { FootfallError } from "../errors";
import {
  createNumberTimeReader,
  guessTimeUnit,
  parseTimeText,
  type TimeReader,
  type TimeUnit,
} from "./times";

/** What a point needs. */
export const ROLES = ["user", "time", "lat", "lng"] as const;
export type Role = (typeof ROLES)[number];

/** Names that mean a role, without case and punctuation; the first one found wins. */
const ALIASES: Record<Role, readonly string[]> = {
  user: "user userid uid username deviceid device agentid agent personid person memberid subject id".split(
    " ",
  ),
  time: "utc utcapprox utctimestamp utctime timestamp timestamputc datetime time t unixtime unix ts checkintime localtime date tms ts timems tmin minutes".split(
    " ",
  ),
  lat: "lat latitude latdeg latitudedeg".split(" "),
  lng: "lng lon long longitude lngdeg londeg longitudedeg".split(" "),
};

const ROLE_WORDS: Record<Role, string> = {
  user: "the user",
  time: "the time",
  lat: "the latitude",
  lng: "the longitude",
};

export interface ColumnOptions {
  /** Names of columns where guessing is wrong. */
  columns?: Partial<Record<Role, string>>;
  /** Unit of a numeric time column; default guessed by its range. */
  timeUnit?: TimeUnit | undefined;
  /** Zero of a numeric time column, in milliseconds since 1970; default 0. */
  timeOriginMs?: number | undefined;
}

/** Which column means what, and how its times are read. */
export interface ColumnPlan {
  names: Record<Role, string>;
  index: Record<Role, number>;
  readTime: TimeReader;
  /** "text" or the unit of the numbers, for the report. */
  timeForm: "text" | TimeUnit;
}

const simplify = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");

function missing(file: string, role: Role, header: readonly string[]): FootfallError {
  const found = header.map((name) => (name === "" ? '""' : name)).join(", ");
  return new FootfallError(
    "missing-column",
    `${file} has no column for ${ROLE_WORDS[role]}; expected one named ${ALIASES[role].slice(0, 3).join(", ")} or alike, found: ${found}`,
  );
}

/** Positions of the columns that may play a role, likeliest first. */
function findCandidates(
  file: string,
  header: readonly string[],
  role: Role,
  chosen: string | undefined,
): number[] {
  if (chosen !== undefined) {
    const at = header.indexOf(chosen);
    if (at >= 0) return [at];
    throw new FootfallError(
      "missing-column",
      `${file} has no column "${chosen}" for ${ROLE_WORDS[role]}; found: ${header.join(", ")}`,
    );
  }
  const names = header.map(simplify);
  const found = ALIASES[role].map((alias) => names.indexOf(alias)).filter((at) => at >= 0);
  if (found.length === 0) throw missing(file, role, header);
  return found;
}

type TimePlan = Pick<ColumnPlan, "readTime" | "timeForm">;

function planTime(fields: readonly string[], options: ColumnOptions): TimePlan | undefined {
  const { timeUnit, timeOriginMs } = options;
  const present = fields.filter((field) => field !== "");
  const numbers = present.map(Number).filter((value) => !Number.isNaN(value));
  if (numbers.length * 2 > present.length) {
    const unit = timeUnit ?? guessTimeUnit(numbers);
    if (unit === undefined) return undefined;
    return { readTime: createNumberTimeReader(unit, timeOriginMs), timeForm: unit };
  }
  const read = present.filter((field) => !Number.isNaN(parseTimeText(field))).length;
  return read * 2 > present.length ? { readTime: parseTimeText, timeForm: "text" } : undefined;
}

/**
 * Decides from the header and some rows which column is the user, the time, the latitude and the longitude.
 * A column of minutes since an unknown day is passed over where another column tells the time.
 * Throws "missing-column" naming the columns found, or "bad-file" for times that fit no clock.
 */
export function planColumns(
  file: string,
  header: readonly string[],
  sample: readonly (readonly string[])[],
  options: ColumnOptions = {},
): ColumnPlan {
  const candidates = (role: Role) => findCandidates(file, header, role, options.columns?.[role]);
  const [user, lat, lng] = [candidates("user")[0]!, candidates("lat")[0]!, candidates("lng")[0]!];
  const times = candidates("time");
  for (const time of times) {
    const fields = sample.map((row) => row[time] ?? "");
    const plan = planTime(fields, options);
    if (!plan && sample.length > 0) continue;
    const index = { user, time, lat, lng };
    const names = {
      user: header[user]!,
      time: header[time]!,
      lat: header[lat]!,
      lng: header[lng]!,
    };
    return { index, names, ...(plan ?? { readTime: parseTimeText, timeForm: "text" }) };
  }
  const column = header[times[0]!]!;
  const example = sample[0]?.[times[0]!] ?? "";
  throw new FootfallError(
    "bad-file",
    `${file}: column "${column}" holds times such as "${example}"; expected ISO 8601 text or Unix seconds, milliseconds or minutes`,
  );
}
