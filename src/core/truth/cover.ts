/** Corners of a polygon, x and y in turn, open (the first is not repeated), in units of pixels. */
export type Polygon = readonly number[];

/** The part of a polygon on one side of a line x = bound (axis 0) or y = bound (axis 1): Sutherland and Hodgman 1974. */
export function clipHalf(polygon: Polygon, axis: 0 | 1, bound: number, above: boolean): number[] {
  const kept: number[] = [];
  for (let i = 0, j = polygon.length - 2; i < polygon.length; j = i, i += 2) {
    const a = polygon[j + axis]! - bound;
    const b = polygon[i + axis]! - bound;
    const isIn = above ? b >= 0 : b <= 0;
    if ((above ? a >= 0 : a <= 0) !== isIn) {
      const t = a / (a - b);
      const other = polygon[j + 1 - axis]! + t * (polygon[i + 1 - axis]! - polygon[j + 1 - axis]!);
      if (axis === 0) kept.push(bound, other);
      else kept.push(other, bound);
    }
    if (isIn) kept.push(polygon[i]!, polygon[i + 1]!);
  }
  return kept;
}

/** Area of a polygon by the shoelace formula. */
export function polygonArea(polygon: Polygon): number {
  let sum = 0;
  for (let i = 0, j = polygon.length - 2; i < polygon.length; j = i, i += 2) {
    sum += polygon[j]! * polygon[i + 1]! - polygon[i]! * polygon[j + 1]!;
  }
  return Math.abs(sum) / 2;
}

/** Smallest and largest x (axis 0) or y (axis 1); with `at`, only of corners whose other coordinate is that. */
export function polygonRange(
  polygon: Polygon,
  axis: 0 | 1,
  at?: number,
): [min: number, max: number] {
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < polygon.length; i += 2) {
    if (at !== undefined && polygon[i + 1 - axis] !== at) continue;
    min = Math.min(min, polygon[i + axis]!);
    max = Math.max(max, polygon[i + axis]!);
  }
  return [min, max];
}

/** Columns of a row of pixels that lie in the convex strip from side to side. */
function wholeColumns(strip: Polygon, row: number): [first: number, end: number] {
  const [topMin, topMax] = polygonRange(strip, 0, row);
  const [bottomMin, bottomMax] = polygonRange(strip, 0, row + 1);
  return [Math.ceil(Math.max(topMin, bottomMin)), Math.floor(Math.min(topMax, bottomMax))];
}

/**
 * Calls `visit` for each pixel that a convex polygon touches, with the share (0 to 1) of the pixel inside it,
 * exact up to rounding. Pixel (column, row) is the square from (column, row) to (column + 1, row + 1).
 */
export function coverPixels(
  polygon: Polygon,
  visit: (column: number, row: number, share: number) => void,
): void {
  const [top, bottom] = polygonRange(polygon, 1);
  for (let row = Math.floor(top); row < bottom; row++) {
    const strip = clipHalf(clipHalf(polygon, 1, row, true), 1, row + 1, false);
    const [left, right] = polygonRange(strip, 0);
    const [wholeFrom, wholeEnd] = wholeColumns(strip, row);
    for (let column = Math.floor(left); column < right; column++) {
      const isWhole = column >= wholeFrom && column < wholeEnd;
      const share = isWhole ? 1 : columnArea(strip, column);
      if (share > 0) visit(column, row, share);
    }
  }
}

function columnArea(strip: Polygon, column: number): number {
  return polygonArea(clipHalf(clipHalf(strip, 0, column, true), 0, column + 1, false));
}
