import { cellArea } from "h3-js";
import { FootfallError } from "../../errors";
import { cellHash, type CellTable } from "../../geo/cells";
import type { Progress } from "../../pace";
import { findColumn } from "./classes";
import { sumShares } from "./join";
import type { CoverJoin } from "./joined";
import type { PolygonLayer } from "./layer";
import { NO_GROUP, overlayCells } from "./overlay";

export interface CoverOptions {
  readonly column: string;
  /** Values of the column that count, as text. */
  readonly classes: readonly string[];
}

/** Features whose value counts, each a group of its own. Throws "missing-column", "bad-input". */
function chooseFeatures(layer: PolygonLayer, { column, classes }: CoverOptions): Int32Array {
  const { values, examples } = findColumn(layer, column);
  const wanted = new Set(classes);
  const groupOf = Int32Array.from(values, (value, i) =>
    value !== null && wanted.has(String(value)) ? i : NO_GROUP,
  );
  const known = new Set(values.map(String));
  const missing = classes.filter((name) => !known.has(name));
  if (missing.length === 0 && classes.length > 0) return groupOf;
  throw new FootfallError(
    "bad-input",
    `${layer.name}: the column "${column}" has no ${missing.map((name) => `"${name}"`).join(", ") || "chosen value"}; ` +
      `its most frequent values are ${examples.join(", ")}`,
  );
}

/**
 * The share of every cell that features of the chosen classes cover. The area of their union is measured, exact up
 * to rounding: what lies in two features counts once. Throws "missing-column", "bad-input", "no-data", "stopped".
 */
export async function* coverByPolygons(
  layer: PolygonLayer,
  cells: CellTable,
  options: CoverOptions,
  signal?: AbortSignal,
): AsyncGenerator<Progress, CoverJoin, void> {
  const groupOf = chooseFeatures(layer, options);
  const overlay = yield* overlayCells(layer, cells, { groupOf, mayMiss: true, signal });
  const share = new Float64Array(cells.hi.length);
  let count = 0;
  let twiceKm2 = 0;
  overlay.cellAt.forEach((n, place) => {
    share[n] = overlay.covered[place]!;
    if (share[n] > 0) count++;
    const twice = sumShares(overlay, place) - share[n];
    if (twice > 0) twiceKm2 += twice * cellArea(cellHash(cells, n), "km2");
  });
  const features = groupOf.reduce((sum, group) => sum + Number(group !== NO_GROUP), 0);
  return { share, count, features, twiceKm2 };
}
