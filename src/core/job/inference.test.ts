import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cellCentres, cellHash, type CellTable } from "../geo/cells";
import { openEngine, type Engine } from "../gpu/engine";
import { runJob, type Job, type ResultOf } from "../jobs";
import { finish } from "../pace";
import { madeFile } from "../truth/truth.testing";
import type { DatasetSpec } from "./dataset";
import type { InferenceJob } from "./inference";
import type { Session } from "./session";

const PUBLIC = join(import.meta.dirname, "../../../public");
const COUNTRY: DatasetSpec = { source: "simulated", size: "small", seed: 123 };

let engine: Promise<Engine> | undefined;
const session: Session = {
  readAsset: async (path) => new Uint8Array(await readFile(join(PUBLIC, path))),
  engine: () => (engine ??= openEngine({ backend: "wasm" })),
  kept: new Map(),
};
afterAll(async () => (await engine)?.dispose());

const run = <J extends Job>(job: J): Promise<ResultOf<J>> =>
  finish(runJob(job, session, new AbortController().signal));

let cells: CellTable;
let places: ReturnType<typeof cellCentres>;
beforeAll(async () => {
  const target = { kind: "country", field: "population" } as const;
  const { truth, ...result } = await run({ kind: "truth", dataset: COUNTRY, target });
  expect(truth).toMatchObject({ scale: "decile", unit: "decile of people per cell" });
  cells = result.cells;
  places = cellCentres(cells);
}, 120_000);

/** Every twentieth cell with a text. */
function tableOf(text: (n: number) => string): ReturnType<typeof madeFile> {
  const rows = Array.from(cells.hi.keys()).filter((n) => n % 20 === 0);
  return madeFile(
    "sides.csv",
    `cell,side\n${rows.map((n) => `${cellHash(cells, n)},${text(n)}`).join("\n")}\n`,
  );
}

/** Three bands of latitude. */
const bandOf = (n: number): string =>
  places.lat[n]! > 38 ? "north" : places.lat[n]! > 35 ? "middle" : "south";

const layer = (file: ReturnType<typeof madeFile>): InferenceJob["target"] => ({
  kind: "layer",
  paths: [file.path],
  files: [file],
  choice: { kind: "table", column: "side" },
});

const JOB = {
  kind: "inference",
  dataset: COUNTRY,
  extent: "part",
  trainCells: 300,
  seed: 123,
} as const;
const SHIPPED = { source: "shipped", path: "models/japan" } as const;

const scoreOf = (result: ResultOf<InferenceJob>, name: string, metric: string): number =>
  result.scores.find((row) => row.split === "random" && row.name === name)!.metrics[metric]!;

test("any column of text becomes classes, beside what must be beaten", async () => {
  const result = await run({ ...JOB, model: SHIPPED, target: layer(tableOf(bandOf)) });
  expect(result).toMatchObject({
    scale: "class",
    classes: ["middle", "north", "south"],
    metric: "F-Score",
  });
  const f = (name: string): number => scoreOf(result, name, "F-Score");
  expect(f("pre-trained model")).toBeGreaterThan(f("randomly initialised twin"));
  expect(f("pre-trained model")).toBeGreaterThan(f("most frequent class"));
  expect(f("coordinates alone")).toBeGreaterThan(0.9);
  expect(Object.keys(result.scores[0]!.metrics)).not.toContain("Mean decile distance");
  expect(new Set(result.predicted).size).toBeGreaterThan(0);
  expect(result.report.facts).toContainEqual({ name: "rows elsewhere", value: 0 });
}, 120_000);

test("without a model coordinates alone answer, on the map as in the table", async () => {
  const target = layer(tableOf(bandOf));
  const result = await run({ ...JOB, extent: "whole", model: { source: "coordinates" }, target });
  const [first, second] = ["coordinates alone", "most frequent class"];
  expect(result.scores.map(({ name }) => name)).toEqual([first, second, first, second]);
  const right = result.truth.filter((value, n) => value === result.predicted[n]).length;
  expect(right / result.truth.length).toBeGreaterThan(0.95); // bands of latitude are easy to tell
  expect(result.made.model).toBe("none: coordinates alone");
});

test("embeddings of another program stand in the place of the model", async () => {
  const rows = Array.from(cells.hi.keys()).filter((n) => n % 40 === 0);
  const text = rows.map((n) => [cellHash(cells, n), places.lat[n], places.lng[n], 1].join("\t"));
  const file = madeFile("places.tsv", `cell\ta\tb\tc\n${text.join("\n")}\n`);
  const model = { source: "embeddings", name: "places", files: [file] } as const;
  const result = await run({
    ...JOB,
    model: { ...model, files: [file] },
    target: layer(tableOf(bandOf)),
  });
  expect(result.scores.map(({ name }) => name)).not.toContain("randomly initialised twin");
  expect(scoreOf(result, "places", "Accuracy")).toBeGreaterThan(0.9);
  expect(result.made.model).toMatch(/embeddings of 3 numbers from places.tsv/);
}, 120_000);

test("embeddings of users become the mean of a cell's visitors, and strangers are refused", async () => {
  const make = (name: string) => madeFile("users.csv", `user,a,b\n${name}0,1,2\n${name}1,3,4\n`);
  const target = { kind: "country", field: "trees" } as const;
  const strangers = { source: "embeddings", name: "users", files: [make("nobody")] } as const;
  const work = run({ ...JOB, model: { ...strangers, files: [make("nobody")] }, target });
  await expect(work).rejects.toMatchObject({
    code: "weights-mismatch",
    message: expect.stringContaining("0 of the") as string,
  });
}, 120_000);

test("one class alone, an address and a missing file end in one sentence", async () => {
  const same = run({ ...JOB, model: SHIPPED, target: layer(tableOf(() => "all")) });
  await expect(same).rejects.toThrow(/all cells have the same class \(all\)/);
  const choice = { kind: "raster", statistic: "mean" } as const;
  const away = run({
    ...JOB,
    model: SHIPPED,
    target: { kind: "layer", paths: ["/x.tif"], choice },
  });
  await expect(away).rejects.toThrow(/addresses cannot be read here/);
  const none = run({ ...JOB, model: SHIPPED, target: { kind: "layer", paths: ["x.tif"], choice } });
  await expect(none).rejects.toMatchObject({ code: "missing-file" });
}, 120_000);

test("a layer is looked at by a job of its own", async () => {
  const file = tableOf(bandOf);
  const preview = await run({ kind: "layer", paths: [file.path], files: [file] });
  expect(preview.choice).toMatchObject({ kind: "table", column: "side", key: { column: "cell" } });
});
