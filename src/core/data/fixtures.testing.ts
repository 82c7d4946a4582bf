import { cellToLatLng } from "h3-js";
import type { Points } from "./points";

export const MINUTE = 60_000;

/** Three cells of one neighbourhood. */
export const A = "882e601a5dfffff";
export const B = "882e601a59fffff";
export const C = "882e601141fffff";

/** Points in the middle of cells: [user, cell, minutes since 2020-01-01 UTC]. */
export function pointsOf(
  rows: readonly (readonly [user: string, cell: string, minute: number])[],
): Points {
  const users = [...new Set(rows.map(([user]) => user))];
  const places = rows.map(([, cell]) => cellToLatLng(cell));
  return {
    users,
    user: Uint32Array.from(rows, ([user]) => users.indexOf(user)),
    timeMs: Float64Array.from(rows, ([, , minute]) => Date.UTC(2020, 0) + minute * MINUTE),
    lat: Float64Array.from(places, ([lat]) => lat),
    lng: Float64Array.from(places, ([, lng]) => lng),
  };
}
