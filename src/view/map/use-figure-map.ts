import { useEffect, useMemo, useState } from "react";
import type { RefObject } from "react";
import type { FootfallError } from "../../core/errors";
import { useTheme } from "../style/theme";
import type { MapFigureProps } from "./figure-props";
import { layoutPanels } from "./layout";
import type { PanelLayout } from "./layout";
import { mapColors } from "./map-colors";
import type { MapScene } from "./map-renderer";
import type { MapPanel } from "./MapPanels";
import { colorCells } from "./scale";
import type { Shape } from "./shapes";
import { useNear, useWidth } from "./use-element";
import { useBasemap, useCellGeometry } from "./use-map-data";
import { useMapRenderer } from "./use-map-renderer";
import { useMapView } from "./use-map-view";
import type { MapViewControl } from "./use-map-view";

const NO_SHAPES: readonly Shape[] = [];
const NO_SIZE = { width: 0, height: 0 };

/** `data-drawn` of a figure: still to be drawn, as it should be, or never (no WebGL). */
type Drawn = "false" | "true" | "none";

/** Colours of the cells for each panel that has values. */
export function cellColors(panels: readonly MapPanel[]): Record<string, Uint8Array> {
  return Object.fromEntries(
    panels.flatMap(({ id, values, scale }) =>
      values && scale ? [[id, colorCells(values, scale)]] : [],
    ),
  );
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
}

/** Lays a figure's panels out, gathers what they draw, and keeps it on the canvas. */
export function useFigureMap(props: MapFigureProps, elements: FigureElements): FigureMap {
  const { panels, cells, shapes = NO_SHAPES, heightPx = 380, maxZoom = 12 } = props;
  const { figure, stage, host } = elements;
  const width = useWidth(stage);
  const isNear = useNear(figure);
  const colors = mapColors(useTheme());
  const basemap = useBasemap(props.basemap);
  const geometry = useCellGeometry(cells, isNear);
  const [wheelZooms, setFocus] = useState(false);

  const ids = panels.map(({ id }) => id).join();
  const layout = useMemo(
    () => layoutPanels(ids.split(","), width, heightPx),
    [ids, width, heightPx],
  );
  const size = layout.boxes[0] ?? { width: 0, height: 0 };
  const control = useMapView(props.bounds ?? geometry?.bounds, width > 0 ? size : NO_SIZE, maxZoom);
  const { view, setView } = control;
  const painted = useMemo(() => cellColors(panels), [panels]);
  const isComplete = basemap !== undefined && (cells === undefined || geometry !== undefined);
  const scene = useMemo<MapScene | undefined>(() => {
    if (!view) return undefined;
    const drawn = { basemap, geometry, cellColors: painted, shapes, colors };
    return { ...drawn, boxes: layout.boxes, view, wheelZooms, isComplete };
  }, [layout, view, basemap, geometry, painted, shapes, colors, wheelZooms, isComplete]);
  const mark = (drawn: Drawn): void => {
    if (figure.current) figure.current.dataset["drawn"] = drawn;
  };
  useEffect(() => mark("false"), [isNear, layout, basemap, geometry, painted, shapes, colors]);
  const error = useMapRenderer({
    host,
    scene,
    isWanted: isNear,
    onView: setView,
    onDrawn: () => mark("true"),
  });
  useEffect(() => {
    if (error) mark("none");
  }, [error]);
  return { ...control, layout, error, setFocus };
}
