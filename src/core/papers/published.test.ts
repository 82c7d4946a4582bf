import { expect, test } from "vitest";
import { METRICS } from "../task/tasks/metric-names";
import { hasTexts, linesOf, needsTexts } from "./papers.testing";
import {
  BASELINE_SIZES,
  HYPER_PARAMETERS,
  PUBLISHED_TABLES,
  publishedCells,
  publishedScore,
  ROW_NAMES,
} from "./published";

/** The rows as the text prints them. */
const PRINTED_NAMES: Record<string, string> = {
  TransformerSmall: "transformer-small",
  TransformerMedium: "transformer-medium",
  TransformerLarge: "transformer-large",
  "BERTRandomly-initialized": "random",
  "BERTPre-trained (Zero-shot)": "zero-shot",
  "BERTPre-trained (Few-shots)": "few-shot",
  "BERTPre-trained (Fine-tuned)": "fine-tuned",
};
const PRINTED_METRICS: Record<string, string> = { "f-score": "f" };

interface PrintedTable {
  heads: string[];
  rows: Map<string, { line: number; values: number[] }>;
}

const cellsOf = (line: string): string[] =>
  line
    .split("|")
    .map((cell) => cell.trim())
    .filter((cell) => cell !== "");

/** Every table of seven models in the text, by its own lines: nothing of tables.json is looked at. */
function readPrinted(): PrintedTable[] {
  const tables: PrintedTable[] = [];
  let heads: string[] = [];
  linesOf(1).forEach((text, i) => {
    const [first = "", ...rest] = cellsOf(text);
    if (/^(Model|MAE|Accuracy)$/.test(first) && text.includes("|")) {
      heads = first === "Model" ? rest : [first, ...rest];
    }
    const row = PRINTED_NAMES[first];
    if (row === undefined || rest.length < 3 || heads.length !== rest.length) return;
    if (row === "transformer-small") tables.push({ heads, rows: new Map() });
    tables.at(-1)!.rows.set(row, { line: i + 1, values: rest.map(Number) });
  });
  return tables;
}

test.skipIf(!hasTexts)(`every number of Tables 2 to 12 is the printed one${needsTexts}`, () => {
  const printed = readPrinted();
  expect(printed).toHaveLength(PUBLISHED_TABLES.length);
  printed.forEach(({ heads, rows }, i) => {
    const { table, columns, line, rows: ours } = PUBLISHED_TABLES[i]!;
    const metrics = heads.map((head) => PRINTED_METRICS[head.toLowerCase()] ?? head.toLowerCase());
    const named = columns.map(({ metric }) => metric.replace(/^(lat|lng)/, "").toLowerCase());
    expect([table, metrics]).toEqual([table, named]);
    expect([...rows.keys()]).toEqual([...ROW_NAMES]);
    ROW_NAMES.forEach((row, r) => {
      expect([table, row, rows.get(row)]).toEqual([
        table,
        row,
        { line: line + r, values: ours[row] },
      ]);
    });
  });
});

test.skipIf(!hasTexts)(`Tables 13 and 14 are the printed ones${needsTexts}`, () => {
  const lines = linesOf(1);
  const printed = (line: number): string[] => cellsOf(lines[line - 1]!).slice(1);
  for (const { layers, heads, inputWidth, hiddenWidth, line } of BASELINE_SIZES) {
    expect(printed(line).map(Number)).toEqual([layers, heads, inputWidth, hiddenWidth]);
  }
  const read = (text: string): unknown =>
    text === "✓" ? true : text === "-" ? false : Number.isNaN(Number(text)) ? text : Number(text);
  for (const { name, line, preTraining, trajectory, region } of HYPER_PARAMETERS) {
    expect(cellsOf(lines[line - 1]!)[0]).toBe(name);
    expect(printed(line).map(read)).toEqual([preTraining, trajectory, region]);
  }
});

test("there are 11 tables of seven rows and 315 numbers, 3 baselines and 27 hyper-parameters", () => {
  expect(PUBLISHED_TABLES.map(({ table }) => table)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  for (const { rows, columns } of PUBLISHED_TABLES) {
    expect(Object.keys(rows).toSorted()).toEqual([...ROW_NAMES].toSorted());
    for (const values of Object.values(rows)) expect(values).toHaveLength(columns.length);
  }
  expect(publishedCells()).toHaveLength(315);
  expect(BASELINE_SIZES).toHaveLength(3);
  expect(HYPER_PARAMETERS).toHaveLength(9);
});

test("no row has a mean error above its root mean square, nor a share outside 0 to 1", () => {
  for (const { columns, rows, table } of PUBLISHED_TABLES) {
    for (const [row, values] of Object.entries(rows)) {
      const of = (ending: RegExp): number[] =>
        values.filter((_, i) => ending.test(columns[i]!.metric));
      of(/mae$/i).forEach((mae, i) => {
        expect(mae, `Table ${table} ${row}`).toBeLessThanOrEqual(of(/rmse$/i)[i]!);
      });
      columns.forEach(({ metric }, i) => {
        if (METRICS[metric].better === "more") expect(values[i]).toBeLessThanOrEqual(1);
      });
    }
  }
});

test("a number is found by table, row and measure, and by the task where there are two", () => {
  expect(publishedScore(3, "fine-tuned", "f")).toBe(0.459);
  expect(publishedScore(8, "random", "r2")).toBe(0.415);
  expect(publishedScore(2, "fine-tuned", "lngMae")).toBe(0.098);
  expect(publishedScore(11, "random", "f", "travel-region")).toBe(0.806);
  expect(() => publishedScore(11, "random", "f")).toThrow(/2 numbers in Table 11/);
  expect(() => publishedScore(3, "random", "r2")).toThrow(/0 numbers/);
});
