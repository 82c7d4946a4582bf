import { createPace, type Progress } from "../../pace";
import { openBytes } from "./bytes";
import { toUtf8 } from "./encoding";
import { NameCache, parseNumber } from "./fields";
import { LONGEST_LINE, RowScanner } from "./rows";
import type { FoundPoint, PointSink, SourceFile } from "./source";
import type { TablePlan } from "./table-plan";
import type { TextTable } from "./text-table";
import { DateOrderVotes } from "./time-plan";
import { TimeReader } from "./time-reader";
import { applyOffset } from "./value-reader";

const [SPACE, COMMA, TAB, SEMICOLON, BAR] = [32, 44, 9, 59, 124];

/** Makes points of rows without making text of their fields. */
class RowReader {
  readonly #scanner: RowScanner;
  readonly #plan: TablePlan;
  readonly #times: TimeReader;
  readonly #names = new NameCache();
  readonly #user: number;
  readonly #time: number;
  readonly #lat: number;
  readonly #lng: number;
  readonly #point: FoundPoint;
  /** The last field that is needed. */
  readonly last: number;

  constructor(scanner: RowScanner, plan: TablePlan) {
    const { user, time, lat, lng } = plan.roles;
    this.#scanner = scanner;
    this.#plan = plan;
    this.#times = new TimeReader(plan.times!, plan.zone);
    [this.#user, this.#time] = [user!.index, time!.index];
    [this.#lat, this.#lng] = [lat!.index, lng!.index];
    if (plan.swapped) [this.#lat, this.#lng] = [this.#lng, this.#lat];
    this.#point = { user: plan.fileUser, timeMs: NaN, lat: NaN, lng: NaN, offsetMin: undefined };
    this.last = lastColumn(plan);
  }

  /** The point of the present row; always the same object. */
  read(): FoundPoint {
    const { bytes, starts, ends } = this.#scanner;
    const point = this.#point;
    if (this.#user >= 0) point.user = this.#readUser();
    point.lat = parseNumber(bytes, starts[this.#lat]!, ends[this.#lat]!);
    point.lng = parseNumber(bytes, starts[this.#lng]!, ends[this.#lng]!);
    if (this.#plan.dateIndex < 0) {
      this.#times.readBytes(bytes, starts[this.#time]!, ends[this.#time]!);
    } else this.#readTwoColumns();
    point.timeMs = this.#times.timeMs;
    point.offsetMin = this.#times.offsetMin;
    if (this.#plan.offset) this.#readOffset(point);
    return point;
  }

  #readUser(): string {
    const { bytes, starts, ends, quoted } = this.#scanner;
    const text = this.#names.get(bytes, starts[this.#user]!, ends[this.#user]!);
    return quoted[this.#user] && text.includes('""') ? text.replaceAll('""', '"') : text;
  }

  #readTwoColumns(): void {
    const day = this.#scanner.text(this.#plan.dateIndex).trim();
    this.#times.readText(`${day} ${this.#scanner.text(this.#time).trim()}`);
  }

  #readOffset(point: FoundPoint): void {
    const { index, minutes } = this.#plan.offset!;
    const { bytes, starts, ends, fields } = this.#scanner;
    const value = index < fields ? parseNumber(bytes, starts[index]!, ends[index]!) : NaN;
    applyOffset(point, value * minutes, this.#plan.isLocalByOffset);
  }
}

/** The last column that a plan needs. */
export function lastColumn({ roles, dateIndex }: TablePlan): number {
  const { user, time, lat, lng } = roles;
  return Math.max(user!.index, time!.index, lat!.index, lng!.index, dateIndex);
}

/** Why a row whose number of fields is not the header's cannot be used; undefined where it can. */
function whyOdd(
  scanner: RowScanner,
  { width, shape }: TextTable,
  last: number,
): string | undefined {
  const { fields, isOpenEnded } = scanner;
  if (fields > width) return hasMore(scanner, width) ? "more fields than the header" : undefined;
  if (isOpenEnded && fields <= last + 1) return "the last line was cut";
  if (fields > last) return undefined;
  const others = [COMMA, TAB, SEMICOLON, BAR].filter((mark) => mark !== shape.delimiter);
  const row = scanner.bytes.subarray(scanner.starts[0], scanner.ends[fields - 1]);
  const isOther = others.some((mark) => row.filter((byte) => byte === mark).length === width - 1);
  return isOther
    ? "another delimiter than in the rest of the file"
    : "fewer fields than the header";
}

/** True where a field beyond the header's holds anything: a delimiter at the end of lines is no field. */
function hasMore({ bytes, starts, ends, fields }: RowScanner, width: number): boolean {
  if (fields > width + 1 || width >= starts.length) return true;
  return bytes.subarray(starts[width], ends[width]).some((byte) => byte !== SPACE);
}

/** Where the present row goes. */
class RowTaker {
  readonly #scanner: RowScanner;
  readonly #table: TextTable;
  readonly #reader: RowReader;
  readonly #sink: PointSink;
  #isHeader: boolean;
  /** True while the piece at hand has NUL bytes in it. */
  hasNul = false;
  rows = 0;

  constructor(scanner: RowScanner, table: TextTable, plan: TablePlan, sink: PointSink) {
    this.#scanner = scanner;
    this.#table = table;
    this.#reader = new RowReader(scanner, plan);
    this.#sink = sink;
    this.#isHeader = table.header.value;
  }

  takeAll(): void {
    while (this.#scanner.next()) if (!this.#scanner.isBlank) this.#take();
  }

  #take(): void {
    const { line, isTooLong, fields } = this.#scanner;
    if (this.#isHeader) {
      this.#isHeader = false;
      return;
    }
    this.rows++;
    const why =
      isTooLong || this.hasNul || fields !== this.#table.width ? this.#whyNot() : undefined;
    if (why === undefined) this.#sink.add(this.#reader.read(), line);
    else this.#sink.reject(why, line);
  }

  #whyNot(): string | undefined {
    const scanner = this.#scanner;
    if (scanner.isTooLong) return `a line longer than ${LONGEST_LINE.toLocaleString("en")} bytes`;
    const kept = Math.min(scanner.fields, scanner.ends.length);
    const row = scanner.bytes.subarray(scanner.starts[0], scanner.ends[kept - 1]);
    if (this.hasNul && row.includes(0)) return "NUL bytes in the row";
    if (scanner.fields === this.#table.width) return undefined;
    return whyOdd(scanner, this.#table, this.#reader.last);
  }
}

/** Streams all rows of a text file into the sink; the result is how many there were. */
export async function* readTextTable(
  file: SourceFile,
  { table, plan, sink }: { table: TextTable; plan: TablePlan; sink: PointSink },
  signal?: AbortSignal,
): AsyncGenerator<Progress, number, void> {
  const pace = createPace(signal);
  const scanner = new RowScanner(table.shape, table.width + 1);
  const taker = new RowTaker(scanner, table, plan, sink);
  const bytes = openBytes(file, signal);
  const total = file.blob.size;
  for await (const piece of toUtf8(bytes.chunks)) {
    scanner.push(piece);
    taker.hasNul = scanner.bytes.includes(0);
    taker.takeAll();
    if (!pace.due()) continue;
    yield { phase: `read ${file.path}`, done: bytes.done, total, unit: "bytes" };
    await pace.rest();
  }
  scanner.finish();
  taker.takeAll();
  return taker.rows;
}

/** So many bytes are read on for a date that shows whether the day or the month comes first. */
const FAR_ENOUGH = 2 ** 26;

/**
 * Reads on until a date such as 13/04/2012 shows the order; all rows count where the first ones do not tell.
 * Undefined where none shows it.
 */
export async function settleDateOrder(
  file: SourceFile,
  table: TextTable,
  plan: TablePlan,
  signal?: AbortSignal,
): Promise<DateOrderVotes["order"]> {
  const pace = createPace(signal);
  const column = plan.dateIndex < 0 ? plan.roles.time!.index : plan.dateIndex;
  const scanner = new RowScanner(table.shape, column + 1);
  const votes = new DateOrderVotes();
  const vote = () => {
    while (scanner.next()) votes.add(scanner.text(column).trim());
  };
  let read = 0;
  for await (const piece of toUtf8(openBytes(file, signal).chunks)) {
    scanner.push(piece);
    vote();
    if (votes.order || (read += piece.length) > FAR_ENOUGH) break;
    if (pace.due()) await pace.rest();
  }
  scanner.finish();
  vote();
  return votes.order;
}
