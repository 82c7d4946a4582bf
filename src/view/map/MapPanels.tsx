import type { JSX } from "react";
import { formatValue } from "./format";
import type { Hover } from "./hover";
import { HoverMark } from "./HoverMark";
import { TITLE_PX } from "./layout";
import type { PanelBox } from "./map-renderer";
import { MarkerOverlay } from "./MarkerOverlay";
import type { Marker } from "./markers";
import { ScaleBar } from "./ScaleBar";
import type { Scale } from "./scale";
import type { ViewState } from "./view-state";

/** One map of a figure. */
export interface MapPanel {
  readonly id: string;
  readonly title: string;
  /** Values of the figure's cells, NaN for none; default no cells. [N] */
  readonly values?: ArrayLike<number>;
  /** Colours of the values; panels that show the same quantity get the same one. */
  readonly scale?: Scale;
  /** How a value reads, default three significant digits. */
  readonly format?: (value: number) => string;
  /** True where values are numbers of classes: cells drawn together get the most frequent one, not a mean. */
  readonly isClasses?: boolean;
}

/** What the pointer's cell holds in a panel. */
export function readValue(panel: MapPanel, hover: Hover | undefined): string {
  if (!hover || hover.cell < 0 || !panel.values) return "";
  return (panel.format ?? formatValue)(panel.values[hover.cell]!);
}

/** The sea, under the canvas: the canvas draws land and what lies over it. */
export function SeaPanels({ boxes }: { boxes: readonly PanelBox[] }): JSX.Element {
  return (
    <>
      {boxes.map(({ id, x, y, width, height }) => (
        <div key={id} className="map-sea" style={{ left: x, top: y, width, height }} />
      ))}
    </>
  );
}

interface MapPanelsProps {
  panels: readonly MapPanel[];
  boxes: readonly PanelBox[];
  view: ViewState | undefined;
  markers: readonly Marker[];
  hover: Hover | undefined;
}

/** Titles, markers and the pointer's cell, over the canvas. */
export function MapPanels({ panels, boxes, view, markers, hover }: MapPanelsProps): JSX.Element {
  return (
    <>
      {boxes.map((box, i) => (
        <div
          key={box.id}
          className="map-panel"
          data-panel={box.id}
          style={{ left: box.x, top: box.y, width: box.width, height: box.height }}
        >
          <div className="map-title" style={{ top: -TITLE_PX, height: TITLE_PX }}>
            <span>{panels[i]?.title}</span>
            <output aria-live="off">{panels[i] && readValue(panels[i], hover)}</output>
          </div>
          {view && (
            <div className="map-overlay">
              <MarkerOverlay box={box} view={view} markers={markers} />
              {hover && <HoverMark box={box} view={view} hover={hover} />}
              {i === 0 && <ScaleBar view={view} />}
            </div>
          )}
        </div>
      ))}
    </>
  );
}
