import { parquetMetadataAsync, parquetReadObjects, type AsyncBuffer } from "hyparquet";
import type { ColumnSource } from "hyparquet-writer";
import { FootfallError } from "../errors";
import { cellHash, CellTableBuilder } from "../geo/cells";
import type { CheckIns } from "./check-ins";
import { growFloat64, growInt16, growInt32, growUint32, growUint8 } from "./growing";
import { NO_OFFSET } from "./points";
import { SPLITS, type Split } from "./splits";
import type { Trajectories } from "./trajectories";
import { monthNumber, monthText, readWindow, windowText } from "./windows";

/** A column as Parquet is written from. */
export type Column = ColumnSource & { data: unknown[] };

/** Times as Parquet wants them: 64-bit milliseconds. */
export const toTimes = (timesMs: ArrayLike<number>): bigint[] =>
  Array.from(timesMs, (timeMs) => BigInt(Math.round(timeMs)));

/** Minutes of the local clock, empty where the file does not tell. */
function offsetColumn(offsetMin: Int16Array): Column {
  const data = Array.from(offsetMin, (minutes) => (minutes === NO_OFFSET ? undefined : minutes));
  return { name: "offset_min", type: "INT32", nullable: true, data };
}

/**
 * One row a check-in: user, cell, start, end, points, and offset_min where the file tells local clocks
 * (docs/data.md). `names` replaces the users' names.
 */
export function checkInColumns(
  { users, cells, user, cell, startMs, endMs, points, offsetMin }: CheckIns,
  names: readonly string[] = users,
): Column[] {
  return [
    { name: "user", type: "STRING", nullable: false, data: Array.from(user, (u) => names[u]!) },
    {
      name: "cell",
      type: "STRING",
      nullable: false,
      data: Array.from(cell, (n) => cellHash(cells, n)),
    },
    { name: "start", type: "TIMESTAMP", nullable: false, data: toTimes(startMs) },
    { name: "end", type: "TIMESTAMP", nullable: false, data: toTimes(endMs) },
    { name: "points", type: "INT32", nullable: false, data: Array.from(points) },
    ...(offsetMin ? [offsetColumn(offsetMin)] : []),
  ];
}

/** Where the trajectories of one piece of work stand in the tables. */
export interface TrajectoryPlaces {
  /** Row of the first check-in of each trajectory in check-ins.parquet. */
  firstCheckIn: ArrayLike<number>;
  /** Part of each trajectory: 0, 1 or 2. */
  parts: Uint8Array;
  names?: readonly string[];
}

/**
 * One row a trajectory: user, month, window, split, first_check_in, check_ins, cells, start, end
 * (docs/data.md).
 */
export function trajectoryColumns(
  { checkIns, offsets, user, month, windows }: Trajectories,
  { firstCheckIn, parts, names = checkIns.users }: TrajectoryPlaces,
): Column[] {
  const { cell, startMs, endMs } = checkIns;
  const countCells = (_: unknown, k: number) =>
    new Set(cell.subarray(offsets[k], offsets[k + 1])).size;
  const firsts = Array.from(user, (_, k) => offsets[k]!);
  const lasts = Array.from(user, (_, k) => offsets[k + 1]! - 1);
  const integers = (name: string, data: number[]): Column => {
    return { name, type: "INT32", nullable: false, data };
  };
  const texts = (name: string, data: string[]): Column => {
    return { name, type: "STRING", nullable: false, data };
  };
  const times = (name: string, rows: number[], column: Float64Array): Column => {
    const data = toTimes(rows.map((row) => column[row]!));
    return { name, type: "TIMESTAMP", nullable: false, data };
  };
  return [
    texts(
      "user",
      Array.from(user, (u) => names[u]!),
    ),
    texts("month", Array.from(month, monthText)),
    texts(
      "window",
      Array.from(windows?.window ?? month, (n) => windowText(windows?.kind ?? "month", n)),
    ),
    texts(
      "split",
      Array.from(parts, (part) => SPLITS[part]!),
    ),
    integers("first_check_in", Array.from(firstCheckIn)),
    integers(
      "check_ins",
      Array.from(user, (_, k) => offsets[k + 1]! - offsets[k]!),
    ),
    integers("cells", Array.from(user, countCells)),
    times("start", firsts, startMs),
    times("end", lasts, endMs),
  ];
}

/** Trajectories read back, with the part of each. */
export interface ReadTrajectories {
  trajectories: Trajectories;
  parts: Uint8Array;
}

interface CheckInRow {
  user: string;
  cell: string;
  start: Date;
  end: Date;
  points: number;
  offset_min?: number | undefined;
}

interface TrajectoryRow {
  month: string;
  /** Missing in folders that were written before there were other windows than months. */
  window?: string;
  split: Split;
  first_check_in: number;
  check_ins: number;
}

