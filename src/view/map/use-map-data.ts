import { useEffect, useState } from "react";
import type { CellTable } from "../../core/geo/cells";
import type { Basemap } from "./basemap";
import { getCellGeometry } from "./cell-geometry";
import type { CellGeometry } from "./cell-geometry";

/** The basemap once it is there; a basemap that does not come leaves the map without land, not the page without map. */
export function useBasemap(source: Basemap | Promise<Basemap>): Basemap | undefined {
  const [basemap, setBasemap] = useState<Basemap>();
  useEffect(() => {
    let isCurrent = true;
    Promise.resolve(source)
      .then((ready) => isCurrent && setBasemap(ready))
      .catch((error: unknown) => console.warn("the basemap is missing:", error));
    return () => {
      isCurrent = false;
    };
  }, [source]);
  return basemap;
}

/** The triangles of a table's cells, made in slices; undefined while under way and while not wanted. */
export function useCellGeometry(
  table: CellTable | undefined,
  isWanted: boolean,
): CellGeometry | undefined {
  const [made, setMade] = useState<{ table: CellTable; geometry: CellGeometry }>();
  useEffect(() => {
    if (!table || !isWanted) return;
    const stop = new AbortController();
    getCellGeometry(table, stop.signal)
      .then((geometry) => !stop.signal.aborted && setMade({ table, geometry }))
      .catch(() => undefined); // stopped: the table went away
    return () => stop.abort();
  }, [table, isWanted]);
  return made?.table === table ? made?.geometry : undefined;
}
