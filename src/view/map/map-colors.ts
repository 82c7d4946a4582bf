import type { Theme } from "../style/theme";

/** Red, green, blue, alpha, 0 to 255. */
export type Rgba = readonly [red: number, green: number, blue: number, alpha: number];

/** Colours of what is not data. The sea is CSS (`--map-sea`), for the canvas is transparent. */
export interface MapColors {
  land: Rgba;
  coast: Rgba;
  border: Rgba;
  /** Lines over cells and land. */
  ink: Rgba;
  /** What a line must stand out from. */
  halo: Rgba;
  /** The trajectory. */
  path: Rgba;
  /** The truth. */
  truth: Rgba;
  /** The model's best guess. */
  guess: Rgba;
}

const LIGHT: MapColors = {
  land: [243, 240, 233, 255],
  coast: [120, 122, 124, 255],
  border: [150, 150, 150, 150],
  ink: [38, 40, 44, 255],
  halo: [255, 255, 255, 220],
  path: [74, 80, 92, 125],
  truth: [0, 108, 103, 255],
  guess: [184, 74, 32, 255],
};

const DARK: MapColors = {
  land: [52, 54, 58, 255],
  coast: [142, 146, 152, 255],
  border: [142, 146, 152, 130],
  ink: [236, 236, 232, 255],
  halo: [20, 21, 24, 220],
  path: [196, 202, 212, 120],
  truth: [74, 204, 190, 255],
  guess: [242, 146, 92, 255],
};

/** Map colours of a theme. */
export function mapColors(theme: Theme): MapColors {
  return theme === "dark" ? DARK : LIGHT;
}

/** A colour with another alpha, 0 to 255. */
export function withAlpha([red, green, blue]: Rgba, alpha: number): Rgba {
  return [red, green, blue, alpha];
}
