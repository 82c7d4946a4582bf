import { WebMercatorViewport } from "@deck.gl/core";
import type { Bounds } from "./cell-geometry";

/** Where a map looks; north is up, straight down. */
export interface ViewState {
  readonly longitude: number;
  readonly latitude: number;
  readonly zoom: number;
}

/** Width and height of one panel in CSS pixels. */
export interface PanelSize {
  readonly width: number;
  readonly height: number;
}

export const MIN_ZOOM = 0;
export const MAX_ZOOM = 18;
const MAX_LAT = 84;

/** Keeps a view state inside the map. */
export function clampView({ longitude, latitude, zoom }: ViewState): ViewState {
  return {
    longitude: ((((longitude + 180) % 360) + 360) % 360) - 180,
    latitude: Math.max(-MAX_LAT, Math.min(MAX_LAT, latitude)),
    zoom: Math.max(MIN_ZOOM, Math.min(MAX_ZOOM, zoom)),
  };
}

/** The view that shows all of the bounds with some room around them. */
export function fitBounds(
  [west, south, east, north]: Bounds,
  { width, height }: PanelSize,
  { paddingPx = 16, maxZoom = 13 } = {},
): ViewState {
  if (!(east >= west && north >= south) || width < 2 || height < 2) {
    return { longitude: 138, latitude: 37, zoom: 4 };
  }
  const padding = Math.min(paddingPx, width / 4, height / 4);
  const viewport = new WebMercatorViewport({ width, height });
  const corners: [[number, number], [number, number]] = [
    [west, south],
    [east, north],
  ];
  const { longitude, latitude, zoom } = viewport.fitBounds(corners, { padding, maxZoom });
  return clampView({ longitude, latitude, zoom });
}

/** Turns degrees into pixels of one panel and back. */
export function createProjection(view: ViewState, size: PanelSize): WebMercatorViewport {
  return new WebMercatorViewport({
    ...view,
    width: Math.max(1, size.width),
    height: Math.max(1, size.height),
  });
}

/** The view after a move of the map by pixels. */
export function panBy(view: ViewState, size: PanelSize, [dx, dy]: [number, number]): ViewState {
  const [longitude = 0, latitude = 0] = createProjection(view, size).unproject([
    size.width / 2 + dx,
    size.height / 2 + dy,
  ]);
  return clampView({ ...view, longitude, latitude });
}

/** Pixels of one arrow key. */
const STEP_PX = 60;

/** The view after a key, undefined for keys that mean nothing to a map. "0" and Home are the caller's. */
export function moveByKey(view: ViewState, size: PanelSize, key: string): ViewState | undefined {
  switch (key) {
    case "ArrowLeft":
      return panBy(view, size, [-STEP_PX, 0]);
    case "ArrowRight":
      return panBy(view, size, [STEP_PX, 0]);
    case "ArrowUp":
      return panBy(view, size, [0, -STEP_PX]);
    case "ArrowDown":
      return panBy(view, size, [0, STEP_PX]);
    case "+":
    case "=":
      return clampView({ ...view, zoom: view.zoom + 0.5 });
    case "-":
    case "_":
      return clampView({ ...view, zoom: view.zoom - 0.5 });
    default:
      return undefined;
  }
}

/** Metres of one pixel at the middle of the view (WGS 84 equator, Web Mercator). */
export function metresPerPixel({ latitude, zoom }: ViewState): number {
  return (40075016.686 * Math.cos((latitude * Math.PI) / 180)) / (512 * 2 ** zoom);
}
