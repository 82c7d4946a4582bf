import { readNpy, type NpyValues } from "../data/columnar/npy";
import { FootfallError } from "../errors";
import { createTokenColumn, type TokenColumn } from "./tokeniser";

/** Trajectories as pieces, one after the other, as `ShardWriter` writes them (docs/tokens.md). */
export interface Shard {
  readonly tokens: NpyValues;
  /** 1 where a hash starts, [tokens] */
  readonly starts: NpyValues;
  /** Trajectory k is tokens[offsets[k]] .. tokens[offsets[k + 1] - 1], [n + 1]. */
  readonly offsets: NpyValues;
}

/** Reads the bytes of a file of the folder of shards, undefined where there is none. */
export type ReadShardFile = (path: string) => Promise<Uint8Array | undefined>;

/** The three columns of a shard. Throws "missing-file", "bad-file" where they do not fit together. */
export async function readShard(read: ReadShardFile, name: string): Promise<Shard> {
  const column = async (kind: string): Promise<NpyValues> => {
    const file = `tokens/${name}.${kind}.npy`;
    const bytes = await read(file);
    if (bytes !== undefined) return readNpy(bytes).values;
    throw new FootfallError("missing-file", `${file} is missing, report.json names it`);
  };
  const tokens = await column("tokens");
  const starts = await column("starts");
  const offsets = await column("offsets");
  const isRising = offsets.every((offset, k) => k === 0 || offset >= offsets[k - 1]!);
  const fit = starts.length === tokens.length && offsets.at(-1) === tokens.length && isRising;
  if (fit && offsets[0] === 0) return { tokens, starts, offsets };
  throw new FootfallError("bad-file", `tokens/${name}: the three columns do not fit`);
}

/** All trajectories of one split in memory. */
export interface Corpus {
  readonly tokens: TokenColumn;
  readonly starts: Uint8Array;
  readonly offsets: Uint32Array; // [n + 1]
}

/** Reads and joins the shards of one split. Throws as `readShard`, and "token-out-of-range" beyond V. */
export async function readCorpus(
  read: ReadShardFile,
  names: readonly string[],
  V: number,
): Promise<Corpus> {
  const shards: Shard[] = [];
  for (const name of names) shards.push(await readShard(read, name));
  const total = shards.reduce((sum, { tokens }) => sum + tokens.length, 0);
  const rows = shards.reduce((sum, { offsets }) => sum + offsets.length - 1, 0);
  const tokens = createTokenColumn(V, total);
  const starts = new Uint8Array(total);
  const offsets = new Uint32Array(rows + 1);
  let [end, row] = [0, 0];
  for (const [n, shard] of shards.entries()) {
    const wrong = shard.tokens.findIndex((token) => token >= V);
    if (wrong >= 0) {
      const what = `token ${shard.tokens[wrong]} is outside the vocabulary (0 to ${V - 1})`;
      throw new FootfallError("token-out-of-range", `tokens/${names[n]}, place ${wrong}: ${what}`);
    }
    tokens.set(shard.tokens, end);
    starts.set(shard.starts, end);
    for (let k = 1; k < shard.offsets.length; k++) offsets[++row] = end + shard.offsets[k]!;
    end += shard.tokens.length;
  }
  return { tokens, starts, offsets };
}
