import { useRef } from "react";
import type { JSX } from "react";
import type { MapFigureProps } from "./figure-props";
import { formatPlace } from "./format";
import type { Hover } from "./hover";
import { MapPanels, SeaPanels } from "./MapPanels";
import { MapTools } from "./MapTools";
import type { Marker } from "./markers";
import { TableTwin } from "./TableTwin";
import { useFigureMap } from "./use-figure-map";
import { useMapPointer } from "./use-map-pointer";

const NO_MARKERS: readonly Marker[] = [];

/** The line under the maps: where the pointer is. */
function readPlace(hover: Hover | undefined): string {
  if (!hover) return "";
  const place = formatPlace(hover.place[1], hover.place[0]);
  return hover.hash === undefined ? place : `${place} · cell ${hover.hash}`;
}

/** What stands for cells that are drawn together. */
function drawnAs(panels: MapFigureProps["panels"]): string {
  const classes = panels.filter(({ isClasses }) => isClasses).length;
  if (classes === 0) return "means";
  return classes === panels.length ? "most frequent classes" : "means and most frequent classes";
}

/** Maps side by side on one canvas, with titles, legend and the same in words. All other maps are made of it. */
export function MapFigure(props: MapFigureProps): JSX.Element {
  const { panels, markers = NO_MARKERS, twin, label, cells, onCell } = props;
  const figure = useRef<HTMLElement>(null);
  const stage = useRef<HTMLDivElement>(null);
  const host = useRef<HTMLDivElement>(null);
  const map = useFigureMap(props, { figure, stage, host });
  const { hover, handlers } = useMapPointer(map, { stage, cells, onCell });
  const { view, layout, error } = map;
  return (
    <figure ref={figure} className="map-figure" data-figure={props.name} data-drawn="false">
      <div
        ref={stage}
        className="map-stage"
        style={{ height: layout.height }}
        tabIndex={0}
        role="application"
        aria-roledescription="map"
        aria-label={`${label}. ${twin.summary} Arrow keys move, plus and minus zoom, 0 shows all.`}
        onFocus={() => map.setFocus(true)}
        onBlur={() => map.setFocus(false)}
        {...handlers}
      >
        <SeaPanels boxes={layout.boxes} />
        <div ref={host} className="map-canvas" style={{ height: layout.height }} />
        <MapPanels boxes={layout.boxes} {...{ panels, view, markers, hover }} />
        {error && (
          <p className="map-error" role="alert">
            {error.message}
          </p>
        )}
        {view && !error && <MapTools view={view} onView={map.setView} onFit={map.fit} />}
      </div>
      <div className="map-foot">
        {props.legend}
        {map.drawnAt !== undefined && (
          <span className="map-note">
            Drawn as {drawnAs(panels)} over cells of resolution {map.drawnAt}; zoom in for
            resolution {cells?.resolution}.
          </span>
        )}
        <output className="map-place" aria-live="off">
          {readPlace(hover)}
        </output>
      </div>
      {props.caption !== undefined && <figcaption>{props.caption}</figcaption>}
      <TableTwin twin={twin} />
    </figure>
  );
}
