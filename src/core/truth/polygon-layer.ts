import type { SourceFile } from "../data/read/source";
import { cellCentres, type CellTable } from "../geo/cells";
import type { Progress } from "../pace";
import { liesWithin, type Extent } from "./extent";
import { classTruth, countValues, describeNumbers, numberTruth } from "./layer-numbers";
import type {
  LayerColumn,
  LayerHints,
  LayerPreview,
  LayerTools,
  LayerTruth,
  PolygonChoice,
} from "./layer-types";
import { averagePolygons } from "./polygons/average";
import { coverByPolygons } from "./polygons/cover";
import { joinPolygons } from "./polygons/join";
import type { JoinReport } from "./polygons/joined";
import type { PolygonColumn, PolygonLayer } from "./polygons/layer";
import { readPolygons } from "./polygons/read";
import { checkClasses } from "./table-layer";

const open = (
  files: readonly SourceFile[],
  { layer, encoding, crs }: LayerHints,
  { signal, readSqlWasm }: LayerTools,
): AsyncGenerator<Progress, PolygonLayer, void> =>
  readPolygons(
    files[0]!,
    { layer, encoding, system: crs, readSqlWasm, siblings: files.slice(1) },
    signal,
  );

function describeColumn({ name, kind, examples, values }: PolygonColumn): LayerColumn {
  if (kind === "number")
    return describeNumbers(
      name,
      values.map((value) => (value === null ? NaN : Number(value))),
    );
  const texts = values.filter((value) => value !== null).map(String);
  return { name, kind, examples, distinct: countValues(texts) };
}

/** Columns that split the features into a few classes come first. */
function suggestColumn(columns: readonly LayerColumn[]): LayerColumn | undefined {
  const classes = columns.filter(({ distinct }) => distinct !== undefined && distinct.length > 1);
  const named = classes.find(
    ({ name, kind }) => kind === "text" && /name|type|class|kind|boro|区|市/i.test(name),
  );
  return named ?? classes.find(({ kind }) => kind === "text") ?? classes[0];
}

/** The preview of polygons. Throws "bad-file". */
export async function* inspectPolygons(
  files: readonly SourceFile[],
  choice: LayerHints,
  tools: LayerTools,
): AsyncGenerator<Progress, LayerPreview, void> {
  const layer = yield* open(files, choice, tools);
  const columns = layer.columns.map(describeColumn);
  const found = suggestColumn(columns);
  return {
    path: layer.name,
    kind: "polygons",
    format: `${layer.format}, ${layer.count.toLocaleString("en")} features with an area`,
    bytes: files.reduce((sum, { blob }) => sum + blob.size, 0),
    extent: layer.bounds,
    system: layer.system,
    columns,
    preset: undefined,
    groups: [],
    layers: layer.layers,
    choice: found && { kind: "polygons", column: found.name, statistic: "class", ...choice },
    why: found
      ? `"${found.name}" has ${found.distinct!.length} different values`
      : "choose a column",
    warnings: layer.warnings,
  };
}

function joinFacts(report: JoinReport) {
  return [
    { name: "cells whose centre lies in a polygon", value: report.withCentre },
    { name: "cells that polygons cover", value: report.withArea },
    { name: "cells where the two differ", value: report.differ },
    { name: "cells by centre only", value: report.onlyCentre },
    { name: "cells by area only", value: report.onlyArea },
  ];
}

const METHODS = {
  centre: "of the polygon in which the cell's centre lies",
  area: "that covers the largest part of the cell",
};

