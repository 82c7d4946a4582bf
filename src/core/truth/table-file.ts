import { badParquet } from "../data/columnar/bad-parquet";
import { openParquetBytes, toParquetBuffer } from "../data/columnar/parquet-bytes";
import { openBytes, readHead } from "../data/read/bytes";
import { toUtf8 } from "../data/read/encoding";
import { RowScanner } from "../data/read/rows";
import type { SourceFile } from "../data/read/source";
import { openTextTable } from "../data/read/text-table";
import { FootfallError } from "../errors";
import { createPace, type Progress } from "../pace";

/** A field as a table holds it: text of a CSV stays text. */
export type Field = string | number | bigint | boolean | null;

/** A table of any kind: its columns, its first rows, and a way through all of them. */
export interface TableFile {
  readonly path: string;
  /** "CSV", "Parquet". */
  readonly format: string;
  readonly names: readonly string[];
  /** The first rows, fields in the order of `names`. */
  readonly sample: readonly (readonly Field[])[];
  /** Calls `take` with the wanted fields of each row, in their order, and its line (or row) from 1. Throws "bad-file", "stopped". */
  read(
    names: readonly string[],
    take: (fields: readonly Field[], line: number) => void,
    signal?: AbortSignal,
  ): AsyncGenerator<Progress, void, void>;
}

/** Rows of a Parquet file that are held as objects at a time. */
const ROWS_AT_ONCE = 20_000;
const SAMPLE_ROWS = 1000;

/** Places of the wanted columns. Throws "missing-column" with the names that there are. */
export function findColumns(
  { path, names }: Pick<TableFile, "path" | "names">,
  wanted: readonly string[],
): number[] {
  return wanted.map((name) => {
    const at = names.indexOf(name);
    if (at >= 0) return at;
    const shown = names.slice(0, 30).join(", ") + (names.length > 30 ? ", ..." : "");
    throw new FootfallError("missing-column", `${path} has no column "${name}"; found: ${shown}`);
  });
}

async function openText(file: SourceFile): Promise<TableFile> {
  const { path, blob } = file;
  const { shape, width, sample, delimiter, header } = await openTextTable(file, {});
  const { names } = sample;
  async function* read(
    wanted: readonly string[],
    take: (fields: readonly Field[], line: number) => void,
    signal?: AbortSignal,
  ): AsyncGenerator<Progress, void, void> {
    const pace = createPace(signal);
    const places = findColumns({ path, names }, wanted);
    const scanner = new RowScanner(shape, width);
    let isHeader = header.value;
    const takeAll = (): void => {
      while (scanner.next()) {
        if (scanner.isBlank) continue;
        if (!isHeader)
          take(
            places.map((at) => scanner.text(at).trim()),
            scanner.line,
          );
        isHeader = false;
      }
    };
    const bytes = openBytes(file, signal);
    for await (const piece of toUtf8(bytes.chunks)) {
      scanner.push(piece);
      takeAll();
      if (!pace.due()) continue;
      yield { phase: `read ${path}`, done: bytes.done, total: blob.size, unit: "bytes" };
      await pace.rest();
    }
    scanner.finish();
    takeAll();
  }
  return { path, format: `text, parted by ${delimiter.value}`, names, sample: sample.rows, read };
}

/** A Parquet file for reading some columns of some rows; hyparquet is loaded when the first one comes. */
async function openParquetSource({ path, blob }: SourceFile) {
  const parquet = await import("hyparquet");
  try {
    const { checker, ...opened } = await openParquetBytes(toParquetBuffer(blob));
    const { children } = parquet.parquetSchema(opened.metadata);
    const names = children.map(({ element }) => element.name);
    const readRows = async (columns: readonly string[], rowStart: number, rowEnd: number) => {
      await checker.check(new Set(columns), { from: rowStart, to: rowEnd });
      const options = { ...opened, columns: [...columns], rowStart, rowEnd };
      const rows = await parquet.parquetReadObjects(options);
      return rows.map((row) => columns.map((name) => row[name] as Field));
    };
    return { names, rows: Number(opened.metadata.num_rows), readRows };
  } catch (cause) {
    throw badParquet(path, cause);
  }
}

async function openParquet(file: SourceFile): Promise<TableFile> {
  const { path } = file;
  const { names, rows, readRows } = await openParquetSource(file);
  async function* read(
    wanted: readonly string[],
    take: (fields: readonly Field[], line: number) => void,
    signal?: AbortSignal,
  ): AsyncGenerator<Progress, void, void> {
    const pace = createPace(signal);
    findColumns({ path, names }, wanted);
    for (let from = 0; from < rows; from += ROWS_AT_ONCE) {
      const end = Math.min(rows, from + ROWS_AT_ONCE);
      const part = await readRows(wanted, from, end).catch((cause: unknown) => {
        throw badParquet(path, cause);
      });
      part.forEach((fields, i) => take(fields, from + i + 1));
      await pace.rest();
      yield { phase: `read ${path}`, done: end, total: rows, unit: "rows" };
    }
  }
  const sample = await readRows(names, 0, Math.min(rows, SAMPLE_ROWS)).catch((cause: unknown) => {
    throw badParquet(path, cause);
  });
  return { path, format: "Parquet", names, sample, read };
}

/** Opens CSV, TSV (any delimiter, plain or gzip) or Parquet. Throws "bad-file" for what is none of them. */
export async function openTable(file: SourceFile): Promise<TableFile> {
  const head = await readHead(file, 4);
  const isParquet = new TextDecoder().decode(head) === "PAR1";
  const table = await (isParquet ? openParquet(file) : openText(file));
  if (table.sample.length > 0) return table;
  throw new FootfallError("bad-file", `${file.path} has a header and no rows`);
}

/** A field as text; "" for none. */
export const fieldText = (field: Field | undefined): string =>
  field === null || field === undefined ? "" : String(field);
