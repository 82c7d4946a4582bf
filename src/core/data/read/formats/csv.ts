import { FootfallError } from "../../../errors";
import type { Progress } from "../../../pace";
import { looksLikeText } from "../encoding";
import type {
  FileFacts,
  FilePreview,
  PointFormat,
  PointSink,
  ReadOptions,
  SourceFile,
} from "../source";
import { planTable, type TablePlan } from "../table-plan";
import { readTextTable, settleDateOrder } from "../text-reader";
import { openTextTable, type TextLayout, type TextTable } from "../text-table";
import { previewTable } from "./preview-points";
import { readPlanned } from "./read-planned";

/** Points of a text file as text: plan, refusals and reading are the same for all tables in text. */
interface TableFormat extends TextLayout {
  id: string;
  title: string;
  /** Why it is this format, for the page. */
  why: string;
  matches: PointFormat["matches"];
  /** What the format knows better than a guess. */
  options?: ReadOptions | undefined;
}

async function openTable(
  file: SourceFile,
  given: ReadOptions,
  format: TableFormat,
  signal?: AbortSignal,
): Promise<{ table: TextTable; plan: TablePlan }> {
  const known = format.options ?? {};
  const options = { ...known, ...given, columns: { ...known.columns, ...given.columns } };
  const table = await openTextTable(file, options, format);
  const plan = planTable(table.sample, options);
  const { times } = plan;
  if (times?.kind !== "text" || !times.isOrderOpen) return { table, plan };
  const dateOrder = await settleDateOrder(file, table, plan, signal);
  return { table, plan: dateOrder ? planTable(table.sample, { ...options, dateOrder }) : plan };
}

async function preview(
  file: SourceFile,
  options: ReadOptions,
  format: TableFormat,
): Promise<FilePreview> {
  const { table, plan } = await openTable(file, options, format);
  const { delimiter, header } = table;
  const read = (sink: PointSink) => readTextTable(file, { table, plan, sink });
  const layout = `parted by ${delimiter.value} (${delimiter.why}); ${header.value ? "with" : "without"} a header (${header.why})`;
  return previewTable(file, { value: format.id, why: `${format.why}; ${layout}` }, plan, read);
}

async function* read(
  file: SourceFile,
  options: ReadOptions,
  format: TableFormat,
  { sink, signal }: { sink: PointSink; signal: AbortSignal | undefined },
): AsyncGenerator<Progress, FileFacts, void> {
  const { table, plan } = await openTable(file, options, format, signal);
  if (table.sample.rows.length === 0) {
    throw new FootfallError("bad-file", `${file.path} has a header but no rows`);
  }
  return yield* readPlanned(
    plan,
    { format: format.id, options, sink },
    readTextTable(file, { table, plan, sink }, signal),
  );
}

/** A kind of tables in text, with what is known about its columns. */
export function createTableFormat(format: TableFormat): PointFormat {
  return {
    id: format.id,
    title: format.title,
    matches: format.matches,
    preview: (file, options) => preview(file, options, format),
    read: (file, options, sink, signal) => read(file, options, format, { sink, signal }),
  };
}

/** Tables in text with any delimiter, plain or gzip; takes all text that nothing else took. */
export const csv = createTableFormat({
  id: "csv",
  title: "Table as text (CSV, TSV)",
  why: "text in lines",
  matches: (_, head) => looksLikeText(head),
});
