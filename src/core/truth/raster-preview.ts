import { FootfallError } from "../errors";
import { extentOf } from "./extent";
import {
  className,
  COVER_GROUPS,
  landCover,
  recogniseLandCover,
  type LandCoverId,
} from "./land-cover";
import { describeNumbers } from "./layer-numbers";
import type { LayerColumn, LayerFile, LayerPreview, LayerTools, RasterChoice } from "./layer-types";
import { openRaster, type Raster } from "./raster";
import { keepBlocks } from "./range";
import { rasterPlaces } from "./zonal";

/** Pixels along a side of the windows that a preview looks at: in the middle of each quarter, and of the whole. */
const LOOK_PIXELS = 256;
/** Bands of a satellite picture; more are not looked at. */
const MOST_BANDS = 12;

/** A path without its folders. */
export const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** What a raster is opened from. */
export const sourceOf = (file: LayerFile) => ("blob" in file ? file.blob : keepBlocks(file.range));

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
export async function sample(raster: Raster, signal?: AbortSignal): Promise<Float64Array> {
  const near = await lookAt(raster, signal);
  const glance = glanceOf(raster);
  const far = glance === raster ? new Float64Array(0) : await lookAt(glance, signal);
  return Float64Array.from([...near, ...far]);
}

const isWhole = (values: Float64Array): boolean =>
  values.every((value) => Number.isNaN(value) || Number.isInteger(value));

/** The legend of a raster by its name, notes and looked-at values. */
export function recognise(raster: Raster, path: string, values: Float64Array) {
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
