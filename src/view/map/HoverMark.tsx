import type { JSX } from "react";
import type { Hover } from "./hover";
import type { PanelBox } from "./map-renderer";
import { cellRing } from "./shapes";
import { createProjection } from "./view-state";
import type { ViewState } from "./view-state";

interface HoverMarkProps {
  box: PanelBox;
  view: ViewState;
  hover: Hover;
}

/** Outline of the cell under the pointer, and the pointer itself in the panels where it is not. */
export function HoverMark({ box, view, hover }: HoverMarkProps): JSX.Element {
  const projection = createProjection(view, box);
  const ring = hover.cell >= 0 && hover.hash ? cellRing(hover.hash) : [];
  const points = ring.map((place) =>
    projection
      .project(place)
      .map((v) => v.toFixed(1))
      .join(),
  );
  const [x = 0, y = 0] = projection.project(hover.place);
  return (
    <svg className="hover-mark" width={box.width} height={box.height} aria-hidden="true">
      {points.length > 0 && (
        <>
          <polygon className="hover-halo" points={points.join(" ")} />
          <polygon className="hover-cell" points={points.join(" ")} />
        </>
      )}
      {hover.panel !== box.id && (
        <path className="hover-cross" d={`M${x - 7} ${y}h14M${x} ${y - 7}v14`} />
      )}
    </svg>
  );
}
