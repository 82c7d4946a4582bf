import type { Basemap, FlatLine } from "./basemap";
import type { Bounds } from "./cell-geometry";

/** A basemap cut to a box, and the box. */
export interface BasemapCrop {
  readonly basemap: Basemap;
  readonly box: Bounds;
}

/** The cut box is this much wider and higher than what is seen, on each side. */
const MARGIN = 0.75;
/** A view that needs less than this share of the box's width gets a smaller one. */
const LEAST_SHARE = 0.15;
/** Points nearer to each other than this many pixels are drawn as one. */
const NEAREST_PX = 0.5;

function isInside(inner: Bounds, outer: Bounds): boolean {
  return (
    inner[0] >= outer[0] && inner[1] >= outer[1] && inner[2] <= outer[2] && inner[3] <= outer[3]
  );
}

/** True where a crop made earlier still serves a view. */
export function isCropFor(crop: BasemapCrop, seen: Bounds): boolean {
  const share = (seen[2] - seen[0]) / (crop.box[2] - crop.box[0]);
  return isInside(seen, crop.box) && share > LEAST_SHARE;
}

/** The side of a point that a half-plane keeps, and where an edge crosses its line. */
interface HalfPlane {
  /** 0 for lng, 1 for lat. */
  axis: 0 | 1;
  limit: number;
  /** 1 keeps what is greater than the limit, -1 what is less. */
  sign: 1 | -1;
}

/** One step of Sutherland and Hodgman (1974): a ring cut by one edge of the box. */
function cutRing(ring: readonly number[], { axis, limit, sign }: HalfPlane): number[] {
  const kept: number[] = [];
  const count = ring.length;
  for (let i = 0; i < count; i += 2) {
    const j = (i + 2) % count;
    const from = sign * (ring[i + axis]! - limit);
    const to = sign * (ring[j + axis]! - limit);
    if (from >= 0) kept.push(ring[i]!, ring[i + 1]!);
    if (from >= 0 !== to >= 0) {
      const share = from / (from - to);
      kept.push(
        ring[i]! + (ring[j]! - ring[i]!) * share,
        ring[i + 1]! + (ring[j + 1]! - ring[i + 1]!) * share,
      );
    }
  }
  return kept;
}

/** A ring cut to a box, along whose edges it may run; empty where it lies outside. */
export function clipRing(ring: FlatLine, [west, south, east, north]: Bounds): FlatLine {
  const edges: HalfPlane[] = [
    { axis: 0, limit: west, sign: 1 },
    { axis: 1, limit: south, sign: 1 },
    { axis: 0, limit: east, sign: -1 },
    { axis: 1, limit: north, sign: -1 },
  ];
  let cut: readonly number[] = Array.from(ring);
  for (const edge of edges) cut = cut.length === 0 ? cut : cutRing(cut, edge);
  return Float64Array.from(cut);
}

/** The runs of a line whose segments may touch a box; segments are kept whole. */
export function clipLine(line: FlatLine, [west, south, east, north]: Bounds): FlatLine[] {
  const runs: FlatLine[] = [];
  let start = -1;
  for (let i = 0; i + 3 < line.length; i += 2) {
    const touches =
      Math.max(line[i]!, line[i + 2]!) >= west &&
      Math.min(line[i]!, line[i + 2]!) <= east &&
      Math.max(line[i + 1]!, line[i + 3]!) >= south &&
      Math.min(line[i + 1]!, line[i + 3]!) <= north;
    if (touches && start < 0) start = i;
    if (!touches && start >= 0) {
      runs.push(line.subarray(start, i + 2));
      start = -1;
    }
  }
  if (start >= 0) runs.push(line.subarray(start));
  return runs;
}

/** A line without the points that lie nearer than `least` (degrees) to the last one kept; its ends stay. */
export function thinLine(line: FlatLine, least: number): FlatLine {
  const kept = new Float64Array(line.length);
  let count = 0;
  for (let i = 0; i < line.length; i += 2) {
    const isEnd = i === 0 || i === line.length - 2;
    const dx = line[i]! - kept[count - 2]!;
    const dy = line[i + 1]! - kept[count - 1]!;
    if (!isEnd && Math.abs(dx) < least && Math.abs(dy) < least) continue;
    kept[count++] = line[i]!;
    kept[count++] = line[i + 1]!;
  }
  return kept.slice(0, count);
}

/**
 * The part of a basemap around what is seen. The world has some ten thousand segments; a software adapter
 * would spend seconds a frame on coasts that nobody sees, and on bays smaller than a pixel of `widthPx`.
 */
export function cropBasemap(basemap: Basemap, seen: Bounds, widthPx: number): BasemapCrop {
  const [west, south, east, north] = seen;
  const [marginX, marginY] = [(east - west) * MARGIN, (north - south) * MARGIN];
  const box: Bounds = [west - marginX, south - marginY, east + marginX, north + marginY];
  const leastDeg = ((east - west) / widthPx) * NEAREST_PX;
  const clip = (ring: FlatLine): FlatLine => thinLine(clipRing(ring, box), leastDeg);
  const land = basemap.land
    .map((rings) => rings.map(clip).filter((ring) => ring.length >= 8))
    .filter((rings) => rings.length > 0);
  const cut = (line: FlatLine): FlatLine[] =>
    clipLine(line, box).map((run) => thinLine(run, leastDeg));
  return {
    box,
    basemap: {
      source: basemap.source,
      land,
      borders: basemap.borders.flatMap(cut),
      coasts: basemap.coasts.flatMap(cut),
    },
  };
}
