import { FootfallError } from "../errors";
import type { CellTable } from "../geo/cells";
import type { Progress } from "../pace";
import { extentOf } from "./extent";
import {
  classCodes,
  className,
  COVER_GROUPS,
  landCover,
  recogniseLandCover,
  type LandCoverId,
} from "./land-cover";
import { describeNumbers, classTruth, numberTruth } from "./layer-numbers";
import type {
  LayerColumn,
  LayerFile,
  LayerPreview,
  LayerTools,
  LayerTruth,
  RasterChoice,
} from "./layer-types";
import { openRaster, type Raster } from "./raster";
import { keepBlocks } from "./range";
import type { CellTruth, Statistic } from "./tally";
import { chooseLevel, rasterPlaces, zonalStatistics } from "./zonal";

/** Pixels along a side of the windows that a preview looks at: in the middle of each quarter, and of the whole. */
const LOOK_PIXELS = 256;
/** Bands of a satellite picture; more are not looked at. */
const MOST_BANDS = 12;

const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

const sourceOf = (file: LayerFile) => ("blob" in file ? file.blob : keepBlocks(file.range));

/** Values of five windows of a raster, NaN where there are none. */
async function lookAt(raster: Raster, signal?: AbortSignal): Promise<Float64Array> {
  const { width, height, noData } = raster;
  const middles = [
    [0.25, 0.25],
    [0.75, 0.25],
    [0.5, 0.5],
    [0.25, 0.75],
    [0.75, 0.75],
  ] as const;
  const parts: number[] = [];
  for (const [x, y] of middles) {
    const half = LOOK_PIXELS / 2;
    const window = {
      left: Math.max(0, Math.floor(x * width) - half),
      top: Math.max(0, Math.floor(y * height) - half),
      right: Math.min(width, Math.floor(x * width) + half),
      bottom: Math.min(height, Math.floor(y * height) + half),
    };
    const values = await raster.read(window, signal);
    for (let i = 0; i < values.length; i++) parts.push(values[i] === noData ? NaN : values[i]!);
  }
  return Float64Array.from(parts);
}

/** The coarsest overview that is still larger than a window: the whole raster at a glance. */
const glanceOf = (raster: Raster): Raster =>
  raster.overviews.findLast(({ width, height }) => Math.max(width, height) >= 2 * LOOK_PIXELS) ??
  raster;

/** Values of the raster as a preview needs them: from its own pixels and from a glance at all of it. */
async function sample(raster: Raster, signal?: AbortSignal): Promise<Float64Array> {
  const near = await lookAt(raster, signal);
  const glance = glanceOf(raster);
  const far = glance === raster ? new Float64Array(0) : await lookAt(glance, signal);
  return Float64Array.from([...near, ...far]);
}

const isWhole = (values: Float64Array): boolean =>
  values.every((value) => Number.isNaN(value) || Number.isInteger(value));

function recognise(raster: Raster, path: string, values: Float64Array) {
  if (!isWhole(values)) return undefined;
  const distinct = [...new Set(values)].filter((value) => !Number.isNaN(value));
  if (distinct.length > 256) return undefined;
  return recogniseLandCover(distinct, `${baseName(path)}\n${raster.notes}`);
}

/** What would be asked of a raster without a word of the user. */
function suggest(
  path: string,
  column: LayerColumn,
  preset: LandCoverId | undefined,
): { choice: RasterChoice; why: string } {
  if (preset !== undefined)
    return {
      choice: { kind: "raster", statistic: "share", classes: ["built-up"], preset },
      why: `the values are those of ${landCover(preset).title}`,
    };
  if (/pop|ppp|people|census/i.test(baseName(path)))
    return {
      choice: { kind: "raster", statistic: "sum", deciles: true },
      why: "the name speaks of people: counts add up over a cell",
    };
  const [min, max] = column.range ?? [NaN, NaN];
  if (min >= 0 && max <= 1)
    return { choice: { kind: "raster", statistic: "mean" }, why: "the values lie between 0 and 1" };
  const count = column.distinct?.length ?? Infinity;
  const isClasses =
    count > 1 &&
    count <= 30 &&
    (column.distinct ?? []).every(({ value }) => Number.isInteger(Number(value)));
  return isClasses
    ? {
        choice: { kind: "raster", statistic: "majority" },
        why: `there are only ${count} different values, all whole`,
      }
    : { choice: { kind: "raster", statistic: "mean" }, why: "the values are measurements" };
}

