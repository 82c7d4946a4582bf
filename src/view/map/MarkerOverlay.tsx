import type { CSSProperties, JSX } from "react";
import { declutter, SMALLEST_CLEAR_PX } from "./declutter";
import type { Placed } from "./declutter";
import type { PanelBox } from "./map-renderer";
import type { Marker } from "./markers";
import { createProjection, metresPerPixel } from "./view-state";
import type { ViewState } from "./view-state";

interface MarkerOverlayProps {
  box: PanelBox;
  view: ViewState;
  markers: readonly Marker[];
}

/** Markers further outside the panel than this are left out. */
const MARGIN_PX = 20;

function PlacedMarker({ marker, x, y, clearPx }: Placed): JSX.Element {
  const { text, label, look, side = "centre", onChoose } = marker;
  const shared = {
    className: `marker marker-${look} marker-${side}`,
    style: {
      left: `${x.toFixed(1)}px`,
      top: `${y.toFixed(1)}px`,
      "--clear": `${clearPx.toFixed(1)}px`,
    } as CSSProperties,
    "data-marker": marker.id,
  };
  if (!onChoose) {
    return (
      <span {...shared} aria-label={label} role={label ? "img" : undefined}>
        {text}
      </span>
    );
  }
  return (
    <button
      type="button"
      {...shared}
      aria-label={label}
      aria-pressed={look === "masked"}
      onClick={onChoose}
    >
      {text}
    </button>
  );
}

/** The markers of one panel, placed over the canvas. */
export function MarkerOverlay({ box, view, markers }: MarkerOverlayProps): JSX.Element {
  const projection = createProjection(view, box);
  const perPixel = metresPerPixel(view);
  const placed = markers
    .filter(({ panel }) => panel === undefined || panel === box.id)
    .map((marker) => {
      const [x = 0, y = 0] = projection.project(marker.place);
      const clearPx = Math.max(SMALLEST_CLEAR_PX, (marker.clearM ?? 0) / perPixel);
      return { marker, x, y, clearPx };
    })
    .filter(
      ({ x, y }) =>
        x > -MARGIN_PX && y > -MARGIN_PX && x < box.width + MARGIN_PX && y < box.height + MARGIN_PX,
    );
  return (
    <>
      {declutter(placed).map((item) => (
        <PlacedMarker key={item.marker.id} {...item} />
      ))}
    </>
  );
}
