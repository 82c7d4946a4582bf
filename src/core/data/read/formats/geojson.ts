import { FootfallError } from "../../../errors";
import { readHead } from "../bytes";
import { findByName, USER_FROM_FILE } from "../columns";
import type {
  FilePreview,
  FoundPoint,
  Guess,
  PointFormat,
  PointSink,
  ReadOptions,
  SourceFile,
} from "../source";
import type { TimeReader } from "../time-reader";
import { guessTimeUnit, toTimeMs } from "../times";
import { FeatureSplitter } from "./feature-splitter";
import { USER_WARNING, userOf } from "./file-user";
import { createTextFormat, headText, type TextParser } from "./text-format";
import { createTextTimes } from "./told-time";

/** Properties that name a person or a vehicle; a plain id is that of the feature, unless it is chosen. */
const USER_NAMES =
  "user userid uid username deviceid device agentid agent personid person vehicleid taxiid individuallocalidentifier trajid trajectoryid trackid".split(
    " ",
  );
const TIME_NAMES =
  "time timestamp datetime utc recordedat localtime t ts epoch unixtime when date begin start".split(
    " ",
  );
/** Properties with one time a position, as togeojson, time plug-ins and OGC's MF-JSON have them. */
const TIMES_NAMES = "coordtimes times timestamps datetimes".split(" ");

type Properties = Readonly<Record<string, unknown>>;

interface Feature {
  type?: unknown;
  geometry?: { type?: unknown; coordinates?: unknown } | null;
  properties?: Properties | null;
}

/** Finds a property by the names it may have; the answer for one set of names is remembered. */
function createFinder(aliases: readonly string[], chosen?: string): (of: Properties) => unknown {
  const known = new Map<string, string | undefined>();
  return (properties) => {
    if (chosen !== undefined) return properties[chosen];
    const names = Object.keys(properties);
    const key = names.join("\n");
    if (!known.has(key)) {
      if (known.size > 1000) known.clear();
      known.set(key, names[findByName(names, aliases)[0] ?? -1]);
    }
    const name = known.get(key);
    return name === undefined ? undefined : properties[name];
  };
}

const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const asProperties = (value: unknown): Properties =>
  typeof value === "object" && value !== null ? (value as Properties) : {};
const toNumber = (value: unknown): number => (typeof value === "number" ? value : NaN);
const toText = (value: unknown): string =>
  typeof value === "string" ? value : JSON.stringify(value);
const isThere = (value: unknown): boolean => value !== undefined && value !== null && value !== "";

function parseFeature(text: string): Feature | undefined {
  try {
    return JSON.parse(text) as Feature;
  } catch {
    return undefined;
  }
}

/** Gives the points of one feature after the other. */
class GeoJsonParser implements TextParser {
  readonly #path: string;
  readonly #splitter: FeatureSplitter;
  readonly #sink: PointSink;
  readonly #options: ReadOptions;
  readonly #texts: TimeReader;
  readonly #point: FoundPoint = { user: "", timeMs: NaN, lat: NaN, lng: NaN };
  readonly #fileUser: string;
  readonly #findUser: (of: Properties) => unknown;
  readonly #findTime: (of: Properties) => unknown;
  readonly #findTimes = createFinder(TIMES_NAMES);
  #line = 0;

  constructor(path: string, options: ReadOptions, sink: PointSink) {
    const { user, time } = options.columns ?? {};
    this.#path = path;
    this.#splitter = new FeatureSplitter(path);
    this.#sink = sink;
    this.#options = options;
    this.#texts = createTextTimes(options);
    this.#fileUser = userOf(path, options);
    this.#findUser = user === USER_FROM_FILE ? () => undefined : createFinder(USER_NAMES, user);
    this.#findTime = createFinder(TIME_NAMES, time);
  }

  push(text: string): void {
    for (const feature of this.#splitter.push(text)) {
      this.#line = feature.line;
      this.#readFeature(parseFeature(feature.text));
    }
  }

  finish(): void {
    const { isOpen, hasBegun, line } = this.#splitter;
    if (!hasBegun) {
      throw new FootfallError(
        "bad-file",
        `${this.#path} has no JSON object: it is no GeoJSON file`,
      );
    }
    if (isOpen) this.#sink.reject("the file ends in the middle", line);
  }

