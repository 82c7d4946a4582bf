import { parquetRead, parquetReadObjects, type AsyncBuffer } from "hyparquet";
import { FootfallError } from "../../errors";
import { CellTableBuilder } from "../../geo/cells";
import { createPace, type Pace, type Progress } from "../../pace";
import { badParquet } from "./bad-parquet";
import { openParquetBytes, type ParquetBytes } from "./parquet-bytes";
import type { CheckIns } from "../check-ins";
import { NO_OFFSET } from "../points";
import { SPLITS, type Split } from "../splits";
import type { Trajectories } from "../trajectories";
import { monthNumber, readWindow } from "../windows";

/** Trajectories read back, with the part of each. */
export interface ReadTrajectories {
  trajectories: Trajectories;
  parts: Uint8Array;
}

interface TrajectoryRow {
  month: string;
  /** Missing in folders that were written before there were other windows than months. */
  window?: string;
  split: Split;
  first_check_in: number;
  check_ins: number;
}

const CHECK_INS = "check-ins.parquet";
const TRAJECTORIES = "trajectories.parquet";

/** An open table: its footer and the names of its columns. */
interface Table extends ParquetBytes {
  name: string;
  columns: ReadonlySet<string>;
}

async function naming<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw badParquet(name, cause);
  }
}

function openTable(name: string, file: AsyncBuffer): Promise<Table> {
  return naming(name, async () => {
    const opened = await openParquetBytes(file);
    const columns = new Set(opened.metadata.schema.map((element) => element.name));
    return { name, ...opened, columns };
  });
}

/** Rows of a table, from `from` to `to - 1`. */
interface Range {
  from: number;
  to: number;
}

/** Times as numbers: a Date for each of millions of rows is a burden. */
const PARSERS = { timestampFromMilliseconds: Number };

/** Consecutive values of a column, from row `first` on. */
interface Piece<T> {
  values: ArrayLike<T>;
  first: number;
}

/** One column of some rows in the pieces in which it comes; there may be rows around them. */
function readColumn<T>(
  { name, file, metadata, compressors, checker }: Table,
  column: string,
  { from, to }: Range,
): Promise<Piece<T>[]> {
  return naming(name, async () => {
    const pieces: Piece<T>[] = [];
    await checker.check(new Set([column]), { from, to });
    await parquetRead({
      file,
      metadata,
      compressors,
      columns: [column],
      rowStart: from,
      rowEnd: to,
      parsers: PARSERS,
      onChunk: ({ columnData, rowStart }) =>
        pieces.push({ values: columnData as ArrayLike<T>, first: rowStart }),
    });
    return pieces;
  });
}

function* rowGroups({ metadata }: Table): Generator<Range, void> {
  let from = 0;
  for (const group of metadata.row_groups) {
    const to = from + Number(group.num_rows);
    yield { from, to };
    from = to;
  }
}

/** Rows that are wanted, in the order of the table, and where the first of each stands among the kept ones. */
interface Wanted {
  ranges: readonly Range[];
  offsets: Uint32Array;
}

/** Check-ins as columns of as many rows as are wanted, filled column by column. */
class CheckInColumns {
  readonly #cells = new CellTableBuilder();
  readonly #users = new Map<string, number>();
  readonly #wanted: Wanted;
  readonly #columns: Omit<CheckIns, "users" | "cells">;
  /** The first of the wanted ranges that ends behind the rows at hand. */
  #next = 0;

