import type { Database, SqlValue } from "sql.js";
import type { SourceFile } from "../../data/read/source";
import { FootfallError } from "../../errors";
import { createPace, type Progress } from "../../pace";
import { LayerBuilder } from "./build";
import { NOT_SAID, placeByCode, placeByName, placeByWkt, type Placement } from "./crs";
import { NOTHING, type Geometry } from "./geometry";
import type { PolygonLayer, PolygonOptions } from "./layer";
import { chooseLayer } from "./sublayer";
import { fromWkb } from "./wkb";

/** A table of features, as the file's own tables describe it. */
interface FeatureTable {
  readonly name: string;
  readonly column: string;
  readonly hasAreas: boolean;
  readonly organization: string;
  readonly code: number;
  readonly definition: string;
  readonly systemName: string;
}

const LARGEST_BYTES = 2 ** 30;

const TABLES = `
  SELECT c.table_name, g.column_name, g.geometry_type_name, s.organization,
         s.organization_coordsys_id, s.definition, s.srs_name
  FROM gpkg_contents c
  JOIN gpkg_geometry_columns g ON g.table_name = c.table_name
  LEFT JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id
  WHERE c.data_type = 'features' ORDER BY c.rowid`;

/** A name in SQL. */
const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const broken = (path: string, cause: unknown): FootfallError => {
  if (cause instanceof FootfallError) return cause;
  const why = cause instanceof Error ? cause.message : String(cause);
  return new FootfallError("bad-file", `${path} cannot be read as a GeoPackage: ${why}`, { cause });
};

/** Opens the file in memory. The caller closes it. Throws "bad-file", "bad-input" without the wasm file. */
async function openDatabase(
  { path, blob }: SourceFile,
  readSqlWasm: PolygonOptions["readSqlWasm"],
): Promise<Database> {
  if (blob.size > LARGEST_BYTES) {
    const gb = (blob.size / 1e9).toFixed(1);
    throw new FootfallError(
      "bad-file",
      `${path} has ${gb} GB, and a GeoPackage must fit into memory whole: up to 1 GB; ` +
        "save the layer as FlatGeobuf or GeoParquet",
    );
  }
  if (readSqlWasm === undefined) {
    throw new FootfallError("bad-input", `${path}: SQLite is not there to read a GeoPackage with`);
  }
  const [{ default: initSqlJs }, wasm] = await Promise.all([import("sql.js"), readSqlWasm()]);
  const { Database } = await initSqlJs({ wasmBinary: wasm.slice().buffer });
  return new Database(new Uint8Array(await blob.arrayBuffer()));
}

function listTables(database: Database): FeatureTable[] {
  const rows = database.exec(TABLES)[0]?.values ?? [];
  return rows.map(([name, column, type, organization, code, definition, systemName]) => ({
    name: String(name),
    column: String(column),
    hasAreas: /polygon|surface|geometry/i.test(String(type)),
    organization: String(organization ?? ""),
    code: Number(code ?? 0),
    definition: String(definition ?? ""),
    systemName: String(systemName ?? ""),
  }));
}

/** The system of a table: by its code where that is known, or else by its WKT. */
function findPlacement(table: FeatureTable, path: string, named: string | undefined): Placement {
  if (named !== undefined) return placeByName(named);
  const { organization, code, definition, systemName } = table;
  if (code === 0 || code === -1 || /undefined/i.test(systemName)) {
    return NOT_SAID;
  }
  if (/^epsg$/i.test(organization)) {
    try {
      return placeByCode(code, path);
    } catch (error) {
      if (!/^(GEOG|PROJ)/i.test(definition)) throw error;
    }
  }
  return placeByWkt(definition, path);
}

/** Bytes of the envelope by its code. */
const ENVELOPES = [0, 32, 48, 48, 64];

/** The geometry of a blob (OGC 12-128r18, 2.1.3): a header of its own before the WKB. */
function fromBlob(value: SqlValue | undefined, where: string): Geometry {
  if (!(value instanceof Uint8Array)) return NOTHING;
  const isPackage = value[0] === 0x47 && value[1] === 0x50; // "GP"
  const flags = value[3] ?? 0;
  const envelope = ENVELOPES[(flags >> 1) & 7];
  if (!isPackage || envelope === undefined) {
    throw new FootfallError("bad-file", `${where} has no GeoPackage geometry`);
  }
  return (flags & 0x10) === 0 ? fromWkb(value.subarray(8 + envelope), where) : NOTHING;
}

/** A layer of a GeoPackage. Throws "bad-file", "bad-input" for a layer that it has not, "stopped". */
export async function* readGeoPackage(
  file: SourceFile,
  { layer: wanted, system, readSqlWasm }: PolygonOptions,
  signal?: AbortSignal,
): AsyncGenerator<Progress, PolygonLayer, void> {
  const { path } = file;
  let database: Database | undefined;
  try {
    database = await openDatabase(file, readSqlWasm);
    const tables = listTables(database);
    const { layer, name, warnings } = chooseLayer(tables, path, wanted);
    const placement = findPlacement(layer, path, system);
    const layers = tables.map((table) => table.name);
    const builder = new LayerBuilder({ name, format: "GeoPackage", placement, layers, warnings });
    yield* readRows(database, layer, { name, builder, signal });
    return builder.build();
  } catch (thrown) {
    throw broken(path, thrown);
  } finally {
    database?.close();
  }
}

async function* readRows(
  database: Database,
  { name: table, column }: FeatureTable,
  {
    name,
    builder,
    signal,
  }: { name: string; builder: LayerBuilder; signal: AbortSignal | undefined },
): AsyncGenerator<Progress, void, void> {
  const pace = createPace(signal);
  const total = Number(database.exec(`SELECT count(*) FROM ${quote(table)}`)[0]?.values[0]?.[0]);
  const statement = database.prepare(`SELECT * FROM ${quote(table)}`);
  try {
    while (statement.step()) {
      const { [column]: geometry, ...properties } = statement.getAsObject();
      builder.add(fromBlob(geometry, `${name}, row ${builder.read + 1},`), properties);
      if (!pace.due()) continue;
      await pace.rest();
      yield { phase: "read the polygons", done: builder.read, total, unit: "features" };
    }
  } finally {
    statement.free();
  }
}
