import type { JSX } from "react";
import { clampView } from "./view-state";
import type { ViewState } from "./view-state";

interface MapToolsProps {
  view: ViewState;
  onView: (view: ViewState) => void;
  /** Shows all of the data again. */
  onFit: () => void;
}

/** Zoom and "show all", for those without a wheel. */
export function MapTools({ view, onView, onFit }: MapToolsProps): JSX.Element {
  const zoomBy = (levels: number): void => onView(clampView({ ...view, zoom: view.zoom + levels }));
  return (
    <div className="map-tools">
      <button type="button" aria-label="Zoom in" title="Zoom in (+)" onClick={() => zoomBy(1)}>
        +
      </button>
      <button type="button" aria-label="Zoom out" title="Zoom out (−)" onClick={() => zoomBy(-1)}>
        −
      </button>
      <button type="button" aria-label="Show all" title="Show all (0)" onClick={onFit}>
        <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
          <path
            d="M1 4V1h3M8 1h3v3M11 8v3H8M4 11H1V8"
            fill="none"
            stroke="currentColor"
            strokeWidth="1.5"
          />
        </svg>
      </button>
    </div>
  );
}
