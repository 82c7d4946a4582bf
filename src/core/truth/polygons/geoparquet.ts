import type { FileMetaData } from "hyparquet";
import { openParquetBytes, toParquetBuffer } from "../../data/columnar/parquet-bytes";
import type { SourceFile } from "../../data/read/source";
import { FootfallError, throwIfStopped } from "../../errors";
import type { Progress } from "../../pace";
import { LayerBuilder } from "./build";
import { NOT_SAID, placeByName, placeByProjJson, placeByUrn, type Placement } from "./crs";
import type { Geometry, Ring } from "./geometry";
import type { PolygonLayer, PolygonOptions } from "./layer";
import { fromWkb } from "./wkb";

/** What GeoParquet 1.1 says of its geometry column. */
interface GeoColumn {
  readonly encoding?: string;
  readonly crs?: object | null;
  readonly covering?: { readonly bbox?: { readonly xmin?: readonly string[] } };
}

interface GeoPart {
  readonly name: string;
  readonly column: GeoColumn;
  readonly placement: Placement;
}

const ROWS = 20_000;

const broken = (path: string, cause: unknown): FootfallError => {
  if (cause instanceof FootfallError) return cause;
  const why = cause instanceof Error ? cause.message : String(cause);
  return new FootfallError("bad-file", `${path} cannot be read as GeoParquet: ${why}`, { cause });
};

function placeColumn({ crs }: GeoColumn, path: string): Placement {
  if (crs === undefined) return { words: "OGC:CRS84" };
  if (crs !== null) return placeByProjJson(crs, path);
  return NOT_SAID;
}

/** The geometry column by the file's "geo" words (GeoParquet), or by its type (Parquet's own GEOMETRY). */
function findGeometry(metadata: FileMetaData, path: string, named: string | undefined): GeoPart {
  const geo = metadata.key_value_metadata?.find(({ key }) => key === "geo")?.value;
  if (geo !== undefined) {
    const { primary_column: name = "geometry", columns } = JSON.parse(geo) as {
      primary_column?: string;
      columns?: Record<string, GeoColumn>;
    };
    const column = columns?.[name] ?? {};
    return { name, column, placement: named ? placeByName(named) : placeColumn(column, path) };
  }
  const typed = metadata.schema.find(({ logical_type }) =>
    ["GEOMETRY", "GEOGRAPHY"].includes(logical_type?.type ?? ""),
  );
  if (typed === undefined) {
    throw new FootfallError("bad-file", `${path} is Parquet without a column of geometries`);
  }
  const crs = (typed.logical_type as { crs?: string }).crs;
  const placement = crs === undefined ? { words: "OGC:CRS84" } : placeByUrn(crs, path);
  return { name: typed.name, column: {}, placement: named ? placeByName(named) : placement };
}

type Corner = { readonly x: number; readonly y: number };

const toRing = (corners: readonly Corner[]): Ring => corners.flatMap(({ x, y }) => [x, y]);

/** A value of the geometry column: WKB, or lists in lists of x and y. */
function toGeometry(value: unknown, encoding: string, where: string): Geometry {
  if (value === null || value === undefined) return { polygons: [], others: [] };
  if (encoding === "polygon") {
    return { polygons: [(value as Corner[][]).map(toRing)], others: [] };
  }
  if (encoding === "multipolygon") {
    return { polygons: (value as Corner[][][]).map((rings) => rings.map(toRing)), others: [] };
  }
  if (encoding !== "wkb") {
    const kind = encoding.includes("point") ? "points" : "lines";
    return { polygons: [], others: [kind] };
  }
  return fromWkb(value as Uint8Array, where);
}

/** Root columns beside the geometry and the boxes that only help to find it. */
function otherColumns(metadata: FileMetaData, { name, column }: GeoPart): string[] {
  const names: string[] = [];
  const { schema } = metadata;
  const skip = (at: number): number => {
    let next = at + 1;
    for (let child = schema[at]?.num_children ?? 0; child > 0; child--) next = skip(next);
    return next;
  };
  for (let at = 1; at < schema.length; at = skip(at)) names.push(schema[at]!.name);
  const box = column.covering?.bbox?.xmin?.[0];
  return names.filter((other) => other !== name && other !== box);
}

/** GeoParquet by pieces of rows. Throws "bad-file", "stopped". */
export async function* readGeoParquet(
  { path, blob }: SourceFile,
  { system }: PolygonOptions,
  signal?: AbortSignal,
): AsyncGenerator<Progress, PolygonLayer, void> {
  const { parquetReadObjects } = await import("hyparquet");
  const keep = (bytes: Uint8Array): Uint8Array => bytes; // WKB, read by our own reader
  const parsers = { geometryFromBytes: keep, geographyFromBytes: keep };
  try {
    const { checker, ...opened } = await openParquetBytes(toParquetBuffer(blob));
    const { metadata } = opened;
    const part = findGeometry(metadata, path, system);
    const encoding = (part.column.encoding ?? "WKB").toLowerCase();
    const columns = [part.name, ...otherColumns(metadata, part)];
    const { placement } = part;
    const builder = new LayerBuilder({ name: path, format: "GeoParquet", placement });
    const reading = { ...opened, columns, parsers };
    const total = Number(metadata.num_rows);
    for (let rowStart = 0; rowStart < total; rowStart += ROWS) {
      throwIfStopped(signal);
      const rowEnd = Math.min(total, rowStart + ROWS);
      await checker.check(new Set(columns), { from: rowStart, to: rowEnd });
      const rows = await parquetReadObjects({ ...reading, rowStart, rowEnd });
      for (const { [part.name]: geometry, ...properties } of rows as Record<string, unknown>[]) {
        const where = `${path}, row ${builder.read + 1},`;
        builder.add(toGeometry(geometry, encoding, where), properties);
      }
      yield { phase: "read the polygons", done: rowEnd, total, unit: "features" };
    }
    return builder.build();
  } catch (thrown) {
    throw broken(path, thrown);
  }
}
