import { FootfallError } from "../../../errors";
import type { FoundPoint, PointFormat, PointSink, SourceFile } from "../source";
import { createTextFormat, headText, LineParser, type TextParser } from "./text-format";

/** Seconds between two points of a trip (Moreira-Matias et al., ECML/PKDD 2015). */
const STEP_MS = 15_000;
const NEEDED = ["TAXI_ID", "TIMESTAMP", "MISSING_DATA", "POLYLINE"] as const;

type Columns = Record<(typeof NEEDED)[number], number>;

/** Fields of a row; only the last one, POLYLINE, has commas in it. */
function splitTrip(line: string): string[] {
  const from = line.indexOf("[");
  const fields = (from < 0 ? line : line.slice(0, from)).split(",");
  if (from >= 0) fields.push(fields.pop()!.replace('"', "") + line.slice(from).replace(/"$/, ""));
  return fields.map((field) => field.replaceAll('"', "").trim());
}

function findColumns(path: string, header: string): Columns {
  const names = splitTrip(header);
  const missing = NEEDED.find((name) => !names.includes(name));
  if (missing === undefined && names.at(-1) === "POLYLINE") {
    return Object.fromEntries(NEEDED.map((name) => [name, names.indexOf(name)])) as Columns;
  }
  throw new FootfallError(
    "missing-column",
    `${path} has no column ${missing ?? "POLYLINE at its end"} of Porto's train.csv; found: ${names.join(", ")}`,
  );
}

/** [longitude, latitude] of each point; undefined where the text is something else. */
function parsePolyline(text: string): [number, number][] | undefined {
  try {
    const places: unknown = JSON.parse(text);
    const isNumber = (value: unknown) => typeof value === "number";
    const isPair = (place: unknown) =>
      Array.isArray(place) && place.length === 2 && place.every(isNumber);
    return Array.isArray(places) && places.every(isPair)
      ? (places as [number, number][])
      : undefined;
  } catch {
    return undefined;
  }
}

/** One trip a line: its points stand 15 s apart, the first one at TIMESTAMP. */
function readTrip(
  fields: readonly string[],
  columns: Columns,
  sink: PointSink,
  line: number,
): void {
  if (fields.length <= columns.POLYLINE) return sink.reject("a trip with too few fields", line);
  if (fields[columns.MISSING_DATA]!.toLowerCase() !== "false") {
    return sink.reject(
      "MISSING_DATA is True: points are missing, so no point has a sure time",
      line,
    );
  }
  const places = parsePolyline(fields[columns.POLYLINE]!);
  if (!places) return sink.reject("a POLYLINE that is no list of [longitude, latitude]", line);
  if (places.length === 0) return sink.reject("a trip without a point: POLYLINE is []", line);
  const seconds = Number(fields[columns.TIMESTAMP] || NaN);
  const point: FoundPoint = { user: fields[columns.TAXI_ID]!, timeMs: NaN, lat: NaN, lng: NaN };
  for (const [i, [lng, lat]] of places.entries()) {
    point.timeMs = seconds * 1000 + i * STEP_MS;
    point.lat = lat;
    point.lng = lng;
    sink.add(point, line);
  }
}

function openPorto({ path }: SourceFile, sink: PointSink): TextParser {
  let columns: Columns | undefined;
  return new LineParser(path, (line, number) => {
    if (line === "") return;
    if (columns) readTrip(splitTrip(line), columns, sink, number);
    else columns = findColumns(path, line);
  });
}

/** Porto's taxis (Kaggle, ECML/PKDD 15): train.csv, a trip a line, its places in POLYLINE. */
export const porto: PointFormat = createTextFormat({
  id: "porto",
  title: "Porto taxis (train.csv)",
  why: "its header has TAXI_ID, TIMESTAMP, MISSING_DATA and POLYLINE",
  time: {
    value: "Unix seconds, then 15 s a point",
    why: "column TIMESTAMP is the start of the trip",
  },
  zone: () => ({ value: "UTC", why: "Unix time" }),
  columns:
    "TRIP_ID CALL_TYPE ORIGIN_CALL ORIGIN_STAND TAXI_ID TIMESTAMP DAY_TYPE MISSING_DATA POLYLINE".split(
      " ",
    ),
  split: (line) =>
    splitTrip(line).map((field) => (field.length > 60 ? `${field.slice(0, 60)}…` : field)),
  headerLines: 1,
  matches: (_path, head) => {
    const names = splitTrip(headText(head, 512).split(/\r?\n/, 1)[0]!);
    return NEEDED.every((name) => names.includes(name));
  },
  open: (file, _options, sink) => openPorto(file, sink),
});
