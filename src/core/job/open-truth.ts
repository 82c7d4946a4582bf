import { FootfallError } from "../errors";
import type { Progress } from "../pace";
import { openRaster } from "../truth/raster";
import { zonalStatistics } from "../truth/zonal";
import { COUNTRY_FIELDS } from "./country-fields";
import { findFile } from "./files";
import type { TargetSpec } from "./inference";
import type { Dataset } from "./open-dataset";
import { keep, type Session } from "./session";

/** One truth for every cell of a data set. */
export interface Truth {
  title: string;
  scale: "decile" | "share" | "value";
  unit: string;
  /** [N], NaN where there is none. */
  values: Float32Array;
}

/** The truth that an inference step asks for. Throws "bad-input", "missing-file", "bad-file", "no-data". */
export async function* openTruth(
  target: TargetSpec,
  dataset: Dataset,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Progress, Truth, void> {
  if (target.kind === "country") return countryTruth(target.field, dataset);
  const key = `truth ${target.file} ${target.statistic} of ${dataset.key}`;
  return yield* keep(session, key, () => rasterTruth(target, dataset, signal));
}

function countryTruth(field: keyof typeof COUNTRY_FIELDS, { geography, name }: Dataset): Truth {
  if (geography === undefined) {
    throw new FootfallError(
      "bad-input",
      `"${name}" is no simulated country, so it has no ${field}`,
    );
  }
  return { ...COUNTRY_FIELDS[field], values: geography[field] };
}

async function* rasterTruth(
  { file, statistic }: TargetSpec & { kind: "raster" },
  dataset: Dataset,
  signal: AbortSignal,
): AsyncGenerator<Progress, Truth, void> {
  const raster = await openRaster(findFile(dataset.files, file, dataset.name), { name: file });
  const { values } = yield* zonalStatistics(raster, dataset.cells, { kind: statistic }, signal);
  const known = values.filter((value) => !Number.isNaN(value));
  const isShare = statistic === "mean" && known.every((value) => value >= 0 && value <= 1);
  const isCount = statistic === "sum";
  return {
    title: file.slice(file.lastIndexOf("/") + 1),
    scale: isCount ? "decile" : isShare ? "share" : "value",
    unit: isCount
      ? "decile of the sum per cell"
      : isShare
        ? "share of the cell"
        : "mean of the cell",
    values: Float32Array.from(values),
  };
}
