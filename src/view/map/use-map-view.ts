import { useEffect, useMemo, useRef, useState } from "react";
import type { Bounds } from "./cell-geometry";
import { useSameList } from "./use-same";
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
  { width, height }: PanelSize,
  maxZoom: number,
): MapViewControl {
  const [view, setView] = useState<ViewState>();
  const isMoved = useRef(false);
  const seenBounds = useRef<Bounds>(undefined);
  const place = useSameList(bounds);
  const home = useMemo(
    () => (place && width >= 2 ? fitBounds(place, { width, height }, { maxZoom }) : undefined),
    [place, width, height, maxZoom],
  );
  useEffect(() => {
    if (!home || (isMoved.current && place === seenBounds.current)) return;
    seenBounds.current = place;
    isMoved.current = false;
    setView(home);
  }, [home, place]);
  return {
    view,
    fit: () => {
      isMoved.current = false;
      if (home) setView(home);
    },
    setView: (next) => {
      isMoved.current = true;
      setView(next);
    },
  };
}
