import type { TruthChoice } from "./layer-types";

/** Ends of names, gzip apart. GeoParquet is told from a plain table by its bytes. */
const RASTER = /\.(tiff?|gtiff?|cog)$/i;
const POLYGONS = /\.(geojson|topojson|json|shp|zip|gpkg|fgb|kml|kmz|geoparquet)$/i;
const TABLE = /\.(csv|tsv|tab|txt|parquet|pq)(\.gz)?$/i;
/** Files that only belong to another one: a .shp brings them along. */
const COMPANION = /\.(dbf|shx|prj|cpg|sbn|sbx|qix|qmd|aux\.xml)$/i;

/** What the project itself writes or reads beside layers: never a layer. */
const OWN =
  /(^|\/)(check-ins\.parquet|trajectories\.parquet|rejected\.csv|report\.json|checkpoint\.json|tokenizer\.json|config\.json|labels\.(csv|parquet)|[^/]*_config\.json|[^/]*index\.json|vocab\.(txt|json)|training-log\.json)$/i;

/** The kind of layer that a file's name speaks for; undefined for a file that is no layer. */
export function layerKind(path: string): TruthChoice["kind"] | undefined {
  if (RASTER.test(path)) return "raster";
  if (POLYGONS.test(path)) return "polygons";
  return TABLE.test(path) ? "table" : undefined;
}

/** True for a file that only belongs to another one, such as a .dbf. */
export const isCompanion = (path: string): boolean => COMPANION.test(path);

/** Rows of numbers without keys, or with those of a second file. */
const MATRIX = /\.(npy|safetensors)$/i;

/** True for a matrix of another program, such as its embeddings: never a layer. */
export const isMatrix = (path: string): boolean => MATRIX.test(path);

const stem = (path: string): string => path.replace(/(\.shp)?(\.[^./]+)$/i, "");

/** The layers among the files of a folder, each with the files that belong to it, the main one first. */
export function groupLayers(paths: readonly string[]): string[][] {
  const mains = paths.filter((path) => layerKind(path) !== undefined && !OWN.test(path));
  return mains.map((main) => {
    const isShape = /\.shp$/i.test(main);
    const own = isShape
      ? paths.filter((path) => isCompanion(path) && stem(path) === stem(main))
      : [];
    return [main, ...own];
  });
}
