import { FootfallError } from "../errors";
import type { MetricName } from "../task/tasks/metric-names";
import type { TaskName } from "../task/tasks/types";
import settings from "./settings.json";
import type { Mark } from "./sources";
import tables from "./tables.json";

/** The seven rows of paper 1's result tables, in their order. */
export const ROW_NAMES = [
  "transformer-small",
  "transformer-medium",
  "transformer-large",
  "random",
  "zero-shot",
  "few-shot",
  "fine-tuned",
] as const;
export type RowName = (typeof ROW_NAMES)[number];

/** What a column of a table measures. */
export interface Column {
  readonly task: TaskName;
  /** The paper's "Accuracy" is as printed (docs/metrics.md). */
  readonly metric: MetricName;
}

/** A result table of paper 1 as printed. */
export interface PublishedTable {
  readonly table: number;
  readonly title: string;
  readonly section: string;
  /** Line of the first row in the paper's text; the others follow. */
  readonly line: number;
  readonly mark: Mark;
  readonly columns: readonly Column[];
  /** One value for each column. */
  readonly rows: Readonly<Record<RowName, readonly number[]>>;
}

/** One printed number and where it stands. */
export interface PublishedCell extends Column {
  readonly table: number;
  readonly row: RowName;
  readonly value: number;
  readonly mark: Mark;
  readonly line: number;
}

/** Tables 2 to 12 of paper 1. */
export const PUBLISHED_TABLES = tables as readonly PublishedTable[];

/** Table 13: the three baselines. */
export interface BaselineSize {
  readonly row: RowName;
  readonly line: number;
  readonly layers: number;
  readonly heads: number;
  readonly inputWidth: number;
  readonly hiddenWidth: number;
}

/** One line of Table 14; a value is absent where the table has a dash. */
export interface HyperParameter {
  readonly name: string;
  readonly line: number;
  readonly preTraining: number | string | boolean;
  readonly trajectory: number | string | boolean;
  readonly region: number | string | boolean;
}

/** Tables 13 and 14 of paper 1. */
export const BASELINE_SIZES = settings.baselines as readonly BaselineSize[];
export const HYPER_PARAMETERS = settings.hyperParameters as readonly HyperParameter[];

/** Every number of Tables 2 to 12, table by table, row by row. */
export function publishedCells(): PublishedCell[] {
  return PUBLISHED_TABLES.flatMap(({ table, mark, line, columns, rows }) =>
    ROW_NAMES.flatMap((row, i) =>
      columns.map((column, c) => {
        return { ...column, table, row, value: rows[row][c]!, mark, line: line + i };
      }),
    ),
  );
}

/**
 * The printed number of a table's row and measure. Table 11 has each measure twice: there the task must be named.
 * Throws "bad-input" where the tables have no such number, or more than one.
 */
export function publishedScore(
  table: number,
  row: RowName,
  metric: MetricName,
  task?: TaskName,
): number {
  const found = publishedCells().filter(
    (cell) =>
      cell.table === table &&
      cell.row === row &&
      cell.metric === metric &&
      (task === undefined || cell.task === task),
  );
  if (found.length === 1) return found[0]!.value;
  throw new FootfallError(
    "bad-input",
    `paper 1 has ${found.length} numbers in Table ${table}, row ${row}, ${metric}${task === undefined ? "" : `, ${task}`}; expected one`,
  );
}
