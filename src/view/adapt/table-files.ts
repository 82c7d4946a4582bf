import type { AdaptTable } from "../../core/job/adapt";
import { toManifest } from "../../core/job/adapt-manifest";
import { tableMarkdown } from "../../core/job/adapt-markdown";
import { warningOf } from "../../core/papers/sensitive";
import { CHOICES, type TableRow } from "../../core/task/table/results";
import { allColumns, paperScore, spreadText, whyNotComparable } from "./scores";

/** What stands in every file below or above its numbers. */
function notesOf({ task }: AdaptTable): string[] {
  return [whyNotComparable(task), warningOf(task.name)].filter((note) => note !== undefined);
}

/** A table as Markdown, with what made it. */
export function toMarkdown(table: AdaptTable): string {
  const whyNot = whyNotComparable(table.task);
  return [tableMarkdown(table), ...(whyNot ? [`> ${whyNot}\n`] : [])].join("\n");
}

/** The manifest of a table as JSON: what made it and what came out. */
export const toJson = (table: AdaptTable): string =>
  `${JSON.stringify(toManifest(table, warningOf(table.task.name)), null, 1)}\n`;

const HEAD = "task,row,split,epoch,measure,mean,low,high,seeds,paper";

function csvLines({ task }: AdaptTable, { name, splits }: TableRow): string[] {
  return splits.flatMap(({ split, scores }) =>
    CHOICES.flatMap((choice) =>
      Object.entries(scores[choice]).map(([metric, { mean, low = "", high = "", n }]) => {
        const paper = paperScore(task, name, metric as keyof (typeof scores)[typeof choice]) ?? "";
        return [task.name, name, split, choice, metric, mean, low, high, n, paper].join(",");
      }),
    ),
  );
}

/** A table as CSV, one number a line; lines of "#" say what must be known to read it. */
export function toCsv(table: AdaptTable): string {
  const notes = notesOf(table).map((note) => `# ${note}`);
  return [...notes, HEAD, ...table.rows.flatMap((row) => csvLines(table, row)), ""].join("\n");
}

/** Text for LaTeX: what has a meaning there is escaped. */
const toTex = (text: string): string =>
  text
    .replaceAll(/[&%$#_{}]/g, (sign) => `\\${sign}`)
    .replaceAll("²", "\\textsuperscript{2}")
    .replaceAll(" ± ", " $\\pm$ ")
    .replaceAll("−", "$-$")
    .replaceAll("–", "--");

/** A table for LaTeX with booktabs, laid out as paper 1 has its tables: models down, measures across. */
export function toLatex(table: AdaptTable): string {
  const { task, rows } = table;
  const asked = { split: "random", choice: "bestOnValidation" } as const;
  const columns = allColumns({ ...table, task: { ...task, table: -1 } }, asked);
  const line = (texts: readonly string[]): string => `${texts.map(toTex).join(" & ")} \\\\`;
  const body = rows.map((row) =>
    line([
      row.title,
      ...columns.map((column) => {
        const value = column.value(row);
        return value === undefined ? spreadText(undefined) : column.format(value, row);
      }),
    ]),
  );
  const lastOfPaper = rows.filter(({ kind }) => kind === "paper").length;
  return [
    ...notesOf(table).map((note) => `% ${note}`),
    "\\begin{table}",
    `\\caption{${toTex(`${task.title}, random split, epoch best on validation, mean and 95% interval over ${table.settings.seeds} seeds.`)}}`,
    `\\begin{tabular}{l${"r".repeat(columns.length)}}`,
    "\\toprule",
    line(["Model", ...columns.map(({ title }) => title)]),
    "\\midrule",
    ...body.slice(0, lastOfPaper),
    ...(lastOfPaper > 0 && lastOfPaper < body.length ? ["\\midrule"] : []),
    ...body.slice(lastOfPaper),
    "\\bottomrule",
    "\\end{tabular}",
    "\\end{table}",
    "",
  ].join("\n");
}
