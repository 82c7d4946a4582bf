import { FootfallError } from "../../errors";
import type { CellTable } from "../../geo/cells";
import type { Progress } from "../../pace";
import { findColumn } from "./classes";
import { compareJoins, MIN_SHARE, sumShares } from "./join";
import type { JoinOptions, ValueJoin } from "./joined";
import type { PolygonLayer } from "./layer";
import { NO_GROUP, overlayCells, type Overlay } from "./overlay";

/** Values by centre and by area differ where they are farther apart than this share of the larger one. */
const SAME = 0.01;

function average(overlay: Overlay, values: ArrayLike<number>, minShare: number) {
  const { cellAt, start, group, share, hasCentre } = overlay;
  const byCentre = new Float64Array(cellAt.length).fill(NaN);
  const byArea = new Float64Array(cellAt.length).fill(NaN);
  const covered = new Float64Array(cellAt.length);
  cellAt.forEach((n, place) => {
    covered[n] = overlay.covered[place]!;
    let sum = 0;
    for (let entry = start[place]!; entry < start[place + 1]!; entry++) {
      const value = values[group[entry]!]!;
      if (hasCentre[entry] === 1 && Number.isNaN(byCentre[n])) byCentre[n] = value;
      sum += value * share[entry]!;
    }
    if (covered[n] >= minShare) byArea[n] = sum / sumShares(overlay, place);
  });
  return { byCentre, byArea, covered };
}

/**
 * A column of numbers for every cell: the number of the feature at the cell's centre (the first of several), and
 * the mean of all features in the cell weighted by their areas in it. Where features overlap each counts.
 * Throws "missing-column", "bad-input" for a column of text, "no-data", "stopped".
 */
export async function* averagePolygons(
  layer: PolygonLayer,
  cells: CellTable,
  { column, minShare = MIN_SHARE }: JoinOptions,
  signal?: AbortSignal,
): AsyncGenerator<Progress, ValueJoin, void> {
  const { kind, values, examples } = findColumn(layer, column);
  if (kind !== "number") {
    throw new FootfallError(
      "bad-input",
      `${layer.name}: the column "${column}" holds text such as "${examples[0] ?? ""}" and has no mean; ` +
        "take it as classes",
    );
  }
  const numbers = Float64Array.from(values, (value) => (typeof value === "number" ? value : NaN));
  const groupOf = Int32Array.from(numbers, (value, i) => (Number.isNaN(value) ? NO_GROUP : i));
  const overlay = yield* overlayCells(layer, cells, { groupOf, signal });
  const joined = average(overlay, numbers, minShare);
  const { byCentre, byArea } = joined;
  const has = {
    centre: (n: number) => !Number.isNaN(byCentre[n]),
    area: (n: number) => !Number.isNaN(byArea[n]),
  };
  const report = compareJoins(overlay, has, (n) => {
    const [a, b] = [byCentre[n]!, byArea[n]!];
    return Math.abs(a - b) <= SAME * Math.max(Math.abs(a), Math.abs(b));
  });
  return { ...joined, report };
}
