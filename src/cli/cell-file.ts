import { readFile, stat } from "node:fs/promises";
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { splitFields } from "../core/data/read/csv";
import { FootfallError } from "../core/errors";
import { CellTableBuilder, checkCell, type CellTable } from "../core/geo/cells";

/** Columns of a file by name; values as text or numbers, null where a field is empty. */
type Row = Readonly<Record<string, unknown>>;

function missing(path: string, column: string, found: readonly string[]): FootfallError {
  return new FootfallError(
    "missing-column",
    `${path} has no column "${column}"; found: ${found.join(", ")}`,
  );
}

async function readParquet(path: string, columns: readonly string[]): Promise<Row[]> {
  try {
    const file = await asyncBufferFromFile(path);
    const { schema } = await parquetMetadataAsync(file);
    const names = schema.slice(1).map(({ name }) => name);
    const absent = columns.find((column) => !names.includes(column));
    if (absent !== undefined) throw missing(path, absent, names);
    return await parquetReadObjects({ file, columns: [...columns] });
  } catch (cause) {
    if (cause instanceof FootfallError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new FootfallError("bad-file", `${path} cannot be read as Parquet: ${why}`, { cause });
  }
}

async function readCsv(path: string, columns: readonly string[]): Promise<Row[]> {
  const text = (await readFile(path, "utf8")).replace(/^\uFEFF/, "");
  const [header = "", ...lines] = text.split(/\r?\n/);
  const names = splitFields(header, ",").map((name) => name.trim());
  const absent = columns.find((column) => !names.includes(column));
  if (absent !== undefined) throw missing(path, absent, names);
  const places = columns.map((column) => names.indexOf(column));
  return lines
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const fields = splitFields(line, ",");
      return Object.fromEntries(columns.map((column, i) => [column, fields[places[i]!] || null]));
    });
}

/**
 * The named columns of a Parquet or CSV file, row by row. Throws "missing-file", "missing-column" naming
 * the columns found, "bad-file".
 */
async function readRows(path: string, columns: readonly string[]): Promise<Row[]> {
  const info = await stat(path).catch(() => undefined);
  if (info?.isFile()) {
    return path.endsWith(".parquet") ? readParquet(path, columns) : readCsv(path, columns);
  }
  const what = info ? "a folder" : "no such file";
  throw new FootfallError("missing-file", `${path}: ${what}; expected Parquet or CSV`);
}

/** A builder's number for the cell of a row. Throws "bad-input" with the row's number. */
function addCell(
  builder: CellTableBuilder,
  { path, row, at, column }: { path: string; row: Row; at: number; column: string },
): number {
  try {
    const cell = row[column];
    return builder.add(checkCell(typeof cell === "string" ? cell : ""));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new FootfallError("bad-input", `${path}, row ${at + 1}: ${why}`, { cause: error });
  }
}

/** The distinct cells of a column of a Parquet or CSV file, in the order of their first coming. */
export async function readCellFile(path: string, column = "cell"): Promise<CellTable> {
  const builder = new CellTableBuilder();
  const rows = await readRows(path, [column]);
  rows.forEach((row, at) => addCell(builder, { path, row, at, column }));
  if (builder.count > 0) return builder.build();
  throw new FootfallError("no-data", `${path} has no cells`);
}
