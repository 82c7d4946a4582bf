import type { FileMetaData, ParquetParsers, SchemaElement } from "hyparquet";
import { FootfallError } from "../../errors";
import { badParquet } from "./bad-parquet";
import { plainBlob } from "../read/bytes";
import { openParquetBytes, toParquetBuffer, type ParquetBytes } from "./parquet-bytes";
import type { SourceFile } from "../read/source";

/** Names of compression as Parquet spells them, and what can undo them. */
const CODECS = ["UNCOMPRESSED", "SNAPPY", "GZIP", "BROTLI", "ZSTD", "LZ4", "LZ4_RAW"];

/** A column that holds one value a row: a top-level one, or a field of a struct. */
export interface ParquetColumn {
  /** "location.lat" for the field of a struct. */
  name: string;
  path: readonly string[];
  /** True for moments of a clock whose zone the file does not tell. */
  isLocal: boolean;
}

/** An open Parquet file; nothing but its footer has been read. */
export interface ParquetFile extends ParquetBytes {
  path: string;
  columns: readonly ParquetColumn[];
  /** Name of GeoParquet's column of points. */
  geometry: string | undefined;
}

/** Values of some columns in consecutive rows, by the column's name. */
export type ColumnValues = ReadonlyMap<string, ArrayLike<unknown>>;

/** Geometries stay bytes: only points are wanted, and those are read without a detour over GeoJSON. */
const RAW_PARSERS: Partial<ParquetParsers> = {
  geometryFromBytes: (bytes: Uint8Array) => bytes,
  geographyFromBytes: (bytes: Uint8Array) => bytes,
};

/** Leaves of the schema, in its order, without those that hold lists. */
function findColumns(schema: readonly SchemaElement[]): ParquetColumn[] {
  const columns: ParquetColumn[] = [];
  let at = 1;
  const walk = (count: number, path: readonly string[], isList: boolean): void => {
    for (let child = 0; child < count; child++) {
      const element = schema[at++];
      if (!element) return;
      const own = [...path, element.name];
      const isRepeated = isList || element.repetition_type === "REPEATED";
      if (element.num_children) walk(element.num_children, own, isRepeated);
      else if (!isRepeated)
        columns.push({ name: own.join("."), path: own, isLocal: isLocal(element) });
    }
  };
  walk(schema[0]?.num_children ?? 0, [], false);
  return columns;
}

const isLocal = ({ logical_type: type }: SchemaElement): boolean =>
  type?.type === "TIMESTAMP" && !type.isAdjustedToUTC;

interface GeoColumn {
  encoding?: string;
  crs?: { name?: string; id?: { authority?: string; code?: string | number } } | null;
}

/** Name of the column of points by GeoParquet's metadata. Throws "bad-file" for coordinates that are no degrees. */
function findGeometry(path: string, metadata: FileMetaData): string | undefined {
  const text = metadata.key_value_metadata?.find(({ key }) => key === "geo")?.value;
  if (text === undefined) return undefined;
  const geo = JSON.parse(text) as { primary_column?: string; columns?: Record<string, GeoColumn> };
  const name = geo.primary_column;
  const crs = name === undefined ? undefined : geo.columns?.[name]?.crs;
  const code = crs?.id ? `${crs.id.authority}:${crs.id.code}` : crs?.name;
  if (!crs || code === undefined || /^(OGC:CRS84h?|EPSG:4326|EPSG:4979)$/.test(code)) return name;
  throw new FootfallError(
    "bad-file",
    `${path} has its points in ${code}${crs.name ? ` (${crs.name})` : ""}; expected degrees (WGS 84): reproject the file first`,
  );
}

/** Opens a file by its footer. Throws "bad-file" with the reason. */
export async function openParquet(file: SourceFile): Promise<ParquetFile> {
  const { path } = file;
  const blob = await plainBlob(file);
  try {
    const bytes = await openParquetBytes(toParquetBuffer(blob), { geoparquet: false });
    const { metadata } = bytes;
    const geometry = findGeometry(path, metadata);
    const columns = findColumns(metadata.schema);
    if (geometry !== undefined && !columns.some(({ name }) => name === geometry)) {
      columns.push({ name: geometry, path: [geometry], isLocal: false }); // a struct of x and y
    }
    return { path, ...bytes, columns, geometry };
  } catch (cause) {
    throw badParquet(path, cause);
  }
}

/** Refuses columns packed in a way that nothing here undoes. */
function checkCodecs({ path, metadata }: ParquetFile, names: ReadonlySet<string>): void {
  for (const { columns } of metadata.row_groups) {
    for (const { meta_data: column } of columns) {
      if (!column || !names.has(column.path_in_schema[0]!)) continue;
      if (CODECS.includes(column.codec)) continue;
      throw new FootfallError(
        "bad-file",
        `${path} is compressed with ${column.codec ?? "an unknown codec"}; expected ${CODECS.slice(1, -1).join(", ")} or none: write it again with one of these`,
      );
    }
  }
}

/** Values of a column in the asked rows, out of the pieces in which they come. */
function place(values: unknown[], data: ArrayLike<unknown>, from: number): void {
  for (let i = Math.max(0, -from); i < data.length && from + i < values.length; i++) {
    values[from + i] = data[i];
  }
}

const fieldOf = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (part, name) =>
      typeof part === "object" && part !== null
        ? (part as Record<string, unknown>)[name]
        : undefined,
    value,
  );

const emptyValues = (length: number): unknown[] => Array.from({ length });

/** Reads rows [from, to) of some columns and of no others. Throws "bad-file". */
export async function readColumns(
  file: ParquetFile,
  columns: readonly ParquetColumn[],
  { from, to }: { from: number; to: number },
): Promise<ColumnValues> {
  const { parquetRead } = await import("hyparquet");
  const roots = new Set(columns.map(({ path }) => path[0]!));
  checkCodecs(file, roots);
  const found = new Map([...roots].map((name) => [name, emptyValues(to - from)]));
  try {
    await file.checker.check(roots, { from, to });
    await parquetRead({
      file: file.file,
      metadata: file.metadata,
      compressors: file.compressors,
      columns: [...roots],
      rowStart: from,
      rowEnd: to,
      useOffsetIndex: true,
      utf8: false,
      geoparquet: false,
      parsers: RAW_PARSERS,
      onChunk: ({ columnName, columnData, rowStart }) =>
        place(found.get(columnName)!, columnData, rowStart - from),
    });
  } catch (cause) {
    throw badParquet(file.path, cause);
  }
  return new Map(
    columns.map(({ name, path }) => {
      const values = found.get(path[0]!)!;
      const fields = path.slice(1);
      return [name, fields.length === 0 ? values : values.map((value) => fieldOf(value, fields))];
    }),
  );
}
