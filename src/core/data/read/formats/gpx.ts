import { FootfallError } from "../../../errors";
import type { FoundPoint, PointFormat, PointSink, ReadOptions, SourceFile } from "../source";
import type { TimeReader } from "../time-reader";
import { USER_WARNING, userOf } from "./file-user";
import { createTextFormat, headText, type TextParser } from "./text-format";
import { createTextTimes } from "./told-time";
import { createAttributeReader, XmlScanner, type XmlHandler } from "./xml";

/** What has a place: points of tracks, waypoints and points of routes. */
const KINDS: Record<string, string> = {
  trkpt: "a track point",
  wpt: "a waypoint",
  rtept: "a route point",
};

const readLat = createAttributeReader("lat");
const readLng = createAttributeReader("lon");

const toNumber = (text: string | undefined): number =>
  text === undefined || text.trim() === "" ? NaN : Number(text);

/** Gives each point with a time when its element ends. */
class GpxParser implements TextParser, XmlHandler {
  readonly #path: string;
  readonly #xml: XmlScanner;
  readonly #sink: PointSink;
  readonly #times: TimeReader;
  readonly #point: FoundPoint;
  /** Elements that are open, and at which of them the present point began; 0 outside of points. */
  #depth = 0;
  #pointDepth = 0;
  #pointLine = 0;
  #isTime = false;
  #time = "";
  #isGpx = false;

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
    if (!this.#isGpx) {
      throw new FootfallError("bad-file", `${this.#path} has no <gpx> element: it is no GPX file`);
    }
    if (this.#depth > 0) this.#sink.reject("the file ends in the middle", this.#xml.line);
  }

  open(name: string, attributes: string): void {
    this.#depth++;
    if (name === "gpx") this.#isGpx = true;
    if (this.#pointDepth > 0) {
      this.#isTime = name === "time" && this.#depth === this.#pointDepth + 1;
    } else if (Object.hasOwn(KINDS, name)) {
      this.#pointDepth = this.#depth;
      this.#pointLine = this.#xml.line;
      this.#time = "";
      this.#point.lat = toNumber(readLat(attributes));
      this.#point.lng = toNumber(readLng(attributes));
    }
  }

  text(text: string): void {
    if (this.#isTime) this.#time += text;
  }

  close(name: string): void {
    this.#isTime = false;
    if (this.#pointDepth > 0 && this.#depth <= this.#pointDepth) this.#endPoint(name);
    this.#depth--;
  }

  #endPoint(name: string): void {
    this.#pointDepth = 0;
    if (this.#time.trim() === "") {
      return this.#sink.reject(`${KINDS[name] ?? "a point"} without a time`, this.#pointLine);
    }
    this.#times.readText(this.#time);
    this.#point.timeMs = this.#times.timeMs;
    this.#point.offsetMin = this.#times.offsetMin;
    this.#sink.add(this.#point, this.#pointLine);
  }
}

/** GPX 1.0 and 1.1: points of tracks, waypoints and points of routes, where they have a time. */
export const gpx: PointFormat = createTextFormat({
  id: "gpx",
  title: "GPX (tracks, waypoints)",
  why: "its first element is <gpx>",
  time: { value: "ISO 8601", why: "element <time> of each point" },
  zone: ({ zone }) =>
    zone === undefined
      ? { value: "UTC", why: "GPX times are UTC, or tell their offset" }
      : { value: zone, why: "chosen, for times that tell no zone" },
  warnings: (_file: SourceFile, { userFrom }) => (userFrom === undefined ? [USER_WARNING] : []),
  matches: (_path, head) => /<(?:[\w.-]+:)?gpx[\s>]/.test(headText(head)),
  open: (file, options, sink) => new GpxParser(file.path, options, sink),
});
