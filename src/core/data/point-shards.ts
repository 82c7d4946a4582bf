import { FootfallError } from "../errors";
import { readNpy, writeNpy, type NpyValues } from "./columnar/npy";
import { takeWindows, type PointWindows } from "./point-windows";

/** Names of a shard's columns and how each is made. */
const COLUMNS = ["places", "moments", "offsets", "user"] as const;

/** Points of one shard at most: 48 MB. */
const SHARD_POINTS = 4_000_000;

const fileOf = (name: string, column: string): string => `points/${name}.${column}.npy`;
const USERS_FILE = "points/users.json";

/** Names of the shards of windows, and where each begins. */
function planShards({ offsets, user }: PointWindows): [from: number, to: number][] {
  const shards: [number, number][] = [];
  let from = 0;
  for (let k = 0; k < user.length; k++) {
    const isFull = offsets[k + 1]! - offsets[from]! > SHARD_POINTS && k > from;
    if (isFull) shards.push([from, k]);
    if (isFull) from = k;
  }
  return user.length > 0 ? [...shards, [from, user.length]] : shards;
}

/** The files of the windows of one part, written one by one; gives the names of the shards (docs/data.md). */
export async function writePointShards(
  windows: PointWindows,
  split: string,
  write: (path: string, bytes: Uint8Array) => Promise<void>,
): Promise<string[]> {
  const names: string[] = [];
  for (const [n, [from, to]] of planShards(windows).entries()) {
    const name = `${split}-${String(n).padStart(5, "0")}`;
    const rows = Array.from({ length: to - from }, (_, k) => from + k);
    const shard = takeWindows(windows, rows);
    for (const column of COLUMNS) {
      const values = shard[column];
      const shape = column === "places" ? [values.length / 2, 2] : [values.length];
      await write(fileOf(name, column), writeNpy(values, shape));
    }
    names.push(name);
  }
  return names;
}

/** The file with the names of the users, for all parts. */
export function writePointUsers({ users }: PointWindows): [path: string, bytes: Uint8Array] {
  return [USERS_FILE, new TextEncoder().encode(`${JSON.stringify(users)}\n`)];
}

type ReadFile = (path: string) => Promise<Uint8Array | undefined>;

async function readColumn(read: ReadFile, name: string, column: string): Promise<NpyValues> {
  const bytes = await read(fileOf(name, column));
  if (bytes !== undefined) return readNpy(bytes).values;
  throw new FootfallError(
    "missing-file",
    `${fileOf(name, column)} is missing, report.json names it`,
  );
}

/** Joins columns of one kind. */
function join<T extends Float32Array | Int32Array | Uint32Array>(
  columns: readonly NpyValues[],
  make: (length: number) => T,
): T {
  const joined = make(columns.reduce((sum, column) => sum + column.length, 0));
  let end = 0;
  for (const column of columns) {
    joined.set(column, end);
    end += column.length;
  }
  return joined;
}

/** Throws "bad-file" where the columns of a shard do not fit together, or a place is none. */
function checkShard(name: string, [places, moments, offsets, user]: readonly NpyValues[]): void {
  const isRising = offsets!.every((offset, k) => k === 0 || offset >= offsets![k - 1]!);
  const areNumbers = places!.every(Number.isFinite);
  const [N, n] = [moments!.length, user!.length];
  const fit = places!.length === 2 * N && offsets!.length === n + 1 && offsets!.at(-1) === N;
  if (fit && isRising && areNumbers && offsets![0] === 0) return;
  const why = areNumbers ? "the columns do not fit together" : "a place is no number";
  throw new FootfallError("bad-file", `points/${name}: ${why}`);
}

/** Reads and joins the shards of one part. Throws "missing-file" and "bad-file". */
export async function readPointShards(
  read: ReadFile,
  names: readonly string[],
): Promise<PointWindows> {
  const bytes = await read(USERS_FILE);
  const users = bytes ? (JSON.parse(new TextDecoder().decode(bytes)) as string[]) : [];
  const shards: NpyValues[][] = [];
  for (const name of names) {
    const shard: NpyValues[] = [];
    for (const column of COLUMNS) shard.push(await readColumn(read, name, column));
    checkShard(name, shard);
    shards.push(shard);
  }
  let end = 0;
  const offsets = shards.map(([, moments, own]) => {
    const moved = Uint32Array.from(own!.subarray(1), (offset) => end + offset);
    end += moments!.length;
    return moved;
  });
  const column = (n: number): NpyValues[] => shards.map((shard) => shard[n]!);
  return {
    users,
    places: join(column(0), (length) => new Float32Array(length)),
    moments: join(column(1), (length) => new Int32Array(length)),
    offsets: join([Uint32Array.of(0), ...offsets], (length) => new Uint32Array(length)),
    user: join(column(3), (length) => new Uint32Array(length)),
  };
}