  constructor(wanted: Wanted, hasOffsets: boolean) {
    const { ranges, offsets } = wanted;
    const K = offsets[ranges.length]!;
    this.#wanted = wanted;
    this.#columns = {
      user: new Uint32Array(K),
      cell: new Uint32Array(K),
      startMs: new Float64Array(K),
      endMs: new Float64Array(K),
      points: new Uint32Array(K),
      ...(hasOffsets ? { offsetMin: new Int16Array(K).fill(NO_OFFSET) } : {}),
    };
  }

  /** Reads the wanted rows of a row group, with a rest after each column. */
  async read(table: Table, rows: Range, pace: Pace): Promise<void> {
    const { user, cell, startMs, endMs, points, offsetMin } = this.#columns;
    const fill = async <T>(name: string, column: { [i: number]: number }, of: (v: T) => number) => {
      for (const piece of await readColumn<T>(table, name, rows)) {
        this.#place(piece, (k, value) => (column[k] = of(value)));
      }
      if (pace.due()) await pace.rest();
    };
    await fill<string>("user", user, (name) => this.#userNumber(name));
    await fill<string>("cell", cell, (hash) => this.#cells.add(hash));
    await fill<number>("start", startMs, Number);
    await fill<number>("end", endMs, Number);
    await fill<number>("points", points, Number);
    if (offsetMin)
      await fill<number | undefined>("offset_min", offsetMin, (minutes) => minutes ?? NO_OFFSET);
    const { ranges } = this.#wanted;
    while (this.#next < ranges.length && ranges[this.#next]!.to <= rows.to) this.#next++;
  }

  build(): CheckIns {
    return { users: [...this.#users.keys()], cells: this.#cells.build(), ...this.#columns };
  }

  /** Puts the wanted ones of some values in their places. */
  #place<T>({ values, first }: Piece<T>, put: (k: number, value: T) => void): void {
    const { ranges, offsets } = this.#wanted;
    const end = first + values.length;
    for (let r = this.#next; r < ranges.length && ranges[r]!.from < end; r++) {
      const { from, to } = ranges[r]!;
      const last = Math.min(to, end);
      for (let row = Math.max(from, first); row < last; row++) {
        put(offsets[r]! + row - from, values[row - first]!);
      }
    }
  }

  #userNumber(name: string): number {
    const known = this.#users.get(name);
    if (known !== undefined) return known;
    this.#users.set(name, this.#users.size);
    return this.#users.size - 1;
  }
}

function toWanted(ranges: readonly Range[]): Wanted {
  const offsets = new Uint32Array(ranges.length + 1);
  ranges.forEach(({ from, to }, r) => (offsets[r + 1] = offsets[r]! + to - from));
  return { ranges, offsets };
}

async function* readWanted(
  table: Table,
  ranges: readonly Range[],
  signal?: AbortSignal,
): AsyncGenerator<Progress, { checkIns: CheckIns; offsets: Uint32Array }, void> {
  const wanted = toWanted(ranges);
  const columns = new CheckInColumns(wanted, table.columns.has("offset_min"));
  const pace = createPace(signal);
  const total = Number(table.metadata.num_rows);
  for (const rows of rowGroups(table)) {
    await columns.read(table, rows, pace);
    yield { phase: "read the tables", done: rows.to, total, unit: "check-ins" };
  }
  return { checkIns: columns.build(), offsets: wanted.offsets };
}

/** check-ins.parquet as columns, all rows. Throws "bad-file", "stopped". */
export async function* readCheckIns(
  file: AsyncBuffer,
  signal?: AbortSignal,
): AsyncGenerator<Progress, CheckIns, void> {
  const table = await openTable(CHECK_INS, file);
  const all = { from: 0, to: Number(table.metadata.num_rows) };
  const { checkIns } = yield* readWanted(table, [all], signal);
  return checkIns;
}

async function readTrajectoryRows(file: AsyncBuffer): Promise<TrajectoryRow[]> {
  const { metadata, columns, compressors, checker } = await openTable(TRAJECTORIES, file);
  const wanted = ["month", "split", "first_check_in", "check_ins"];
  if (columns.has("window")) wanted.push("window");
  const read = async () => {
    await checker.check(new Set(wanted), { from: 0, to: Number(metadata.num_rows) });
    return parquetReadObjects({ file, metadata, compressors, columns: wanted });
  };
  const rows = (await naming(TRAJECTORIES, read)) as unknown as TrajectoryRow[];
  return rows.toSorted((a, b) => a.first_check_in - b.first_check_in);
}

/** The check-ins of each trajectory; each follows the one before. Throws "bad-file" where they cannot be. */
function toRanges(rows: readonly TrajectoryRow[], count: number): Range[] {
  let end = 0;
  return rows.map(({ first_check_in: from, check_ins: length }) => {
    const to = from + length;
    const names = `${TRAJECTORIES} names check-ins ${from} to ${to - 1}`;
    if (!(length > 0 && from >= 0 && to <= count))
      throw new FootfallError("bad-file", `${names}, ${CHECK_INS} has ${count}`);
    if (from < end)
      throw new FootfallError("bad-file", `${names}, which belong to another trajectory already`);
    end = to;
    return { from, to };
  });
}

/**
 * Both tables that `tokenise` writes, as trajectories with their part, in the order of the check-ins, which
 * are read row group by row group: 28 bytes each and one row group of values are in memory. Check-ins of no
 * trajectory are left out. Throws "bad-file", "stopped".
 */
export async function* readTrajectories(
  checkInFile: AsyncBuffer,
  trajectoryFile: AsyncBuffer,
  signal?: AbortSignal,
): AsyncGenerator<Progress, ReadTrajectories, void> {
  const table = await openTable(CHECK_INS, checkInFile);
  const rows = await readTrajectoryRows(trajectoryFile);
  const ranges = toRanges(rows, Number(table.metadata.num_rows));
  const { checkIns, offsets } = yield* readWanted(table, ranges, signal);
  const trajectories = {
    checkIns,
    offsets,
    user: Uint32Array.from(ranges, (_, r) => checkIns.user[offsets[r]!]!),
    month: Int32Array.from(rows, ({ month }) => monthNumber(month)),
    ...readWindows(rows),
  };
  return { trajectories, parts: Uint8Array.from(rows, ({ split }) => SPLITS.indexOf(split)) };
}

/** The windows where they are no months. */
function readWindows(rows: readonly TrajectoryRow[]): Pick<Trajectories, "windows"> {
  const windows = rows.map(({ month, window = month }) => readWindow(window));
  const kind = windows[0]?.kind ?? "month";
  if (kind === "month") return {};
  return { windows: { kind, window: Int32Array.from(windows, ({ window }) => window) } };
}
