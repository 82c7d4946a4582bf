import { parquetReadObjects, type AsyncBuffer } from "hyparquet";
import type { ColumnSource } from "hyparquet-writer";
import { FootfallError } from "../errors";
import { cellHash, CellTableBuilder } from "../geo/cells";
import type { CheckIns } from "./check-ins";
import { growFloat64, growInt32, growUint32, growUint8 } from "./growing";
import { SPLITS, type Split } from "./splits";
import { monthText, type Trajectories } from "./trajectories";

type Column = ColumnSource & { data: unknown[] };

/** Times as parquet wants them: 64-bit milliseconds. */
const toBigInts = (timesMs: Float64Array): bigint[] =>
  Array.from(timesMs, (timeMs) => BigInt(Math.round(timeMs)));

/** One row a check-in: user, cell, start, end, points (docs/data.md). `names` replaces the users' names. */
export function checkInColumns(
  { users, cells, user, cell, startMs, endMs, points }: CheckIns,
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
    { name: "start", type: "TIMESTAMP", nullable: false, data: toBigInts(startMs) },
    { name: "end", type: "TIMESTAMP", nullable: false, data: toBigInts(endMs) },
    { name: "points", type: "INT32", nullable: false, data: Array.from(points) },
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

/** One row a trajectory: user, month, split, first_check_in, check_ins, cells, start, end (docs/data.md). */
export function trajectoryColumns(
  { checkIns, offsets, user, month }: Trajectories,
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
    const data = rows.map((row) => BigInt(Math.round(column[row]!)));
    return { name, type: "TIMESTAMP", nullable: false, data };
  };
  return [
    texts(
      "user",
      Array.from(user, (u) => names[u]!),
    ),
    texts("month", Array.from(month, monthText)),
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
}

interface TrajectoryRow {
  month: string;
  split: Split;
  first_check_in: number;
  check_ins: number;
}

async function readRows<T>(name: string, file: AsyncBuffer, columns: (keyof T & string)[]) {
  try {
    return (await parquetReadObjects({ file, columns })) as T[];
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new FootfallError("bad-file", `${name} cannot be read as Parquet: ${why}`, { cause });
  }
}

function monthNumber(text: string): number {
  const [year = 0, month = 1] = text.split("-").map(Number);
  return year * 12 + month - 1;
}

/** Collects rows of check-ins.parquet into columns. */
class CheckInColumns {
  readonly #cells = new CellTableBuilder();
  readonly #users = new Map<string, number>();
  readonly #user = growUint32();
  readonly #cell = growUint32();
  readonly #startMs = growFloat64();
  readonly #endMs = growFloat64();
  readonly #points = growUint32();

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
    };
  }
}

/** check-ins.parquet as columns, all rows. Throws "bad-file". */
export async function readCheckIns(file: AsyncBuffer): Promise<CheckIns> {
  const columns = new CheckInColumns();
  const names: (keyof CheckInRow)[] = ["user", "cell", "start", "end", "points"];
  for (const row of await readRows<CheckInRow>("check-ins.parquet", file, names)) columns.add(row);
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
  const names: (keyof CheckInRow)[] = ["user", "cell", "start", "end", "points"];
  const checkIns = await readRows<CheckInRow>("check-ins.parquet", checkInFile, names);
  const rows = await readRows<TrajectoryRow>("trajectories.parquet", trajectoryFile, [
    "month",
    "split",
    "first_check_in",
    "check_ins",
  ]);
  const columns = new CheckInColumns();
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
  };
  return { trajectories, parts: parts.build() };
}

/** Numbers of the trajectories of one part. */
export function trajectoriesOf(parts: Uint8Array, split: Split): Uint32Array {
  const part = SPLITS.indexOf(split);
  return Uint32Array.from(parts.keys()).filter((k) => parts[k] === part);
}
