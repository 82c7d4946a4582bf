import type { SourceFile } from "../../data/read/source";
import { isGzip } from "../../data/archive/gzip";
import { isZip } from "../../data/archive/zip-directory";

/** Kinds of files that may hold polygons, as their first bytes tell. */
type PolygonFormat =
  "zip" | "gzip" | "json" | "kml" | "shapefile" | "geopackage" | "flatgeobuf" | "parquet";

const HEAD_BYTES = 65_536;

/** The kind by the first bytes; undefined for anything else. */
function formatOf(head: Uint8Array): PolygonFormat | undefined {
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
