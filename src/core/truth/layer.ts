/** Any layer as a truth per cell: rasters, polygons and tables behind two functions. */
import { readHead } from "../data/read/bytes";
import type { SourceFile } from "../data/read/source";
import { FootfallError } from "../errors";
import type { CellTable } from "../geo/cells";
import type { Progress } from "../pace";
import type {
  LayerFile,
  LayerPreview,
  LayerTools,
  LayerTruth,
  LayerHints,
  TruthChoice,
} from "./layer-types";
import { isCompanion, layerKind } from "./layer-kinds";
import { inspectPolygons, polygonTruth } from "./polygon-layer";
import { rasterTruth } from "./raster-layer";
import { inspectRaster } from "./raster-preview";
import { inspectTable, tableTruth } from "./table-layer";

const isSource = (file: LayerFile): file is SourceFile => "blob" in file;

function toSources(files: readonly LayerFile[]): SourceFile[] {
  const stranger = files.find((file) => !isSource(file));
  if (!stranger) return files.filter(isSource);
  throw new FootfallError(
    "bad-input",
    `${stranger.path}: only a GeoTIFF can be read from an address; give the file itself`,
  );
}

/** The main file first; its companions behind it. */
function putMainFirst(files: readonly LayerFile[]): LayerFile[] {
  const main = files.find(({ path }) => !isCompanion(path)) ?? files[0];
  if (main) return [main, ...files.filter((file) => file !== main)];
  throw new FootfallError(
    "missing-file",
    "no file was given; expected a raster, polygons or a table",
  );
}

/** The kind of a file by its first bytes, where its name does not tell. */
async function kindOf(file: LayerFile): Promise<TruthChoice["kind"]> {
  const named = layerKind(file.path);
  if (!isSource(file)) return "raster";
  const head = new TextDecoder("latin1").decode(await readHead(file, 4096));
  if (/^(II\*\0|MM\0\*|II\+\0|MM\0\+)/.test(head)) return "raster";
  if (named === "raster")
    throw new FootfallError(
      "bad-file",
      `${file.path} is no TIFF; its first bytes are another format's`,
    );
  if (named === "table" && head.startsWith("PAR1"))
    return (await isGeoParquet(file)) ? "polygons" : "table";
  if (
    /^\s*\{/.test(head) ||
    head.startsWith("fgb\u0003") ||
    head.startsWith("SQLite format 3") ||
    /<kml/i.test(head)
  )
    return "polygons";
  if (/^\s*<(\?xml|gpx|html)/i.test(head))
    throw new FootfallError(
      "bad-file",
      `${file.path} is XML, but no KML; expected a raster, polygons or a table`,
    );
  return named ?? "table";
}

/** GeoParquet says so in the metadata at its end. */
async function isGeoParquet({ blob }: SourceFile): Promise<boolean> {
  const end = await blob.slice(Math.max(0, blob.size - 65_536)).arrayBuffer();
  return new TextDecoder("latin1").decode(end).includes('"primary_column"');
}

/**
 * What a layer looks like: kind, extent, bands or columns with example values, a recognised legend, and what would be
 * asked of it. `files` are those of one layer (a .shp with its .dbf and .prj). `hints` name what a first look got wrong.
 * Throws "bad-file" and "missing-column" with one sentence.
 */
export async function* inspectLayer(
  files: readonly LayerFile[],
  tools: LayerTools = {},
  hints: LayerHints = {},
): AsyncGenerator<Progress, LayerPreview, void> {
  const ordered = putMainFirst(files);
  const main = ordered[0]!;
  yield { phase: `look at ${main.path}`, done: 0, total: 1, unit: "layers" };
  const kind = await kindOf(main);
  switch (kind) {
    case "raster":
      return inspectRaster(main, tools, hints.crs);
    case "polygons": {
      const { layer, encoding, crs } = hints;
      const named = Object.entries({ layer, encoding, crs });
      const said = named.filter(([, value]) => value !== undefined);
      return yield* inspectPolygons(toSources(ordered), Object.fromEntries(said), tools);
    }
    case "table":
      return inspectTable(toSources([main])[0]!, hints.key);
    default:
      throw kind satisfies never;
  }
}

/**
 * One truth for every cell of a table, with a report of how it came to be. The same files, choice and cells give the
 * same truth. Throws "bad-file", "bad-input", "missing-column", "no-data" (saying where layer and cells lie, when they
 * lie apart) and "stopped".
 */
export function makeTruth(
  files: readonly LayerFile[],
  choice: TruthChoice,
  cells: CellTable,
  tools: LayerTools = {},
): AsyncGenerator<Progress, LayerTruth, void> {
  const ordered = putMainFirst(files);
  switch (choice.kind) {
    case "raster":
      return rasterTruth(ordered[0]!, choice, cells, tools);
    case "polygons":
      return polygonTruth(toSources(ordered), choice, cells, tools);
    case "table":
      return tableTruth(toSources(ordered)[0]!, choice, cells, tools);
    default:
      throw choice satisfies never;
  }
}