async function* toClasses(
  layer: PolygonLayer,
  { column, rule, join = "centre" }: PolygonChoice,
  cells: CellTable,
  signal: AbortSignal | undefined,
): AsyncGenerator<Progress, LayerTruth, void> {
  const joined = yield* joinPolygons(layer, cells, { column, ...(rule && { rule }) }, signal);
  checkClasses(layer.name, column, joined.classes);
  const numbers = join === "centre" ? joined.byCentre : joined.byArea;
  const other = join === "centre" ? joined.byArea : joined.byCentre;
  return classTruth(numbers, joined.classes, {
    title: column,
    unit: column,
    columns: [
      {
        name: join === "centre" ? "by_area" : "by_centre",
        values: Float64Array.from(other, (k) => (k < 0 ? NaN : k)),
        classes: joined.classes,
      },
      { name: "share", values: joined.share },
      { name: "covered", values: joined.covered },
    ],
    report: {
      facts: joinFacts(joined.report),
      method: `class ${METHODS[join]}`,
      join: joined.report,
      warnings: layer.warnings,
    },
  });
}

async function* toMeans(
  layer: PolygonLayer,
  { column, deciles, join = "centre" }: PolygonChoice,
  cells: CellTable,
  signal: AbortSignal | undefined,
): AsyncGenerator<Progress, LayerTruth, void> {
  const joined = yield* averagePolygons(layer, cells, { column }, signal);
  const [own, other] =
    join === "centre" ? [joined.byCentre, joined.byArea] : [joined.byArea, joined.byCentre];
  return numberTruth(own, {
    title: column,
    unit: column,
    isShare: true,
    deciles,
    columns: [
      { name: join === "centre" ? "by_area" : "by_centre", values: other },
      { name: "covered", values: joined.covered },
    ],
    report: {
      facts: joinFacts(joined.report),
      method:
        join === "centre"
          ? "value of the polygon at the cell's centre"
          : "mean of the polygons in the cell by area",
      join: joined.report,
      warnings: layer.warnings,
    },
  });
}

/** 1 for cells whose centre lies in the box of a layer: beyond it nobody has drawn, and nothing drawn is no 0. */
function findWithin(bounds: Extent, cells: CellTable): Uint8Array {
  const { lat, lng } = cellCentres(cells);
  return Uint8Array.from(lat, (degree, n) => Number(liesWithin(bounds, degree, lng[n]!)));
}

async function* toShares(
  layer: PolygonLayer,
  { column, classes = [], deciles }: PolygonChoice,
  cells: CellTable,
  signal: AbortSignal | undefined,
): AsyncGenerator<Progress, LayerTruth, void> {
  const joined = yield* coverByPolygons(layer, cells, { column, classes }, signal);
  const within = findWithin(layer.bounds, cells);
  const values = joined.share.map((share, n) => (share > 0 || within[n] === 1 ? share : NaN));
  const beyond = values.reduce((count, value) => count + Number(Number.isNaN(value)), 0);
  return numberTruth(values, {
    title: classes.join(" + "),
    unit: "share of the cell",
    isShare: true,
    deciles,
    columns: [],
    report: {
      facts: [
        { name: "features counted", value: joined.features },
        { name: "cells with any of it", value: joined.count },
        { name: "cells beyond the layer, left without a value", value: beyond },
        {
          name: "km² in several of them, counted once",
          value: Number(joined.twiceKm2.toPrecision(3)),
        },
      ],
      method: "share of the cell that the union of the chosen features covers",
      warnings: layer.warnings,
    },
  });
}

/** A truth per cell from polygons. Throws "bad-file", "missing-column", "bad-input", "no-data", "stopped". */
export async function* polygonTruth(
  files: readonly SourceFile[],
  choice: PolygonChoice,
  cells: CellTable,
  tools: LayerTools,
): AsyncGenerator<Progress, LayerTruth, void> {
  const layer = yield* open(files, choice, tools);
  switch (choice.statistic) {
    case "class":
      return yield* toClasses(layer, choice, cells, tools.signal);
    case "mean":
      return yield* toMeans(layer, choice, cells, tools.signal);
    case "share":
      return yield* toShares(layer, choice, cells, tools.signal);
    default:
      throw choice.statistic satisfies never;
  }
}