async function readRows<T>(
  name: string,
  file: AsyncBuffer,
  columns: (keyof T & string)[],
  optional: keyof T & string,
) {
  try {
    const metadata = await parquetMetadataAsync(file);
    const has = metadata.schema.some((element) => element.name === optional);
    const wanted = has ? [...columns, optional] : columns;
    return (await parquetReadObjects({ file, metadata, columns: wanted })) as T[];
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new FootfallError("bad-file", `${name} cannot be read as Parquet: ${why}`, { cause });
  }
}

const readCheckInRows = (file: AsyncBuffer): Promise<CheckInRow[]> =>
  readRows<CheckInRow>(
    "check-ins.parquet",
    file,
    ["user", "cell", "start", "end", "points"],
    "offset_min",
  );

const readTrajectoryRows = (file: AsyncBuffer): Promise<TrajectoryRow[]> =>
  readRows<TrajectoryRow>(
    "trajectories.parquet",
    file,
    ["month", "split", "first_check_in", "check_ins"],
    "window",
  );

/** Collects rows of check-ins.parquet into columns. */
class CheckInColumns {
  readonly #cells = new CellTableBuilder();
  readonly #users = new Map<string, number>();
  readonly #user = growUint32();
  readonly #cell = growUint32();
  readonly #startMs = growFloat64();
  readonly #endMs = growFloat64();
  readonly #points = growUint32();
  readonly #offsetMin = growInt16();
  readonly #hasOffsets: boolean;

  constructor(rows: readonly CheckInRow[]) {
    this.#hasOffsets = rows[0] !== undefined && "offset_min" in rows[0];
  }

  get count(): number {
    return this.#user.length;
  }

  userNumber(name: string): number {
    const known = this.#users.get(name) ?? this.#users.size;
    this.#users.set(name, known);
    return known;
  }

  add(row: CheckInRow): void {
    this.#user.push(this.userNumber(row.user));
    this.#cell.push(this.#cells.add(row.cell));
    this.#startMs.push(row.start.getTime());
    this.#endMs.push(row.end.getTime());
    this.#points.push(row.points);
    if (this.#hasOffsets) this.#offsetMin.push(row.offset_min ?? NO_OFFSET);
  }

  build(): CheckIns {
    return {
      users: [...this.#users.keys()],
      cells: this.#cells.build(),
      user: this.#user.build(),
      cell: this.#cell.build(),
      startMs: this.#startMs.build(),
      endMs: this.#endMs.build(),
      points: this.#points.build(),
      ...(this.#hasOffsets ? { offsetMin: this.#offsetMin.build() } : {}),
    };
  }
}

/** check-ins.parquet as columns, all rows. Throws "bad-file". */
export async function readCheckIns(file: AsyncBuffer): Promise<CheckIns> {
  const rows = await readCheckInRows(file);
  const columns = new CheckInColumns(rows);
  for (const row of rows) columns.add(row);
  return columns.build();
}

/**
 * Both tables that `tokenise` writes, as trajectories with their part. Check-ins of no trajectory are left
 * out. Throws "bad-file".
 */
export async function readTrajectories(
  checkInFile: AsyncBuffer,
  trajectoryFile: AsyncBuffer,
): Promise<ReadTrajectories> {
  const checkIns = await readCheckInRows(checkInFile);
  const rows = await readTrajectoryRows(trajectoryFile);
  const columns = new CheckInColumns(checkIns);
  const [offsets, user, month, parts] = [growUint32(), growUint32(), growInt32(), growUint8()];
  offsets.push(0);
  for (const row of rows) {
    const own = checkIns.slice(row.first_check_in, row.first_check_in + row.check_ins);
    if (own.length < row.check_ins || own.length === 0) {
      throw new FootfallError(
        "bad-file",
        `trajectories.parquet names check-ins ${row.first_check_in} to ${row.first_check_in + row.check_ins - 1}, check-ins.parquet has ${checkIns.length}`,
      );
    }
    own.forEach((checkIn) => columns.add(checkIn));
    offsets.push(columns.count);
    user.push(columns.userNumber(own[0]!.user));
    month.push(monthNumber(row.month));
    parts.push(SPLITS.indexOf(row.split));
  }
  const trajectories = {
    checkIns: columns.build(),
    offsets: offsets.build(),
    user: user.build(),
    month: month.build(),
    ...readWindows(rows),
  };
  return { trajectories, parts: parts.build() };
}

/** The windows where they are no months. */
function readWindows(rows: readonly TrajectoryRow[]): Pick<Trajectories, "windows"> {
  const windows = rows.map(({ month, window = month }) => readWindow(window));
  const kind = windows[0]?.kind ?? "month";
  if (kind === "month") return {};
  return { windows: { kind, window: Int32Array.from(windows, ({ window }) => window) } };
}

/** Numbers of the trajectories of one part. */
export function trajectoriesOf(parts: Uint8Array, split: Split): Uint32Array {
  const part = SPLITS.indexOf(split);
  return Uint32Array.from(parts.keys()).filter((k) => parts[k] === part);
}
