import { FootfallError } from "../../errors";
import { parseNumberText } from "./fields";
import type { Guess } from "./source";
import { planTimes } from "./time-plan";

/** What a point needs. */
export const ROLES = ["user", "time", "lat", "lng"] as const;
export type Role = (typeof ROLES)[number];

/** To be chosen as the user's column where every file is one user: the name of the file without its ending. */
export const USER_FROM_FILE = "(file name)";

/** Names that mean a role, without case and punctuation; the first one found wins. */
const ALIASES: Record<Role, readonly string[]> = {
  user: "user userid uid username deviceid device agentid agent personid person memberid member subject individuallocalidentifier taglocalidentifier vehicleid taxiid imei mmsi trackid maid adid sid stormid 用户 用户id ユーザー ユーザid nutzer benutzer usuario utilisateur id".split(
    " ",
  ),
  time: "utc utcapprox utctimestamp utctime timestamp timestamputc datetime isotime checkintime time t unixtime unix epoch ts localtime date timems tms tmin minutes 时间 时间戳 日時 時刻 zeit zeitstempel datum fechahora fecha hora horodatage".split(
    " ",
  ),
  lat: "lat latitude latdeg latitudedeg locationlat gpslat gpslatitude 纬度 緯度 breite breitengrad latitud".split(
    " ",
  ),
  lng: "lng lon long longitude lngdeg londeg longdeg longitudedeg locationlong gpslon gpslng gpslong gpslongitude 经度 経度 länge laenge längengrad longitud".split(
    " ",
  ),
};
/** What a sentence names of them. */
const WANTED: Record<Role, string> = {
  user: "user, user id, uid",
  time: "time, timestamp, utc",
  lat: "lat, latitude",
  lng: "lng, lon, longitude",
};
const DATE_ALIASES = "date day datum fecha 日付 日期".split(" ");
const OFFSET_ALIASES =
  "timezoneoffset utcoffset tzoffset gmtoffset timeoffset offsetmin offsetminutes".split(" ");

const ROLE_WORDS: Record<Role, string> = {
  user: "the user",
  time: "the time",
  lat: "the latitude",
  lng: "the longitude",
};

/** Part of a table, as text, by which its columns are told apart. */
export interface TableSample {
  path: string;
  names: readonly string[];
  /** True where `names` are the file's own. */
  hasHeader: boolean;
  rows: readonly (readonly string[])[];
  /** A column that holds both coordinates. */
  geometry?: string | undefined;
}

/** A column, by its place (-1: the name of the file), and why it was taken. */
export interface FoundColumn extends Guess<string> {
  index: number;
}

const simplify = (name: string): string =>
  name
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, "");

/** Name of a nested field without what it stands in: "location.lat" is "lat", too. */
const lastPart = (name: string): string => simplify(name.slice(name.lastIndexOf(".") + 1));

/** Places of the columns whose name is one of these, in the order of the aliases. */
export function findByName(names: readonly string[], aliases: readonly string[]): number[] {
  const whole = names.map(simplify);
  const last = names.map(lastPart);
  const places = aliases.flatMap((alias) => [whole.indexOf(alias), last.indexOf(alias)]);
  return [...new Set(places)].filter((at) => at >= 0);
}

/** Fields of one column. */
export const columnOf = (sample: TableSample, index: number): string[] =>
  sample.rows.map((row) => (row[index] ?? "").trim());

function findChosen(sample: TableSample, role: Role, chosen: string): FoundColumn {
  if (role === "user" && chosen === USER_FROM_FILE) {
    return { index: -1, value: chosen, why: "chosen" };
  }
  const index = sample.names.indexOf(chosen);
  if (index >= 0) return { index, value: chosen, why: "chosen" };
  throw new FootfallError(
    "missing-column",
    `${sample.path} has no column "${chosen}" for ${ROLE_WORDS[role]}; found: ${listNames(sample.names)}`,
  );
}

/** The first names, so that a sentence stays one. */
function listNames(names: readonly string[]): string {
  const shown = names.slice(0, 30).map((name) => (name === "" ? '""' : name));
  const more = names.length - shown.length;
  return more > 0 ? `${shown.join(", ")} and ${more.toLocaleString("en")} more` : shown.join(", ");
}

