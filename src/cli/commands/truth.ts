import { openAsBlob } from "node:fs";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { fileWriter } from "hyparquet-writer";
import { FootfallError } from "../../core/errors";
import { cellHash, type CellTable } from "../../core/geo/cells";
import { TableFile } from "../../core/job/table-file";
import { openRaster, type Raster } from "../../core/truth/raster";
import type { CellTruth, Statistic } from "../../core/truth/tally";
import { zonalStatistics } from "../../core/truth/zonal";
import { readCellFile } from "../cell-file";
import type { Command, CommandInput, CommandOutcome } from "../command";
import { writeWholeFile } from "../output";
import { showing } from "../run";
import { choiceOf, numberOf, requiredText } from "../values";

const STATISTICS = ["mean", "sum", "share"] as const;

function readStatistic(values: CommandInput["values"]): Statistic {
  const kind = choiceOf(values, "statistic", STATISTICS) ?? "mean";
  const value = numberOf(values, "class", { from: -1e300, to: 1e300, whole: false });
  if (kind !== "share") return { kind };
  if (value !== undefined) return { kind, values: [value] };
  throw new FootfallError(
    "bad-input",
    "--statistic share needs --class VALUE, the pixel value whose share is meant",
  );
}

async function openRasterFile(path: string, band: number): Promise<Raster> {
  const info = await stat(path).catch(() => undefined);
  if (!info?.isFile()) {
    const what = info ? "a folder" : "no such file";
    throw new FootfallError("missing-file", `${path}: ${what}; expected a GeoTIFF`);
  }
  return openRaster(await openAsBlob(path), { name: basename(path), band });
}

/** One row a cell: cell, value (null without one), pixels, inside. */
async function writeTruth(file: string, cells: CellTable, truth: CellTruth): Promise<void> {
  const hashes = Array.from(cells.hi, (_, n) => cellHash(cells, n) as string);
  const numbers = (name: string, values: Float64Array) => {
    const data = Array.from(values, (value) => (Number.isNaN(value) ? null : value));
    return { name, type: "DOUBLE" as const, nullable: true, data };
  };
  const table = new TableFile(fileWriter(file));
  await table.append([
    { name: "cell", type: "STRING", nullable: false, data: hashes },
    numbers("value", truth.values),
    numbers("pixels", truth.pixels),
    numbers("inside", truth.inside),
  ]);
  await table.finish();
}

function summarise(values: Float64Array) {
  const known = values.filter((value) => !Number.isNaN(value));
  const sum = known.reduce((a, b) => a + b, 0);
  return {
    min: known.reduce((a, b) => Math.min(a, b), Infinity),
    max: known.reduce((a, b) => Math.max(a, b), -Infinity),
    mean: sum / known.length,
    sum,
  };
}

async function run(input: CommandInput): Promise<CommandOutcome> {
  const startedAt = performance.now();
  const { values, progress, signal } = input;
  const rasterPath = requiredText(values, "raster", "a GeoTIFF");
  const cellPath = requiredText(values, "cells", 'a Parquet or CSV file with a column "cell"');
  const out = requiredText(values, "out", "the Parquet file to write");
  const statistic = readStatistic(values);
  const band = (numberOf(values, "band", { from: 1, to: 10_000 }) ?? 1) - 1;
  const raster = await openRasterFile(rasterPath, band);
  const cells = await readCellFile(cellPath);
  const truth = await showing(zonalStatistics(raster, cells, statistic, signal), progress);
  await writeWholeFile(out, (file) => writeTruth(file, cells, truth));
  const seconds = Math.round((performance.now() - startedAt) / 10) / 100;
  const counts = { cells: cells.hi.length, withValue: truth.count };
  const facts = summarise(truth.values);
  const document = {
    raster: raster.name,
    coordinateSystem: raster.system.proj4,
    statistic,
    ...counts,
    ...(truth.count > 0 ? facts : {}),
    out,
    seconds,
  };
  return {
    document,
    lines: [
      `${statistic.kind} of ${raster.name}: ${truth.count.toLocaleString("en")} of ${counts.cells.toLocaleString("en")} cells have a value`,
      `from ${facts.min.toPrecision(4)} to ${facts.max.toPrecision(4)}, mean ${facts.mean.toPrecision(4)}`,
      `written to ${out} in ${seconds} s`,
    ],
  };
}

export const command: Command = {
  summary: "Measures a raster per cell: mean, sum, or share of one class.",
  usage: "--raster FILE --cells FILE --out FILE.parquet",
  options: {
    raster: { type: "string", value: "FILE", help: "a GeoTIFF in any usual projection" },
    cells: { type: "string", value: "FILE", help: 'Parquet or CSV with a column "cell"' },
    statistic: { type: "string", value: "NAME", help: "mean, sum or share", default: "mean" },
    class: { type: "string", value: "N", help: "pixel value whose share is meant" },
    band: { type: "string", value: "N", help: "band of the raster", default: "1" },
    out: { type: "string", value: "FILE", help: "Parquet: cell, value, pixels, inside" },
  },
  run,
};
