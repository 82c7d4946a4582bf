import { decileEdges, valuesToDeciles } from "./deciles";
import type { LayerColumn, LayerReport, LayerTruth } from "./layer-types";

/** Different values of a column are listed up to here. */
const LISTED = 64;
const EXAMPLES = 5;

/** How often each value comes, the most frequent first; undefined where there are more than 64. */
export function countValues(
  values: Iterable<string>,
): { value: string; count: number }[] | undefined {
  const counts = new Map<string, number>();
  for (const value of values) {
    counts.set(value, (counts.get(value) ?? 0) + 1);
    if (counts.size > LISTED) return undefined;
  }
  return [...counts].map(([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count);
}

/** A column of numbers as a preview shows it. */
export function describeNumbers(name: string, values: ArrayLike<number>): LayerColumn {
  const known = Array.from(values).filter((value) => !Number.isNaN(value));
  const distinct = countValues(known.map(String));
  const shown = distinct?.map(({ value }) => value) ?? [...new Set(known)].map(String);
  const examples = shown.slice(0, EXAMPLES);
  const range = [
    known.reduce((a, b) => Math.min(a, b), Infinity),
    known.reduce((a, b) => Math.max(a, b), -Infinity),
  ] as const;
  return { name, kind: "number", examples, distinct, range: known.length > 0 ? range : undefined };
}

/** A truth of numbers: deciles where they are asked for, a share where all values are shares. */
export function numberTruth(
  values: ArrayLike<number>,
  made: {
    title: string;
    unit: string;
    isShare: boolean;
    deciles: boolean | undefined;
    columns: LayerTruth["columns"];
    report: Omit<LayerReport, "cells" | "withValue">;
  },
): LayerTruth {
  const own = Float32Array.from(values);
  const known = own.filter((value) => !Number.isNaN(value));
  const isShare = made.isShare && known.every((value) => value >= 0 && value <= 1 + 1e-6);
  const report = { ...made.report, cells: own.length, withValue: known.length };
  const { title, columns } = made;
  if (made.deciles) {
    const edges = decileEdges(known);
    const deciles = Float64Array.from(valuesToDeciles(own, edges), (decile, n) =>
      Number.isNaN(own[n]!) ? NaN : decile,
    );
    return {
      title,
      columns: [{ name: "decile", values: deciles }, ...columns],
      report,
      scale: "decile",
      unit: `decile of ${made.unit}`,
      values: own,
      edges: Array.from(edges),
    };
  }
  return {
    title,
    columns,
    report,
    scale: isShare ? "share" : "value",
    unit: made.unit,
    values: own,
  };
}

/** A truth of classes; those that no cell has are left out. */
export function classTruth(
  numbers: ArrayLike<number>,
  classes: readonly string[],
  made: {
    title: string;
    unit: string;
    columns: LayerTruth["columns"];
    report: Omit<LayerReport, "cells" | "withValue">;
  },
): LayerTruth {
  const counts = new Uint32Array(classes.length);
  for (let n = 0; n < numbers.length; n++) if (numbers[n]! >= 0) counts[numbers[n]!]!++;
  const kept = [...counts.keys()].filter((k) => counts[k]! > 0);
  const places = new Map(kept.map((k, place) => [k, place]));
  const values = Float32Array.from(numbers, (k) => places.get(k) ?? NaN);
  const withValue = counts.reduce((sum, count) => sum + count, 0);
  const named = kept.map((k) => ({ name: classes[k]!, value: counts[k]! }));
  const facts = [
    ...made.report.facts,
    ...named.map(({ name, value }) => ({ name: `cells of ${name}`, value })),
  ];
  return {
    title: made.title,
    unit: made.unit,
    scale: "class",
    values,
    classes: kept.map((k) => classes[k]!),
    columns: made.columns,
    report: { ...made.report, facts, cells: values.length, withValue },
  };
}
