import { growFloat64, growUint32 } from "../../growing";
import type { FoundPoint, PointFormat, PointSink } from "../source";
import { stemOf } from "./file-user";
import { createTextFormat, headText, LineParser, type TextParser } from "./text-format";

const LINE = /^-?\d+\.\d+ -?\d+\.\d+ [01] \d{10}\r?$/m;

/** "abboip" of new_abboip.txt. */
const cabOf = (path: string): string => stemOf(path).replace(/^new_/, "");

/** Keeps the points of one cab and gives them from the last line to the first: time then runs forward. */
class CabParser implements TextParser {
  readonly #lines: LineParser;
  readonly #sink: PointSink;
  readonly #point: FoundPoint;
  readonly #lat = growFloat64();
  readonly #lng = growFloat64();
  readonly #seconds = growFloat64();
  readonly #line = growUint32();

  constructor(path: string, sink: PointSink) {
    this.#lines = new LineParser(path, (line, number) => this.#take(line, number));
    this.#sink = sink;
    this.#point = { user: cabOf(path), timeMs: NaN, lat: NaN, lng: NaN };
  }

  push(text: string): void {
    this.#lines.push(text);
  }

  finish(): void {
    this.#lines.finish();
    const [lat, lng] = [this.#lat.build(), this.#lng.build()];
    const [seconds, line] = [this.#seconds.build(), this.#line.build()];
    for (let i = line.length - 1; i >= 0; i--) {
      this.#point.lat = lat[i]!;
      this.#point.lng = lng[i]!;
      this.#point.timeMs = seconds[i]! * 1000;
      this.#sink.add(this.#point, line[i]!);
    }
  }

  #take(line: string, number: number): void {
    if (line === "") return;
    const [lat, lng, , seconds = "", ...more] = line.split(" ");
    // ten digits: a time that was cut would lie in the seventies
    if (more.length > 0 || !/^\d{10}$/.test(seconds)) {
      return this.#sink.reject("not the four fields of cabspotting", number);
    }
    this.#lat.push(Number(lat));
    this.#lng.push(Number(lng));
    this.#seconds.push(Number(seconds));
    this.#line.push(number);
  }
}

/** The cabspotting data set: new_NAME.txt, a file a cab, newest line first. */
export const cabspotting: PointFormat = createTextFormat({
  id: "cabspotting",
  title: "cabspotting (San Francisco taxis, txt)",
  why: "lines of latitude, longitude, occupied or not, Unix seconds",
  time: { value: "Unix seconds", why: "fourth field of each line" },
  zone: () => ({ value: "UTC", why: "Unix time" }),
  columns: ["latitude", "longitude", "occupied", "Unix seconds"],
  split: (line) => line.split(" "),
  matches: (_path, head) => LINE.exec(headText(head, 256))?.index === 0,
  open: (file, _options, sink) => new CabParser(file.path, sink),
});
