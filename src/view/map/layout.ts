import type { PanelBox } from "./map-renderer";

/** Where the panels of a figure stand. */
export interface PanelLayout {
  readonly boxes: readonly PanelBox[];
  /** Height of the whole stage, titles included. */
  readonly height: number;
}

export const GAP_PX = 10;
export const TITLE_PX = 26;
/** Panels narrower than this go below each other. */
const NARROWEST_PX = 230;

/** Panels side by side, or below each other where the page is narrow; each with room for its title above. */
export function layoutPanels(
  ids: readonly string[],
  width: number,
  panelHeight: number,
): PanelLayout {
  const count = Math.max(1, ids.length);
  const share = Math.floor((width - GAP_PX * (count - 1)) / count);
  const isColumn = count > 1 && share < NARROWEST_PX;
  const boxes = ids.map((id, i) => ({
    id,
    x: isColumn ? 0 : i * (share + GAP_PX),
    y: TITLE_PX + (isColumn ? i * (panelHeight + TITLE_PX + GAP_PX) : 0),
    width: Math.max(1, isColumn ? Math.floor(width) : share),
    height: panelHeight,
  }));
  const last = boxes.at(-1);
  return { boxes, height: (last?.y ?? TITLE_PX) + panelHeight };
}

/** The box that holds a point of the stage. */
export function boxAt(boxes: readonly PanelBox[], x: number, y: number): PanelBox | undefined {
  return boxes.find(
    (box) => x >= box.x && x < box.x + box.width && y >= box.y && y < box.y + box.height,
  );
}
