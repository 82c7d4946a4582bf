import { FootfallError } from "../../../errors";
import { createPace, type Progress } from "../../../pace";
import { openBytes, readHead } from "../bytes";
import { CountingSink } from "../counting-sink";
import { toUtf8 } from "../encoding";
import type {
  FileFacts,
  FilePreview,
  FoundPoint,
  Guess,
  PointFormat,
  PointSink,
  ReadOptions,
  SourceFile,
} from "../source";

/** Takes the text of one file in pieces and gives what it finds to a sink. */
export interface TextParser {
  push(text: string): void;
  /** Says that the text is at its end; reports what was cut. */
  finish(): void;
}

/** What differs between two formats that are read as text from beginning to end. */
export interface TextFormat {
  id: string;
  title: string;
  /** By what it is recognised, for the page: "six header lines, the first being Geolife trajectory". */
  why: string;
  /** How its times are read and in which zone, each with its reason. */
  time: Guess<string>;
  zone(options: ReadOptions): Guess<string>;
  /** Names of the columns and a line's fields, for the preview of formats that have them. */
  columns?: readonly string[];
  split?(line: string): readonly string[];
  /** Lines before the first row. */
  headerLines?: number;
  /** What the user must know before reading. */
  warnings?(file: SourceFile, options: ReadOptions): readonly string[];
  matches(path: string, head: Uint8Array): boolean;
  open(file: SourceFile, options: ReadOptions, sink: PointSink): TextParser;
}

/** What a preview reads at most, and shows at most. */
const PREVIEW_BYTES = 2 ** 20;
const PREVIEW_POINTS = 100;
const PREVIEW_ROWS = 10;
/** Text that is parsed in one go: a few milliseconds of work. */
const PIECE_BYTES = 2 ** 18;
/** A line that is longer is none: Porto's longest trip has 85,000 characters. */
const LONGEST_LINE = 2 ** 24;

/** The beginning of a file as text, for recognising it. */
export const headText = (head: Uint8Array, bytes = 4096): string =>
  new TextDecoder().decode(head.subarray(0, bytes)).replace(/^\uFEFF/, "");

/** Takes a line without its end. `isOpen` is true for a last line that has no end: perhaps it was cut. */
export type LineReader = (line: string, number: number, isOpen: boolean) => void;

/** What is said of a last line whose last number may have been longer. */
export const OPEN_LINE = "a last line without its line end, perhaps cut";

/** Gives each line of a text with its number, from 1; a carriage return at its end is dropped. */
export class LineParser implements TextParser {
  readonly #path: string;
  readonly #take: LineReader;
  #rest: string[] = [];
  #restLength = 0;
  #number = 0;

  constructor(path: string, take: LineReader) {
    this.#path = path;
    this.#take = take;
  }

  push(text: string): void {
    let from = 0;
    for (let to = text.indexOf("\n"); to >= 0; to = text.indexOf("\n", from)) {
      this.#rest.push(text.slice(from, to));
      this.#end();
      from = to + 1;
    }
    this.#rest.push(text.slice(from));
    this.#restLength += text.length - from;
    if (this.#restLength <= LONGEST_LINE) return;
    throw new FootfallError(
      "bad-file",
      `${this.#path}: line ${this.#number + 1} has more than ${LONGEST_LINE} characters; expected one record a line`,
    );
  }

  finish(): void {
    if (this.#restLength > 0) this.#end(true);
  }

  #end(isOpen = false): void {
    const line = this.#rest.length === 1 ? this.#rest[0]! : this.#rest.join("");
    this.#rest = [];
    this.#restLength = 0;
    this.#number++;
    this.#take(line.endsWith("\r") ? line.slice(0, -1) : line, this.#number, isOpen);
  }
}

/** Keeps the first points and the reasons of what was rejected. */
class PreviewSink implements PointSink {
  readonly points: FoundPoint[] = [];
  readonly reasons = new Map<string, number>();

  beginFile(): void {}
  label(): void {}

