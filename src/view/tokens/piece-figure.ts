import { cellToLatLng } from "h3-js";
import type { LookupResult } from "../../core/job/lookup";
import { cellHash, type CellTable } from "../../core/geo/cells";
import type { Twin } from "../map/cell-twin";
import { cellPlace } from "../map/check-ins";
import { formatPlace } from "../map/format";
import { withAlpha, type MapColors } from "../map/map-colors";
import type { MapPanel } from "../map/MapPanels";
import type { Scale } from "../map/scale";
import { cellRing, type Shape } from "../map/shapes";
import { shareOfCells } from "./lookup-words";

/** Everything the map of a piece's hexagons draws, as plain objects. */
export interface PieceFigure {
  readonly panels: MapPanel[];
  readonly shapes: Shape[];
  readonly cells: CellTable | undefined;
  readonly twin: Twin;
}

/** Up to here each hexagon gets its outline and a dot that can be seen from far away. */
const MOST_OUTLINED = 10_000;
/** More dots than this would hide each other in a view of a country. */
const CROWD = 300;
/** Rows of the table: all hexagons would be half a million. */
const MOST_ROWS = 100;

function hashes(table: CellTable, count: number): string[] {
  return Array.from({ length: Math.min(count, table.hi.length) }, (_, n) => cellHash(table, n));
}

/** More hexagons than this are drawn from afar as the coarser ones that hold them. */
export const isCrowd = (table: CellTable): boolean => table.hi.length > MOST_OUTLINED;

/** One colour for every value: the cells are there or they are not. */
function oneColor([red, green, blue]: MapColors["truth"]): Scale {
  const table = Array.from({ length: 256 }, () => [red, green, blue] as const);
  return { kind: "linear", domain: [0, 1], beyond: [false, false], ticks: [], unit: "", table };
}

function outlined(table: CellTable, colors: MapColors): Shape[] {
  const all = hashes(table, MOST_OUTLINED);
  const rings = all.map(cellRing);
  const radiusPx = all.length > CROWD ? 0.8 : 2;
  return [
    { id: "fill", kind: "fill", rings, color: withAlpha(colors.truth, 110) },
    { id: "edges", kind: "line", lines: rings, widthPx: 1.2, color: colors.truth },
    { id: "dots", kind: "dots", places: all.map(cellPlace), radiusPx, color: colors.truth },
  ];
}

/** The hexagons of a piece, or of a place that was looked up, with the first hundred as a table. */
export function pieceFigure(result: LookupResult, title: string, colors: MapColors): PieceFigure {
  const { cells } = result;
  const isFew = !isCrowd(cells);
  const first = hashes(cells, MOST_ROWS);
  const listed = first.length < cells.hi.length ? ` The first ${first.length} are listed.` : "";
  const values = isFew ? undefined : new Float32Array(cells.hi.length).fill(1);
  return {
    panels: [{ id: "map", title, ...(values && { values, scale: oneColor(colors.truth) }) }],
    shapes: isFew ? outlined(cells, colors) : [],
    cells: isFew ? undefined : cells,
    twin: {
      summary: `${title}: ${shareOfCells(result)}.${listed}`,
      head: ["hexagon", "centre"],
      rows: first.map((hash) => [hash, formatPlace(...cellToLatLng(hash))]),
    },
  };
}
