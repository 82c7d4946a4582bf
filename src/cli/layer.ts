import { existsSync, openAsBlob } from "node:fs";
import { open, readFile, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename } from "node:path";
import { FootfallError } from "../core/errors";
import { toTruthChoice } from "../core/truth/choice";
import type {
  LayerFile,
  LayerHints,
  LayerPreview,
  LayerTools,
  RangeFile,
  TruthChoice,
} from "../core/truth/layer-types";
import { LAND_COVER_IDS } from "../core/truth/land-cover";
import type { CommandInput, CommandOption } from "./command";
import { numberOf, textOf } from "./values";

type Values = CommandInput["values"];

/** What a .shp needs beside it. */
const SHAPE_PARTS = ["dbf", "shx", "prj", "cpg"];

/** Node 20 cannot slice a Blob beyond this. */
const LARGEST_BLOB = 2 ** 32 - 1;

/** A file too large for a Blob, read by ranges; open until the command ends. */
async function openLarge(path: string, size: number): Promise<RangeFile> {
  const handle = await open(path);
  const read = async (offset: number, length: number): Promise<ArrayBuffer> => {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
    await handle.read(bytes, 0, bytes.length, offset);
    return bytes.buffer;
  };
  return { path: basename(path), range: { size, read } };
}

async function openFile(path: string): Promise<LayerFile> {
  const info = await stat(path).catch(() => undefined);
  if (info?.isFile() && info.size > LARGEST_BLOB) return openLarge(path, info.size);
  if (info?.isFile()) return { path: basename(path), blob: await openAsBlob(path) };
  const what = info ? "a folder" : "no such file";
  throw new FootfallError(
    "missing-file",
    `${path}: ${what}; expected a raster, polygons or a table`,
  );
}

/** The files of one layer; a .shp brings what lies beside it along. Throws "missing-file". */
export async function openLayer(paths: readonly string[]): Promise<LayerFile[]> {
  const beside = paths
    .filter((path) => /\.shp$/i.test(path))
    .flatMap((path) => SHAPE_PARTS.map((end) => path.replace(/shp$/i, end)))
    .filter((path) => existsSync(path) && !paths.includes(path));
  return Promise.all([...paths, ...beside].map(openFile));
}

/** What the layers need of Node. */
export const layerTools = (signal: AbortSignal): LayerTools => ({
  signal,
  readSqlWasm: () => readFile(createRequire(import.meta.url).resolve("sql.js/dist/sql-wasm.wasm")),
});

/** Options that say what is asked of a layer; --help shows them with every command that takes one. */
export const LAYER_OPTIONS: Readonly<Record<string, CommandOption>> = {
  statistic: {
    type: "string",
    value: "NAME",
    help: "raster: mean, sum, share, majority; polygons: class, mean, share",
  },
  classes: {
    type: "string",
    value: "A,B",
    help: "whose share: pixel values, names, or trees, water, crops, built-up",
  },
  preset: {
    type: "string",
    value: "NAME",
    help: `legend: ${LAND_COVER_IDS.join(", ")}, none`,
    default: "recognised",
  },
  deciles: { type: "boolean", help: "ten classes of equal size, with their edges" },
  column: { type: "string", value: "NAME", help: "column of polygons or a table" },
  key: {
    type: "string",
    value: "NAME",
    help: 'table: column of cells, or "LAT,LNG"',
    default: "found",
  },
  aggregation: {
    type: "string",
    value: "NAME",
    help: "table: mean, sum, majority of the rows of a cell",
  },
  join: { type: "string", value: "NAME", help: "polygons: centre or area", default: "centre" },
  rule: {
    type: "string",
    value: "NAME",
    help: "polygons: value, suffix (shi, ku, machi, mura) or a JSON file of classes",
  },
  layer: { type: "string", value: "NAME", help: "the layer of a file that holds several" },
  encoding: { type: "string", value: "NAME", help: "of a Shapefile's texts, such as gbk" },
  band: { type: "string", value: "N", help: "band of a raster", default: "1" },
  crs: {
    type: "string",
    value: "NAME",
    help: "where a raster does not say it: EPSG:3035, proj4 text",
  },
  detail: {
    type: "string",
    value: "NAME",
    help: "raster: full reads no overviews",
    default: "auto",
  },
};

