import type { CellTable } from "../../geo/cells";
import type { Progress } from "../../pace";
import { classify, type ClassRule } from "./classes";
import type { ClassJoin, JoinOptions, JoinReport } from "./joined";
import type { PolygonLayer } from "./layer";
import { overlayCells, type Overlay } from "./overlay";

/** Less than this share of a cell in polygons of two values at once is a border drawn twice. */
const MIN_OVERLAP = 0.001;
export const MIN_SHARE = 0.001;

/** Sum of the shares of the groups of the cell at a place. */
export function sumShares({ start, share }: Overlay, place: number): number {
  let sum = 0;
  for (let entry = start[place]!; entry < start[place + 1]!; entry++) sum += share[entry]!;
  return sum;
}

/** Counts where two joins part: `isSame` is asked for cells to which both give a value. */
export function compareJoins(
  overlay: Overlay,
  has: { centre: (n: number) => boolean; area: (n: number) => boolean },
  isSame: (n: number) => boolean,
): JoinReport {
  const counts = { withCentre: 0, withArea: 0, differ: 0, onlyCentre: 0, onlyArea: 0 };
  let overlapping = 0;
  overlay.cellAt.forEach((n, place) => {
    const [byCentre, byArea] = [has.centre(n), has.area(n)];
    counts.withCentre += Number(byCentre);
    counts.withArea += Number(byArea);
    counts.onlyCentre += Number(byCentre && !byArea);
    counts.onlyArea += Number(byArea && !byCentre);
    counts.differ += Number(byCentre && byArea && !isSame(n));
    overlapping += Number(sumShares(overlay, place) - overlay.covered[place]! > MIN_OVERLAP);
  });
  return { cells: overlay.cellAt.length, ...counts, overlapping };
}

/** First and largest class of each cell. */
function chooseClasses(overlay: Overlay, minShare: number): Omit<ClassJoin, "classes" | "report"> {
  const { cellAt, start, group, hasCentre, covered } = overlay;
  const byCentre = new Int32Array(cellAt.length).fill(-1);
  const byArea = new Int32Array(cellAt.length).fill(-1);
  const share = new Float64Array(cellAt.length);
  const inOrder = new Float64Array(cellAt.length);
  cellAt.forEach((n, place) => {
    inOrder[n] = covered[place]!;
    for (let entry = start[place]!; entry < start[place + 1]!; entry++) {
      if (hasCentre[entry] === 1 && byCentre[n] === -1) byCentre[n] = group[entry]!;
      if (overlay.share[entry]! < minShare || overlay.share[entry]! <= share[n]!) continue;
      share[n] = overlay.share[entry]!;
      byArea[n] = group[entry]!;
    }
  });
  return { byCentre, byArea, share, covered: inOrder };
}

/**
 * The class of every cell by a column: by the cell's centre and by the largest share of its area, features of
 * one class united. Throws "missing-column", "no-data" (no class, or layer and cells lie apart), "stopped".
 */
export async function* joinPolygons(
  layer: PolygonLayer,
  cells: CellTable,
  { column, minShare = MIN_SHARE, rule = { kind: "value" } }: JoinOptions & { rule?: ClassRule },
  signal?: AbortSignal,
): AsyncGenerator<Progress, ClassJoin, void> {
  const { classes, classOf } = classify(layer, { column, rule });
  const overlay = yield* overlayCells(layer, cells, { groupOf: classOf, signal });
  const joined = chooseClasses(overlay, minShare);
  const { byCentre, byArea } = joined;
  const has = { centre: (n: number) => byCentre[n]! >= 0, area: (n: number) => byArea[n]! >= 0 };
  const report = compareJoins(overlay, has, (n) => byCentre[n] === byArea[n]);
  return { classes, ...joined, report };
}
