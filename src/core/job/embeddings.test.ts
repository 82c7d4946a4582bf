import { parquetWriteBuffer } from "hyparquet-writer";
import { beforeAll, describe, expect, it } from "vitest";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeNpy } from "../data/columnar/npy";
import { cellCentres, cellHash } from "../geo/cells";
import { runJob, type Job, type ResultOf } from "../jobs";
import { writeSafetensors } from "../model/safetensors";
import { finish } from "../pace";
import { madeFile } from "../truth/truth.testing";
import { openDataset, type Dataset } from "./open-dataset";
import type { NamedFile, Session } from "./session";

const PUBLIC = join(import.meta.dirname, "../../../public");
const COUNTRY = { source: "simulated", size: "small", seed: 123 } as const;
const session: Session = {
  readAsset: async (path) => new Uint8Array(await readFile(join(PUBLIC, path))),
  engine: () => Promise.reject(new Error("embeddings that came with a file need no engine")),
  kept: new Map(),
};

const run = <J extends Job>(job: J): Promise<ResultOf<J>> =>
  finish(runJob(job, session, new AbortController().signal));

/** Rows of numbers by the names of cells or of people. */
interface Rows {
  keys: string[];
  rows: number[][];
}

const ownBytes = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => Uint8Array.from(bytes);
const flat = ({ rows }: Rows): Float32Array => Float32Array.from(rows.flat());
const shapeOf = ({ rows }: Rows): [number, number] => [rows.length, rows[0]!.length];
const keyFile = ({ keys }: Rows): NamedFile => madeFile("keys.txt", `key\n${keys.join("\n")}\n`);

/** The ways in which other programs write embeddings. */
const FORMATS: Record<string, (given: Rows, key: string) => NamedFile[]> = {
  npy: (given) => [
    madeFile("e.npy", ownBytes(writeNpy(flat(given), shapeOf(given)))),
    keyFile(given),
  ],
  safetensors: (given) => {
    const tensor = { shape: shapeOf(given), values: flat(given) };
    const bytes = writeSafetensors(new Map([["embeddings", tensor]]));
    return [madeFile("e.safetensors", ownBytes(bytes)), keyFile(given)];
  },
  TSV: ({ keys, rows }, key) => {
    const lines = keys.map((name, n) => `${name}\t${rows[n]!.join("\t")}`);
    return [madeFile("e.tsv", `${key}\ta\tb\tc\n${lines.join("\n")}\n`)];
  },
  "Parquet with a list a row": ({ keys, rows }, key) => {
    const columnData = [
      { name: key, data: keys, type: "STRING" as const },
      { name: "embedding", data: rows, type: "JSON" as const },
    ];
    return [madeFile("e.parquet", parquetWriteBuffer({ columnData }))];
  },
  "Parquet with a column a number": ({ keys, rows }, key) => {
    const numbers = ["a", "b", "c"].map((name, c) => {
      const data = rows.map((row) => Math.fround(row[c]!));
      return { name, data, type: "FLOAT" as const };
    });
    const columnData = [{ name: key, data: keys, type: "STRING" as const }, ...numbers];
    return [madeFile("e.parquet", parquetWriteBuffer({ columnData }))];
  },
};

let dataset: Dataset;
beforeAll(async () => {
  dataset = await finish(openDataset(COUNTRY, session, new AbortController().signal));
}, 120_000);

/** Every eightieth cell by where it lies: what a probe of its latitude can be read off. */
function ofCells(): Rows {
  const { lat, lng } = cellCentres(dataset.cells);
  const some = Array.from(dataset.cells.hi.keys()).filter((n) => n % 80 === 0);
  return {
    keys: some.map((n) => cellHash(dataset.cells, n)),
    rows: some.map((n) => [lat[n]!, lng[n]!, 1]),
  };
}

/** Every person by where the first of their check-ins lies. */
function ofPeople(): Rows {
  const { lat, lng } = cellCentres(dataset.cells);
  const { checkIns } = dataset.trajectories;
  const first = checkIns.users.map((_, user) => checkIns.cell[checkIns.user.indexOf(user)]!);
  return { keys: [...checkIns.users], rows: first.map((n) => [lat[n]!, lng[n]!, 1]) };
}

/** North or south of the middle, of every sixteenth cell. */
function northOrSouth(): NamedFile {
  const { lat } = cellCentres(dataset.cells);
  const middle = lat.toSorted()[lat.length >> 1]!;
  const some = Array.from(lat.keys()).filter((n) => n % 16 === 0);
  const rows = some.map((n) => {
    return `${cellHash(dataset.cells, n)},${lat[n]! > middle ? "north" : "south"}`;
  });
  return madeFile("sides.csv", `cell,side\n${rows.join("\n")}\n`);
}

describe.each(Object.keys(FORMATS))("embeddings as %s", (format) => {
  it.each(["cell", "user"])(
    "keyed by %s are looked at, and answer a task",
    async (key) => {
      const given = key === "cell" ? ofCells() : ofPeople();
      const files = FORMATS[format]!(given, key);
      const embeddings = { source: "embeddings" as const, name: "theirs", files };
      const found = await run({ kind: "embeddings", dataset: COUNTRY, embeddings });
      expect(found).toMatchObject({ width: 3, total: dataset.cells.hi.length });
      if (key === "cell") expect(found.cells.hi.length).toBe(given.keys.length);
      else expect(found.cells.hi.length).toBe(new Set(dataset.trajectories.checkIns.cell).size);

      const sides = northOrSouth();
      const choice = { kind: "table", column: "side" } as const;
      const task = await run({
        kind: "inference",
        dataset: COUNTRY,
        model: embeddings,
        target: { kind: "layer", paths: [sides.path], files: [sides], choice },
        extent: "part",
        trainCells: 300,
        seed: 123,
      });
      const name = key === "cell" ? "theirs" : "theirs (mean of a cell's visitors)";
      const row = task.scores.find((one) => one.split === "random" && one.name === name)!;
      expect(row.metrics["Accuracy"]).toBeGreaterThan(key === "cell" ? 0.9 : 0.75);
      expect(task.made.model).toMatch(/embeddings of 3 numbers from e\./);
    },
    60_000,
  );
});
