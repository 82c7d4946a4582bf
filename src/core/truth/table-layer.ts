import { parseNumberText } from "../data/read/fields";
import { FootfallError } from "../errors";
import type { CellTable } from "../geo/cells";
import type { Progress } from "../pace";
import type { SourceFile } from "../data/read/source";
import { hashToPlace, toHash } from "./cell-keys";
import { extentOf, type Extent } from "./extent";
import { classTruth, countValues, describeNumbers, numberTruth } from "./layer-numbers";
import type { LayerColumn, LayerPreview, LayerTools, LayerTruth, TableChoice } from "./layer-types";
import { fieldText, findColumns, openTable, type TableFile } from "./table-file";
import { guessKey, isNumeric, joinTable, type TableJoin, type TableKey } from "./tables";

/** A column of many different texts is an id, not classes. */
const MOST_CLASSES = 200;

const keyColumns = (key: TableKey): string[] =>
  key.kind === "cell" ? [key.column] : [key.lat, key.lng];

function describeColumn({ names, sample }: TableFile, name: string): LayerColumn {
  const fields = sample.map((row) => row[names.indexOf(name)]);
  const texts = fields.map((field) => fieldText(field).trim()).filter((text) => text !== "");
  if (isNumeric(fields)) return describeNumbers(name, texts.map(parseNumberText));
  const distinct = countValues(texts);
  const examples = (distinct?.map(({ value }) => value) ?? texts).slice(0, 5);
  return { name, kind: "text", examples, distinct };
}

/** Places of the first rows. */
function samplePlaces(
  { names, sample }: TableFile,
  key: TableKey,
): { lat: number[]; lng: number[] } {
  const at = keyColumns(key).map((name) => names.indexOf(name));
  const places = sample.map((row) => {
    if (key.kind === "place")
      return at.map((i) => parseNumberText(fieldText(row[i]))) as [number, number];
    const hash = toHash(row[at[0]!]);
    return hash === undefined ? ([NaN, NaN] as const) : hashToPlace(hash);
  });
  return { lat: places.map(([lat]) => lat), lng: places.map(([, lng]) => lng) };
}

/** The value column: named so, or the only one that is no key. */
function suggestColumn(columns: readonly LayerColumn[]): LayerColumn | undefined {
  return (
    columns.find(({ name }) => /^(value|label|class|target)$/i.test(name)) ??
    (columns.length === 1 ? columns[0] : undefined)
  );
}

/** Sentences on a table that has nothing to say, or lies nowhere. */
function findProblems(path: string, columns: number, extent: Extent, keyed: string): string[] {
  const isNowhere = !extent.every(Number.isFinite);
  return [
    ...(columns === 0 ? [`${path} has no column beside its ${keyed}`] : []),
    ...(isNowhere ? [`none of the first rows of ${path} has ${keyed}: name other columns`] : []),
  ];
}

/**
 * The preview of a table; `said` stands over the key that is found. Throws "bad-file", "missing-column" where nothing
 * says where its rows lie.
 */
export async function inspectTable(file: SourceFile, said?: TableKey): Promise<LayerPreview> {
  const table = await openTable(file);
  const key = said ?? guessKey(table);
  findColumns(table, keyColumns(key));
  const others = table.names.filter((name) => !keyColumns(key).includes(name));
  const columns = others.map((name) => describeColumn(table, name));
  const found = suggestColumn(columns);
  const keyed =
    key.kind === "cell"
      ? `cells in the column "${key.column}"`
      : `places in "${key.lat}" and "${key.lng}"`;
  const extent = extentOf(samplePlaces(table, key));
  return {
    path: file.path,
    kind: "table",
    format: table.format,
    bytes: file.blob.size,
    extent: extent.every(Number.isFinite) ? extent : undefined,
    system: key.kind === "cell" ? "H3 cells" : "latitude and longitude in degrees",
    columns,
    keyed: { key, names: table.names },
    preset: undefined,
    groups: [],
    layers: [],
    choice: found && { kind: "table", column: found.name, key },
    why: found
      ? `${keyed}; "${found.name}" holds ${found.kind === "number" ? "numbers" : "classes"}`
      : `${keyed}; choose a column of values`,
    warnings: findProblems(file.path, columns.length, extent, keyed),
  };
}

function toFacts({ rows, used, elsewhere, unusable, shared }: TableJoin) {
  return [
    { name: "rows read", value: rows },
    { name: "rows in cells of the data", value: used },
    { name: "rows elsewhere", value: elsewhere },
    { name: "rows without cell or value", value: unusable },
    { name: "cells with several rows", value: shared },
  ];
}

/** A truth per cell from a table. Throws "bad-file", "missing-column", "bad-input", "no-data", "stopped". */
export async function* tableTruth(
  file: SourceFile,
  choice: TableChoice,
  cells: CellTable,
  { signal }: LayerTools,
): AsyncGenerator<Progress, LayerTruth, void> {
  const table = await openTable(file);
  const { column } = choice;
  const key = choice.key ?? guessKey(table);
  const [at] = findColumns(table, [column]);
  const fields = table.sample.map((row) => row[at!]);
  const aggregation = choice.aggregation ?? (isNumeric(fields) ? "mean" : "majority");
  const join = yield* joinTable(table, cells, { column, key, aggregation }, signal);
  const words = {
    mean: "mean of the rows",
    sum: "sum of the rows",
    majority: "value of most of the rows",
  };
  const report = {
    facts: toFacts(join),
    method: `${words[aggregation]} in the cell`,
    warnings:
      join.firstUnusable === undefined
        ? join.notes
        : [...join.notes, `${join.unusable} rows cannot be used; first, ${join.firstUnusable}`],
  };
  const made = { title: column, columns: [], report };
  if (aggregation !== "majority") {
    const unit = `${column}, ${aggregation} of the cell`;
    return numberTruth(join.values, {
      ...made,
      unit,
      isShare: aggregation === "mean",
      deciles: choice.deciles,
    });
  }
  checkClasses(file.path, column, join.classes);
  return classTruth(join.values, join.classes, { ...made, unit: column });
}

/** Throws "bad-input" for what are names or ids rather than classes. */
export function checkClasses(path: string, column: string, classes: readonly string[]): void {
  if (classes.length <= MOST_CLASSES) return;
  throw new FootfallError(
    "bad-input",
    `${path}: "${column}" has ${classes.length} different values; expected at most ${MOST_CLASSES} classes: choose another column`,
  );
}
