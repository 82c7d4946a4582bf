import { useEffect, useRef, useState } from "react";
import type { CellTable } from "../../core/geo/cells";
import type { Basemap } from "./basemap";
import { cropBasemap, isCropFor } from "./basemap-crop";
import type { BasemapCrop } from "./basemap-crop";
import { getCellGeometry } from "./cell-geometry";
import type { CellGeometry } from "./cell-geometry";
import { createProjection } from "./view-state";
import type { PanelSize, ViewState } from "./view-state";

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

/** The part of the basemap around the view; a new one only when the view leaves the last. */
export function useBasemapHere(
  basemap: Basemap | undefined,
  view: ViewState | undefined,
  size: PanelSize,
): Basemap | undefined {
  const last = useRef<{ basemap: Basemap; crop: BasemapCrop }>(undefined);
  if (!basemap || !view) return undefined;
  const seen = createProjection(view, size).getBounds();
  if (last.current?.basemap !== basemap || !isCropFor(last.current.crop, seen)) {
    last.current = { basemap, crop: cropBasemap(basemap, seen, size.width) };
  }
  return last.current.crop.basemap;
}