  #reject(reason: string): void {
    this.#sink.reject(reason, this.#line);
  }

  #readFeature(feature: Feature | undefined): void {
    if (!feature) return this.#reject("a feature that is not JSON");
    if (feature.type !== "Feature") return this.#reject("an object that is no GeoJSON feature");
    const properties = asProperties(feature.properties);
    const user = this.#findUser(properties);
    this.#point.user = isThere(user) ? toText(user) : this.#fileUser;
    const { type, coordinates } = feature.geometry ?? {};
    if (type === "Point") this.#readPoint(coordinates, properties);
    else if (type === "LineString" || type === "MultiPoint") {
      this.#readLine(asList(coordinates), this.#timesOf(properties));
    } else if (type === "MultiLineString") this.#readLines(asList(coordinates), properties);
    else if (isThere(type)) this.#reject("an area or a collection, which is no location");
    else this.#reject("a feature without a place");
  }

  /** Lists of times lie among the properties, or below coordinateProperties as newer togeojson has it. */
  #timesOf(properties: Properties): readonly unknown[] {
    const times = this.#findTimes(properties);
    if (isThere(times)) return asList(times);
    return asList(this.#findTimes(asProperties(properties["coordinateProperties"])));
  }

  #readPoint(position: unknown, properties: Properties): void {
    const time = this.#findTime(properties);
    if (isThere(time)) this.#give(position, time);
    else this.#reject("a point without a time");
  }

  #readLines(lines: readonly unknown[], properties: Properties): void {
    const times = this.#timesOf(properties);
    for (const [i, line] of lines.entries()) this.#readLine(asList(line), asList(times[i]));
  }

  /** One time a position, from the list or as its fourth number (kepler.gl's trips). */
  #readLine(positions: readonly unknown[], times: readonly unknown[]): void {
    let untimed = 0;
    for (const [i, position] of positions.entries()) {
      const time = times[i] ?? asList(position)[3];
      if (isThere(time)) this.#give(position, time);
      else untimed++;
    }
    if (untimed === positions.length) {
      return this.#reject("a line without times: nothing says when its points were passed");
    }
    for (let i = 0; i < untimed; i++) this.#reject("a position of a line without a time");
  }

  #give(position: unknown, time: unknown): void {
    const [lng, lat] = asList(position);
    this.#point.lng = toNumber(lng);
    this.#point.lat = toNumber(lat);
    this.#readTime(time);
    this.#sink.add(this.#point, this.#line);
  }

  /** Numbers are Unix times whose unit their size tells, unless it was chosen. */
  #readTime(time: unknown): void {
    this.#point.offsetMin = undefined;
    if (typeof time === "number") {
      const { timeUnit, timeOriginMs } = this.#options;
      const unit = timeUnit ?? guessTimeUnit([time]);
      this.#point.timeMs = unit === undefined ? NaN : toTimeMs(time, unit, timeOriginMs);
    } else {
      this.#texts.readText(toText(time));
      this.#point.timeMs = this.#texts.timeMs;
      this.#point.offsetMin = this.#texts.offsetMin;
    }
  }
}

const PREVIEW_BYTES = 65_536;
const PREVIEW_ROWS = 10;

/** Text of a property, short enough for a table. */
const toCell = (value: unknown): string => (isThere(value) ? toText(value).slice(0, 60) : "");

/** The properties of the first features as a table, so that user and time can be chosen among them. */
async function previewProperties(
  file: SourceFile,
  options: ReadOptions,
): Promise<Pick<FilePreview, "columns" | "rows" | "roles">> {
  const head = await readHead(file, PREVIEW_BYTES);
  const features = new FeatureSplitter(file.path)
    .push(headText(head, PREVIEW_BYTES))
    .slice(0, PREVIEW_ROWS)
    .map(({ text }) => asProperties(parseFeature(text)?.properties));
  const columns = [...new Set(features.flatMap((properties) => Object.keys(properties)))];
  const guess = (aliases: readonly string[], chosen?: string): Guess<string> | undefined => {
    const found = chosen ?? columns[findByName(columns, aliases)[0] ?? -1];
    const why = chosen === undefined ? "name of the property" : "chosen";
    return found === undefined ? undefined : { value: found, why };
  };
  const user = guess(USER_NAMES, options.columns?.user) ?? {
    value: USER_FROM_FILE,
    why: "no property names a user",
  };
  const time = guess([...TIME_NAMES, ...TIMES_NAMES], options.columns?.time);
  const rows = features.map((properties) => columns.map((name) => toCell(properties[name])));
  return { columns, rows, roles: { user, time, lat: undefined, lng: undefined } };
}

const format = createTextFormat({
  id: "geojson",
  title: "GeoJSON (points and lines with times)",
  why: "it holds GeoJSON features",
  time: { value: "text or Unix time", why: "a property, a list of times, or a fourth coordinate" },
  zone: ({ zone }) =>
    zone === undefined
      ? { value: "UTC", why: "for texts that tell no zone" }
      : { value: zone, why: "chosen, for texts that tell no zone" },
  matches: (_path, head) => {
    const text = headText(head, 65_536);
    return (
      text.search(/[[{]/) === text.search(/[^\s\p{Cc}]/u) &&
      /"type"\s*:\s*"Feature(Collection)?"/.test(text)
    );
  },
  open: (file, options, sink) => new GeoJsonParser(file.path, options, sink),
});

/** GeoJSON: one feature, a collection, a list or a sequence of them. */
export const geoJson: PointFormat = {
  ...format,
  async preview(file, options) {
    const [preview, table] = await Promise.all([
      format.preview(file, options),
      previewProperties(file, options),
    ]);
    const isNameless = table.roles?.user?.value === USER_FROM_FILE;
    const warnings = isNameless ? [USER_WARNING, ...preview.warnings] : preview.warnings;
    return { ...preview, ...table, warnings };
  },
};
