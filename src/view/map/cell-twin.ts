import { cellToLatLng } from "h3-js";
import { cellHash } from "../../core/geo/cells";
import type { CellTable } from "../../core/geo/cells";
import { boundsOfTable } from "./bounds";
import type { Bounds } from "./cell-geometry";
import { formatPlace, formatValue } from "./format";

/** A column of values over the cells of a map. */
export interface CellColumn {
  readonly title: string;
  /** One value a cell, NaN for none. [N] */
  readonly values: ArrayLike<number>;
  /** How a value reads; default three significant digits. */
  readonly format?: ((value: number) => string) | undefined;
}

/** A map as text: a sentence, and a table of its greatest values. */
export interface Twin {
  readonly summary: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Numbers of the cells with the greatest values, the greatest first; ties by number. */
export function greatestCells(values: ArrayLike<number>, count: number): number[] {
  const kept: number[] = [];
  for (let n = 0; n < values.length; n++) {
    const value = values[n]!;
    if (Number.isNaN(value)) continue;
    if (kept.length === count && value <= values[kept.at(-1)!]!) continue;
    let at = kept.length;
    while (at > 0 && value > values[kept[at - 1]!]!) at--;
    kept.splice(at, 0, n);
    if (kept.length > count) kept.pop();
  }
  return kept;
}

interface Extent {
  count: number;
  least: number;
  median: number;
  most: number;
}

function extentOf(values: ArrayLike<number>): Extent {
  const sorted = Float64Array.from(values)
    .filter((value) => !Number.isNaN(value))
    .sort();
  return {
    count: sorted.length,
    least: sorted[0] ?? Number.NaN,
    median: sorted[sorted.length >> 1] ?? Number.NaN,
    most: sorted.at(-1) ?? Number.NaN,
  };
}

function describeColumn({ title, values, format = formatValue }: CellColumn): string {
  const { count, least, median, most } = extentOf(values);
  if (count === 0) return `${title}: no values`;
  return `${title}: ${formatValue(count)} cells from ${format(least)} to ${format(most)}, median ${format(median)}`;
}

/** "35.1° N 139.2° E to 36.0° N 140.1° E". */
export function describePlaces([west, south, east, north]: Bounds): string {
  return `${formatPlace(south, west)} to ${formatPlace(north, east)}`;
}

function describeCentre(hash: string): string {
  const [lat, lng] = cellToLatLng(hash);
  return formatPlace(lat, lng);
}

/**
 * The text and table of a map: extent, range, median and the `rowCount` (default 50) cells with the greatest
 * values of the first column.
 */
export function cellTwin(
  cells: CellTable,
  columns: readonly CellColumn[],
  { rowCount = 50 } = {},
): Twin {
  const first = columns[0]?.values ?? [];
  const rows = greatestCells(first, rowCount).map((n) => [
    cellHash(cells, n),
    describeCentre(cellHash(cells, n)),
    ...columns.map(({ values, format = formatValue }) => format(values[n]!)),
  ]);
  const sentences = columns.map(describeColumn);
  const place = cells.hi.length > 0 ? `${describePlaces(boundsOfTable(cells))}. ` : "";
  return {
    summary: `${place}${sentences.join("; ")}.`,
    head: ["cell", "centre", ...columns.map(({ title }) => title)],
    rows,
  };
}
