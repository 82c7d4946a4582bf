import { spawn } from "node:child_process";
import { join } from "node:path";
import { getHexagonAreaAvg, polygonToCells, UNITS } from "h3-js";
import { importPoints } from "../../core/data/read/import-points";
import { PointCollector } from "../../core/data/point-collector";
import { toFootfallError } from "../../core/errors";
import { CellTableBuilder, checkCell, type CellTable } from "../../core/geo/cells";
import { finish } from "../../core/pace";
import { DEFAULT_SEED } from "../../core/random";
import { toTruthChoice } from "../../core/truth/choice";
import type { Extent } from "../../core/truth/extent";
import { inspectLayer, makeTruth } from "../../core/truth/layer";
import type { LayerPreview, TruthChoice } from "../../core/truth/layer-types";
import { openSourceFiles } from "../input";
import { layerTools, openLayer } from "../layer";
import { ROOT } from "../root";

/** What one file took in a process of its own, or why it was refused. */
export interface FileNumbers {
  file: string;
  /** What it was read as, and for a layer what was asked of it. */
  format?: string;
  asked?: string;
  /** Of points: rows, those that cannot be used, and people. */
  rows?: number;
  rejected?: number;
  users?: number;
  /** Of a layer: cells that were asked, at which resolution, and how many of them got a value. */
  cells?: number;
  resolution?: number;
  withValue?: number;
  seconds: number;
  /** The most memory that the process had, Node's own included. */
  peakBytes: number;
  /** The reason where it was refused, or where not all of it could be read. */
  problem?: string;
}

/** Cells of a layer's box are asked, at the finest of these resolutions at which there are not more. */
const FINEST = 8;
const MOST_CELLS = 20_000;
const KM_PER_DEG = 111.2;

async function readPoints(path: string, signal: AbortSignal): Promise<Partial<FileNumbers>> {
  const files = await openSourceFiles([path]);
  const collector = new PointCollector({ anonymousSeed: DEFAULT_SEED });
  const facts = await finish(importPoints(files, {}, collector, signal));
  const { report } = await finish(collector.build(signal));
  const formats = [...new Set(facts.map(({ format }) => format).filter(Boolean))];
  const broken = facts.filter(({ problem }) => problem !== undefined);
  return {
    format: formats.join(", "),
    rows: report.rowsRead,
    rejected: report.rejected.reduce((sum, { count }) => sum + count, 0),
    users: report.users,
    ...(broken[0]?.problem === undefined ? {} : { problem: broken[0].problem }),
  };
}

/** The cells whose middles lie in a box, at the finest resolution that keeps them few. */
function cellsWithin([west, south, east, north]: Extent): CellTable {
  const width = (east < west ? east + 360 : east) - west;
  const middle = ((south + north) / 2) * (Math.PI / 180);
  const areaKm2 = width * Math.cos(middle) * (north - south) * KM_PER_DEG ** 2;
  let resolution = FINEST;
  while (resolution > 0 && areaKm2 / getHexagonAreaAvg(resolution, UNITS.km2) > MOST_CELLS)
    resolution--;
  const builder = new CellTableBuilder(resolution);
  const PARTS = 4; // a box wider than half the globe would be taken for its outside
  for (let part = 0; part < PARTS; part++) {
    const [from, to] = [west + (width * part) / PARTS, west + (width * (part + 1)) / PARTS];
    const ring = [
      [from, south],
      [to, south],
      [to, north],
      [from, north],
      [from, south],
    ].map(([lng = 0, lat = 0]) => [lng > 180 ? lng - 360 : lng, lat]);
    for (const cell of polygonToCells([ring], resolution, true)) builder.add(checkCell(cell));
  }
  return builder.build();
}

/** What is asked where nobody says it: what the preview suggests, else the first column. */
function choose({ kind, choice, columns }: LayerPreview): TruthChoice {
  if (choice !== undefined || kind === "raster") return toTruthChoice({ kind, ...choice });
  return toTruthChoice({ kind, column: columns[0]?.name });
}

