import type { SourceFile } from "../../data/source";
import { isGzip } from "../../data/gzip";
import { isZip } from "../../data/zip-directory";

/** Kinds of files that may hold polygons, as their first bytes tell. */
export type PolygonFormat =
  "zip" | "gzip" | "json" | "kml" | "shapefile" | "geopackage" | "flatgeobuf" | "parquet";

const HEAD_BYTES = 65_536;

const GEOJSON =
  /"type"\s*:\s*"(FeatureCollection|Feature|Topology|GeometryCollection|(Multi)?(Polygon|LineString|Point))"/;

/** The kind by the first bytes; undefined for anything else. */
export function formatOf(head: Uint8Array): PolygonFormat | undefined {
  const sign = String.fromCharCode(...head.subarray(0, 16));
  if (isGzip(head)) return "gzip";
  if (sign.startsWith("SQLite format 3\0")) return "geopackage";
  if (sign.startsWith("fgb\u0003")) return "flatgeobuf";
  if (sign.startsWith("PAR1")) return "parquet";
  if (sign.startsWith("\0\0\u0027\u000a")) return "shapefile"; // 9994
  const text = new TextDecoder().decode(head).replaceAll("\u001e", " "); // before each GeoJSON of a sequence
  if (/^\s*[{[]/.test(text)) return "json";
  return /^\s*<([^]*?<)?(\w+:)?kml\b/.test(text) ? "kml" : undefined;
}

/** The kind of a file by its first bytes. */
export async function detectFormat({ blob }: SourceFile): Promise<PolygonFormat | undefined> {
  if (await isZip(blob)) return "zip";
  return formatOf(new Uint8Array(await blob.slice(0, HEAD_BYTES).arrayBuffer()));
}

async function isGeoParquet(blob: Blob): Promise<boolean> {
  const { parquetMetadataAsync } = await import("hyparquet");
  const slice = (from: number, end?: number) => blob.slice(from, end).arrayBuffer();
  const { key_value_metadata, schema } = await parquetMetadataAsync({
    byteLength: blob.size,
    slice,
  });
  const isTyped = schema.some(({ logical_type }) => logical_type?.type === "GEOMETRY");
  return isTyped || (key_value_metadata?.some(({ key }) => key === "geo") ?? false);
}

/**
 * True for a file that `readPolygons` should be asked to read (it may still find lines in it): not for JSON or
 * Parquet that are tables. A zip or gzip is looked at by its name.
 */
export async function isPolygonFile(file: SourceFile): Promise<boolean> {
  const head = new Uint8Array(await file.blob.slice(0, HEAD_BYTES).arrayBuffer());
  switch (await detectFormat(file)) {
    case undefined:
      return false;
    case "json":
      return GEOJSON.test(new TextDecoder().decode(head));
    case "parquet":
      return isGeoParquet(file.blob).catch(() => false);
    case "gzip":
      return /json|kml|fgb/i.test(file.path);
    case "zip":
    case "kml":
    case "shapefile":
    case "geopackage":
    case "flatgeobuf":
      return true;
  }
}
