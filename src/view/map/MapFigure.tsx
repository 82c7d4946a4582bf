import { useMemo, useRef, useState } from "react";
import type { JSX, KeyboardEvent, PointerEvent, ReactNode } from "react";
import type { CellTable } from "../../core/geo/cells";
import { useTheme } from "../style/theme";
import type { Basemap } from "./basemap";
import type { Bounds } from "./cell-geometry";
import type { Twin } from "./cell-twin";
import { formatPlace } from "./format";
import { hoverAt } from "./hover";
import type { Hover } from "./hover";
import { boxAt, layoutPanels } from "./layout";
import { mapColors } from "./map-colors";
import type { MapScene } from "./map-renderer";
import { MapPanels } from "./MapPanels";
import type { MapPanel } from "./MapPanels";
import { MapTools } from "./MapTools";
import type { Marker } from "./markers";
import { colorCells } from "./scale";
import type { Shape } from "./shapes";
import { TableTwin } from "./TableTwin";
import { useNear, useWidth } from "./use-element";
import { useBasemap, useCellGeometry } from "./use-map-data";
import { useMapRenderer } from "./use-map-renderer";
import { useMapView } from "./use-map-view";
import { moveByKey } from "./view-state";

export interface MapFigureProps {
  /** Short name for tests, `data-figure`. */
  name: string;
  /** What the figure shows, in a few words, for people who do not see it. */
  label: string;
  /** One map a panel, side by side, moved together. */
  panels: readonly MapPanel[];
  basemap: Basemap | Promise<Basemap>;
  /** The same as text and table. */
  twin: Twin;
  /** Cells that the panels' values belong to; default none. */
  cells?: CellTable | undefined;
  /** What is drawn over the cells; keep the array while it does not change. Default none. */
  shapes?: readonly Shape[];
  /** Labels; default none. */
  markers?: readonly Marker[];
  /** What to look at first; default all cells. A change moves the map there. */
  bounds?: Bounds | undefined;
  /** CSS pixels of one panel, default 380. */
  heightPx?: number;
  /** Nearest first look, default 12. */
  maxZoom?: number;
  /** Legends, below the maps; default none. */
  legend?: ReactNode;
  /** What the figure shows and how to read it, default none. */
  caption?: ReactNode;
  /** A click on a cell of the table. */
  onCell?: ((cell: number) => void) | undefined;
}

const NO_SHAPES: readonly Shape[] = [];
const NO_MARKERS: readonly Marker[] = [];

function cellColors(panels: readonly MapPanel[]): Record<string, Uint8Array> {
  return Object.fromEntries(
    panels.flatMap(({ id, values, scale }) =>
      values && scale ? [[id, colorCells(values, scale)]] : [],
    ),
  );
}

/** The line under the maps: where the pointer is, and what is there. */
function readPlace(hover: Hover | undefined): string {
  if (!hover) return "";
  const place = formatPlace(hover.place[1], hover.place[0]);
  return hover.hash === undefined ? place : `${place} · cell ${hover.hash}`;
}

