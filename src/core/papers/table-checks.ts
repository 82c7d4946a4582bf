import { isHighBetter } from "./results";
import { PUBLISHED_TABLES, publishedCells, ROW_NAMES, type PublishedCell } from "./published";

/** Two numbers of three digits each differ by more than their rounding from here on. */
const ROUNDING = 0.001 + 1e-9;

/** Rows of the classification tables whose accuracy is not their weighted recall, of all of them. */
export function sharesUnlike(): { unlike: number; rows: number } {
  const cells = publishedCells();
  const accuracies = cells.filter(({ metric }) => metric === "accuracy");
  const unlike = accuracies.filter(({ table, task, row, value }) => {
    const recall = cells.find(
      (cell) =>
        cell.table === table && cell.task === task && cell.row === row && cell.metric === "recall",
    )!;
    return Math.abs(recall.value - value) > ROUNDING;
  });
  return { unlike: unlike.length, rows: accuracies.length };
}

/** A printed number of a row beside the random twin's. */
export interface Exception extends PublishedCell {
  readonly random: number;
}

/** Where zero-shot or few-shot is better than the fine-tuned random twin in paper 1's own tables. */
export function fewShotExceptions(): Exception[] {
  return PUBLISHED_TABLES.flatMap((table) =>
    (["zero-shot", "few-shot"] as const).flatMap((row) =>
      table.columns.flatMap((column, c) => {
        const [value, random] = [table.rows[row][c]!, table.rows.random[c]!];
        const isBetter = isHighBetter(column.metric) ? value > random : value < random;
        if (!isBetter) return [];
        const line = table.line + ROW_NAMES.indexOf(row);
        return [{ ...column, table: table.table, row, value, random, mark: table.mark, line }];
      }),
    ),
  );
}

/** Zero-shot rows with a negative R2, of all tables with one. */
export function zeroShotBelowMean(): { below: number; tables: number } {
  const scores = publishedCells().filter(
    ({ row, metric }) => row === "zero-shot" && metric === "r2",
  );
  return { below: scores.filter(({ value }) => value < 0).length, tables: scores.length };
}
