import { expandArchives } from "../../data/archive/archive";
import { gunzip } from "../../data/archive/gzip";
import type { SourceFile } from "../../data/read/source";
import { FootfallError } from "../../errors";
import type { Progress } from "../../pace";
import { detectFormat } from "./detect";
import { readFlatGeobuf } from "./flatgeobuf";
import { parseJson, readGeoJson } from "./geojson";
import { readGeoPackage } from "./geopackage";
import { readGeoParquet } from "./geoparquet";
import { readKml } from "./kml";
import type { PolygonLayer, PolygonOptions } from "./layer";
import { readShapefile, shapefileKind } from "./shapefile";
import { chooseLayer } from "./sublayer";
import { readTopoJson } from "./topojson";

type Reading = AsyncGenerator<Progress, PolygonLayer, void>;

/** A text longer than this is more than an engine takes as one string, with what is made of it. */
const LARGEST_TEXT = 400 * 2 ** 20;

/** The text of a file, UTF-8 or UTF-16 by its mark. Throws "bad-file" where it is too long. */
async function readText({ path, blob }: SourceFile): Promise<string> {
  if (blob.size > LARGEST_TEXT) {
    const mb = Math.round(blob.size / 1e6).toLocaleString("en");
    throw new FootfallError(
      "bad-file",
      `${path} has ${mb} MB, and text must fit into memory whole: up to 400 MB; ` +
        "save the layer as FlatGeobuf or GeoParquet",
    );
  }
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const isWide = bytes[0] === 0xff && bytes[1] === 0xfe;
  return new TextDecoder(isWide ? "utf-16le" : "utf-8").decode(bytes);
}

async function* readJson(file: SourceFile, options: PolygonOptions, signal?: AbortSignal): Reading {
  const document = parseJson(await readText(file), file.path);
  const read = document["type"] === "Topology" ? readTopoJson : readGeoJson;
  return yield* read(document, file.path, options, signal);
}

async function* readGzip(file: SourceFile, options: PolygonOptions, signal?: AbortSignal): Reading {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  const chunks = file.blob.stream() as unknown as AsyncIterable<Uint8Array>;
  for await (const piece of gunzip(file.path, chunks)) pieces.push(piece.slice());
  const path = file.path.replace(/\.gz$/i, "");
  return yield* readPolygons({ path, blob: new Blob(pieces) }, options, signal);
}

/** What a layer in an archive is called: its path in the archive. */
interface Entry {
  readonly name: string;
  readonly hasAreas: boolean;
  readonly file: SourceFile;
}

async function toEntry(file: SourceFile, zip: SourceFile): Promise<Entry | undefined> {
  const name = file.path.slice(zip.path.length + 1);
  if (/\.shp$/i.test(name)) {
    const kind = shapefileKind(new DataView(await file.blob.slice(0, 100).arrayBuffer()));
    return { name: name.slice(0, -4), hasAreas: kind === "polygons", file };
  }
  const isLayer = /\.(geojsonl?|geojsons|topojson|json|kml|gpkg|fgb|(geo)?parquet)$/i.test(name);
  return isLayer ? { name, hasAreas: true, file } : undefined;
}

/** A zip as a folder: a shapefile with what lies beside it, or any other layer. */
async function* readZip(zip: SourceFile, options: PolygonOptions, signal?: AbortSignal): Reading {
  const siblings: SourceFile[] = [];
  for await (const file of expandArchives([zip], signal)) siblings.push(file);
  const entries: Entry[] = [];
  for (const file of siblings) {
    if (file.path === zip.path) await file.blob.arrayBuffer(); // a zip that cannot be opened throws why
    const entry = await toEntry(file, zip);
    if (entry !== undefined) entries.push(entry);
  }
  if (entries.length === 0) {
    const names = siblings.slice(0, 3).map(({ path }) => path.slice(zip.path.length + 1));
    throw new FootfallError(
      "bad-file",
      `${zip.path} holds no layer of polygons (.shp, .geojson, .gpkg, .fgb, .parquet, .kml), ` +
        `but ${names.join(", ") || "nothing"}${siblings.length > 3 ? ", ..." : ""}`,
    );
  }
  const isNamed = entries.some(({ name }) => name === options.layer);
  const { layer, warnings } = chooseLayer(entries, zip.path, isNamed ? options.layer : undefined);
  const inner = { ...options, siblings, layer: isNamed ? undefined : options.layer };
  const read = yield* readPolygons(layer.file, inner, signal);
  const isOnly = entries.length === 1;
  const layers = isOnly ? read.layers : entries.map(({ name }) => name);
  const name = isOnly && read.layers.length === 0 ? zip.path : `${zip.path} (${layer.name})`;
  return { ...read, name, layers, warnings: [...warnings, ...read.warnings] };
}

/**
 * Reads a layer of polygons: GeoJSON (also line by line), TopoJSON, Shapefile (a zip, or a .shp with its siblings),
 * GeoPackage, FlatGeobuf, GeoParquet, KML and KMZ, known by their first bytes, plain or gzip or in a zip. Places
 * come out in WGS 84. Throws "bad-file" for what cannot be read or has no polygons, "bad-input" for options that
 * do not fit the file, "stopped".
 */
export async function* readPolygons(
  file: SourceFile,
  options: PolygonOptions = {},
  signal?: AbortSignal,
): Reading {
  if (file.blob.size === 0) throw new FootfallError("bad-file", `${file.path} is empty`);
  switch (await detectFormat(file)) {
    case "zip":
      return yield* readZip(file, options, signal);
    case "gzip":
      return yield* readGzip(file, options, signal);
    case "json":
      return yield* readJson(file, options, signal);
    case "kml":
      return yield* readKml(await readText(file), file.path, signal);
    case "shapefile":
      return yield* readShapefile(file, options, signal);
    case "geopackage":
      return yield* readGeoPackage(file, options, signal);
    case "flatgeobuf":
      return yield* readFlatGeobuf(file, options, signal);
    case "parquet":
      return yield* readGeoParquet(file, options, signal);
    case undefined:
      throw new FootfallError(
        "bad-file",
        `${file.path} is no layer of polygons that is known here; expected GeoJSON, TopoJSON, a zipped ` +
          "Shapefile, GeoPackage, FlatGeobuf, GeoParquet or KML",
      );
  }
}
