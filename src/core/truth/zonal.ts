import { cellToBoundary } from "h3-js";
import { FootfallError } from "../errors";
import { cellCentres, type CellTable } from "../geo/cells";
import { createPace, type Progress } from "../pace";
import { coverPixels, polygonArea, polygonRange, type Polygon } from "./cover";
import type { Raster, Window } from "./raster";

/** What is asked of the pixels in a cell: their mean, their sum, or the share of them that has one value. */
export type Statistic =
  | { readonly kind: "mean" }
  | { readonly kind: "sum" }
  | { readonly kind: "share"; readonly value: number };

/** One truth per cell, in the order of the cell table. */
export interface CellTruth {
  /** NaN where the cell has no pixel with data, or lies too far outside the raster. */
  readonly values: Float64Array; // [N]
  /** Pixels with data in the cell, each counted by the share of it that lies in the cell. */
  readonly pixels: Float64Array; // [N]
  /** Share of the cell's area that lies within the raster, with data or without. */
  readonly inside: Float64Array; // [N]
  /** Number of cells with a value. */
  readonly count: number;
}

/**
 * Share of a cell that must lie within the raster for a value. A mean of half a cell still says something,
 * a sum of half a cell is about half of the truth.
 */
const MIN_INSIDE = { mean: 0.5, share: 0.5, sum: 0.99 };

/** Pixels in one read: 16 MB as float32, and never less than one tile. */
const MAX_READ_PIXELS = 4_194_304;

/** A cell's corners in pixels; undefined where the projection does not reach. */
function cellPolygon(raster: Raster, table: CellTable, n: number): Polygon | undefined {
  const corners = cellToBoundary([table.lo[n]!, table.hi[n]!]);
  const lng0 = corners[0]![1];
  const polygon = corners.flatMap(([lat, lng]) => {
    const turns = Math.round((lng - lng0) / 360); // a cell across the antimeridian stays in one piece
    return raster.toPixel(lat, raster.turn === undefined ? lng : lng - turns * 360);
  });
  return polygon.every(Number.isFinite) ? polygon : undefined;
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

/** What has been added up of each cell, [N] each. */
interface Sums {
  readonly weight: Float64Array; // area with data
  readonly value: Float64Array; // area times value, or area of the asked value
  readonly inside: Float64Array; // area within the raster
  readonly area: Float64Array;
}

/** Adds one piece's pixels to its cell. */
function addPiece(
  sums: Sums,
  { cell, polygon }: Piece,
  [window, values, raster, statistic]: [Window, ArrayLike<number>, Raster, Statistic],
): void {
  const columns = window.right - window.left;
  coverPixels(polygon, (column, row, share) => {
    if (column < 0 || row < 0 || column >= raster.width || row >= raster.height) return;
    sums.inside[cell]! += share;
    const value = values[(row - window.top) * columns + column - window.left]!;
    if (Number.isNaN(value) || value === raster.noData) return;
    sums.weight[cell]! += share;
    const counted = statistic.kind === "share" ? Number(value === statistic.value) : value;
    sums.value[cell]! += share * counted;
  });
}

/** Pieces of all cells, those of one block together. */
function* findPieces(raster: Raster, table: CellTable, sums: Sums): Generator<number, Piece[]> {
  const pieces: Piece[] = [];
  const [blockWidth, blockHeight] = blockSize(raster);
  const columns = Math.ceil(raster.width / blockWidth);
  for (let cell = 0; cell < table.hi.length; cell++) {
    if (cell % 256 === 0) yield cell;
    const whole = cellPolygon(raster, table, cell);
    if (!whole) continue;
    sums.area[cell] = polygonArea(whole);
    for (const polygon of placeOnRaster(raster, whole)) {
      const x = Math.max(0, Math.floor(polygonRange(polygon, 0)[0] / blockWidth));
      const y = Math.max(0, Math.floor(polygonRange(polygon, 1)[0] / blockHeight));
      pieces.push({ cell, polygon, block: y * columns + x });
    }
  }
  return pieces.sort((a, b) => a.block - b.block || a.cell - b.cell);
}

/** Where the sums become truths. */
function summarise(sums: Sums, { kind }: Statistic): CellTruth {
  const inside = sums.inside.map((area, n) => (area > 0 ? Math.min(1, area / sums.area[n]!) : 0));
  const values = sums.value.map((value, n) => {
    if (sums.weight[n] === 0 || inside[n]! < MIN_INSIDE[kind]) return NaN;
    return kind === "sum" ? value : value / sums.weight[n]!;
  });
  const count = values.reduce((n, value) => n + Number(!Number.isNaN(value)), 0);
  return { values, pixels: sums.weight, inside, count };
}

/** "lat 1.23 to 4.56, lng 7.89 to 10.11" of some places. */
function describeExtent(lat: ArrayLike<number>, lng: ArrayLike<number>): string {
  const range = (values: ArrayLike<number>): string => {
    const finite = Array.from(values).filter(Number.isFinite);
    const [min, max] = [
      finite.reduce((a, b) => Math.min(a, b), Infinity),
      finite.reduce((a, b) => Math.max(a, b), -Infinity),
    ];
    return `${min.toFixed(2)} to ${max.toFixed(2)}`;
  };
  return `lat ${range(lat)}, lng ${range(lng)}`;
}

/** The one sentence for a layer and cells that do not meet. */
function refuseApart(raster: Raster, table: CellTable): FootfallError {
  const { width, height } = raster;
  const corners = [0, 0.5, 1].flatMap((y) =>
    [0, 0.5, 1].map((x) => raster.toPlace(x * width, y * height)),
  );
  const layer = describeExtent(
    corners.map(([lat]) => lat),
    corners.map(([, lng]) => lng),
  );
  const { lat, lng } = cellCentres(table);
  return new FootfallError(
    "no-data",
    `${raster.name} covers ${layer}, but the cells lie at ${describeExtent(lat, lng)}: no cell lies on it`,
  );
}

/**
 * One truth per cell from a raster: every pixel counts by the share of it inside the hexagon. The hexagon's
 * edges are straight in the raster's own coordinates (a resolution 8 edge of 0.5 km bends by far less than a
 * metre). Reads by windows, in a fixed order. Throws "no-data" when no cell lies on the raster.
 */
export async function* zonalStatistics(
  raster: Raster,
  table: CellTable,
  statistic: Statistic,
  signal?: AbortSignal,
): AsyncGenerator<Progress, CellTruth> {
  const pace = createPace(signal);
  const N = table.hi.length;
  const column = (): Float64Array => new Float64Array(N);
  const sums: Sums = { weight: column(), value: column(), inside: column(), area: column() };
  const search = findPieces(raster, table, sums);
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
      addPiece(sums, piece, [window, values, raster, statistic]);
      if (!pace.due()) continue;
      await pace.rest();
      yield { phase: "read the raster", done: from + i, total: pieces.length, unit: "cells" };
    }
  }
  return summarise(sums, statistic);
}
