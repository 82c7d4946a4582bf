import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FootfallError } from "../../errors";
import { changedFile } from "./changed-file.testing";
import { openParquet, readColumns, type ColumnValues } from "./parquet-file";

const FOLDER = new URL("../../../../test/reference/pages/", import.meta.url);
const FIRST = [
  "first-brotli",
  "first-gzip",
  "first-lz4",
  "first-none",
  "first-snappy",
  "first-zstd",
];
const SECOND = FIRST.map((name) => name.replace("first", "second"));
const NAMES = ["deltas", ...FIRST, "lengths", ...SECOND];
const PATIENCE_MS = 4000; // more than the slowest took on a machine with much other work

/** Changes that filled the memory, or took for ever, before pages were looked at. */
const FATAL: [name: string, seeds: number[]][] = [
  ["deltas", [4466, 11970]],
  ["first-none", [4652, 5324, 7004]],
  ["first-zstd", [10646]],
  ["second-brotli", [204, 792, 2388, 5020]],
  ["second-gzip", [3691, 3859, 11209, 11503]],
  ["second-lz4", [724, 990, 3972, 4140]],
  ["second-none", [1509, 5093, 10973]],
  ["second-snappy", [5108, 7740, 12052, 12318]],
  ["second-zstd", [475, 2309, 7573, 8091]],
];

const bytesOf = (name: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(readFileSync(new URL(`${name}.parquet`, FOLDER)));

async function readAll(bytes: Uint8Array<ArrayBuffer>): Promise<ColumnValues> {
  const file = await openParquet({ path: "x.parquet", blob: new Blob([bytes]) });
  return readColumns(file, file.columns, { from: 0, to: Number(file.metadata.num_rows) });
}

/** Reads a changed file: values or one sentence, soon. */
async function readChanged(name: string, seed: number): Promise<void> {
  const begun = performance.now();
  const refuse = (error: unknown) => expect(error).toBeInstanceOf(FootfallError);
  await readAll(changedFile(bytesOf(name), seed).slice()).catch(refuse);
  expect(performance.now() - begun, `${name}, ${seed}`).toBeLessThan(PATIENCE_MS);
}

describe("pages of all kinds", () => {
  it.each(NAMES)("are read as pyarrow wrote them: %s", async (name) => {
    const values = await readAll(bytesOf(name));
    const rows = Array.from({ length: 300 }, (_, i) => i);
    const texts = rows.map((i) =>
      i % 97 === 0 ? null : `user ${String(i % 53).padStart(4, "0")}`,
    );
    const told = Array.from(values.get("user")!, (text) =>
      text instanceof Uint8Array ? new TextDecoder().decode(text) : text,
    );
    expect(told).toEqual(texts);
    expect([...(values.get("time") as BigInt64Array)].map(Number)).toEqual(
      rows.map((i) => 1333454400000 + i * 61000),
    );
    expect([...(values.get("lat") as Float64Array)]).toEqual(rows.map((i) => 35.5 + i / 1024));
    expect(Array.from(values.get("flag")!)).toEqual(
      rows.map((i) => (i % 11 === 0 ? null : i % 3 === 0)),
    );
    expect(Array.from(values.get("place.n")!, Number)).toEqual(rows);
  });

  it.each(FATAL)("end where they once did not: %s, changes %j", async (name, seeds) => {
    for (const seed of seeds) await readChanged(name, seed);
  });

  it("end in values or in one sentence where the file was changed or cut", async () => {
    const seed = fc.integer({ min: 0, max: 1e6 });
    const cases = fc.asyncProperty(fc.constantFrom(...NAMES), seed, readChanged);
    await fc.assert(cases, { numRuns: 60 });
  });
});
