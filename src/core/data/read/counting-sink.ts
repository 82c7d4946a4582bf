import type { FoundPoint, PointSink } from "./source";

/** Passes everything on, counts it file by file, and swaps coordinates where that was asked for. */
export class CountingSink implements PointSink {
  /** Points, rejected rows and labels of the present file. */
  rows = 0;
  readonly #sink: PointSink;
  readonly #isSwapped: boolean;

  constructor(sink: PointSink, isSwapped = false) {
    this.#sink = sink;
    this.#isSwapped = isSwapped;
  }

  beginFile(path: string): void {
    this.rows = 0;
    this.#sink.beginFile(path);
  }

  add(point: FoundPoint, line: number): void {
    this.rows++;
    if (this.#isSwapped) [point.lat, point.lng] = [point.lng, point.lat];
    this.#sink.add(point, line);
  }

  reject(reason: string, line: number): void {
    this.rows++;
    this.#sink.reject(reason, line);
  }

  label(user: string, fromMs: number, toMs: number, label: string): void {
    this.rows++;
    this.#sink.label(user, fromMs, toMs, label);
  }
}
