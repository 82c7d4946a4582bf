import { FootfallError } from "../../../errors";
import type { FoundPoint, PointFormat, PointSink, SourceFile } from "../source";
import { createDateTimeReader } from "./date-time";
import { stemOf } from "./file-user";
import {
  createTextFormat,
  headText,
  LineParser,
  OPEN_LINE,
  type LineReader,
  type TextParser,
} from "./text-format";

const FIRST_LINE = "Geolife trajectory";
const LABELS_HEADER = "Start Time\tEnd Time\tTransportation Mode";
const HEADER_LINES = 6;

/** The number of the folder above Trajectory/ and beside labels.txt; without folders the file's own name. */
function userOf(path: string): string {
  const folders = path.split("/").slice(0, -1);
  return folders.findLast((name) => name !== "Trajectory") ?? stemOf(path);
}

/** lat,lng,0,altitude in feet,days since 1899-12-30,date,time */
function createPointReader(user: string, sink: PointSink): LineReader {
  const readTime = createDateTimeReader();
  const point: FoundPoint = { user, timeMs: NaN, lat: NaN, lng: NaN };
  return (line, number) => {
    const fields = line.split(",");
    if (fields.length !== 7) return sink.reject("not the seven fields of GeoLife", number);
    point.lat = Number.parseFloat(fields[0]!);
    point.lng = Number.parseFloat(fields[1]!);
    point.timeMs = readTime(fields[5]!, fields[6]!);
    sink.add(point, number);
  };
}

/** Start, end and means of transport, with tabs between. */
function createLabelReader(user: string, sink: PointSink): LineReader {
  const readTime = createDateTimeReader();
  const readStamp = (text = ""): number => readTime(text.slice(0, 10), text.slice(11));
  return (line, number, isOpen) => {
    if (isOpen) return sink.reject(OPEN_LINE, number);
    const [from, to, label = ""] = line.split("\t");
    const [fromMs, toMs] = [readStamp(from), readStamp(to)];
    if (fromMs <= toMs && label !== "") sink.label(user, fromMs, toMs, label);
    else sink.reject("a label without a start, an end and a name", number);
  };
}

function openGeoLife({ path }: SourceFile, sink: PointSink): TextParser {
  let read: LineReader | undefined;
  let firstRow = 0;
  return new LineParser(path, (line, number, isOpen) => {
    if (number === 1) {
      const isLabels = line.startsWith(LABELS_HEADER);
      if (!isLabels && !line.startsWith(FIRST_LINE)) throw notGeoLife(path);
      const create = isLabels ? createLabelReader : createPointReader;
      read = create(userOf(path), sink);
      firstRow = isLabels ? 2 : HEADER_LINES + 1;
    }
    if (number >= firstRow && line !== "") read!(line, number, isOpen);
  });
}

function notGeoLife(path: string): FootfallError {
  const expected = `a .plt file that begins with "${FIRST_LINE}" or a labels.txt of that data set`;
  return new FootfallError("bad-file", `${path} is not of GeoLife; expected ${expected}`);
}

/** GeoLife 1.3 as Microsoft Research gives it: a folder a user, a .plt file a trip, labels.txt beside. */
export const geoLife: PointFormat = createTextFormat({
  id: "geolife",
  title: "GeoLife (plt, labels.txt)",
  why: `its first line is "${FIRST_LINE}" or the header of labels.txt`,
  time: { value: "date and time of day", why: "fields 6 and 7 of each line" },
  zone: () => ({ value: "UTC", why: "GeoLife's times are GMT, those of the labels too" }),
  columns: [
    "latitude",
    "longitude",
    "0",
    "altitude (feet)",
    "days since 1899-12-30",
    "date",
    "time",
  ],
  split: (line) => line.split(","),
  headerLines: HEADER_LINES,
  matches: (_path, head) => {
    const text = headText(head, 64);
    return text.startsWith(FIRST_LINE) || text.startsWith(LABELS_HEADER);
  },
  open: (file, _options, sink) => openGeoLife(file, sink),
});
