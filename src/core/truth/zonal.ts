import { cellToBoundary } from "h3-js";
import { FootfallError } from "../errors";
import { cellCentres, haversineKm, type CellTable } from "../geo/cells";
import { createPace, type Progress } from "../pace";
import { clipHalf, coverPixels, polygonArea, polygonRange, type Polygon } from "./cover";
import { describeExtent } from "./extent";
import type { Raster, Window } from "./raster";
import { createTally, type CellTruth, type Statistic, type Tally } from "./tally";

/** Pixels in one read: 16 MB as float32, and never less than one tile. */
const MAX_READ_PIXELS = 4_194_304;

/** The cell's corners in pixels; undefined where the projection does not reach or tears the cell apart. */
function cellPolygon(raster: Raster, table: CellTable, n: number): Polygon | undefined {
  const corners = cellToBoundary([table.lo[n]!, table.hi[n]!]);
  const polygon = corners.flatMap(([lat, lng]) => raster.toPixel(lat, lng));
  if (!polygon.every(Number.isFinite)) return undefined;
  const { turn } = raster;
  if (turn !== undefined) {
    // a cell across the antimeridian stays in one piece
    for (let i = 2; i < polygon.length; i += 2)
      polygon[i]! -= Math.round((polygon[i]! - polygon[0]!) / turn) * turn;
  }
  return isWhole(raster, corners, polygon) ? polygon : undefined;
}

/** The middle of the corners on the raster lies in the middle of the cell, not on the other side of the world. */
function isWhole(
  raster: Raster,
  corners: readonly (readonly [number, number])[],
  polygon: Polygon,
): boolean {
  const middle = (axis: 0 | 1): number =>
    polygon.reduce((sum, value, i) => sum + (i % 2 === axis ? value : 0), 0) / corners.length;
  const [lat, lng] = raster.toPlace(middle(0), middle(1));
  const opposite = corners[corners.length >> 1]!;
  const acrossKm = haversineKm(...corners[0]!, ...opposite);
  return haversineKm(lat, lng, ...corners[0]!) < acrossKm; // false for NaN, too
}

/** The polygon where it touches the raster: once, or shifted by a turn around the globe, or not at all. */
function placeOnRaster(raster: Raster, polygon: Polygon): Polygon[] {
  const { turn, width, height } = raster;
  const [top, bottom] = polygonRange(polygon, 1);
  if (bottom <= 0 || top >= height) return [];
  const shifts = turn === undefined ? [0] : [-turn, 0, turn];
  return shifts
    .map((shift) => polygon.map((value, i) => (i % 2 === 0 ? value + shift : value)))
    .filter((placed) => {
      const [left, right] = polygonRange(placed, 0);
      return right > 0 && left < width;
    });
}

/** A piece of a cell on the raster, and the read that it belongs to. */
interface Piece {
  readonly cell: number;
  readonly polygon: Polygon;
  readonly block: number;
}

/** Reads go by blocks of whole tiles; a striped file is read over its full width. */
function blockSize({ width, tileWidth, tileHeight }: Raster): [width: number, height: number] {
  const blockWidth = Math.max(512, tileWidth);
  const rows = Math.max(256, Math.floor(MAX_READ_PIXELS / 2 / Math.min(blockWidth, width)) & ~255);
  return [blockWidth, Math.max(tileHeight, Math.min(1024, rows))];
}

/** The parts of a polygon in stripes of `size` along an axis, with the number of each stripe. */
function* cutStripes(
  polygon: Polygon,
  axis: 0 | 1,
  [size, end]: readonly [size: number, end: number],
): Generator<[stripe: number, part: Polygon]> {
  const [from, to] = polygonRange(polygon, axis);
  const first = Math.max(0, Math.floor(from / size));
  const last = Math.min(Math.ceil(end / size), Math.ceil(to / size)) - 1;
  for (let stripe = first; stripe <= last; stripe++) {
    const isInside = from >= stripe * size && to <= (stripe + 1) * size;
    const part = isInside
      ? polygon
      : clipHalf(clipHalf(polygon, axis, stripe * size, true), axis, (stripe + 1) * size, false);
    if (part.length >= 6) yield [stripe, part];
  }
}

/** The smallest window of the raster that holds the pieces. */
function findWindow({ width, height }: Raster, pieces: readonly Piece[]): Window {
  const window = { left: width, top: height, right: 0, bottom: 0 };
  for (const { polygon } of pieces) {
    const [left, right] = polygonRange(polygon, 0);
    const [top, bottom] = polygonRange(polygon, 1);
    window.left = Math.max(0, Math.min(window.left, Math.floor(left)));
    window.top = Math.max(0, Math.min(window.top, Math.floor(top)));
    window.right = Math.min(width, Math.max(window.right, Math.ceil(right)));
    window.bottom = Math.min(height, Math.max(window.bottom, Math.ceil(bottom)));
  }
  return window;
}

