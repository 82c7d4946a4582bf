import type { SourceFile } from "../../data/read/source";
import { FootfallError } from "../../errors";
import { createPace, type Progress } from "../../pace";
import { LayerBuilder } from "./build";
import { placeByName, placeByWkt, type Placement } from "./crs";
import { findEncoding, readDbf } from "./dbf";
import { NOTHING, type Geometry, type Ring } from "./geometry";
import type { PolygonLayer, PolygonOptions } from "./layer";

const KINDS: Readonly<Record<number, string>> = {
  1: "points",
  3: "lines",
  5: "polygons",
  8: "points",
  11: "points",
  13: "lines",
  15: "polygons",
  18: "points",
  21: "points",
  23: "lines",
  25: "polygons",
  28: "points",
  31: "3D patches",
};

const HEADER_BYTES = 100;

/** Rings of one record, as the Shapefile description of 1998 (Esri) lays them out; heights follow and are left. */
function readRings(view: DataView): Ring[] {
  const [parts, corners] = [view.getInt32(36, true), view.getInt32(40, true)];
  const firstCorner = 44 + 4 * parts;
  const ringAt = (part: number): number =>
    part < parts ? view.getInt32(44 + 4 * part, true) : corners;
  return Array.from({ length: parts }, (_, part) => {
    const ring: Ring = [];
    for (let corner = ringAt(part); corner < ringAt(part + 1); corner++) {
      ring.push(view.getFloat64(firstCorner + 16 * corner, true));
      ring.push(view.getFloat64(firstCorner + 16 * corner + 8, true));
    }
    return ring;
  });
}

function readRecord(view: DataView): Geometry {
  if (view.byteLength < 4) return NOTHING;
  const kind = KINDS[view.getInt32(0, true)];
  if (kind === undefined) return NOTHING;
  if (kind !== "polygons") return { polygons: [], others: [kind] };
  if (view.byteLength < 44 || view.getInt32(36, true) * 4 > view.byteLength) {
    throw new RangeError("a record is broken");
  }
  return { polygons: [readRings(view)], others: [] };
}

/** Geometries of a .shp in the order of its records, and where each ends. Throws RangeError where it is cut. */
function* readShp(bytes: Uint8Array): Generator<[geometry: Geometry, end: number]> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = Math.max(HEADER_BYTES, 2 * view.getInt32(24));
  for (let at = HEADER_BYTES; at + 8 <= end;) {
    const length = 2 * view.getInt32(at + 4);
    if (length < 4 || at + 8 + length > view.byteLength) throw new RangeError("the file was cut");
    const record = new DataView(bytes.buffer, bytes.byteOffset + at + 8, length);
    at += 8 + length;
    yield [readRecord(record), at];
  }
}

/** What a .shp holds, by its header: "polygons", "lines", ... */
export const shapefileKind = (head: DataView): string | undefined =>
  head.byteLength < HEADER_BYTES ? undefined : KINDS[head.getInt32(32, true)];

/** A system from the .prj. Without one, numbers that may be degrees are taken as such. Throws "bad-file". */
function findPlacement(
  { path, prj, shp }: { path: string; prj: string | undefined; shp: Uint8Array },
  named: string | undefined,
): Placement {
  if (named !== undefined) return placeByName(named);
  if (prj !== undefined && prj.trim() !== "") return placeByWkt(prj, path);
  const view = new DataView(shp.buffer, shp.byteOffset, shp.byteLength);
  const [west, south, east, north] = [36, 44, 52, 60].map((at) => view.getFloat64(at, true));
  if (west! >= -360 && east! <= 360 && south! >= -90 && north! <= 90) {
    return {
      words: "not said",
      warning: "there is no .prj to say the coordinate system: taken as degrees (WGS 84)",
    };
  }
  throw new FootfallError(
    "bad-file",
    `${path} comes without its .prj, and x from ${west} to ${east} is not in degrees; ` +
      "give the .prj along or name the system (such as EPSG:3857)",
  );
}

/** Bytes of the file beside the .shp with another ending, whatever its case. */
async function readBeside(
  path: string,
  ending: string,
  siblings: readonly SourceFile[],
): Promise<Uint8Array | undefined> {
  const wanted = (path.slice(0, -"shp".length) + ending).toLowerCase();
  const found = siblings.find((sibling) => sibling.path.toLowerCase() === wanted);
  return found && new Uint8Array(await found.blob.arrayBuffer());
}

const toText = (bytes: Uint8Array | undefined): string | undefined =>
  bytes && new TextDecoder().decode(bytes);

/**
 * A .shp with the .dbf, .prj and .cpg beside it among `options.siblings`. Records that the table marks as deleted
 * are left out. Throws "bad-file", "bad-input", "stopped".
 */
export async function* readShapefile(
  { path, blob }: SourceFile,
  { siblings = [], encoding: named, system }: PolygonOptions,
  signal?: AbortSignal,
): AsyncGenerator<Progress, PolygonLayer, void> {
  const shp = new Uint8Array(await blob.arrayBuffer());
  const beside = (ending: string) => readBeside(path, ending, siblings);
  const [dbf, prj, cpg] = [
    await beside("dbf"),
    toText(await beside("prj")),
    toText(await beside("cpg")),
  ];
  try {
    const placement = findPlacement({ path, prj, shp }, system);
    const encoding = dbf && findEncoding(dbf, cpg, named);
    const missing = dbf ? [] : ["there is no .dbf beside the .shp: the polygons have no columns"];
    const warnings = encoding?.warning === undefined ? missing : [encoding.warning];
    const facts = { name: path, format: "Shapefile", placement, warnings, isUnordered: true };
    const builder = new LayerBuilder(facts);
    const records = dbf && encoding && readDbf(dbf, encoding.decoder);
    const pace = createPace(signal);
    for (const [geometry, done] of readShp(shp)) {
      const record = records === undefined ? {} : (records.next().value ?? undefined);
      if (record !== undefined) builder.add(geometry, record);
      if (!pace.due()) continue;
      await pace.rest();
      yield { phase: "read the polygons", done, total: shp.length, unit: "bytes" };
    }
    return builder.build();
  } catch (thrown) {
    if (thrown instanceof FootfallError) throw thrown;
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw new FootfallError("bad-file", `${path} is a broken Shapefile: ${why}`, { cause: thrown });
  }
}
