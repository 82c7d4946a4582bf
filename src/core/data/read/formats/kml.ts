import { FootfallError } from "../../../errors";
import type { FoundPoint, PointFormat, PointSink, ReadOptions, SourceFile } from "../source";
import type { TimeReader } from "../time-reader";
import { USER_WARNING, userOf } from "./file-user";
import { createTextFormat, headText, type TextParser } from "./text-format";
import { createTextTimes } from "./told-time";
import { XmlScanner, type XmlHandler } from "./xml";

/** Elements whose text is read. */
const TEXTS = new Set(["when", "begin", "end", "coord", "coordinates"]);

interface Place {
  lat: number;
  lng: number;
  line: number;
}

interface Moment {
  timeMs: number;
  offsetMin: number | undefined;
}

/** What a Placemark has told so far. */
interface Placemark {
  begin?: Moment;
  end?: Moment;
  points: Place[];
  lines: Place[][];
  areas: number[];
}

const createPlacemark = (): Placemark => ({ points: [], lines: [], areas: [] });

/** "lng,lat,height" or gx:coord's "lng lat height". */
function parsePlace(text: string, separator: RegExp, line: number): Place {
  const [lng = "", lat = ""] = text.trim().split(separator);
  return { lng: lng === "" ? NaN : Number(lng), lat: lat === "" ? NaN : Number(lat), line };
}

const parsePlaces = (text: string, line: number): Place[] =>
  text
    .trim()
    .split(/\s+/)
    .filter((part) => part !== "")
    .map((part) => parsePlace(part, /,/, line));

/** Follows the elements; a Placemark is given when it ends, because its time may stand behind its place. */
class KmlParser implements TextParser, XmlHandler {
  readonly #path: string;
  readonly #xml: XmlScanner;
  readonly #sink: PointSink;
  readonly #times: TimeReader;
  readonly #point: FoundPoint;
  readonly #open: string[] = [];
  #text: string[] | undefined;
  #placemark = createPlacemark();
  #whens: Moment[] = [];
  #coords: Place[] = [];
  #isKml = false;

  constructor(path: string, options: ReadOptions, sink: PointSink) {
    this.#path = path;
    this.#sink = sink;
    this.#times = createTextTimes(options);
    this.#point = { user: userOf(path, options), timeMs: NaN, lat: NaN, lng: NaN };
    this.#xml = new XmlScanner(path, this);
  }

  push(text: string): void {
    this.#xml.push(text);
  }

  finish(): void {
    if (!this.#isKml) {
      throw new FootfallError("bad-file", `${this.#path} has no <kml> element: it is no KML file`);
    }
    if (this.#open.length === 0) return;
    this.#endTrack();
    this.#sink.reject("the file ends in the middle", this.#xml.line);
  }

  open(name: string): void {
    this.#open.push(name);
    if (name === "kml") this.#isKml = true;
    if (name === "Placemark") this.#placemark = createPlacemark();
    this.#text = TEXTS.has(name) ? [] : undefined;
  }

  text(text: string): void {
    this.#text?.push(text);
  }

  close(name: string): void {
    if (this.#text) this.#takeText(name, this.#text.join(""), this.#open.at(-2), this.#open.at(-3));
    this.#text = undefined;
    this.#open.pop();
    if (name === "Track") this.#endTrack();
    if (name === "Placemark") this.#endPlacemark();
  }

  /** Times of the view (LookAt, Camera) and of folders are none of the Placemark: their parents differ. */
  #takeText(name: string, text: string, parent = "", grandparent = ""): void {
    const { line } = this.#xml;
    const isOwn = grandparent === "Placemark";
    if (parent === "Track" && name === "when") this.#whens.push(this.#toMoment(text));
    else if (parent === "Track" && name === "coord")
      this.#coords.push(parsePlace(text, /\s+/, line));
    else if (parent === "TimeStamp" && isOwn) this.#placemark.begin = this.#toMoment(text);
    else if (parent === "TimeSpan" && isOwn && name === "begin") {
      this.#placemark.begin = this.#toMoment(text);
    } else if (parent === "TimeSpan" && isOwn) this.#placemark.end = this.#toMoment(text);
    else if (name === "coordinates") this.#takeGeometry(parent, text, line);
  }

  #takeGeometry(kind: string, text: string, line: number): void {
    if (kind === "Point") this.#placemark.points.push(...parsePlaces(text, line).slice(0, 1));
    else if (kind === "LineString") this.#placemark.lines.push(parsePlaces(text, line));
    else this.#placemark.areas.push(line);
  }