/** Adds one piece's pixels to its cell. */
function addPiece(
  tally: Tally,
  { cell, polygon }: Piece,
  { raster, window, values }: { raster: Raster; window: Window; values: ArrayLike<number> },
): void {
  const columns = window.right - window.left;
  coverPixels(polygon, (column, row, share) => {
    if (column < 0 || row < 0 || column >= raster.width || row >= raster.height) return;
    tally.addInside(cell, share);
    const value = values[(row - window.top) * columns + column - window.left]!;
    if (!Number.isNaN(value) && value !== raster.noData) tally.addValue(cell, value, share);
  });
}

/** Pieces of all cells, cut at the borders of the blocks: no read is larger than a block, however large the cell. */
function* findPieces(raster: Raster, table: CellTable, tally: Tally): Generator<number, Piece[]> {
  const pieces: Piece[] = [];
  const [blockWidth, blockHeight] = blockSize(raster);
  const columns = Math.ceil(raster.width / blockWidth);
  for (let cell = 0; cell < table.hi.length; cell++) {
    if (cell % 256 === 0) yield cell;
    const whole = cellPolygon(raster, table, cell);
    if (!whole) continue;
    tally.setArea(cell, polygonArea(whole));
    for (const placed of placeOnRaster(raster, whole)) {
      for (const [y, band] of cutStripes(placed, 1, [blockHeight, raster.height])) {
        for (const [x, polygon] of cutStripes(band, 0, [blockWidth, raster.width]))
          pieces.push({ cell, polygon, block: y * columns + x });
      }
    }
  }
  return pieces.sort((a, b) => a.block - b.block || a.cell - b.cell);
}

/** The one sentence for a layer and cells that do not meet. */
function refuseApart(raster: Raster, table: CellTable): FootfallError {
  const { lat, lng } = cellCentres(table);
  return new FootfallError(
    "no-data",
    `${raster.name} covers ${describeExtent(rasterPlaces(raster))}, but the cells lie at ${describeExtent({ lat, lng })}: no cell lies on it`,
  );
}

/** Nine places of a raster: its corners, the middles of its sides, and its own. */
export function rasterPlaces(raster: Raster): { lat: number[]; lng: number[] } {
  const parts = [0, 0.5, 1];
  const places = parts.flatMap((y) =>
    parts.map((x) => raster.toPlace(x * raster.width, y * raster.height)),
  );
  return { lat: places.map(([lat]) => lat), lng: places.map(([, lng]) => lng) };
}

/**
 * A mean or share of a cell keeps at least this many pixels. Overviews of classes are made by votes, which
 * favour the frequent class: on the ESA tile a factor of 2 moved a share by 0.003 at most, 4 by 0.005.
 */
const MIN_PIXELS_A_CELL = 262_144;
const SAMPLED_CELLS = 32;

/** The coarsest overview of which a cell still has enough pixels. Sums are always of the file's own pixels. */
export function chooseLevel(raster: Raster, table: CellTable, statistic: Statistic): Raster {
  if (statistic.kind === "sum") return raster;
  const step = Math.max(1, Math.floor(table.hi.length / SAMPLED_CELLS));
  const areas: number[] = [];
  for (let n = 0; n < table.hi.length; n += step) {
    const polygon = cellPolygon(raster, table, n);
    if (polygon) areas.push(polygonArea(polygon));
  }
  const least = Math.min(...areas);
  const enough = (level: Raster): boolean => least / level.factor ** 2 >= MIN_PIXELS_A_CELL;
  return raster.overviews.findLast(enough) ?? raster;
}

/**
 * One truth per cell from a raster: every pixel counts by the share of it inside the hexagon. The hexagon's
 * edges are straight in the raster's own coordinates (a resolution 8 edge of 0.5 km bends by far less than a
 * metre). Reads by windows, in a fixed order, at the level that it is given (see `chooseLevel`). Throws
 * "no-data" when no cell lies on the raster, "bad-file", "stopped".
 */
export async function* zonalStatistics(
  raster: Raster,
  table: CellTable,
  statistic: Statistic,
  signal?: AbortSignal,
): AsyncGenerator<Progress, CellTruth> {
  const pace = createPace(signal);
  const N = table.hi.length;
  const tally = createTally(N, statistic);
  const search = findPieces(raster, table, tally);
  let found = search.next();
  for (; !found.done; found = search.next()) {
    if (!pace.due()) continue;
    await pace.rest();
    yield { phase: "lay the cells on the raster", done: found.value, total: N, unit: "cells" };
  }
  const pieces = found.value;
  if (pieces.length === 0) throw refuseApart(raster, table);
  for (let from = 0, end = 0; from < pieces.length; from = end) {
    while (end < pieces.length && pieces[end]!.block === pieces[from]!.block) end++;
    const ofBlock = pieces.slice(from, end);
    const window = findWindow(raster, ofBlock);
    const values = await raster.read(window, signal);
    for (const [i, piece] of ofBlock.entries()) {
      addPiece(tally, piece, { raster, window, values });
      if (!pace.due()) continue;
      await pace.rest();
      yield { phase: "read the raster", done: from + i, total: pieces.length, unit: "pieces" };
    }
  }
  return tally.build(raster.name);
}
