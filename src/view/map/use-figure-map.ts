import { useEffect, useMemo, useRef, useState } from "react";
import type { RefObject } from "react";
import type { FootfallError } from "../../core/errors";
import type { CellTable } from "../../core/geo/cells";
import { useTheme } from "../style/theme";
import type { MapFigureProps } from "./figure-props";
import type { CellGeometry } from "./cell-geometry";
import { boundsOfTable } from "./bounds";
import { drawnResolution, toDetail } from "./detail";
import { layoutPanels } from "./layout";
import type { PanelLayout } from "./layout";
import { mapColors } from "./map-colors";
import type { MapScene } from "./map-renderer";
import type { MapPanel } from "./MapPanels";
import { colorCells } from "./scale";
import type { Shape } from "./shapes";
import { useNear, useWidth } from "./use-element";
import { tellFirstPicture } from "../first-picture";
import { useBasemap, useBasemapHere, useCellGeometry } from "./use-map-data";
import { useMapRenderer } from "./use-map-renderer";
import { useMapView } from "./use-map-view";
import type { MapViewControl } from "./use-map-view";

const NO_SHAPES: readonly Shape[] = [];
const NO_SIZE = { width: 0, height: 0 };

/** `data-drawn` of a figure: still to be drawn, as it should be, or never (no WebGL). */
type Drawn = "false" | "true" | "none";

function markDrawn(figure: HTMLElement | null, drawn: Drawn): void {
  if (figure) figure.dataset["drawn"] = drawn;
}

/** Colours of the cells for each panel that has values. */
export function cellColors(panels: readonly MapPanel[]): Record<string, Uint8Array> {
  return Object.fromEntries(
    panels.flatMap(({ id, values, scale }) =>
      values && scale ? [[id, colorCells(values, scale)]] : [],
    ),
  );
}

interface Painted {
  geometry: CellGeometry | undefined;
  cellColors: Record<string, Uint8Array>;
}

/** Triangles and their colours; those of the last detail of the same cells while the new ones are made. */
function useLastReady(
  geometry: CellGeometry | undefined,
  colors: Record<string, Uint8Array>,
  cells: CellTable | undefined,
): Painted {
  const last = useRef<Painted & { cells: CellTable | undefined }>(undefined);
  return useMemo(() => {
    if (geometry) last.current = { geometry, cellColors: colors, cells };
    const isUsable = last.current !== undefined && last.current.cells === cells;
    return isUsable && last.current ? last.current : { geometry: undefined, cellColors: {} };
  }, [geometry, colors, cells]);
}

export interface FigureElements {
  figure: RefObject<HTMLElement | null>;
  stage: RefObject<HTMLDivElement | null>;
  host: RefObject<HTMLDivElement | null>;
}

export interface FigureMap extends MapViewControl {
  layout: PanelLayout;
  /** Why there is no map, undefined while there is one. */
  error: FootfallError | undefined;
  setFocus: (hasFocus: boolean) => void;
  /** Resolution that the cells are drawn at where it is not their own. */
  drawnAt: number | undefined;
}

/** Lays a figure's panels out, gathers what they draw, and keeps it on the canvas. */
export function useFigureMap(props: MapFigureProps, elements: FigureElements): FigureMap {
  const { panels, cells, shapes = NO_SHAPES, heightPx = 380, maxZoom = 12 } = props;
  const { figure, stage, host } = elements;
  const width = useWidth(stage);
  const isNear = useNear(figure);
  const colors = mapColors(useTheme());
  const world = useBasemap(props.basemap);
  const [wheelZooms, setFocus] = useState(false);

  const ids = panels.map(({ id }) => id).join();
  const layout = useMemo(
    () => layoutPanels(ids.split(","), width, heightPx),
    [ids, width, heightPx],
  );
  const size = layout.boxes[0] ?? { width: 0, height: 0 };
  const bounds = props.bounds ?? (cells && boundsOfTable(cells));
  const control = useMapView(bounds, width > 0 ? size : NO_SIZE, maxZoom);
  const { view, setView } = control;
  const resolution = cells && view ? drawnResolution(cells, view) : 0;
  const detail = useMemo(
    () => (cells ? toDetail(cells, panels, resolution) : { cells, panels }),
    [cells, panels, resolution],
  );
  const geometry = useCellGeometry(detail.cells, isNear && view !== undefined);
  const near = useBasemapHere(world, view, size);
  const basemap = props.base === "maplibre" ? world : near; // MapLibre cuts the world into tiles itself
  const painted = useMemo(() => cellColors(detail.panels), [detail]);
  const drawn = useLastReady(geometry, painted, cells);
  const isComplete = basemap !== undefined && (cells === undefined || geometry !== undefined);
  const scene = useMemo<MapScene | undefined>(() => {
    if (!view) return undefined;
    const content = { ...drawn, basemap, shapes, colors, isComplete };
    return { ...content, boxes: layout.boxes, view, wheelZooms };
  }, [layout, view, basemap, drawn, shapes, colors, wheelZooms, isComplete]);
  const error = useMapRenderer({
    host,
    scene,
    base: props.base ?? "deck",
    isWanted: isNear,
    onView: setView,
    onDrawn: () => {
      markDrawn(figure.current, "true");
      tellFirstPicture();
    },
  });
  useEffect(() => {
    if (error) tellFirstPicture();
  }, [error]);
  useEffect(
    () => markDrawn(figure.current, error ? "none" : "false"),
    [figure, error, isNear, layout, basemap, geometry, painted, shapes, colors],
  );
  const drawnAt = cells && resolution < cells.resolution ? resolution : undefined;
  return { ...control, layout, error, setFocus, drawnAt };
}
