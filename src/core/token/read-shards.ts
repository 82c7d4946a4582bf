import { readNpy, type NpyValues } from "../data/columnar/npy";
import { FootfallError } from "../errors";
import type { ExtraTokens } from "./extras";
import { createTokenColumn, type TokenColumn } from "./tokeniser";

/** Trajectories as pieces, one after the other, as `ShardWriter` writes them (docs/tokens.md). */
export interface Shard {
  readonly tokens: NpyValues;
  /** 1 where a hash starts, [tokens] */
  readonly starts: NpyValues;
  /** Trajectory k is tokens[offsets[k]] .. tokens[offsets[k + 1] - 1], [n + 1]. */
  readonly offsets: NpyValues;
  /** Hour of the week of each piece; undefined in shards of before 22 November 2026. */
  readonly hours: NpyValues | undefined;
  /** Number of the person of each trajectory, [n]; undefined where the vocabulary has no user tokens. */
  readonly users: NpyValues | undefined;
}

/** Reads the bytes of a file of the folder of shards, undefined where there is none. */
export type ReadShardFile = (path: string) => Promise<Uint8Array | undefined>;

/** The columns of a shard. Throws "missing-file", "bad-file" where they do not fit together. */
export async function readShard(read: ReadShardFile, name: string): Promise<Shard> {
  const fileOf = (kind: string): string => `tokens/${name}.${kind}.npy`;
  const find = async (kind: string): Promise<NpyValues | undefined> => {
    const bytes = await read(fileOf(kind));
    return bytes && readNpy(bytes).values;
  };
  const column = async (kind: string): Promise<NpyValues> => {
    const values = await find(kind);
    if (values !== undefined) return values;
    throw new FootfallError("missing-file", `${fileOf(kind)} is missing, report.json names it`);
  };
  const tokens = await column("tokens");
  const starts = await column("starts");
  const offsets = await column("offsets");
  const hours = await find("hours");
  const users = await find("users");
  const isRising = offsets.every((offset, k) => k === 0 || offset >= offsets[k - 1]!);
  const hasHours = hours === undefined || hours.length === tokens.length;
  const hasUsers = users === undefined || users.length === offsets.length - 1;
  const hasColumns = starts.length === tokens.length && hasHours && hasUsers;
  const fit = hasColumns && offsets.at(-1) === tokens.length && isRising;
  if (fit && offsets[0] === 0) return { tokens, starts, offsets, hours, users };
  throw new FootfallError("bad-file", `tokens/${name}: the columns do not fit`);
}

/** All trajectories of one split in memory. */
export interface Corpus {
  readonly tokens: TokenColumn;
  readonly starts: Uint8Array;
  readonly offsets: Uint32Array; // [n + 1]
  /** Hour of the week of each piece's check-in; undefined where it is not known. */
  readonly hours?: Uint8Array | undefined;
  /** Tokens that rows hold beside the pieces; default none. */
  readonly extras?: ExtraTokens | undefined;
  /** Number of the person of each trajectory, 0 for anybody, [n]; undefined where there are no user tokens. */
  readonly users?: Uint16Array | undefined;
}

/** Throws "token-out-of-range" for a person without a token. */
function checkUsers({ users }: Shard, extras: ExtraTokens | undefined, name: string): void {
  if (extras === undefined || extras.users === 0) return;
  const wrong = users?.find((user) => user > extras.users);
  if (wrong === undefined) return;
  const what = `person ${wrong} has no token (1 to ${extras.users} have)`;
  throw new FootfallError("token-out-of-range", `tokens/${name}.users.npy: ${what}`);
}

/**
 * Reads and joins the shards of one split.
 * @param V special tokens and pieces
 * @param extras of the vocabulary. Throws as `readShard`, and "token-out-of-range" beyond V
 */
export async function readCorpus(
  read: ReadShardFile,
  names: readonly string[],
  V: number,
  extras?: ExtraTokens,
): Promise<Corpus> {
  const shards: Shard[] = [];
  for (const name of names) shards.push(await readShard(read, name));
  const total = shards.reduce((sum, { tokens }) => sum + tokens.length, 0);
  const rows = shards.reduce((sum, { offsets }) => sum + offsets.length - 1, 0);
  const tokens = createTokenColumn(V, total);
  const starts = new Uint8Array(total);
  const offsets = new Uint32Array(rows + 1);
  const hours = shards.every((shard) => shard.hours) ? new Uint8Array(total) : undefined;
  const users = shards.every((shard) => shard.users) ? new Uint16Array(rows) : undefined;
  let [end, row] = [0, 0];
  for (const [n, shard] of shards.entries()) {
    const wrong = shard.tokens.findIndex((token) => token >= V);
    if (wrong >= 0) {
      const what = `token ${shard.tokens[wrong]} is outside the vocabulary (0 to ${V - 1})`;
      throw new FootfallError("token-out-of-range", `tokens/${names[n]}, place ${wrong}: ${what}`);
    }
    tokens.set(shard.tokens, end);
    starts.set(shard.starts, end);
    hours?.set(shard.hours!, end);
    users?.set(shard.users!, row);
    checkUsers(shard, extras, names[n]!);
    for (let k = 1; k < shard.offsets.length; k++) offsets[++row] = end + shard.offsets[k]!;
    end += shard.tokens.length;
  }
  return { tokens, starts, offsets, hours, extras, users };
}
