import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeArrayBuffer } from "geotiff";
import { gridDisk, latLngToCell } from "h3-js";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readCellFile, readTruthFile } from "../cell-file";
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

const run = (values: Record<string, string>) =>
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
  const { cells, values } = await readTruthFile(out);
  expect(cells).toEqual(await readCellFile(join(folder, "good.csv")));
  expect(Array.from(values)).toEqual([...CELLS.map(() => 7), NaN]);
});

it("says what is wrong and leaves nothing behind", async () => {
  const out = join(folder, "never.parquet");
  await expect(run({ out, statistic: "share" })).rejects.toThrow(/--class/);
  await expect(run({ out, raster: join(folder, "no.tif") })).rejects.toThrow(/no such file/);
  await expect(run({ out, cells: join(folder, "cells.csv") })).rejects.toThrow(/row 1: /);
  await expect(run({ out, cells: join(folder, "truth.parquet") })).resolves.toBeDefined();
  await expect(run({ out, cells: folder })).rejects.toThrow(/a folder/);
  await expect(readTruthFile(join(folder, "good.csv"))).rejects.toThrow(
    /no column "value"; found: cell, name/,
  );
  expect((await readdir(folder)).filter((name) => name.includes("partial"))).toEqual([]);
});
