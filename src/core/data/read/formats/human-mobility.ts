import { FootfallError } from "../../../errors";
import type {
  FoundPoint,
  GridFrame,
  PointFormat,
  PointSink,
  ReadOptions,
  SourceFile,
} from "../source";
import { openZone } from "../../zones";
import { createTextFormat, headText, LineParser, OPEN_LINE, type TextParser } from "./text-format";

const HEADER = "uid,d,t,x,y";
const SLOT_MS = 30 * 60_000;
const SLOTS = 48;
const DAY_MS = 24 * 60 * 60_000;
/** One degree of latitude on the sphere of H3, radius 6,371,007 m. */
const DEGREE_M = (6_371_007.180918475 * Math.PI) / 180;

/**
 * In the open South Atlantic, where nobody lives: a place that nobody takes for the true one. Its clock by
 * longitude is UTC, so that the data's own clock is kept. Day 0 is a Monday; which weekday it was is not told.
 */
const NOWHERE: GridFrame = { lat: -30, lng: 0.5, cellM: 500, dayZeroMs: Date.UTC(2001, 0, 1) };

/** A field that is a whole number; else NaN. */
const wholeOf = (field: string): number => (/^-?\d+$/.test(field) ? Number(field) : NaN);

/** Middle of the grid's cell x, y, counted from 1 at the north-west corner; each cell is cellM wide. */
function place({ lat, lng, cellM }: GridFrame, x: number, y: number, point: FoundPoint): void {
  point.lat = lat - ((y - 0.5) * cellM) / DEGREE_M;
  const lngDeg = lng + ((x - 0.5) * cellM) / (DEGREE_M * Math.cos((point.lat * Math.PI) / 180));
  point.lng = lngDeg > 180 ? lngDeg - 360 : lngDeg;
}

/** Why a row is no location, or undefined. */
function whyNot([day, slot, x, y]: readonly number[], fields: number): string | undefined {
  if (fields !== 5) return "not the five fields uid, d, t, x, y";
  if (x === -999 || y === -999) return "a place that the data set hides (-999)";
  if (!(day! >= 0) || !(slot! >= 0 && slot! < SLOTS)) return "no day, or a slot outside 0 to 47";
  if (!(x! >= 0 && y! >= 0)) return "a grid position that is no whole number from 0 on";
  return undefined;
}

/** Times on the data's own clock become UTC by the zone; the file tells the clock, wherever the grid lies. */
function openGrid({ path }: SourceFile, options: ReadOptions, sink: PointSink): TextParser {
  const frame = options.frame ?? NOWHERE;
  const zone = openZone(options.zone ?? "UTC");
  const point: FoundPoint = { user: "", timeMs: NaN, lat: NaN, lng: NaN };
  const takeRow = (line: string, number: number): void => {
    const fields = line.split(",");
    const numbers = fields.slice(1).map(wholeOf);
    const why = whyNot(numbers, fields.length);
    if (why !== undefined) return sink.reject(why, number);
    const [day, slot, x, y] = numbers as [number, number, number, number];
    const localMs = frame.dayZeroMs + day * DAY_MS + slot * SLOT_MS;
    point.user = fields[0]!;
    point.offsetMin = zone.offsetAtLocal(localMs);
    point.timeMs = localMs - point.offsetMin * 60_000;
    place(frame, x, y, point);
    sink.add(point, number);
  };
  return new LineParser(path, (line, number, isOpen) => {
    if (number === 1 && line.toLowerCase() === HEADER) return;
    if (number === 1 && line.split(",").length !== 5) throw notGrid(path);
    if (isOpen) sink.reject(OPEN_LINE, number);
    else if (line !== "") takeRow(line, number);
  });
}

function notGrid(path: string): FootfallError {
  return new FootfallError("bad-file", `${path} does not begin with the header ${HEADER}`);
}

function frameWarning(_file: SourceFile, { frame }: ReadOptions): string[] {
  const where = frame
    ? `laid on the frame you chose (north-west corner ${frame.lat}, ${frame.lng})`
    : "laid into the open South Atlantic";
  return [
    `Not the true place: the city of this grid is secret. Its cells are ${where}; choose a frame to lay them elsewhere, and compare nothing with a map of that place.`,
    "Not the true days either: day 0 is taken as a Monday; which day it was is not told.",
  ];
}

/** YJMob100K and the HuMob challenges: user, day, half-hour slot and cell of a grid whose place is secret. */
export const humanMobility: PointFormat = createTextFormat({
  id: "human-mobility",
  title: "YJMob100K, HuMob (grid)",
  why: `its header is ${HEADER}`,
  time: { value: "day and half-hour slot", why: "columns d and t, from the frame's day 0 on" },
  zone: ({ zone }) =>
    zone === undefined
      ? { value: "UTC", why: "the data's own clock is taken as UTC, so that its hours stay" }
      : { value: zone, why: "chosen" },
  columns: HEADER.split(","),
  split: (line) => line.split(","),
  headerLines: 1,
  warnings: frameWarning,
  matches: (_path, head) => /^uid,d,t,x,y\r?$/im.exec(headText(head, 64))?.index === 0,
  open: (file, options, sink) => openGrid(file, options, sink),
});