  add(point: FoundPoint): void {
    if (this.points.length < PREVIEW_POINTS) this.points.push({ ...point });
  }

  reject(reason: string): void {
    this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + 1);
  }
}

/** True where most latitudes are none and would be longitudes. */
function looksSwapped(points: readonly FoundPoint[]): boolean {
  const isOdd = ({ lat, lng }: FoundPoint) => Math.abs(lat) > 90 && Math.abs(lng) <= 90;
  return points.filter(isOdd).length * 2 > points.length;
}

const inWords = ([reason, count]: [string, number]): string =>
  `${count.toLocaleString("en")} x ${reason}`;

/** The first points of a file, and what is to be said about them. */
function describePoints(
  sink: PreviewSink,
): Pick<FilePreview, "points" | "looksSwapped" | "warnings"> {
  const { points, reasons } = sink;
  const warnings: string[] = [];
  if (looksSwapped(points)) {
    warnings.push("Most latitudes lie outside -90 to 90: latitude and longitude look swapped.");
  }
  if (reasons.size > 0) {
    const list = [...reasons].slice(0, 3).map(inWords).join("; ");
    warnings.push(`In the first part of the file some rows cannot be used: ${list}.`);
  }
  return { points, looksSwapped: looksSwapped(points), warnings };
}

async function* readText(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, void> {
  const decoder = new TextDecoder();
  for await (const chunk of toUtf8(chunks)) {
    for (let from = 0; from < chunk.length; from += PIECE_BYTES) {
      yield decoder.decode(chunk.subarray(from, from + PIECE_BYTES), { stream: true });
    }
  }
  yield decoder.decode();
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, void> {
  yield await Promise.resolve(bytes);
}

async function preview(
  format: TextFormat,
  file: SourceFile,
  options: ReadOptions,
): Promise<FilePreview> {
  const head = await readHead(file, PREVIEW_BYTES);
  if (head.length === 0) throw new FootfallError("bad-file", `${file.path} is empty`);
  const sink = new PreviewSink();
  const parser = format.open(file, options, new CountingSink(sink, options.swapped));
  let text = "";
  for await (const piece of readText(oneChunk(head))) {
    if (text === "") text = piece;
    parser.push(piece);
  }
  if (head.length < PREVIEW_BYTES) parser.finish();
  const found = describePoints(sink);
  const from = format.headerLines ?? 0;
  const lines = format.split ? text.split(/\r?\n/).slice(from, from + PREVIEW_ROWS) : [];
  return {
    path: file.path,
    bytes: file.blob.size,
    format: { value: format.id, why: format.why },
    columns: format.columns ?? [],
    rows: lines.filter((line) => line !== "").map((line) => format.split!(line)),
    time: format.time,
    zone: format.zone(options),
    points: found.points,
    warnings: [...(format.warnings?.(file, options) ?? []), ...found.warnings],
    looksSwapped: found.looksSwapped,
  };
}

async function* read(
  format: TextFormat,
  file: SourceFile,
  options: ReadOptions,
  sink: PointSink,
  signal: AbortSignal | undefined,
): AsyncGenerator<Progress, FileFacts, void> {
  const pace = createPace(signal);
  const bytes = openBytes(file, signal);
  const counting = new CountingSink(sink, options.swapped);
  counting.beginFile(file.path);
  const parser = format.open(file, options, counting);
  for await (const text of readText(bytes.chunks)) {
    parser.push(text);
    if (!pace.due()) continue;
    yield { phase: `read ${file.path}`, done: bytes.done, total: file.blob.size, unit: "bytes" };
    await pace.rest();
  }
  parser.finish();
  return { path: file.path, format: format.id, rows: counting.rows, times: format.time.value };
}

/** A PointFormat out of what is particular to it. */
export function createTextFormat(format: TextFormat): PointFormat {
  return {
    id: format.id,
    title: format.title,
    matches: (path, head) => format.matches(path, head),
    preview: (file, options) => preview(format, file, options),
    read: (file, options, sink, signal) => read(format, file, options, sink, signal),
  };
}
