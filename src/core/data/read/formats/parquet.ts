import { FootfallError } from "../../../errors";
import { createPace, type Progress } from "../../../pace";
import type { TableSample } from "../columns";
import { findCandidates, findDateColumn, findOffsetColumn } from "../columns";
import { startsWith } from "../encoding";
import {
  openParquet,
  readColumns,
  type ColumnValues,
  type ParquetFile,
} from "../../columnar/parquet-file";
import type {
  FileFacts,
  FilePreview,
  PointFormat,
  PointSink,
  ReadOptions,
  SourceFile,
} from "../source";
import { planTable, type TablePlan } from "../table-plan";
import { textOf, ValueReader } from "../value-reader";
import { readPlanned } from "./read-planned";
import { previewTable } from "./preview-points";

const SAMPLE_ROWS = 1000;
/** Columns that a preview shows beside those that may play a role. */
const SHOWN_COLUMNS = 30;
/** Rows that are in memory at once; a row group seldom has more. */
const ROWS_AT_ONCE = 1 << 19;

/** Places of the columns that a sample needs: those that may play a role, and the first ones to be shown. */
function sampledColumns(sample: TableSample, options: ReadOptions): number[] {
  const roles = Object.values(findCandidates(sample, options.columns)).flat();
  const more = [findDateColumn(sample.names), findOffsetColumn(sample.names)];
  const named = [...roles.map(({ index }) => index), ...more.filter((at) => at !== undefined)];
  const shown = sample.names.slice(0, SHOWN_COLUMNS).keys();
  return [...new Set([...shown, ...named])].filter((at) => at >= 0);
}

async function readSample(file: ParquetFile, options: ReadOptions): Promise<TableSample> {
  const names = file.columns.map(({ name }) => name);
  const { path, geometry } = file;
  const empty = { path, names, hasHeader: true, rows: [], geometry };
  const wanted = sampledColumns(empty, options).map((at) => file.columns[at]!);
  const count = Math.min(SAMPLE_ROWS, Number(file.metadata.num_rows));
  if (count === 0) throw new FootfallError("bad-file", `${path} has no rows`);
  const values = await readColumns(file, wanted, { from: 0, to: count });
  const rows = Array.from({ length: count }, (_, row) =>
    file.columns.map(({ name, isLocal }) => textOf(values.get(name)?.[row], isLocal)),
  );
  return { ...empty, rows };
}

async function open(
  source: SourceFile,
  options: ReadOptions,
): Promise<{ file: ParquetFile; plan: TablePlan }> {
  const file = await openParquet(source);
  return { file, plan: planTable(await readSample(file, options), options) };
}

/** Columns of a plan, without the others. */
function neededColumns({ columns }: ParquetFile, { roles, dateIndex, offset }: TablePlan) {
  const places = [
    ...Object.values(roles).map((role) => role!.index),
    dateIndex,
    offset?.index ?? -1,
  ];
  return [...new Set(places)].filter((at) => at >= 0).map((at) => columns[at]!);
}

/** Ranges of rows within row groups. */
function* rowRanges({ metadata }: ParquetFile): Generator<{ from: number; to: number }> {
  let start = 0;
  for (const { num_rows: rows } of metadata.row_groups) {
    const end = start + Number(rows);
    for (let from = start; from < end; from += ROWS_AT_ONCE) {
      yield { from, to: Math.min(end, from + ROWS_AT_ONCE) };
    }
    start = end;
  }
}

async function* readRows(
  file: ParquetFile,
  plan: TablePlan,
  sink: PointSink,
  bytes: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Progress, number, void> {
  const pace = createPace(signal);
  const needed = neededColumns(file, plan);
  const reader = new ValueReader(plan);
  const total = Number(file.metadata.num_rows);
  const report = (rows: number): Progress => {
    const done = Math.round((rows / total) * bytes);
    return { phase: `read ${file.path}`, done, total: bytes, unit: "bytes" };
  };
  for (const { from, to } of rowRanges(file)) {
    const values = await readColumns(file, needed, { from, to });
    const columns = file.columns.map(({ name }) => values.get(name));
    let row = 0;
    const valueAt = (column: number): unknown => columns[column]?.[row];
    for (; row < to - from; row++) {
      sink.add(reader.read(valueAt), from + row + 1);
      if (row % 1024 !== 0 || !pace.due()) continue;
      yield report(from + row);
      await pace.rest();
    }
    yield report(to);
    await pace.rest();
  }
  return total;
}

async function preview(source: SourceFile, options: ReadOptions): Promise<FilePreview> {
  const { file, plan } = await open(source, options);
  const count = Math.min(SAMPLE_ROWS, Number(file.metadata.num_rows));
  const read = async function* (sink: PointSink) {
    const values: ColumnValues = await readColumns(file, neededColumns(file, plan), {
      from: 0,
      to: count,
    });
    const reader = new ValueReader(plan);
    for (let row = 0; row < count; row++) {
      sink.add(
        reader.read((column) => values.get(file.columns[column]!.name)?.[row]),
        row + 1,
      );
    }
    yield count;
  };
  const why =
    file.geometry === undefined ? "begins with PAR1" : "Parquet with GeoParquet's metadata";
  return previewTable(source, { value: "parquet", why }, plan, read);
}

async function* read(
  source: SourceFile,
  options: ReadOptions,
  sink: PointSink,
  signal?: AbortSignal,
): AsyncGenerator<Progress, FileFacts, void> {
  const { file, plan } = await open(source, options);
  return yield* readPlanned(
    plan,
    { format: "parquet", options, sink },
    readRows(file, plan, sink, source.blob.size, signal),
  );
}

/** Parquet and GeoParquet: only the columns that a point needs are read, some row groups at a time. */
export const parquet: PointFormat = {
  id: "parquet",
  title: "Parquet, GeoParquet",
  matches: (_, head) => startsWith(head, "PAR1"),
  preview,
  read,
};
