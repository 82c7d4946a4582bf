import { fileWriter } from "hyparquet-writer";
import { FootfallError } from "../../core/errors";
import type { CellTable } from "../../core/geo/cells";
import { TableFile } from "../../core/job/table-file";
import { truthColumns } from "../../core/job/truth-file";
import { inspectLayer, makeTruth } from "../../core/truth/layer";
import type { LayerTruth } from "../../core/truth/layer-types";
import { readCellFile } from "../cell-file";
import type { Command, CommandInput, CommandOutcome } from "../command";
import {
  describePreview,
  LAYER_OPTIONS,
  layerHints,
  layerTools,
  openLayer,
  readChoice,
} from "../layer";
import { writeWholeFile } from "../output";
import { showing } from "../run";
import { requiredText, textOf } from "../values";

async function writeTruth(file: string, cells: CellTable, truth: LayerTruth): Promise<void> {
  const table = new TableFile(fileWriter(file));
  await table.append(truthColumns(cells, truth));
  await table.finish();
}

function summarise(values: Float32Array) {
  const known = values.filter((value) => !Number.isNaN(value));
  const sum = known.reduce((a, b) => a + b, 0);
  return {
    min: known.reduce((a, b) => Math.min(a, b), Infinity),
    max: known.reduce((a, b) => Math.max(a, b), -Infinity),
    mean: sum / known.length,
    sum,
  };
}

/** More facts than this (a count for each of many classes) are for --json. */
const SHOWN = 20;

function describe(truth: LayerTruth): string[] {
  const { report, classes, edges, title, unit } = truth;
  const { min, max, mean } = summarise(truth.values);
  const numbers = `from ${min.toPrecision(4)} to ${max.toPrecision(4)}, mean ${mean.toPrecision(4)}`;
  return [
    `${title} (${unit}): ${report.withValue.toLocaleString("en")} of ${report.cells.toLocaleString("en")} cells have a value`,
    report.method,
    classes
      ? `classes: ${classes.slice(0, 20).join(", ")}${classes.length > 20 ? ", ..." : ""}`
      : numbers,
    ...(edges
      ? [`edges of the deciles: ${edges.map((edge) => edge.toPrecision(4)).join(", ")}`]
      : []),
    ...report.facts
      .slice(0, SHOWN)
      .map(({ name, value }) => `  ${name}: ${value.toLocaleString("en")}`),
    ...(report.facts.length > SHOWN
      ? [`  and ${report.facts.length - SHOWN} more with --json`]
      : []),
    ...report.warnings,
  ];
}

/** The files of the layer: the arguments, or --raster as before there were others. */
function pathsOf({ positionals, values }: CommandInput): string[] {
  const raster = textOf(values, "raster");
  const paths = raster === undefined ? [...positionals] : [raster, ...positionals];
  if (paths.length > 0) return paths;
  throw new FootfallError(
    "bad-input",
    "no layer was given; expected a GeoTIFF, polygons or a table",
  );
}

async function run(input: CommandInput): Promise<CommandOutcome> {
  const startedAt = performance.now();
  const { values, progress, signal } = input;
  const files = await openLayer(pathsOf(input));
  const tools = layerTools(signal);
  const preview = await showing(inspectLayer(files, tools, layerHints(values)), progress);
  if (values["look"] === true) return { document: preview, lines: describePreview(preview) };
  const cellPath = requiredText(values, "cells", 'a Parquet or CSV file with a column "cell"');
  const out = requiredText(values, "out", "the Parquet file to write");
  const choice = await readChoice(values, preview);
  const cells = await readCellFile(cellPath);
  const truth = await showing(makeTruth(files, choice, cells, tools), progress);
  await writeWholeFile(out, (file) => writeTruth(file, cells, truth));
  const seconds = Math.round((performance.now() - startedAt) / 10) / 100;
  const { cells: count, withValue } = truth.report;
  const document = {
    layer: preview.path,
    coordinateSystem: preview.system,
    choice,
    title: truth.title,
    scale: truth.scale,
    unit: truth.unit,
    classes: truth.classes,
    edges: truth.edges,
    cells: count,
    withValue,
    ...(withValue > 0 && !truth.classes ? summarise(truth.values) : {}),
    report: truth.report,
    out,
    seconds,
  };
  return { document, lines: [...describe(truth), `written to ${out} in ${seconds} s`] };
}

export const command: Command = {
  summary: "Measures a raster, polygons or a table per cell.",
  usage: "FILE... --cells FILE --out FILE.parquet",
  options: {
    look: { type: "boolean", help: "only say what the layer is and what would be asked of it" },
    cells: { type: "string", value: "FILE", help: 'Parquet or CSV with a column "cell"' },
    out: {
      type: "string",
      value: "FILE",
      help: "Parquet: cell, value, then pixels, inside, covered ...",
    },
    ...LAYER_OPTIONS,
    raster: { type: "string", value: "FILE", help: "the same as FILE" },
  },
  run,
};