/** Says which column a table lacks. */
export function missingColumn(sample: TableSample, role: Role): FootfallError {
  const wanted = WANTED[role];
  const { path, names } = sample;
  const found = sample.hasHeader
    ? `found: ${listNames(names)}`
    : `found ${names.length} columns without names: choose one`;
  return new FootfallError(
    "missing-column",
    `${path} has no column for ${ROLE_WORDS[role]}; expected one named ${wanted} or alike, ${found}`,
  );
}

/** What the numbers of a column are like, for tables without names. */
interface Numbers {
  index: number;
  min: number;
  max: number;
}

/** Columns of degrees: nearly all fields are numbers within 180, most of them with decimals. */
function findDegrees(sample: TableSample): Numbers[] {
  return sample.names.flatMap((_, index) => {
    const fields = columnOf(sample, index).filter((field) => field !== "");
    const values = fields.map(parseNumberText).filter((value) => Math.abs(value) <= 180);
    const decimals = values.filter((value) => !Number.isInteger(value)).length;
    const isDegrees = values.length > 0.9 * fields.length && decimals > 0.5 * fields.length;
    if (!isDegrees) return [];
    return [{ index, min: Math.min(...values), max: Math.max(...values) }];
  });
}

function byValues(sample: TableSample, { index, min, max }: Numbers): FoundColumn {
  return { index, value: sample.names[index]!, why: `its values lie between ${min} and ${max}` };
}

/** Latitude and longitude of a table without names: two columns of degrees beside one another. */
function findPairByValues(sample: TableSample): { lat: FoundColumn; lng: FoundColumn } | undefined {
  const degrees = findDegrees(sample);
  const at = degrees.findIndex(({ index }, i) => degrees[i + 1]?.index === index + 1);
  const [first, second] = [degrees[at], degrees[at + 1]];
  if (!first || !second) return undefined;
  const isLngFirst = Math.max(-first.min, first.max) > 90;
  const [lat, lng] = isLngFirst ? [second, first] : [first, second];
  return { lat: byValues(sample, lat), lng: byValues(sample, lng) };
}

function findTimeByValues(sample: TableSample, taken: readonly number[]): FoundColumn | undefined {
  for (const [index, value] of sample.names.entries()) {
    const plan = taken.includes(index) ? undefined : planTimes(columnOf(sample, index));
    if (plan) return { index, value, why: plan.why };
  }
  return undefined;
}

/** The first column that is neither time nor place and never empty: tables name the user first. */
function findUserByPlace(sample: TableSample, taken: readonly number[]): FoundColumn | undefined {
  const index = sample.names.findIndex(
    (_, at) => !taken.includes(at) && columnOf(sample, at).every((field) => field !== ""),
  );
  if (index < 0) return undefined;
  return {
    index,
    value: sample.names[index]!,
    why: "the first column that is no time and no place",
  };
}

function guessByValues(sample: TableSample): Partial<Record<Role, FoundColumn | undefined>> {
  const pair = findPairByValues(sample);
  const places = pair ? [pair.lat.index, pair.lng.index] : [];
  const time = findTimeByValues(sample, places);
  const user = findUserByPlace(sample, time ? [...places, time.index] : places);
  return { ...pair, time, user };
}

/** Columns that may play a role, likeliest first; by their values only where the file names none. */
export function findCandidates(
  sample: TableSample,
  chosen: Partial<Record<Role, string | undefined>> = {},
): Record<Role, FoundColumn[]> {
  const byValue = sample.hasHeader ? {} : guessByValues(sample);
  const found = (role: Role): FoundColumn[] => {
    const name = chosen[role];
    if (name !== undefined) return [findChosen(sample, role, name)];
    const named = findByName(sample.names, ALIASES[role]).map((index) => {
      return { index, value: sample.names[index]!, why: "its name" };
    });
    const isPlace = role === "lat" || role === "lng";
    if (named.length === 0 && isPlace && sample.geometry !== undefined) {
      const index = sample.names.indexOf(sample.geometry);
      return [{ index, value: sample.geometry, why: "the file's column of points" }];
    }
    return [...named, ...(byValue[role] ? [byValue[role]] : [])];
  };
  return { user: found("user"), time: found("time"), lat: found("lat"), lng: found("lng") };
}

/** A column of days beside one of clocks without a day. */
export const findDateColumn = (names: readonly string[]): number | undefined =>
  findByName(names, DATE_ALIASES)[0];

/** A column that tells how far the local clock is ahead of UTC. */
export const findOffsetColumn = (names: readonly string[]): number | undefined =>
  findByName(names, OFFSET_ALIASES)[0];
