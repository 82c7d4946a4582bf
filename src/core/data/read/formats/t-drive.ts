import type { FoundPoint, PointFormat, PointSink, SourceFile } from "../source";
import { createDateTimeReader } from "./date-time";
import { stemOf } from "./file-user";
import { createTextFormat, headText, LineParser, OPEN_LINE, type TextParser } from "./text-format";

/** Beijing has had no summer time since 1991. */
const BEIJING_MIN = 8 * 60;
const LINE = /^(\d+),\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,-?\d+(\.\d+)?,-?\d+(\.\d+)?\r?$/m;

function openTDrive({ path }: SourceFile, sink: PointSink): TextParser {
  const readTime = createDateTimeReader();
  const point: FoundPoint = { user: "", timeMs: NaN, lat: NaN, lng: NaN, offsetMin: BEIJING_MIN };
  return new LineParser(path, (line, number, isOpen) => {
    if (line === "") return;
    if (isOpen) return sink.reject(OPEN_LINE, number);
    const [user = "", time = "", lng = "", lat = "", ...more] = line.split(",");
    if (lat === "" || more.length > 0) return sink.reject("not the four fields of T-Drive", number);
    point.user = user;
    point.timeMs = readTime(time.slice(0, 10), time.slice(11)) - BEIJING_MIN * 60_000;
    point.lat = Number(lat);
    point.lng = Number(lng);
    sink.add(point, number);
  });
}

/** T-Drive: a text file a taxi, named by its number: taxi id, date time, longitude, latitude. */
export const tDrive: PointFormat = createTextFormat({
  id: "t-drive",
  title: "T-Drive (Beijing taxis, txt)",
  why: "lines of taxi, date time, longitude, latitude in a file named by the taxi's number",
  time: { value: "date and time of day", why: "second field of each line" },
  zone: () => ({ value: "+08:00", why: "T-Drive's times are Beijing's own" }),
  columns: ["taxi", "time", "longitude", "latitude"],
  split: (line) => line.split(","),
  matches: (path, head) => LINE.exec(headText(head, 256))?.[1] === stemOf(path),
  open: (file, _options, sink) => openTDrive(file, sink),
});
