import { h3IndexToSplitLong, latLngToCell } from "h3-js";
import { halvesToHash } from "../../core/geo/cells";
import type { CellTable } from "../../core/geo/cells";
import { cellAt } from "./cell-lookup";
import type { PanelBox } from "./map-renderer";
import type { LngLat } from "./shapes";
import { createProjection } from "./view-state";
import type { ViewState } from "./view-state";

/** What the pointer is over, in every panel at once. */
export interface Hover {
  /** Panel that the pointer is in. */
  readonly panel: string;
  readonly place: LngLat;
  /** Hash of the cell there, at the table's resolution; undefined without a table. */
  readonly hash: string | undefined;
  /** Its number in the table, -1 where the table has none. */
  readonly cell: number;
}

/** What lies under a point of the stage, given in CSS pixels. */
export function hoverAt(
  box: PanelBox,
  view: ViewState,
  cells: CellTable | undefined,
  point: readonly [x: number, y: number],
): Hover {
  const [lng = 0, lat = 0] = createProjection(view, box).unproject([
    point[0] - box.x,
    point[1] - box.y,
  ]);
  const place: LngLat = [lng, lat];
  if (!cells) return { panel: box.id, place, hash: undefined, cell: -1 };
  const [lo, hi] = h3IndexToSplitLong(latLngToCell(lat, lng, cells.resolution));
  const hash = halvesToHash(hi >>> 0, lo >>> 0);
  return { panel: box.id, place, hash, cell: cellAt(cells, lat, lng) };
}
