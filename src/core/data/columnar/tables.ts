import type { ColumnSource } from "hyparquet-writer";
import { cellHash, type CellTable } from "../../geo/cells";
import type { CheckIns } from "../check-ins";
import { NO_OFFSET } from "../points";
import { SPLITS, type Split } from "../splits";
import type { Trajectories } from "../trajectories";
import { monthText, windowText } from "../windows";

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

/** The hashes of cells, each made once. */
function hashesOf(cells: CellTable, cell: Uint32Array): string[] {
  const hashes = new Map<number, string>();
  return Array.from(cell, (n) => {
    const hash = hashes.get(n) ?? cellHash(cells, n);
    hashes.set(n, hash);
    return hash;
  });
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
      data: hashesOf(cells, cell),
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

/** Numbers of the trajectories of one part. */
export function trajectoriesOf(parts: Uint8Array, split: Split): Uint32Array {
  const part = SPLITS.indexOf(split);
  return Uint32Array.from(parts.keys()).filter((k) => parts[k] === part);
}