/** The preview of a raster. Throws "bad-file" for what cannot be read, also where only its pixels are damaged. */
export async function inspectRaster(
  file: LayerFile,
  { signal }: LayerTools,
  crs?: string,
): Promise<LayerPreview> {
  const { path } = file;
  const size = "blob" in file ? file.blob.size : file.range.size;
  const { raster, warnings } = await openOrExplain(file, crs);
  const bands = Math.min(raster.bands, MOST_BANDS);
  const columns: LayerColumn[] = [];
  let preset: LayerPreview["preset"];
  for (let band = 0; band < bands; band++) {
    const own =
      band === 0
        ? raster
        : await openRaster(sourceOf(file), { name: path, band, crs: raster.system.proj4 });
    const values = await sample(own, signal);
    if (band === 0) preset = recognise(raster, path, values);
    const column = describeNumbers(`band ${band + 1}`, values);
    const distinct =
      preset &&
      column.distinct?.map((one) => ({ ...one, name: className(Number(one.value), preset!.id) }));
    columns.push(distinct ? { ...column, distinct } : column);
  }
  const { choice, why } = suggest(path, columns[0]!, preset?.id);
  const isPlaced = warnings.length === 0;
  return {
    path,
    kind: "raster",
    format: `GeoTIFF, ${raster.width.toLocaleString("en")} × ${raster.height.toLocaleString("en")} pixels, ${raster.overviews.length} overviews`,
    bytes: size,
    extent: isPlaced ? extentOf(rasterPlaces(raster)) : undefined,
    system: isPlaced ? raster.system.words : "not said by the file",
    columns,
    preset,
    groups: preset ? COVER_GROUPS : [],
    layers: [],
    choice,
    why,
    warnings,
  };
}

/** A raster without a coordinate system can be looked at, but must be named one before it is measured. */
async function openOrExplain(
  file: LayerFile,
  crs: string | undefined,
): Promise<{ raster: Raster; warnings: string[] }> {
  const name = file.path;
  try {
    return { raster: await openRaster(sourceOf(file), { name, crs }), warnings: [] };
  } catch (error) {
    const isUnplaced =
      error instanceof FootfallError &&
      error.message.includes("does not say its coordinate system");
    if (!isUnplaced || crs !== undefined) throw error;
    return {
      raster: await openRaster(sourceOf(file), { name, crs: "EPSG:4326" }),
      warnings: [error.message],
    };
  }
}

function findPreset(
  choice: RasterChoice,
  raster: Raster,
  path: string,
  values: Float64Array,
): LandCoverId | undefined {
  if (choice.preset === "none") return undefined;
  return choice.preset ?? recognise(raster, path, values)?.id;
}

/** Pixel values of the classes that are asked for. Throws "bad-input" with what there is. */
function toCodes(choice: RasterChoice, preset: LandCoverId | undefined, path: string): number[] {
  const wanted = choice.classes ?? [];
  const codes = wanted.flatMap((one) => {
    const found = classCodes(one, preset);
    if (found) return found;
    const legend =
      preset === undefined
        ? "no legend is recognised, so classes are named by their pixel value, or a legend is chosen"
        : `${landCover(preset).title} has ${COVER_GROUPS.join(", ")} and ${Object.values(landCover(preset).classes).join(", ")}`;
    throw new FootfallError("bad-input", `${path} has no class "${one}": ${legend}`);
  });
  if (codes.length > 0) return codes;
  throw new FootfallError(
    "bad-input",
    `the share of ${path} needs classes: pixel values, or names of its legend`,
  );
}

