import { useEffect, useRef, useState } from "react";
import type { Bounds } from "./cell-geometry";
import { fitBounds } from "./view-state";
import type { PanelSize, ViewState } from "./view-state";

export interface MapViewControl {
  /** Undefined until there is something to look at. */
  view: ViewState | undefined;
  setView: (view: ViewState) => void;
  /** Back to all of the data. */
  fit: () => void;
}

/** Where a figure looks: at its bounds, until the person moves it; at the new bounds when these change. */
export function useMapView(
  bounds: Bounds | undefined,
  size: PanelSize,
  maxZoom: number,
): MapViewControl {
  const [view, setView] = useState<ViewState>();
  const isMoved = useRef(false);
  const boundsKey = bounds?.join();
  const seenBounds = useRef<string>(undefined);
  const fit = (): void => {
    if (!bounds || size.width < 2) return;
    isMoved.current = false;
    setView(fitBounds(bounds, size, { maxZoom }));
  };
  useEffect(() => {
    if (isMoved.current && boundsKey === seenBounds.current) return;
    seenBounds.current = boundsKey;
    fit();
  }, [boundsKey, size.width, size.height, maxZoom]);
  return {
    view,
    fit,
    setView: (next) => {
      isMoved.current = true;
      setView(next);
    },
  };
}
