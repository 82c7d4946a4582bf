import { getHexagonEdgeLengthAvg, UNITS } from "h3-js";
import { parentTable } from "../../core/geo/cells";
import type { CellTable } from "../../core/geo/cells";
import type { MapPanel } from "./MapPanels";
import { metresPerPixel } from "./view-state";
import type { ViewState } from "./view-state";

/** Cells narrower than this are drawn as their parents: nobody could tell them apart. */
const NARROWEST_PX = 2;
/** Fewer cells than this are drawn one by one at any zoom. */
const FEW_CELLS = 3000;
const COARSEST = 2;

/** From one flat side of a hexagon to the other, in metres. */
function cellWidthM(resolution: number): number {
  return Math.sqrt(3) * getHexagonEdgeLengthAvg(resolution, UNITS.m);
}

/** The resolution at which a table is drawn in a view: its own, or a coarser one while its cells are too small. */
export function drawnResolution(cells: CellTable, view: ViewState): number {
  if (cells.hi.length < FEW_CELLS) return cells.resolution;
  const metres = metresPerPixel(view) * NARROWEST_PX;
  let resolution = cells.resolution;
  while (resolution > COARSEST && cellWidthM(resolution) < metres) resolution--;
  return resolution;
}

type Parents = ReturnType<typeof parentTable>;

/** Ancestors found so far; they go when their table goes. */
const found = new WeakMap<CellTable, Map<number, Parents>>();

function parentsOf(cells: CellTable, resolution: number): Parents {
  const known = found.get(cells) ?? new Map<number, Parents>();
  found.set(cells, known);
  const parents = known.get(resolution) ?? parentTable(cells, resolution);
  known.set(resolution, parents);
  return parents;
}

/** The mean over the cells of each parent, NaN where none has a value. [N] -> [P] */
export function meanByParent(
  values: ArrayLike<number>,
  parentOf: Uint32Array,
  parentCount: number,
): Float64Array {
  const sums = new Float64Array(parentCount);
  const counts = new Uint32Array(parentCount);
  for (let n = 0; n < parentOf.length; n++) {
    const value = values[n]!;
    if (Number.isNaN(value)) continue;
    sums[parentOf[n]!]! += value;
    counts[parentOf[n]!]!++;
  }
  return sums.map((sum, p) => (counts[p]! > 0 ? sum / counts[p]! : Number.NaN));
}

/** The most frequent value over the cells of each parent, of equal ones the smaller; NaN where none has one. [N] -> [P] */
export function mostByParent(
  values: ArrayLike<number>,
  parentOf: Uint32Array,
  parentCount: number,
): Float64Array {
  const counts = Array.from({ length: parentCount }, () => new Map<number, number>());
  for (let n = 0; n < parentOf.length; n++) {
    const value = values[n]!;
    const ofParent = counts[parentOf[n]!]!;
    if (!Number.isNaN(value)) ofParent.set(value, (ofParent.get(value) ?? 0) + 1);
  }
  const isMore = (a: [number, number], b: [number, number]): boolean =>
    b[1] > a[1] || (b[1] === a[1] && b[0] < a[0]);
  const most = (ofParent: Map<number, number>): number =>
    [...ofParent].reduce((a, b) => (isMore(a, b) ? b : a), [Number.NaN, 0])[0];
  return Float64Array.from(counts, most);
}

/** What is drawn of a table and its panels. */
export interface Detail {
  readonly cells: CellTable;
  readonly panels: readonly MapPanel[];
}

/** A table and the values of its panels at a coarser resolution; the same objects at its own. */
export function toDetail(
  cells: CellTable,
  panels: readonly MapPanel[],
  resolution: number,
): Detail {
  if (resolution >= cells.resolution) return { cells, panels };
  const { parents, parentOf } = parentsOf(cells, resolution);
  return {
    cells: parents,
    panels: panels.map((panel) => {
      if (!panel.values) return panel;
      const join = panel.isClasses ? mostByParent : meanByParent;
      return { ...panel, values: join(panel.values, parentOf, parents.hi.length) };
    }),
  };
}
