import type { CalendarSpec } from "../data/holidays";
import type { LabelledSpans } from "../data/labels";
import { dayText } from "../data/period";
import type { CollectedPoints } from "../data/point-collector";
import type { TrajectoryRules } from "../data/rules";
import type { FileFacts } from "../data/read/source";
import type { SplitOptions } from "../data/splits";
import { toTimes, type Column } from "../data/columnar/tables";
import { createPace, type Progress } from "../pace";
import { BuiltCounts } from "./built-counts";
import { DatasetFiles, type DatasetSink, type MakeTokeniser } from "./dataset-files";
import { TableFile } from "./table-file";
import { writeInBatches } from "./write-batches";

/** What becomes of collected points. */
export interface WriteOptions {
  /** What the data set is called. */
  name: string;
  rules: TrajectoryRules;
  split: Required<SplitOptions>;
  makeTokeniser: MakeTokeniser;
  /** Whose holidays count; undefined asks for none. */
  calendar?: CalendarSpec | undefined;
  /** What else report.json says: options, hashes. */
  more?: object;
  /** performance.now() when the reading began, for the rate. */
  startedAt: number;
  /** The points are nobody else's: they are empty once the check-ins are found. Default false. */
  ownsPoints?: boolean;
  signal?: AbortSignal | undefined;
}

/** More files than this are told by their number; only those with a problem are named. */
const MOST_FILES = 50;

const toBytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function describeFiles(facts: readonly FileFacts[], { report, maskPath }: CollectedPoints) {
  const rejected = new Map(report.files.map((file) => [file.path, file.rejected]));
  const files = facts.map((file) => {
    const path = maskPath(file.path);
    const problem = file.problem?.replaceAll(file.path, path);
    return { ...file, path, rejected: rejected.get(path) ?? 0, ...(problem ? { problem } : {}) };
  });
  const shown =
    files.length <= MOST_FILES ? files : files.filter(({ problem }) => problem !== undefined);
  return { fileCount: files.length, files: shown };
}

function labelColumns({ user, fromMs, toMs, label }: LabelledSpans): Column[] {
  const texts = (name: string, data: string[]): Column => {
    return { name, type: "STRING", nullable: false, data };
  };
  return [
    texts("user", user),
    { name: "start", type: "TIMESTAMP", nullable: false, data: toTimes(fromMs) },
    { name: "end", type: "TIMESTAMP", nullable: false, data: toTimes(toMs) },
    texts("label", label),
  ];
}

async function writeLabels(labels: LabelledSpans, sink: DatasetSink): Promise<void> {
  if (labels.label.length === 0) return;
  const { ByteWriter } = await import("hyparquet-writer");
  const memory = new ByteWriter();
  const table = new TableFile(memory);
  await table.append(labelColumns(labels));
  await table.finish();
  await sink.write("labels.parquet", memory.getBytes());
}

async function* writeRejected(
  { rejected }: CollectedPoints,
  sink: DatasetSink,
  signal: AbortSignal | undefined,
): AsyncGenerator<Progress, void, void> {
  if (rejected.count === 0) return;
  const pace = createPace(signal);
  const pieces: string[] = [];
  for (const piece of rejected.toCsv()) {
    pieces.push(piece);
    if (!pace.due()) continue;
    yield { phase: "list rejected rows", done: pieces.length, total: 0, unit: "pieces" };
    await pace.rest();
  }
  await sink.write("rejected.csv", toBytes(pieces.join("")));
}

/**
 * Writes a data set of collected points into a sink: the tables, the tokens, labels.parquet and rejected.csv
 * where there is something for them, calendar.json where one is asked for, and report.json as the last file.
 * Gives what stands in report.json. Throws "no-data" where the rules leave no trajectory, "bad-input" for
 * rules that do not fit, "stopped", and what the sink throws.
 */
export async function* writeDataset(
  collected: CollectedPoints,
  files: readonly FileFacts[],
  options: WriteOptions,
  sink: DatasetSink,
) {
  const { rules, split, makeTokeniser, ownsPoints: isOwned = false, signal } = options;
  const { points, names } = collected;
  const writer = new DatasetFiles(sink, { rules, split, makeTokeniser, signal });
  const counts = await BuiltCounts.open(options.calendar, collected.report);
  const look = counts.add.bind(counts);
  yield* writeInBatches(writer, points, { rules, split, names, isOwned, look, signal });
  const days = await counts.writeCalendar(sink);
  const rareCells = counts.rareCells();
  const { rowsRead, rejected, files: _files, ...data } = collected.report;
  const numbers = yield* writer.finish({ rowsRead, rejected });
  await writeLabels(collected.labels, sink);
  yield* writeRejected(collected, sink, signal);
  const seconds = (performance.now() - options.startedAt) / 1000;
  const report = {
    name: options.name,
    simulated: false,
    ...describeFiles(files, collected),
    clocks: data.clocks.map(({ user, points, fromMs, toMs }) => {
      return { user, points, from: dayText(fromMs), to: dayText(toMs) };
    }),
    seed: split.seed,
    rules,
    ...options.more,
    ...numbers,
    data,
    rareCells,
    ...(days ? { calendar: days } : {}),
    seconds: Math.round(seconds * 100) / 100,
    rowsPerSecond: Math.round(rowsRead / seconds),
  };
  await sink.write("report.json", toBytes(`${JSON.stringify(report, null, 2)}\n`));
  return report;
}

/** What stands in report.json of an import. */
export type DatasetReport =
  ReturnType<typeof writeDataset> extends AsyncGenerator<Progress, infer Report, void>
    ? Report
    : never;
