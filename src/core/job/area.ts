import { gridDisk, latLngToCell } from "h3-js";
import { CellTableBuilder, parentTable } from "../geo/cells";
import type { Dataset } from "./open-dataset";

/** Cells of the study area that a map shows, and what to call them. */
export interface Area {
  cells: Uint32Array;
  place: string;
}

/** The part of the country that is drawn first: the ancestors around a large city, about 100 km across. */
const FIRST_LOOK = { lat: 34.69, lng: 135.5, place: "Around Osaka", resolution: 5, rings: 3 };

/** All cells, or (in the simulated country) a first part of them. Opened data are shown whole. */
export function chooseArea({ cells, geography, name }: Dataset, extent: "part" | "whole"): Area {
  const all = Uint32Array.from(cells.hi.keys());
  if (geography === undefined) return { cells: all, place: `All cells of ${name}` };
  if (extent === "whole") return { cells: all, place: "The whole country" };
  const { lat, lng, place, resolution, rings } = FIRST_LOOK;
  const wanted = new CellTableBuilder(resolution);
  for (const hash of gridDisk(latLngToCell(lat, lng, resolution), rings)) wanted.add(hash);
  const { parents, parentOf } = parentTable(cells, resolution);
  const isWanted = Uint8Array.from(parents.hi, (hi, n) =>
    wanted.find(hi, parents.lo[n]!) < 0 ? 0 : 1,
  );
  return { cells: all.filter((n) => isWanted[parentOf[n]!] === 1), place };
}
