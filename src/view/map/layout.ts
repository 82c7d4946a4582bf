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

/** Panels beside each other: all of them, or so many that all rows are full; one where the page is narrow. */
function countColumns(count: number, width: number): number {
  for (let columns = count; columns > 1; columns--) {
    const share = (width - GAP_PX * (columns - 1)) / columns;
    if (count % columns === 0 && Math.floor(share) >= NARROWEST_PX) return columns;
  }
  return 1;
}

/** Panels side by side, or in rows below each other where the page is narrow; each with room for its title above. */
export function layoutPanels(
  ids: readonly string[],
  width: number,
  panelHeight: number,
): PanelLayout {
  const columns = countColumns(ids.length, width);
  const share = Math.floor((width - GAP_PX * (columns - 1)) / columns);
  const boxes = ids.map((id, i) => ({
    id,
    x: (i % columns) * (share + GAP_PX),
    y: TITLE_PX + Math.floor(i / columns) * (panelHeight + TITLE_PX + GAP_PX),
    width: Math.max(1, share),
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
