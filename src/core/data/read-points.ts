import { FootfallError } from "../errors";
import { createPace, type Progress } from "../pace";
import { planColumns, type ColumnOptions, type ColumnPlan } from "./columns";
import { decodeText, guessDelimiter, RecordSplitter, splitFields } from "./csv";
import { growFloat64, growUint32 } from "./growing";
import type { Rejection } from "./ledger";
import type { Points } from "./points";

/** A file from anywhere: a name for messages, and its bytes in pieces. */
export interface PointFile {
  name: string;
  chunks: AsyncIterable<Uint8Array>;
  /** Size, for the progress; 0 where unknown. */
  bytes?: number;
}

export interface ReadOptions extends ColumnOptions {
  /** Character between fields; default guessed from the header. */
  delimiter?: string | undefined;
  signal?: AbortSignal | undefined;
}

/** Points of all files, and how they were read. */
export interface ReadResult {
  points: Points;
  rowsRead: number;
  rejected: Rejection[];
  files: { name: string; rows: number; columns: ColumnPlan["names"]; times: string }[];
}

/** Rows to look at before the columns are decided. */
const SAMPLE_ROWS = 1000;
const FIRST_LINES = 5;

/** Kept points of all files, and the rejected rows by reason. */
class Collector {
  readonly #users = new Map<string, number>();
  readonly #user = growUint32();
  readonly #timeMs = growFloat64();
  readonly #lat = growFloat64();
  readonly #lng = growFloat64();
  readonly #rejected = new Map<string, Rejection>();
  rowsRead = 0;

  /** Keeps a row or notes why not. `line` counts from 1, the header. */
  add(row: readonly string[], { index, readTime }: ColumnPlan, line: number): void {
    this.rowsRead++;
    const user = row[index.user]?.trim() ?? "";
    const timeMs = readTime(row[index.time]?.trim() ?? "");
    const lat = toNumber(row[index.lat]);
    const lng = toNumber(row[index.lng]);
    const reason = whyNot(user, timeMs, lat, lng);
    if (reason !== undefined) return this.#reject(reason, line);
    this.#user.push(this.#userNumber(user));
    this.#timeMs.push(timeMs);
    this.#lat.push(lat);
    this.#lng.push(lng);
  }

  build(): { points: Points; rejected: Rejection[] } {
    const points = {
      users: [...this.#users.keys()],
      user: this.#user.build(),
      timeMs: this.#timeMs.build(),
      lat: this.#lat.build(),
      lng: this.#lng.build(),
    };
    return { points, rejected: [...this.#rejected.values()] };
  }

  #userNumber(name: string): number {
    const known = this.#users.get(name);
    if (known !== undefined) return known;
    this.#users.set(name, this.#users.size);
    return this.#users.size - 1;
  }

  #reject(reason: string, line: number): void {
    const rejection = this.#rejected.get(reason) ?? { reason, count: 0, firstLines: [] };
    rejection.count++;
    if (rejection.firstLines.length < FIRST_LINES) rejection.firstLines.push(line);
    this.#rejected.set(reason, rejection);
  }
}

function toNumber(field: string | undefined): number {
  const text = field?.trim() ?? "";
  return text === "" ? NaN : Number(text);
}

function whyNot(user: string, timeMs: number, lat: number, lng: number): string | undefined {
  if (user === "") return "no user";
  if (!Number.isFinite(timeMs)) return "no time that can be read";
  if (!Number.isFinite(lat) || !Number.isFinite(lng)) return "a coordinate that is not a number";
  if (Math.abs(lat) > 90) return "latitude outside -90 to 90";
  if (Math.abs(lng) > 180) return "longitude outside -180 to 180";
  if (lat === 0 && lng === 0) return "coordinates 0, 0 (no fix)";
  return undefined;
}

/** One file: waits for the header and a sample, decides the columns, then streams into the collector. */
class FileReader {
  readonly #name: string;
  readonly #options: ReadOptions;
  readonly #collector: Collector;
  #header: string[] | undefined;
  #delimiter = ",";
  #line = 0;
  #waiting: { row: string[]; line: number }[] = [];
  plan: ColumnPlan | undefined;
  rows = 0;

  constructor(name: string, options: ReadOptions, collector: Collector) {
    this.#name = name;
    this.#options = options;
    this.#collector = collector;
  }

  take(records: readonly string[]): void {
    for (const record of records) {
      const line = ++this.#line;
      if (record.includes("\n")) this.#line += record.split("\n").length - 1;
      if (record === "" || record === "\r") continue;
      if (!this.#header) this.#readHeader(record);
      else this.#takeRow(splitFields(record, this.#delimiter), line);
    }
  }

  /** Decides with what there is; for files shorter than the sample. */
  decide(): ColumnPlan {
    if (this.plan) return this.plan;
    if (!this.#header) throw new FootfallError("bad-file", `${this.#name} is empty`);
    const sample = this.#waiting.map(({ row }) => row);
    this.plan = planColumns(this.#name, this.#header, sample, this.#options);
    for (const { row, line } of this.#waiting) this.#collector.add(row, this.plan, line);
    this.#waiting = [];
    return this.plan;
  }

  #readHeader(record: string): void {
    const text = record.replace(/^\uFEFF/, "");
    this.#delimiter = this.#options.delimiter ?? guessDelimiter(text);
    this.#header = splitFields(text, this.#delimiter).map((name) => name.trim());
  }

  #takeRow(row: string[], line: number): void {
    this.rows++;
    if (this.plan) return this.#collector.add(row, this.plan, line);
    this.#waiting.push({ row, line });
    if (this.#waiting.length >= SAMPLE_ROWS) this.decide();
  }
}

/** Passes pieces on and tells the size of each. */
async function* counted(
  chunks: AsyncIterable<Uint8Array>,
  count: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    count(chunk.length);
    yield chunk;
  }
}

function noData(files: readonly PointFile[], rowsRead: number, first?: Rejection): FootfallError {
  const names = files.map(({ name }) => name).join(", ");
  const why = first ? `; first reason: ${first.reason}, line ${first.firstLines[0]}` : "";
  return new FootfallError("no-data", `${names}: none of ${rowsRead} rows can be used${why}`);
}

/**
 * Reads points from CSV or TSV files with a header, plain or gzip, in pieces: only the four columns are
 * kept. One user name in two files is one user. Rows that cannot be used are counted with their reason.
 * Throws "missing-column", "bad-file", "no-data" (no usable row) or "stopped".
 */
export async function* readPoints(
  files: readonly PointFile[],
  options: ReadOptions = {},
): AsyncGenerator<Progress, ReadResult> {
  const pace = createPace(options.signal);
  const collector = new Collector();
  const read: ReadResult["files"] = [];
  const total = files.reduce((sum, { bytes = 0 }) => sum + bytes, 0);
  let done = 0;
  for (const { name, chunks } of files) {
    const reader = new FileReader(name, options, collector);
    const splitter = new RecordSplitter();
    const pieces = counted(chunks, (bytes) => (done += bytes));
    for await (const text of decodeText(name, pieces)) {
      reader.take(splitter.push(text));
      if (!pace.due()) continue;
      yield { phase: `read ${name}`, done, total, unit: "bytes" };
      await pace.rest();
    }
    reader.take(splitter.finish());
    const { names, timeForm } = reader.decide();
    read.push({ name, rows: reader.rows, columns: names, times: timeForm });
  }
  const { points, rejected } = collector.build();
  if (points.user.length === 0) throw noData(files, collector.rowsRead, rejected[0]);
  return { points, rowsRead: collector.rowsRead, rejected, files: read };
}
