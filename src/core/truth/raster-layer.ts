import { FootfallError } from "../errors";
import type { CellTable } from "../geo/cells";
import type { Progress } from "../pace";
import { classCodes, className, COVER_GROUPS, landCover, type LandCoverId } from "./land-cover";
import { classTruth, numberTruth } from "./layer-numbers";
import type { LayerFile, LayerTools, LayerTruth, RasterChoice } from "./layer-types";
import { openRaster, type Raster } from "./raster";
import { baseName, recognise, sample, sourceOf } from "./raster-preview";
import type { CellTruth, Statistic } from "./tally";
import { chooseLevel, zonalStatistics } from "./zonal";

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
