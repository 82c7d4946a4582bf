/** Red, green, blue, 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** A point in OKLCH (Ottosson 2020): lightness 0 to 1, chroma, hue in degrees. */
type Oklch = readonly [lightness: number, chroma: number, hueDeg: number];

function encodeSrgb(linear: number): number {
  const clipped = Math.max(0, Math.min(1, linear));
  const encoded = clipped <= 0.0031308 ? 12.92 * clipped : 1.055 * clipped ** (1 / 2.4) - 0.055;
  return Math.round(encoded * 255);
}

/** Lightness and the two axes of OKLab. */
type Oklab = readonly [lightness: number, a: number, b: number];

function oklchToOklab([lightness, chroma, hueDeg]: Oklch): Oklab {
  const hue = (hueDeg * Math.PI) / 180;
  return [lightness, chroma * Math.cos(hue), chroma * Math.sin(hue)];
}

/** OKLab as sRGB, each channel clipped; matrices of Ottosson, "A perceptual color space" (2020). */
export function oklabToRgb([lightness, a, b]: Oklab): Rgb {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    encodeSrgb(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    encodeSrgb(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    encodeSrgb(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

function mix(from: number, to: number, share: number): number {
  return from + (to - from) * share;
}

/** 256 colours along the anchors, which stand at equal distances; between them straight through OKLab. */
function createTable(anchors: readonly Oklch[]): readonly Rgb[] {
  const points = anchors.map(oklchToOklab);
  return Array.from({ length: 256 }, (_, i) => {
    const place = (i / 255) * (points.length - 1);
    const at = Math.min(points.length - 2, Math.floor(place));
    const [from, to] = [points[at]!, points[at + 1]!];
    const share = place - at;
    return oklabToRgb([
      mix(from[0], to[0], share),
      mix(from[1], to[1], share),
      mix(from[2], to[2], share),
    ]);
  });
}

/** Nine colours of a square whose corners are low-low, low-high, high-low and high-high, straight through OKLab. */
function createSquare(corners: readonly [Oklch, Oklch, Oklch, Oklch]): readonly Rgb[] {
  const [lowLow, lowHigh, highLow, highHigh] = corners.map(oklchToOklab) as [
    Oklab,
    Oklab,
    Oklab,
    Oklab,
  ];
  return Array.from({ length: 9 }, (_, i) => {
    const [first, second] = [Math.floor(i / 3) / 2, (i % 3) / 2];
    const axis = (c: 0 | 1 | 2): number =>
      mix(mix(lowLow[c], highLow[c], first), mix(lowHigh[c], highHigh[c], first), second);
    return oklabToRgb([axis(0), axis(1), axis(2)]);
  });
}

/**
 * Low to high: lightness rises evenly from deep violet over teal to yellow, so that order survives colour
 * blindness and a grey print.
 */
export const SEQUENTIAL: readonly Rgb[] = createTable([
  [0.29, 0.11, 300],
  [0.45, 0.115, 260],
  [0.61, 0.105, 205],
  [0.77, 0.135, 155],
  [0.93, 0.165, 104],
]);

/** Below, equal, above: blue and orange-brown are told apart in every common colour blindness. */
export const DIVERGING: readonly Rgb[] = createTable([
  [0.38, 0.13, 262],
  [0.64, 0.11, 248],
  [0.95, 0.008, 240],
  [0.73, 0.12, 62],
  [0.46, 0.115, 46],
]);

/**
 * Two quantities in thirds, BIVARIATE[3 * first + second]: grey where both are alike, light to dark as they rise;
 * blue where only the first is high, brown where only the second is, as in DIVERGING.
 */
export const BIVARIATE: readonly Rgb[] = createSquare([
  [0.89, 0.01, 250],
  [0.5, 0.15, 55],
  [0.45, 0.12, 245],
  [0.26, 0.08, 310],
]);

/** Paler than this share of the way, a cell would not be told from the land. */
const FAINTEST = 0.18;

/** 256 colours from near the one to the other: one quantity on a map that also shows other things. */
export function rampBetween(from: ArrayLike<number>, to: ArrayLike<number>): readonly Rgb[] {
  return Array.from({ length: 256 }, (_, i) => {
    const share = FAINTEST + (i / 255) * (1 - FAINTEST);
    const channel = (c: number): number => Math.round(mix(from[c]!, to[c]!, share));
    return [channel(0), channel(1), channel(2)] as const;
  });
}