const METHODS = {
  mean: "mean of the pixels",
  sum: "sum of the pixels",
  share: "share of the pixels of the chosen classes",
  majority: "class of most of the pixels",
};

function methodOf(choice: RasterChoice, raster: Raster): string {
  const level =
    raster.factor > 1
      ? `, read from the overview with pixels ${Math.round(raster.factor)} times as wide`
      : "";
  return `${METHODS[choice.statistic]} in the hexagon, each counted by its part inside${level}`;
}

function toFacts(truth: CellTruth, statistic: Statistic, preset: LandCoverId | undefined) {
  const { pixels, inside } = truth;
  const total = pixels.reduce((sum, count) => sum + count, 0);
  const atRim = inside.reduce((count, share) => count + Number(share > 0 && share < 0.99), 0);
  const codes =
    statistic.kind === "share"
      ? statistic.values.map((code) => className(code, preset)).join(", ")
      : "";
  return [
    ...(codes === "" ? [] : [{ name: "classes counted", value: codes }]),
    ...(preset ? [{ name: "legend", value: landCover(preset).source }] : []),
    { name: "pixels with data", value: Math.round(total) },
    { name: "cells partly outside the raster", value: atRim },
  ];
}

/** Values that the legend calls unknown count as no data. */
function withoutUnknown(raster: Raster, preset: LandCoverId | undefined): Raster {
  if (preset === undefined) return raster;
  const unknown = new Set(landCover(preset).unknown);
  const read: Raster["read"] = async (window, signal) => {
    const values = await raster.read(window, signal);
    return Float64Array.from(values, (value) => (unknown.has(value) ? NaN : value));
  };
  return { ...raster, read };
}

const toStatistic = (
  choice: RasterChoice,
  preset: LandCoverId | undefined,
  path: string,
): Statistic =>
  choice.statistic === "share"
    ? { kind: "share", values: toCodes(choice, preset, path) }
    : { kind: choice.statistic };

/** A truth per cell from a raster. Throws "bad-file", "bad-input", "no-data" saying where both lie, "stopped". */
export async function* rasterTruth(
  file: LayerFile,
  choice: RasterChoice,
  cells: CellTable,
  { signal }: LayerTools,
): AsyncGenerator<Progress, LayerTruth, void> {
  const { path } = file;
  const band = (choice.band ?? 1) - 1;
  const raster = await openRaster(sourceOf(file), { name: path, band, crs: choice.crs });
  const isClasses = choice.statistic === "share" || choice.statistic === "majority";
  const preset = isClasses
    ? findPreset(choice, raster, path, await sample(raster, signal))
    : undefined;
  const statistic = toStatistic(choice, preset, path);
  const level = choice.detail === "full" ? raster : chooseLevel(raster, cells, statistic);
  const truth = yield* zonalStatistics(withoutUnknown(level, preset), cells, statistic, signal);
  const title = baseName(path);
  const columns = [
    { name: "pixels", values: truth.pixels },
    { name: "inside", values: truth.inside },
  ];
  const report = {
    facts: toFacts(truth, statistic, preset),
    method: methodOf(choice, level),
    warnings: [],
  };
  if (statistic.kind === "majority") {
    const names = truth.codes.map((code) => className(code, preset));
    return classTruth(truth.values, names, {
      title,
      unit: "class of most of the cell",
      columns,
      report,
    });
  }
  const units = { mean: "mean of the cell", sum: "the sum per cell", share: "share of the cell" };
  const unit = units[statistic.kind];
  const isShare = statistic.kind !== "sum";
  const shareUnit =
    isShare && truth.values.every((value) => Number.isNaN(value) || (value >= 0 && value <= 1));
  return numberTruth(truth.values, {
    title,
    unit: shareUnit ? units.share : unit,
    isShare,
    deciles: choice.deciles,
    columns,
    report,
  });
}