const wordsOf = (choice: TruthChoice): string => {
  if (choice.kind === "raster") return choice.statistic;
  const how = choice.kind === "polygons" ? choice.statistic : (choice.aggregation ?? "");
  return `${how} ${choice.column}`.trim();
};

async function readLayer(path: string, signal: AbortSignal): Promise<Partial<FileNumbers>> {
  const files = await openLayer([path]);
  const tools = layerTools(signal);
  const preview = await finish(inspectLayer(files, tools));
  const choice = choose(preview);
  const cells = cellsWithin(preview.extent ?? [-180, -90, 180, 90]);
  const { report } = await finish(makeTruth(files, choice, cells, tools));
  return {
    format: preview.format,
    asked: wordsOf(choice),
    cells: report.cells,
    resolution: cells.resolution,
    withValue: report.withValue,
  };
}

/** Reads one file in this process: points with cells and report, or a layer for the cells of its box. */
export async function measureFile(
  path: string,
  { isLayer, signal }: { isLayer: boolean; signal: AbortSignal },
): Promise<FileNumbers> {
  const from = performance.now();
  const read = await (isLayer ? readLayer : readPoints)(path, signal).catch((thrown: unknown) => ({
    problem: toFootfallError(thrown, "bad-file").message,
  }));
  const seconds = (performance.now() - from) / 1000;
  return { file: path, ...read, seconds, peakBytes: process.resourceUsage().maxRSS * 1024 };
}

/** The same command for one file, in a process of its own, so that each has its own peak. */
function measureAlone(path: string, isLayer: boolean): Promise<FileNumbers> {
  const main = join(ROOT, "src", "cli", "footfall.mjs");
  const args = [main, "bench", path, "--json", ...(isLayer ? ["--layers"] : [])];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (part: string) => (text += part));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) => {
      if (status !== 0) reject(new Error(`${path}: the process ended with ${status}`));
      else resolve((JSON.parse(text) as { files: [FileNumbers] }).files[0]);
    });
  });
}

/** Reads files one after the other; several have a process each. */
export async function measureFiles(
  paths: readonly string[],
  options: { isLayer: boolean; signal: AbortSignal; note: (line: string) => void },
): Promise<FileNumbers[]> {
  const [only] = paths;
  if (only !== undefined && paths.length === 1) return [await measureFile(only, options)];
  const all: FileNumbers[] = [];
  for (const path of paths) {
    options.note(`${path} ...`);
    all.push(await measureAlone(path, options.isLayer));
  }
  return all;
}

const whole = (value: number | undefined): string =>
  value === undefined ? "" : Math.round(value).toLocaleString("en");

/** The files as a table of Markdown. */
export function fileLines(all: readonly FileNumbers[], isLayer: boolean): string[] {
  const names = isLayer
    ? ["file", "format", "asked", "cells", "with value", "seconds", "peak MB", ""]
    : ["file", "format", "rows", "rejected", "people", "seconds", "rows/s", "peak MB", ""];
  const rows = all.map((one) => {
    const { rows, cells, resolution, seconds, peakBytes } = one;
    const [time, peak] = [seconds.toFixed(2), whole(peakBytes / 1e6)];
    const ofCells = cells === undefined ? "" : `${whole(cells)}, r${resolution}`;
    return [
      one.file.split("/").slice(-2).join("/"),
      one.format ?? "refused",
      ...(isLayer
        ? [one.asked ?? "", ofCells, whole(one.withValue), time, peak]
        : [whole(rows), whole(one.rejected), whole(one.users), time]),
      ...(isLayer ? [] : [rows === undefined ? "" : whole(rows / seconds), peak]),
      one.problem ?? "",
    ];
  });
  const toLine = (fields: readonly string[]): string => `| ${fields.join(" | ")} |`;
  return [toLine(names), toLine(names.map(() => "---")), ...rows.map(toLine)];
}