/** What a first look must be told. */
export const layerHints = (values: Values) => ({
  crs: textOf(values, "crs"),
  layer: textOf(values, "layer"),
  encoding: textOf(values, "encoding"),
  key: toKey(textOf(values, "key")),
});

function toKey(text: string | undefined): LayerHints["key"] {
  if (text === undefined) return undefined;
  const [first = "", second] = text.split(",").map((part) => part.trim());
  return second === undefined
    ? { kind: "cell", column: first }
    : { kind: "place", lat: first, lng: second };
}

async function toRule(text: string | undefined) {
  if (text === undefined || text === "value" || text === "suffix") return text && { kind: text };
  try {
    return { kind: "table", classes: JSON.parse(await readFile(text, "utf8")) as unknown };
  } catch (cause) {
    throw new FootfallError(
      "bad-input",
      `--rule ${text}: expected value, suffix or a JSON file such as {"forest": "trees"}`,
      { cause },
    );
  }
}

/** What the options say, over what a look at the layer suggests. Throws "bad-input". */
export async function readChoice(values: Values, preview: LayerPreview): Promise<TruthChoice> {
  const classes = textOf(values, "classes")
    ?.split(",")
    .map((one) => one.trim());
  const said = {
    statistic: textOf(values, "statistic") ?? (classes && "share"),
    classes,
    preset: textOf(values, "preset"),
    deciles: values["deciles"] === true ? true : undefined,
    column: textOf(values, "column"),
    aggregation: textOf(values, "aggregation"),
    join: textOf(values, "join"),
    rule: await toRule(textOf(values, "rule")),
    band: numberOf(values, "band", { from: 1, to: 10_000 }),
    detail: textOf(values, "detail"),
    ...layerHints(values),
  };
  const given = Object.entries(said).filter(([, value]) => value !== undefined);
  const base =
    preview.kind === "raster" ? { kind: "raster" } : { kind: preview.kind, ...preview.choice };
  const chosen: Record<string, unknown> = { ...base, ...Object.fromEntries(given) };
  if (chosen["column"] === undefined && preview.kind !== "raster") throw chooseColumn(preview);
  return toTruthChoice(chosen);
}

function chooseColumn({ path, columns }: LayerPreview): FootfallError {
  const names = columns.map(({ name }) => name).slice(0, 30);
  return new FootfallError(
    "bad-input",
    `${path}: --column is missing; expected one of ${names.join(", ")}`,
  );
}

/** A preview as lines for people. */
export function describePreview(preview: LayerPreview): string[] {
  const { path, format, bytes, extent, system, columns, preset, layers, choice, why, warnings } =
    preview;
  const degrees = extent?.map((value) => value.toFixed(3));
  return [
    `${path}: ${format}, ${bytes.toLocaleString("en")} bytes`,
    `lies at ${degrees ? `lng ${degrees[0]} to ${degrees[2]}, lat ${degrees[1]} to ${degrees[3]}` : "no known place"}; ${system}`,
    ...(layers.length > 1 ? [`layers: ${layers.join(", ")}`] : []),
    ...(preset ? [`legend: ${preset.id}, ${preset.why}`] : []),
    ...columns.map(({ name, kind, range, distinct, examples }) => {
      const shown = distinct
        ?.slice(0, 8)
        .map((one) => (one.name ? `${one.value} (${one.name})` : one.value));
      const span = range ? `, ${range[0]} to ${range[1]}` : "";
      const count = distinct ? `, ${distinct.length} different` : ", many different";
      return `  ${name}: ${kind}${span}${count}: ${(shown ?? examples).join(", ")}`;
    }),
    `suggested: ${choice ? JSON.stringify(choice) : "nothing"} (${why})`,
    ...warnings,
  ];
}
