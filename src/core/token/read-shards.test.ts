import { describe, expect, test } from "vitest";
import { writeNpy } from "../data/columnar/npy";
import { readCorpus, type ReadShardFile } from "./read-shards";

interface Columns {
  tokens?: Uint16Array;
  starts?: Uint8Array;
  offsets?: Uint32Array;
  users?: Uint16Array;
}

/** A folder of one shard of two trajectories, with some of its columns replaced. */
function folderOf(changes: Columns): ReadShardFile {
  const columns: Columns = {
    tokens: Uint16Array.of(5, 6, 7, 8),
    starts: Uint8Array.of(1, 0, 1, 0),
    offsets: Uint32Array.of(0, 2, 4),
    ...changes,
  };
  return (path) => {
    const [, kind] = /^tokens\/a\.(\w+)\.npy$/.exec(path) ?? [];
    const values = columns[kind as keyof Columns] as Uint16Array | undefined;
    return Promise.resolve(values && writeNpy(values));
  };
}

const read = (changes: Columns, V = 9) => readCorpus(folderOf(changes), ["a"], V);

describe("shards of tokens", () => {
  test("are read as they are", async () => {
    const { tokens, offsets } = await read({});
    expect([Array.from(tokens), Array.from(offsets)]).toEqual([
      [5, 6, 7, 8],
      [0, 2, 4],
    ]);
  });

  test("are refused with a token that the vocabulary does not have, by its place", async () => {
    await expect(read({ tokens: Uint16Array.of(5, 6, 9, 8) })).rejects.toMatchObject({
      code: "token-out-of-range",
      message: "tokens/a, place 2: token 9 is outside the vocabulary (0 to 8)",
    });
  });

  test.each<[string, Columns]>([
    ["starts of other pieces", { starts: Uint8Array.of(1, 0) }],
    ["offsets that fall", { offsets: Uint32Array.of(0, 3, 2, 4) }],
    ["people of other trajectories", { users: Uint16Array.of(1) }],
    ["offsets beyond the end", { offsets: Uint32Array.of(0, 2, 5) }],
  ])("are refused with %s", async (_, changes) => {
    await expect(read(changes)).rejects.toMatchObject({
      code: "bad-file",
      message: expect.stringContaining("tokens/a: the columns do not fit") as string,
    });
  });

  test("tell whose they are, and are refused with a person who has no token", async () => {
    const extras = { users: 2, times: "none", first: 9 } as const;
    const folder = (users: number[]) => folderOf({ users: Uint16Array.from(users) });
    const { users } = await readCorpus(folder([2, 0]), ["a"], 9, extras);
    expect(users && [...users]).toEqual([2, 0]);
    await expect(readCorpus(folder([3, 0]), ["a"], 9, extras)).rejects.toMatchObject({
      code: "token-out-of-range",
      message: "tokens/a.users.npy: person 3 has no token (1 to 2 have)",
    });
  });

  test("are refused where a file is missing", async () => {
    const reading = readCorpus(folderOf({}), ["b"], 9);
    await expect(reading).rejects.toThrow("tokens/b.tokens.npy is missing, report.json names it");
  });
});
