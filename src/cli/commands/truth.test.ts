import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeArrayBuffer } from "geotiff";
import { gridDisk, latLngToCell } from "h3-js";
import { afterAll, beforeAll, expect, it } from "vitest";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import { command } from "./truth";

let folder = "";
const CELLS = gridDisk(latLngToCell(35, 136.95, 8), 2);
const FAR = latLngToCell(43, 141, 8);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "footfall-truth-"));
  const raster = writeArrayBuffer(new Float32Array(100 * 100).fill(7), {
    height: 100,
    width: 100,
    ModelPixelScale: [0.001, 0.001, 0],
    ModelTiepoint: [0, 0, 0, 136.9, 35.05, 0],
    GTModelTypeGeoKey: 2,
    GTRasterTypeGeoKey: 1,
    GeographicTypeGeoKey: 4326,
  });
  await writeFile(join(folder, "seven.tif"), new Uint8Array(raster));
  await writeFile(join(folder, "cells.csv"), `name,cell\nx,nonsense\n`);
  await writeFile(join(folder, "good.csv"), `cell,name\n${[...CELLS, FAR].join(",x\n")},x\n`);
});
afterAll(() => rm(folder, { recursive: true }));

const run = (values: Record<string, string | boolean>) =>
  command.run({
    values: { raster: join(folder, "seven.tif"), cells: join(folder, "good.csv"), ...values },
    positionals: [],
    progress: () => undefined,
    note: () => undefined,
    signal: new AbortController().signal,
  });

it("writes a truth per cell that can be read again", async () => {
  const out = join(folder, "truth.parquet");
  const { document } = await run({ out });
  expect(document).toMatchObject({ cells: 20, withValue: 19, mean: 7 });
  const rows = await parquetReadObjects({ file: await asyncBufferFromFile(out) });
  expect(rows.map(({ cell }) => cell as string)).toEqual([...CELLS, FAR]);
  expect(rows.map(({ value }) => value as number)).toEqual([...CELLS.map(() => 7), null]);
  expect(Object.keys(rows[0]!)).toEqual(["cell", "value", "pixels", "inside"]);
});

it("takes polygons and tables, and shows a layer without measuring it", async () => {
  const [south, west] = [34.9, 136.8];
  const ring = [
    [0, 0],
    [0.15, 0],
    [0.15, 0.3],
    [0, 0.3],
    [0, 0],
  ].map(([x, y]) => [west + x!, south + y!]);
  const feature = {
    type: "Feature",
    properties: { name: "west" },
    geometry: { type: "Polygon", coordinates: [ring] },
  };
  const path = join(folder, "sides.geojson");
  await writeFile(path, JSON.stringify({ type: "FeatureCollection", features: [feature] }));
  const out = join(folder, "sides.parquet");
  const polygons = await run({ out, raster: path, column: "name", join: "area" });
  expect(polygons.document).toMatchObject({ scale: "class", classes: ["west"] });
  const rows = await parquetReadObjects({ file: await asyncBufferFromFile(out) });
  expect(rows.filter(({ value }) => value === "west").length).toBeGreaterThan(5);
  const table = join(folder, "noise.csv");
  await writeFile(
    table,
    `h3,db,kind\n${CELLS.map((cell, i) => `${cell},${i},${i % 2 ? "a" : "b"}`).join("\n")}\n`,
  );
  expect((await run({ out, raster: table, column: "db", deciles: true })).document).toMatchObject({
    scale: "decile",
    withValue: 19,
  });
  await expect(run({ out, raster: table })).rejects.toThrow(
    /--column is missing; expected one of db, kind/,
  );
  const { lines } = await run({ raster: table, look: true });
  expect(lines.join("\n")).toMatch(/db: number, 0 to 18/);
});

it("says what is wrong and leaves nothing behind", async () => {
  const out = join(folder, "never.parquet");
  await expect(run({ out, statistic: "share" })).rejects.toThrow(/needs classes/);
  await expect(run({ out, statistic: "median" })).rejects.toThrow(/mean, sum, share, majority/);
  await expect(run({ out, raster: join(folder, "no.tif") })).rejects.toThrow(/no such file/);
  await expect(run({ out, cells: join(folder, "cells.csv") })).rejects.toThrow(/row 1: /);
  await expect(run({ out, cells: join(folder, "truth.parquet") })).resolves.toBeDefined();
  await expect(run({ out, cells: folder })).rejects.toThrow(/a folder/);
  expect((await readdir(folder)).filter((name) => name.includes("partial"))).toEqual([]);
});
