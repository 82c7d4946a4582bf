import { FootfallError, toFootfallError } from "../../errors";
import { createPace, type Progress } from "../../pace";
import { expandArchives } from "../archive/archive";
import { readHead } from "./bytes";
import { CountingSink } from "./counting-sink";
import { findFormat } from "./formats";
import type {
  FileFacts,
  FilePreview,
  PointFormat,
  PointSink,
  ReadOptions,
  SourceFile,
} from "./source";

/** From so many files of one ending on, only the first ones are previewed. */
const MANY = 20;
const PREVIEWED = 3;

async function listFiles(
  files: readonly SourceFile[],
  signal?: AbortSignal,
): Promise<SourceFile[]> {
  const found: SourceFile[] = [];
  for await (const file of expandArchives(files, signal)) found.push(file);
  if (found.length > 0) return found;
  const names = files.map(({ path }) => path).join(", ");
  throw new FootfallError("bad-file", `${names || "the folder"}: no files in it`);
}

async function openFormat(file: SourceFile, { format }: ReadOptions): Promise<PointFormat> {
  const head = format === undefined ? await readHead(file) : new Uint8Array(0);
  return findFormat(file.path, head, format);
}

/** Files to be looked at: all of them, but of many with one ending the first ones. */
function chooseFiles(files: readonly SourceFile[]): { file: SourceFile; alike: number }[] {
  const groups = new Map<string, SourceFile[]>();
  for (const file of files) {
    const ending = /\.[^./]+$/.exec(file.path)?.[0].toLowerCase() ?? "";
    const group = groups.get(ending);
    if (group) group.push(file);
    else groups.set(ending, [file]);
  }
  return [...groups.values()].flatMap((group) => {
    const shown = group.length > MANY ? group.slice(0, PREVIEWED) : group;
    const alike = group.length - shown.length;
    return shown.map((file, i) => ({ file, alike: i === 0 ? alike : 0 }));
  });
}

/** A failure as the one error that it is, unless somebody stopped the work. */
function toProblem(thrown: unknown): FootfallError {
  const error = toFootfallError(thrown, "bad-file");
  if (error.code === "stopped") throw error;
  return error;
}

async function inspectFile(file: SourceFile, options: ReadOptions): Promise<FilePreview> {
  const format = await openFormat(file, options);
  return format.preview(file, options);
}

/**
 * What files look like before they are read whole, zips as their entries. A file that cannot be read has
 * `problem`. Throws "bad-file" or "missing-column" where that is so of every file, "bad-input" for options.
 */
export async function inspectFiles(
  files: readonly SourceFile[],
  options: ReadOptions = {},
): Promise<FilePreview[]> {
  const previews: FilePreview[] = [];
  let first: FootfallError | undefined;
  for (const { file, alike } of chooseFiles(await listFiles(files))) {
    try {
      previews.push({ ...(await inspectFile(file, options)), alike });
    } catch (thrown) {
      const error = toProblem(thrown);
      if (error.code === "bad-input") throw error;
      first ??= error;
      previews.push({ ...emptyPreview(file), alike, problem: error.message });
    }
  }
  if (first && previews.every(({ problem }) => problem !== undefined)) throw first;
  return previews;
}

const emptyPreview = ({ path, blob }: SourceFile): FilePreview => ({
  path,
  bytes: blob.size,
  format: { value: "", why: "" },
  columns: [],
  rows: [],
  points: [],
  warnings: [],
  looksSwapped: false,
});

/** What is known of a file that broke; the rows before the break are in the sink already and stay there. */
function brokenFacts({ path }: SourceFile, format: string, rows: number, why: string): FileFacts {
  const read = rows === 0 ? "" : `; the ${rows.toLocaleString("en")} rows before that were read`;
  return { path, format, rows, problem: why + read };
}

function allBroken(errors: readonly FootfallError[]): FootfallError {
  const [first] = errors;
  if (errors.length === 1) return first!;
  const count = errors.length.toLocaleString("en");
  const sentence = `none of the ${count} files can be read; the first one: ${first!.message}`;
  return new FootfallError(first!.code, sentence, { cause: first });
}

/** Progress of one file as part of that of all. */
async function* overall(
  work: AsyncGenerator<Progress, FileFacts, void>,
  phase: string,
  before: number,
  total: number,
): AsyncGenerator<Progress, FileFacts, void> {
  for (;;) {
    const { done, value } = await work.next();
    if (done) return value;
    yield { phase, done: before + value.done, total, unit: "bytes" };
  }
}

/**
 * Streams the locations of all files, zips as their entries, into the sink. Progress counts bytes. A file
 * that cannot be read, or not to its end, is reported with its reason and the others go on; where that is so
 * of every file, the reason is thrown: "bad-file", "missing-column". Throws "bad-input" and "stopped".
 */
export async function* importPoints(
  files: readonly SourceFile[],
  options: ReadOptions,
  sink: PointSink,
  signal?: AbortSignal,
): AsyncGenerator<Progress, FileFacts[], void> {
  const reading = readFiles(files, options, sink, signal);
  try {
    for (;;) {
      const { done, value } = await reading.next();
      await sink.settle?.(signal); // here, where its errors are not taken for a file's
      if (done) return value;
      yield value;
    }
  } finally {
    await reading.return([]);
  }
}

async function* readFiles(
  files: readonly SourceFile[],
  options: ReadOptions,
  sink: PointSink,
  signal: AbortSignal | undefined,
): AsyncGenerator<Progress, FileFacts[], void> {
  const pace = createPace(signal);
  const found = await listFiles(files, signal);
  const total = found.reduce((sum, { blob }) => sum + blob.size, 0);
  const facts: FileFacts[] = [];
  const errors: FootfallError[] = [];
  const [first] = found;
  const phase = found.length === 1 ? `read ${first!.path}` : `read ${found.length} files`;
  let before = 0;
  for (const file of found) {
    const counting = new CountingSink(sink);
    let format = "";
    try {
      const opened = await openFormat(file, options);
      format = opened.id;
      facts.push(
        yield* overall(opened.read(file, options, counting, signal), phase, before, total),
      );
    } catch (thrown) {
      const error = toProblem(thrown);
      if (error.code === "bad-input") throw error;
      errors.push(error);
      facts.push(brokenFacts(file, format, counting.rows, error.message));
    }
    before += file.blob.size;
    if (!pace.due()) continue; // thousands of small files: none of them rests by itself
    yield { phase, done: before, total, unit: "bytes" };
    await pace.rest();
  }
  if (errors.length === found.length) throw allBroken(errors);
  return facts;
}
