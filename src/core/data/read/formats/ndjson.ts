import { FootfallError } from "../../../errors";
import { createPace, type Progress } from "../../../pace";
import { openBytes, readHead } from "../bytes";
import type { TableSample } from "../columns";
import { checkText, looksLikeText, toUtf8 } from "../encoding";
import { JsonSplitter, type JsonRecord } from "../json-records";
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
import { headText } from "./text-format";

const SAMPLE_BYTES = 1 << 20;
const SAMPLE_ROWS = 1000;
/** Fields of objects in objects become columns such as "location.lat", down to this depth. */
const DEEPEST = 4;
const MOST_COLUMNS = 1000;

/** How the objects stand in a file, and what is in the first ones. */
interface JsonTable {
  isLines: boolean;
  /** Keys that lead to each column. */
  paths: readonly (readonly string[])[];
  sample: TableSample;
}

type JsonObject = Readonly<Record<string, unknown>>;

/** All values of an object with the keys that lead to them; short lists count as objects. */
function* walk(value: unknown, path: readonly string[]): Generator<readonly string[], void, void> {
  const isNested = typeof value === "object" && value !== null && path.length < DEEPEST;
  if (!isNested || (Array.isArray(value) && value.length > 3)) {
    yield path;
    return;
  }
  for (const [key, part] of Object.entries(value)) yield* walk(part, [...path, key]);
}

function findPaths(path: string, objects: readonly JsonObject[]): (readonly string[])[] {
  const paths = new Map<string, readonly string[]>();
  for (const object of objects) {
    for (const found of walk(object, [])) paths.set(found.join("."), found);
    if (paths.size <= MOST_COLUMNS) continue;
    throw new FootfallError(
      "bad-file",
      `${path} has objects with more than ${MOST_COLUMNS} different keys; expected one point an object`,
    );
  }
  return [...paths.values()];
}

const valueOf = (object: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (part, key) =>
      typeof part === "object" && part !== null ? (part as JsonObject)[key] : undefined,
    object,
  );

/** True where the first line is a whole object and the file no array: then a broken line spoils no other. */
function standsOnLines(text: string): boolean {
  const line = text.trimStart().split("\n", 1)[0]!;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, void> {
  yield await Promise.resolve(bytes);
}

async function openTable(file: SourceFile): Promise<JsonTable> {
  const head = await readHead(file, SAMPLE_BYTES);
  checkText(file.path, head);
  const isLines = standsOnLines(headText(head, head.length));
  const splitter = new JsonSplitter(isLines);
  const found: JsonRecord[] = [];
  for await (const piece of toUtf8(once(head))) found.push(...splitter.push(piece));
  if (head.length < SAMPLE_BYTES) found.push(...splitter.finish());
  const objects = found.flatMap(({ value }) => (value ? [value] : [])).slice(0, SAMPLE_ROWS);
  if (objects.length === 0) {
    throw new FootfallError(
      "bad-file",
      `${file.path} holds no JSON objects that can be read; expected one point an object, on lines of their own or in an array`,
    );
  }
  const paths = findPaths(file.path, objects);
  const rows = objects.map((object) => paths.map((keys) => textOf(valueOf(object, keys))));
  const names = paths.map((keys) => keys.join("."));
  return { isLines, paths, sample: { path: file.path, names, hasHeader: true, rows } };
}

/** Streams all objects into the sink; the result is how many there were. */
async function* readObjects(
  file: SourceFile,
  { isLines, paths }: JsonTable,
  plan: TablePlan,
  sink: PointSink,
  signal?: AbortSignal,
): AsyncGenerator<Progress, number, void> {
  const pace = createPace(signal);
  const reader = new ValueReader(plan);
  const splitter = new JsonSplitter(isLines);
  let object: unknown;
  let rows = 0;
  const valueAt = (column: number): unknown => valueOf(object, paths[column]!);
  const take = ({ value, line, problem = "" }: JsonRecord): void => {
    rows++;
    object = value;
    if (value) sink.add(reader.read(valueAt), line);
    else sink.reject(problem, line);
  };
  const bytes = openBytes(file, signal);
  for await (const piece of toUtf8(bytes.chunks)) {
    for (const record of splitter.push(piece)) take(record);
    if (!pace.due()) continue;
    yield { phase: `read ${file.path}`, done: bytes.done, total: file.blob.size, unit: "bytes" };
    await pace.rest();
  }
  for (const record of splitter.finish()) take(record);
  return rows;
}

async function preview(file: SourceFile, options: ReadOptions): Promise<FilePreview> {
  const table = await openTable(file);
  const plan = planTable(table.sample, options);
  const why = table.isLines ? "a JSON object on each line" : "JSON objects one after the other";
  const read = (sink: PointSink) => readObjects(file, table, plan, sink);
  return previewTable(file, { value: "ndjson", why }, plan, read);
}

async function* read(
  file: SourceFile,
  options: ReadOptions,
  sink: PointSink,
  signal?: AbortSignal,
): AsyncGenerator<Progress, FileFacts, void> {
  const table = await openTable(file);
  const plan = planTable(table.sample, options);
  return yield* readPlanned(
    plan,
    { format: "ndjson", options, sink },
    readObjects(file, table, plan, sink, signal),
  );
}

/** Points as JSON objects: one a line (NDJSON, JSON Lines), or in an array; plain or gzip. */
export const ndjson: PointFormat = {
  id: "ndjson",
  title: "JSON objects (NDJSON, JSON array)",
  matches: (_, head) => looksLikeText(head) && /^\s*(\[\s*)?\{\s*["}]/.test(headText(head)),
  preview,
  read,
};
