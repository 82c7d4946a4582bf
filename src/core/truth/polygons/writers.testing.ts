import { serialize } from "flatgeobuf/lib/mjs/geojson.js";
import { zipSync } from "fflate";
import { parquetWriteBuffer } from "hyparquet-writer";
import initSqlJs from "sql.js";
import type { SourceFile } from "../../data/read/source";

/** A feature to write: polygons of rings of [lng, lat], the first corner of a ring repeated at its end. */
export interface MadeFeature {
  readonly name: string;
  readonly size: number;
  readonly polygons: readonly (readonly (readonly number[])[])[][];
}

type Bytes = Uint8Array<ArrayBuffer>;

const toFile = (path: string, content: string | ArrayBuffer | Uint8Array): SourceFile => ({
  path,
  blob: new Blob([typeof content === "string" ? content : new Uint8Array(content)]),
});

function concat(parts: readonly Uint8Array[]): Bytes {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Numbers as bytes: "i" and "d" little-endian 32-bit integer and double, "I" big-endian, "b" byte. */
function pack(format: string, ...numbers: number[]): Bytes {
  const bytes = new Uint8Array(numbers.length * 8);
  const view = new DataView(bytes.buffer);
  let at = 0;
  format.split("").forEach((kind, i) => {
    if (kind === "b") view.setUint8(at, numbers[i]!);
    else if (kind === "d") view.setFloat64(at, numbers[i]!, true);
    else view.setInt32(at, numbers[i]!, kind === "i");
    at += kind === "b" ? 1 : kind === "d" ? 8 : 4;
  });
  return bytes.slice(0, at);
}

const packAll = (kind: "i" | "d", numbers: readonly number[]): Bytes =>
  pack(kind.repeat(numbers.length), ...numbers);

function toWkb({ polygons }: MadeFeature): Bytes {
  const ring = (corners: readonly (readonly number[])[]): Bytes =>
    concat([pack("i", corners.length), packAll("d", corners.flat())]);
  const polygon = (rings: readonly (readonly (readonly number[])[])[]): Bytes =>
    concat([pack("bii", 1, 3, rings.length), ...rings.map(ring)]);
  return concat([pack("bii", 1, 6, polygons.length), ...polygons.map(polygon)]);
}

const toCollection = (features: readonly MadeFeature[]) => ({
  type: "FeatureCollection" as const,
  features: features.map(({ name, size, polygons }) => ({
    type: "Feature" as const,
    properties: { name, size },
    geometry: { type: "MultiPolygon" as const, coordinates: polygons as number[][][][] },
  })),
});

function toParquet(features: readonly MadeFeature[]): ArrayBuffer {
  const geo = { primary_column: "shape", columns: { shape: { encoding: "WKB" } } };
  return parquetWriteBuffer({
    columnData: [
      { name: "name", type: "STRING", data: features.map(({ name }) => name) },
      { name: "size", type: "DOUBLE", data: features.map(({ size }) => size) },
      { name: "shape", type: "BYTE_ARRAY", data: features.map(toWkb) },
    ],
    kvMetadata: [{ key: "geo", value: JSON.stringify(geo) }],
  });
}

async function toGeoPackage(features: readonly MadeFeature[]): Promise<Uint8Array> {
  const { Database } = await initSqlJs();
  const database = new Database();
  database.run(`
    CREATE TABLE gpkg_contents (table_name, data_type);
    CREATE TABLE gpkg_geometry_columns (table_name, column_name, geometry_type_name, srs_id);
    CREATE TABLE gpkg_spatial_ref_sys (srs_name, srs_id, organization, organization_coordsys_id, definition);
    INSERT INTO gpkg_contents VALUES ('a "table"', 'features');
    INSERT INTO gpkg_geometry_columns VALUES ('a "table"', 'geom', 'MULTIPOLYGON', 4326);
    INSERT INTO gpkg_spatial_ref_sys VALUES ('WGS 84', 4326, 'EPSG', 4326, '');
    CREATE TABLE "a ""table""" (name, size, geom)`);
  for (const feature of features) {
    const blob = concat([pack("bbbbi", 0x47, 0x50, 0, 1, 4326), toWkb(feature)]);
    database.run(`INSERT INTO "a ""table""" VALUES (?, ?, ?)`, [feature.name, feature.size, blob]);
  }
  return database.export();
}

const escape = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

function toKml(features: readonly MadeFeature[]): string {
  const ring = (corners: readonly (readonly number[])[], role: string): string =>
    `<${role}><LinearRing><coordinates>${corners.map((place) => place.join(",")).join(" ")}` +
    `</coordinates></LinearRing></${role}>`;
  const placemarks = features.map(({ name, size, polygons }) => {
    const shapes = polygons.map(
      ([outer, ...holes]) =>
        `<Polygon>${ring(outer!, "outerBoundaryIs")}${holes.map((hole) => ring(hole, "innerBoundaryIs")).join("")}</Polygon>`,
    );
    return (
      `<Placemark><name>${escape(name)}</name><ExtendedData><Data name="size"><value>${size}</value></Data>` +
      `</ExtendedData><MultiGeometry>${shapes.join("")}</MultiGeometry></Placemark>`
    );
  });
  return `<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>${placemarks.join("")}</Document></kml>`;
}

/** A record of a .shp: rings of all polygons, one behind the other. */
function toShpRecord({ polygons }: MadeFeature, i: number): Bytes {
  const rings = polygons.flat();
  const starts = rings.map((_, r) =>
    rings.slice(0, r).reduce((sum, { length }) => sum + length, 0),
  );
  const content = concat([
    pack("i", 5),
    packAll("d", [0, 0, 0, 0]),
    pack("ii", rings.length, rings.flat().length),
    packAll("i", starts),
    packAll("d", rings.flat(2)),
  ]);
  return concat([pack("II", i + 1, content.length / 2), content]);
}

function toShp(features: readonly MadeFeature[]): Bytes {
  const records = concat(features.map(toShpRecord));
  const bytes = 100 + records.length;
  const head = pack("IIIIIIIii", 9994, 0, 0, 0, 0, 0, bytes / 2, 1000, 5);
  return concat([
    head,
    packAll(
      "d",
      Array.from({ length: 8 }, () => 0),
    ),
    records,
  ]);
}

const TEXT_BYTES = 120;
const NUMBER_BYTES = 24;

function toDbf(features: readonly MadeFeature[]): Bytes {
  const encode = (text: string, length: number): Bytes => {
    const bytes = new Uint8Array(length).fill(0x20);
    bytes.set(new TextEncoder().encode(text).subarray(0, length));
    return bytes;
  };
  const field = (name: string, type: string, length: number): Bytes => {
    const bytes = new Uint8Array(32);
    bytes.set(new TextEncoder().encode(name));
    bytes[11] = type.charCodeAt(0);
    bytes[16] = length;
    return bytes;
  };
  const head = new Uint8Array(32);
  const view = new DataView(head.buffer);
  view.setUint32(4, features.length, true);
  view.setUint16(8, 32 + 2 * 32 + 1, true);
  view.setUint16(10, 1 + TEXT_BYTES + NUMBER_BYTES, true);
  const rows = features.flatMap(({ name, size }) => [
    encode("", 1),
    encode(name, TEXT_BYTES),
    encode(String(size), NUMBER_BYTES),
  ]);
  const fields = [field("name", "C", TEXT_BYTES), field("size", "N", NUMBER_BYTES)];
  return concat([head, ...fields, pack("b", 13), ...rows]);
}

function toShapefile(features: readonly MadeFeature[]): Uint8Array {
  const utf8 = new TextEncoder();
  return zipSync({
    "made.shp": toShp(features),
    "made.dbf": toDbf(features),
    "made.cpg": utf8.encode("UTF-8"),
    "made.prj": utf8.encode(
      'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]',
    ),
  });
}

/** The same features in every format that can be written here. */
export async function writeAll(features: readonly MadeFeature[]): Promise<SourceFile[]> {
  const collection = toCollection(features);
  const lines = collection.features.map((feature) => JSON.stringify(feature)).join("\n");
  return [
    toFile("made.geojson", JSON.stringify(collection)),
    toFile("made.geojsonl", lines),
    toFile("made.fgb", serialize(collection)),
    toFile("made.parquet", toParquet(features)),
    toFile("made.gpkg", await toGeoPackage(features)),
    toFile("made.kml", toKml(features)),
    toFile("made.zip", toShapefile(features)),
  ];
}
