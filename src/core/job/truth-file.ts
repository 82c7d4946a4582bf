import type { Column } from "../data/columnar/tables";
import { DEFAULT_K } from "../data/privacy";
import { cellHash, type CellTable } from "../geo/cells";
import type { LayerTruth, TruthColumn } from "../truth/layer-types";
import type { DatasetSpec } from "./dataset";
import { openDataset } from "./open-dataset";
import { openTruth, type TargetSpec } from "./open-truth";
import type { Report, Session } from "./session";
import { TableFile } from "./table-file";
import { visitorsOf } from "./visitors";

/** Writes a truth as a file for other programs. */
export interface TruthFileJob {
  kind: "truth-file";
  dataset: DatasetSpec;
  target: TargetSpec;
  format: "csv" | "parquet";
  /** Cells that fewer real people visited are left out; default 5. */
  k?: number;
}

export interface TruthFileResult {
  bytes: Uint8Array;
  rows: number;
  /** Cells left out because fewer than k people visited them. */
  hidden: number;
}

const toText = (name: string, { values, classes }: Pick<TruthColumn, "values" | "classes">) => ({
  name,
  type: "STRING" as const,
  nullable: true,
  data: Array.from(values, (k) => classes?.[k] ?? null),
});

const toNumbers = (name: string, values: Float64Array | Float32Array): Column => ({
  name,
  type: "DOUBLE",
  nullable: true,
  data: Array.from(values, (value) => (Number.isNaN(value) ? null : value)),
});

/** One row a cell: cell, value (a name for classes, null without one), then what else is known of it. */
export function truthColumns(cells: CellTable, { values, classes, columns }: LayerTruth): Column[] {
  const hashes = Array.from(cells.hi, (_, n) => cellHash(cells, n) as string);
  return [
    { name: "cell", type: "STRING", nullable: false, data: hashes },
    classes
      ? toText("value", { values: Float64Array.from(values), classes })
      : toNumbers("value", values),
    ...columns.map((column) =>
      column.classes ? toText(column.name, column) : toNumbers(column.name, column.values),
    ),
  ];
}

const quote = (text: string): string =>
  /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

/** The columns as a CSV table with a header; an empty field where there is nothing. */
export function columnsToCsv(columns: readonly Column[]): string {
  const count = columns[0]?.data.length ?? 0;
  const fieldOf = (value: unknown): string =>
    typeof value === "string" || typeof value === "number" ? quote(String(value)) : "";
  const lines = [columns.map(({ name }) => quote(name)).join(",")];
  for (let n = 0; n < count; n++) lines.push(columns.map(({ data }) => fieldOf(data[n])).join(","));
  return `${lines.join("\n")}\n`;
}

/** The columns as a Parquet file; null where there is nothing. */
export async function columnsToParquet(columns: Column[]): Promise<Uint8Array> {
  const { ByteWriter } = await import("hyparquet-writer");
  const memory = new ByteWriter();
  const table = new TableFile(memory);
  await table.append(columns);
  await table.finish();
  return memory.getBytes();
}

/**
 * The truth of every cell as CSV or Parquet. Of real people cells with fewer than k visitors are left out, for
 * the list of cells alone would say where they were. Throws as `makeTruth` does.
 */
export async function* runTruthFile(
  { dataset: spec, target, format, k = DEFAULT_K }: TruthFileJob,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, TruthFileResult, void> {
  const dataset = yield* openDataset(spec, session, signal);
  const truth = yield* openTruth(target, dataset, session, signal);
  yield { phase: "write the file", done: 0, total: 1, unit: "files" };
  const people = visitorsOf(dataset);
  const isShown = (n: number): boolean => people === undefined || people[n]! >= k;
  const all = truthColumns(dataset.cells, truth);
  const columns = all.map((column) => ({
    ...column,
    data: column.data.filter((_, n) => isShown(n)),
  }));
  const rows = columns[0]!.data.length;
  const bytes =
    format === "csv"
      ? new TextEncoder().encode(columnsToCsv(columns as Column[]))
      : await columnsToParquet(columns as Column[]);
  return { bytes, rows, hidden: dataset.cells.hi.length - rows };
}