  #toMoment(text: string): Moment {
    this.#times.readText(text);
    return { timeMs: this.#times.timeMs, offsetMin: this.#times.offsetMin };
  }

  /** The n-th time belongs to the n-th coordinate (KML 2.3, 9.45). */
  #endTrack(): void {
    const count = Math.min(this.#whens.length, this.#coords.length);
    for (let i = 0; i < count; i++) this.#give(this.#coords[i]!, this.#whens[i]!);
    const { line } = this.#xml;
    for (const place of this.#coords.slice(count)) {
      this.#sink.reject("a place of a gx:Track without a time", place.line);
    }
    for (let i = count; i < this.#whens.length; i++) {
      this.#sink.reject("a time of a gx:Track without a place", line);
    }
    this.#whens = [];
    this.#coords = [];
  }

  #endPlacemark(): void {
    const { begin, end, points, lines, areas } = this.#placemark;
    const times = [begin, end].filter((moment) => moment !== undefined);
    for (const place of points) this.#givePoint(place, times);
    for (const places of lines) this.#giveLine(places, begin, end);
    for (const line of areas) this.#sink.reject("an area, which is no location", line);
    this.#placemark = createPlacemark();
  }

  /** A point with a span was there at its beginning and at its end. */
  #givePoint(place: Place, times: readonly Moment[]): void {
    for (const moment of times) this.#give(place, moment);
    if (times.length === 0) this.#sink.reject("a Placemark point without a time", place.line);
  }

  /** Of a line with a span the two ends have a time. */
  #giveLine(places: readonly Place[], begin?: Moment, end?: Moment): void {
    const [first, last] = [places[0], places.at(-1)];
    if (!first || !last) return;
    if (!begin || !end) {
      const why = "a LineString without times: nothing says when its points were passed";
      return this.#sink.reject(why, first.line);
    }
    this.#give(first, begin);
    for (const { line } of places.slice(1, -1)) {
      this.#sink.reject("a vertex of a LineString between its two times", line);
    }
    if (last !== first) this.#give(last, end);
  }

  #give({ lat, lng, line }: Place, { timeMs, offsetMin }: Moment): void {
    this.#point.lat = lat;
    this.#point.lng = lng;
    this.#point.timeMs = timeMs;
    this.#point.offsetMin = offsetMin;
    this.#sink.add(this.#point, line);
  }
}

/** KML and the KML inside KMZ: gx:Track, and Placemarks with a TimeStamp or a TimeSpan. */
export const kml: PointFormat = createTextFormat({
  id: "kml",
  title: "KML, KMZ (tracks, placemarks with times)",
  why: "its first element is <kml>",
  time: { value: "ISO 8601", why: "when, begin and end of each Placemark or gx:Track" },
  zone: ({ zone }) =>
    zone === undefined
      ? { value: "UTC", why: "KML times tell their zone, or are UTC" }
      : { value: zone, why: "chosen, for times that tell no zone" },
  warnings: (_file: SourceFile, { userFrom }) => (userFrom === undefined ? [USER_WARNING] : []),
  matches: (_path, head) => /<(?:[\w.-]+:)?kml[\s>]/.test(headText(head)),
  open: (file, options, sink) => new KmlParser(file.path, options, sink),
});