/** Maps side by side on one canvas, with titles, legend and the same in words. All other maps are made of it. */
export function MapFigure(props: MapFigureProps): JSX.Element {
  const { panels, cells, shapes = NO_SHAPES, markers = NO_MARKERS, heightPx = 380 } = props;
  const figure = useRef<HTMLElement>(null);
  const stage = useRef<HTMLDivElement>(null);
  const host = useRef<HTMLDivElement>(null);
  const pressed = useRef<readonly [number, number]>(undefined);
  const width = useWidth(stage);
  const isNear = useNear(figure);
  const colors = mapColors(useTheme());
  const basemap = useBasemap(props.basemap);
  const geometry = useCellGeometry(cells, isNear);
  const [hasFocus, setFocus] = useState(false);
  const [hover, setHover] = useState<Hover>();

  const ids = panels.map(({ id }) => id).join();
  const layout = useMemo(
    () => layoutPanels(ids.split(","), width, heightPx),
    [ids, width, heightPx],
  );
  const size = layout.boxes[0] ?? { width: 0, height: 0 };
  const bounds = props.bounds ?? geometry?.bounds;
  const { view, setView, fit } = useMapView(bounds, size, props.maxZoom ?? 12);
  const painted = useMemo(() => cellColors(panels), [panels]);
  const isComplete = basemap !== undefined && (cells === undefined || geometry !== undefined);
  const scene = useMemo<MapScene | undefined>(
    () =>
      view && width > 0
        ? {
            boxes: layout.boxes,
            view,
            basemap,
            geometry,
            cellColors: painted,
            shapes,
            colors,
            wheelZooms: hasFocus,
            isComplete,
          }
        : undefined,
    [layout, view, width, basemap, geometry, painted, shapes, colors, hasFocus, isComplete],
  );
  const error = useMapRenderer({
    host,
    scene,
    isWanted: isNear,
    onView: setView,
    onDrawn: () => figure.current && (figure.current.dataset["drawn"] = "true"),
  });

  const pointAt = (event: PointerEvent): Hover | undefined => {
    const corner = stage.current?.getBoundingClientRect();
    if (!corner || !view) return undefined;
    const point = [event.clientX - corner.left, event.clientY - corner.top] as const;
    const box = boxAt(layout.boxes, ...point);
    return box && hoverAt(box, view, cells, point);
  };
  const onPointerUp = (event: PointerEvent): void => {
    const [x, y] = pressed.current ?? [Infinity, Infinity];
    const isClick = Math.hypot(event.clientX - x, event.clientY - y) < 4;
    const cell = isClick ? (pointAt(event)?.cell ?? -1) : -1;
    if (cell >= 0) props.onCell?.(cell);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== stage.current || !view) return;
    const isHome = event.key === "0" || event.key === "Home";
    const next = isHome ? undefined : moveByKey(view, size, event.key);
    if (!next && !isHome) return;
    event.preventDefault();
    if (!next) return fit();
    setView(next);
    const box = layout.boxes[0];
    const middle = [size.width / 2, size.height / 2] as const;
    if (box) setHover(hoverAt(box, next, cells, [box.x + middle[0], box.y + middle[1]]));
  };

  return (
    <figure ref={figure} className="map-figure" data-figure={props.name} data-drawn="false">
      <div
        ref={stage}
        className="map-stage"
        style={{ height: layout.height }}
        tabIndex={0}
        role="application"
        aria-roledescription="map"
        aria-label={`${props.label}. ${props.twin.summary} Arrow keys move, plus and minus zoom, 0 shows all.`}
        onKeyDown={onKeyDown}
        onFocus={() => setFocus(true)}
        onBlur={() => setFocus(false)}
        onPointerMove={(event) => setHover(pointAt(event))}
        onPointerLeave={() => setHover(undefined)}
        onPointerDown={(event) => {
          pressed.current = [event.clientX, event.clientY];
          if (event.target instanceof HTMLCanvasElement)
            stage.current?.focus({ preventScroll: true });
        }}
        onPointerUp={onPointerUp}
      >
        <MapPanels {...{ panels, markers, hover, view }} boxes={layout.boxes} level="below" />
        <div ref={host} className="map-canvas" style={{ height: layout.height }} />
        <MapPanels {...{ panels, markers, hover, view }} boxes={layout.boxes} level="above" />
        {error && (
          <p className="map-error" role="alert">
            {error.message}
          </p>
        )}
        {view && !error && <MapTools view={view} onView={setView} onFit={fit} />}
      </div>
      <div className="map-foot">
        {props.legend}
        <output className="map-place" aria-live="off">
          {readPlace(hover)}
        </output>
      </div>
      {props.caption !== undefined && <figcaption>{props.caption}</figcaption>}
      <TableTwin twin={props.twin} />
    </figure>
  );
}
