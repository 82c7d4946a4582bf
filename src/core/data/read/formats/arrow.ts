import type { AsyncRecordBatchFileReader, Data, Field, RecordBatch, Schema } from "apache-arrow";
import { FootfallError } from "../../../errors";
import { createPace, type Progress } from "../../../pace";
import { checkArrowFile, checkArrowStream } from "../../columnar/arrow-check";
import { openBytes, plainBlob } from "../bytes";
import type { TableSample } from "../columns";
import { startsWith } from "../encoding";
import { decodeLz4Frame } from "../../columnar/lz4-frame";
import type {
  FileFacts,
  FilePreview,
  PointFormat,
  PointSink,
  ReadOptions,
  SourceFile,
} from "../source";
import { planTable, type TablePlan } from "../table-plan";
import { textOf, ValueReader, type ValueAt } from "../value-reader";
import { readPlanned } from "./read-planned";
import { previewTable } from "./preview-points";

const FILE_MAGIC = "ARROW1";
const SAMPLE_ROWS = 1000;

type Library = typeof import("apache-arrow");

/** A file that gives its batches one after the other. */
interface OpenArrow {
  library: Library;
  path: string;
  schema: Schema;
  reader: AsyncRecordBatchFileReader;
  /** Bytes that have been asked for, from the beginning. */
  done: () => number;
}

async function loadLibrary(): Promise<Library> {
  const library = await import("apache-arrow");
  const { decompressZstd } = await import("hyparquet-compressors");
  const { compressionRegistry, CompressionType } = library;
  compressionRegistry.set(CompressionType.LZ4_FRAME, { decode: decodeLz4Frame });
  compressionRegistry.set(CompressionType.ZSTD, { decode: (data) => decompressZstd(data).slice() });
  return library;
}

/** A Blob as the library takes the files of Node: it jumps to the footer and from there to each batch. */
function createHandle(blob: Blob) {
  let done = 0;
  const read = async (buffer: Uint8Array, offset: number, length: number, position: number) => {
    // the library would ask for ever for bytes that are not there
    if (position < 0 || position >= blob.size) throw new Error("it points outside itself");
    const part = new Uint8Array(await blob.slice(position, position + length).arrayBuffer());
    buffer.set(part, offset);
    if (position + length < blob.size * 0.99) done = position + length; // the footer is read first
    return { bytesRead: part.length, buffer };
  };
  const stat = () => Promise.resolve({ size: blob.size });
  const close = () => Promise.resolve();
  return { handle: { fd: 0, stat, read, close }, done: () => done };
}

/** What the library reads from: a file by jumps, a stream from its beginning. */
async function openSource(file: SourceFile, signal?: AbortSignal) {
  const blob = await plainBlob(file, signal);
  const head = new Uint8Array(await blob.slice(0, FILE_MAGIC.length).arrayBuffer());
  if (startsWith(head, FILE_MAGIC)) {
    await checkArrowFile(blob);
    const { handle, done } = createHandle(blob);
    return { source: handle, done };
  }
  const bytes = openBytes(file, signal);
  return { source: checkArrowStream(bytes.chunks), done: () => bytes.done };
}

function badArrow(path: string, cause: unknown): FootfallError {
  if (cause instanceof FootfallError) return cause;
  const why = cause instanceof Error ? cause.message : String(cause);
  return new FootfallError("bad-file", `${path} cannot be read as Arrow: ${why}`, { cause });
}

async function openArrow(file: SourceFile, signal?: AbortSignal): Promise<OpenArrow> {
  const library = await loadLibrary();
  try {
    const { source, done } = await openSource(file, signal);
    const from = library.RecordBatchReader.from(source as never) as unknown;
    const reader = (await from) as AsyncRecordBatchFileReader;
    await reader.open();
    if (!reader.schema) throw new Error("it has no schema");
    return { library, path: file.path, schema: reader.schema, reader, done };
  } catch (cause) {
    throw badArrow(file.path, cause);
  }
}

/** Entries that the buffers of a column have room for. */
function roomOf({ valueOffsets, values, children }: Data): number {
  if (valueOffsets) return valueOffsets.length - 1;
  if (values) return values.length * 8; // truth values have a bit each
  return children.length === 0 ? Infinity : Math.min(...children.map(roomOf));
}

/** A batch that claims more rows than it has bytes for would never end. */
function checkBatch({ numRows, data }: RecordBatch): void {
  const room = Math.min(...data.children.map(roomOf));
  if (!(numRows <= room)) throw new Error("it claims more rows than it holds");
}

async function* readBatches({ path, reader }: OpenArrow): AsyncGenerator<RecordBatch, void, void> {
  try {
    for await (const batch of reader) {
      checkBatch(batch);
      yield batch;
    }
  } catch (cause) {
    throw badArrow(path, cause);
  } finally {
    await reader.cancel();
  }
}

