import type { ReactNode } from "react";

/** A column of a score table: how a row's number is found, read, and which end is the better one. */
export interface MeasureColumn<Row> {
  title: string;
  value: (row: Row) => number | undefined;
  format: (value: number, row: Row) => string;
  /** "none" where neither end is. */
  better: "high" | "low" | "none";
}

/** The best of a column; undefined where fewer than two values differ, for then nothing was beaten, and where no end is better. */
export function bestOf<Row>(rows: readonly Row[], column: MeasureColumn<Row>): number | undefined {
  const values = rows
    .flatMap((row) => column.value(row) ?? [])
    .filter((value) => !Number.isNaN(value));
  if (column.better === "none" || new Set(values).size < 2) return undefined;
  return column.better === "high" ? Math.max(...values) : Math.min(...values);
}

/** The cells of a score table, the best of each column in bold; "–" where a measure makes no sense. */
export function measureRows<Row>(
  rows: readonly Row[],
  columns: readonly MeasureColumn<Row>[],
): ReactNode[][] {
  const best = columns.map((column) => bestOf(rows, column));
  return rows.map((row) =>
    columns.map((column, i) => {
      const value = column.value(row);
      if (value === undefined || Number.isNaN(value)) return "–";
      const text = column.format(value, row);
      return value === best[i] ? <strong key={column.title}>{text}</strong> : text;
    }),
  );
}
