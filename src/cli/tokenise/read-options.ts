import { ROLES, type Role } from "../../core/data/read/columns";
import type { GridFrame, ReadOptions } from "../../core/data/read/source";
import { parseTimeText } from "../../core/data/read/times";
import { FootfallError } from "../../core/errors";
import type { CommandInput, CommandOption } from "../command";
import { textOption as text } from "../command";
import { choiceOf, textOf } from "../values";

type Values = CommandInput["values"];

/** The options on how files are read. */
export const READING: Record<string, CommandOption> = {
  format: text("NAME", "csv, tsv, parquet, gpx, ...: docs/data.md lists them", "guessed"),
  columns: text("LIST", "user=NAME,time=NAME,lat=NAME,lng=NAME, or some", "guessed"),
  delimiter: text("CHAR", "what stands between fields, or tab", "guessed"),
  "no-header": { type: "boolean", help: "the first row is data: column 1, column 2, ..." },
  "time-unit": text("UNIT", "seconds, milliseconds, microseconds, minutes, excel-days", "guessed"),
  "time-origin": text("TIME", "zero of a numeric time column", "1970-01-01"),
  "date-order": text("ORDER", "day-first or month-first, for dates such as 03/04/2012", "guessed"),
  "times-zone": text("ZONE", "zone of times that do not tell theirs", "--zone, or UTC"),
  swapped: { type: "boolean", help: "latitude and longitude stand in each other's column" },
  "user-from": text("WHAT", "file or folder: who a file without users is about", "file"),
  frame: text("LAT,LNG,M", "north-west corner and cell size of a grid without places"),
  "frame-day": text("DATE", "day 0 of such a grid"),
  box: text("S,W,N,E", "degrees that normalised coordinates span"),
};

const TIME_UNITS = [
  "seconds",
  "milliseconds",
  "microseconds",
  "nanoseconds",
  "minutes",
  "excel-days",
] as const satisfies readonly NonNullable<ReadOptions["timeUnit"]>[];

/** "user=who,lat=y" as the names of columns. */
function readColumns(text: string | undefined): Partial<Record<Role, string>> | undefined {
  if (text === undefined) return undefined;
  const columns: Partial<Record<Role, string>> = {};
  for (const part of text.split(",")) {
    const [role, name] = part.split("=", 2);
    const known = ROLES.find((candidate) => candidate === role?.trim());
    if (!known || !name) {
      throw new FootfallError(
        "bad-input",
        `--columns ${text}: expected ${ROLES.map((r) => `${r}=NAME`).join(",")}, or some of these`,
      );
    }
    columns[known] = name.trim();
  }
  return columns;
}

function readTime(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const timeMs = parseTimeText(text);
  if (!Number.isNaN(timeMs)) return timeMs;
  throw new FootfallError("bad-input", `--${name} ${text}: expected ISO 8601, such as 2012-04-03`);
}

/** Numbers with commas between, as many as there are words for them. */
function readNumbers(values: Values, name: string, words: readonly string[]): number[] | undefined {
  const text = textOf(values, name);
  if (text === undefined) return undefined;
  const numbers = text.split(",").map((part) => (part.trim() === "" ? NaN : Number(part)));
  if (numbers.length === words.length && numbers.every(Number.isFinite)) return numbers;
  throw new FootfallError("bad-input", `--${name} ${text}: expected ${words.join(",")}`);
}

function readFrame(values: Values): GridFrame | undefined {
  const numbers = readNumbers(values, "frame", ["LAT", "LNG", "METRES"]);
  const dayZeroMs = readTime("frame-day", textOf(values, "frame-day"));
  if (numbers === undefined && dayZeroMs === undefined) return undefined;
  if (numbers === undefined || dayZeroMs === undefined) {
    throw new FootfallError(
      "bad-input",
      "a grid is laid by both --frame LAT,LNG,METRES (its north-west corner) and --frame-day DATE (its day 0)",
    );
  }
  const [lat, lng, cellM] = numbers as [number, number, number];
  return { lat, lng, cellM, dayZeroMs };
}

function readDelimiter(values: Values, isTsv: boolean): string | undefined {
  const text = textOf(values, "delimiter");
  if (text === undefined) return isTsv ? "\t" : undefined;
  const mark = text === "tab" || text === "\\t" ? "\t" : text;
  if (mark.length === 1) return mark;
  throw new FootfallError("bad-input", `--delimiter ${text}: expected one character, or tab`);
}

/** Reads the options on how files are read; what is not said is guessed. Throws "bad-input". */
export function readReadOptions(values: Values): ReadOptions {
  const format = textOf(values, "format");
  const isTsv = format === "tsv";
  const box = readNumbers(values, "box", ["SOUTH", "WEST", "NORTH", "EAST"]);
  const options: ReadOptions = {
    format: isTsv ? "csv" : format,
    columns: readColumns(textOf(values, "columns")),
    delimiter: readDelimiter(values, isTsv),
    hasHeader: values["no-header"] === true ? false : undefined,
    timeUnit: choiceOf(values, "time-unit", TIME_UNITS),
    timeOriginMs: readTime("time-origin", textOf(values, "time-origin")),
    dateOrder: choiceOf(values, "date-order", ["day-first", "month-first"]),
    zone: textOf(values, "times-zone") ?? textOf(values, "zone"),
    swapped: values.swapped === true ? true : undefined,
    userFrom: choiceOf(values, "user-from", ["file", "folder"]),
    frame: readFrame(values),
    box: box as ReadOptions["box"],
  };
  // what is not said is left to the guess
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