/** A column of points: by GeoArrow's name for its type, or by GeoParquet's habit. */
function findGeometry({ fields }: Schema): string | undefined {
  const isPoint = ({ metadata }: Field) =>
    /^geoarrow\.(point|wkb)$/.test(metadata.get("ARROW:extension:name") ?? "");
  return fields.find(isPoint)?.name;
}

/** What a column's values need to be told apart from plain numbers: moments become dates. */
function createConverter(
  { DataType }: Library,
  { type }: Field,
): { convert: (value: unknown) => unknown; isLocal: boolean } {
  if (!DataType.isTimestamp(type) && !DataType.isDate(type)) {
    return { convert: (value) => value, isLocal: false };
  }
  const isLocal = DataType.isTimestamp(type) && !type.timezone;
  const convert = (value: unknown) =>
    typeof value === "number" || typeof value === "bigint" ? new Date(Number(value)) : value;
  return { convert, isLocal };
}

type Converters = readonly ReturnType<typeof createConverter>[];

/** Gives the values of one row after the other of a batch. */
function openBatch(
  path: string,
  batch: RecordBatch,
  converters: Converters,
): { at: { row: number }; valueAt: ValueAt } {
  const columns = batch.schema.fields.map((_, column) => batch.getChildAt(column));
  const at = { row: 0 };
  const valueAt = (column: number): unknown => {
    try {
      return converters[column]!.convert(columns[column]?.get(at.row));
    } catch (cause) {
      throw badArrow(path, cause);
    }
  };
  return { at, valueAt };
}

async function readSample(arrow: OpenArrow, converters: Converters): Promise<TableSample> {
  const names = arrow.schema.fields.map(({ name }) => name ?? ""); // null in a damaged file
  const rows: string[][] = [];
  for await (const batch of readBatches(arrow)) {
    const { at, valueAt } = openBatch(arrow.path, batch, converters);
    for (; at.row < batch.numRows && rows.length < SAMPLE_ROWS; at.row++) {
      rows.push(names.map((_, column) => textOf(valueAt(column), converters[column]!.isLocal)));
    }
    if (rows.length >= SAMPLE_ROWS) break;
  }
  if (rows.length === 0) throw new FootfallError("bad-file", `${arrow.path} has no rows`);
  return { path: arrow.path, names, hasHeader: true, rows, geometry: findGeometry(arrow.schema) };
}

async function planFile(
  file: SourceFile,
  options: ReadOptions,
): Promise<{ plan: TablePlan; converters: Converters }> {
  const arrow = await openArrow(file);
  const converters = arrow.schema.fields.map((field) => createConverter(arrow.library, field));
  return { plan: planTable(await readSample(arrow, converters), options), converters };
}

async function* readRows(
  file: SourceFile,
  { plan, converters }: { plan: TablePlan; converters: Converters },
  sink: PointSink,
  signal?: AbortSignal,
): AsyncGenerator<Progress, number, void> {
  const pace = createPace(signal);
  const arrow = await openArrow(file, signal);
  const reader = new ValueReader(plan);
  let before = 0;
  for await (const batch of readBatches(arrow)) {
    const { at, valueAt } = openBatch(arrow.path, batch, converters);
    for (; at.row < batch.numRows; at.row++) {
      sink.add(reader.read(valueAt), before + at.row + 1);
      if (at.row % 1024 !== 0 || !pace.due()) continue;
      const total = file.blob.size;
      yield { phase: `read ${file.path}`, done: arrow.done(), total, unit: "bytes" };
      await pace.rest();
    }
    before += batch.numRows;
  }
  return before;
}

async function preview(file: SourceFile, options: ReadOptions): Promise<FilePreview> {
  const { plan, converters } = await planFile(file, options);
  const read = (sink: PointSink) => readRows(file, { plan, converters }, sink);
  return previewTable(file, { value: "arrow", why: "Arrow's first bytes" }, plan, read);
}

async function* read(
  file: SourceFile,
  options: ReadOptions,
  sink: PointSink,
  signal?: AbortSignal,
): AsyncGenerator<Progress, FileFacts, void> {
  const { plan, converters } = await planFile(file, options);
  return yield* readPlanned(
    plan,
    { format: "arrow", options, sink },
    readRows(file, { plan, converters }, sink, signal),
  );
}

/** A stream begins with 0xffffffff, the length of its schema and the offset of a flatbuffer's root. */
function isStream(head: Uint8Array): boolean {
  if (head.length < 16) return false;
  const view = new DataView(head.buffer, head.byteOffset, 12);
  const length = view.getUint32(4, true);
  return view.getUint32(0, true) === 0xffffffff && length > 0 && length < 2 ** 24;
}

/** Arrow's IPC format as a file (Feather 2) or a stream, plain or with LZ4 or Zstandard; batch by batch. */
export const arrow: PointFormat = {
  id: "arrow",
  title: "Arrow, Feather (IPC)",
  matches: (_, head) => startsWith(head, FILE_MAGIC) || isStream(head),
  preview,
  read,
};
