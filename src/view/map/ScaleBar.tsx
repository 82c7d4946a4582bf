import type { JSX } from "react";
import { metresPerPixel } from "./view-state";
import type { ViewState } from "./view-state";

const LONGEST_PX = 90;

/** The longest round distance that fits: 1, 2 or 5 times a power of ten. */
export function roundDistance(longestM: number): number {
  const power = 10 ** Math.floor(Math.log10(longestM));
  const factor = [5, 2, 1].find((f) => f * power <= longestM) ?? 1;
  return factor * power;
}

/** A scale bar for the middle of the map. */
export function ScaleBar({ view }: { view: ViewState }): JSX.Element {
  const perPixel = metresPerPixel(view);
  const metres = roundDistance(perPixel * LONGEST_PX);
  const text = metres >= 1000 ? `${metres / 1000} km` : `${metres} m`;
  return (
    <div className="scale-bar" style={{ width: `${Math.round(metres / perPixel)}px` }}>
      {text}
    </div>
  );
}
