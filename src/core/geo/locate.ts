import {
  cellToBoundary,
  cellToLatLng,
  getHexagonEdgeLengthAvg,
  getIcosahedronFaces,
  latLngToCell,
} from "h3-js";
import { hashToHi, hashToLo, type CellTableBuilder } from "./cells";

/**
 * How far inside a cell a place must be, as a share of the way from the border to the middle, to be known
 * without h3-js. An edge is a great circle, here a straight line in degrees: they part by
 * L^2 tan(lat) / 8R, under 0.06 % of that way at resolution 5 and 70 degrees, less at finer resolutions.
 */
const MARGIN = 0.004;
const COARSEST = 5;
const MAX_LAT = 70;
const MAX_LNG = 179;

const EDGES = 6;
const NUMBERS_PER_CELL = 3 * EDGES;
/** Cells remembered in one tile; about five touch it, the others are asked of h3-js every time. */
const SLOTS = 8;

/** Notes on a cell that is not remembered. */
const SEEN_ONCE = -1;
const REFUSED = -2;

/**
 * Finds the cells of many places. The first two places of a cell are looked up by h3-js; then its six edges
 * are remembered, and a place well inside them needs no look-up. Same answers as h3-js, a few times faster
 * where places share cells. Cells across an edge of the icosahedron, near the poles or the antimeridian
 * are always looked up.
 */
export class CellLocator {
  readonly #resolution: number;
  readonly #cells: CellTableBuilder;
  readonly #tileDeg: number;
  /** Tiles around the globe: numbers of tiles stay below 2^30, where they are fast keys, up to resolution 8. */
  readonly #columns: number;
  /** Row of `#planes` of each cell number, or a note. */
  readonly #rowOf = new Map<number, number>();
  readonly #cellOf: number[] = [];
  /** Each edge as a, b, c: a lat + b lng + c is 0 on the edge and 1 in the middle. */
  #planes = new Float64Array(1024 * NUMBERS_PER_CELL);
  readonly #tiles = new Map<number, Int32Array>();
  #lastRow = -1;

  constructor(resolution: number, cells: CellTableBuilder) {
    this.#resolution = resolution;
    this.#cells = cells;
    const edgeKm = getHexagonEdgeLengthAvg(resolution, "km");
    this.#tileDeg = (edgeKm * Math.sqrt(3)) / 111; // the width of a cell
    this.#columns = Math.ceil(360 / this.#tileDeg) + 1;
  }

  /** The number of the cell of a place, in the builder's table. */
  locate(lat: number, lng: number): number {
    if (this.#lastRow >= 0 && this.#holds(this.#lastRow, lat, lng)) {
      return this.#cellOf[this.#lastRow]!;
    }
    const tile = this.#tiles.get(this.#tileOf(lat, lng));
    if (tile !== undefined) {
      for (let slot = 0; slot < SLOTS; slot++) {
        const row = tile[slot]!;
        if (row < 0) break;
        if (!this.#holds(row, lat, lng)) continue;
        this.#lastRow = row;
        return this.#cellOf[row]!;
      }
    }
    return this.#lookUp(lat, lng);
  }

  #tileOf(lat: number, lng: number): number {
    const row = Math.floor((lat + 90) / this.#tileDeg);
    return row * this.#columns + Math.floor((lng + 180) / this.#tileDeg);
  }

  #holds(row: number, lat: number, lng: number): boolean {
    const planes = this.#planes;
    const end = (row + 1) * NUMBERS_PER_CELL;
    for (let at = row * NUMBERS_PER_CELL; at < end; at += 3) {
      if (planes[at]! * lat + planes[at + 1]! * lng + planes[at + 2]! < MARGIN) return false;
    }
    return true;
  }

  #lookUp(lat: number, lng: number): number {
    const hash = latLngToCell(lat, lng, this.#resolution);
    const cell = this.#cells.addHalves(hashToHi(hash), hashToLo(hash));
    const known = this.#rowOf.get(cell);
    if (known === undefined) this.#rowOf.set(cell, SEEN_ONCE);
    else if (known === SEEN_ONCE) this.#rowOf.set(cell, this.#remember(hash, cell));
    else if (known >= 0) this.#lastRow = known;
    return cell;
  }

  /** The row of a cell that is remembered from now on, or `REFUSED`. */
  #remember(hash: string, cell: number): number {
    const corners = cellToBoundary(hash);
    const isPlain =
      this.#resolution >= COARSEST &&
      corners.length === EDGES &&
      corners.every(([lat, lng]) => Math.abs(lat) < MAX_LAT && Math.abs(lng) < MAX_LNG) &&
      getIcosahedronFaces(hash).length === 1;
    if (!isPlain) return REFUSED;
    const row = this.#cellOf.push(cell) - 1;
    this.#writePlanes(row, corners, cellToLatLng(hash));
    this.#enterTiles(row, corners);
    return row;
  }

  #writePlanes(row: number, corners: [number, number][], middle: [number, number]): void {
    if ((row + 1) * NUMBERS_PER_CELL > this.#planes.length) {
      const grown = new Float64Array(this.#planes.length * 2);
      grown.set(this.#planes);
      this.#planes = grown;
    }
    corners.forEach(([lat, lng], i) => {
      const [nextLat, nextLng] = corners[(i + 1) % EDGES]!;
      const a = nextLng - lng;
      const b = lat - nextLat;
      const c = -(a * lat + b * lng);
      const inMiddle = a * middle[0] + b * middle[1] + c;
      this.#planes.set([a / inMiddle, b / inMiddle, c / inMiddle], row * NUMBERS_PER_CELL + 3 * i);
    });
  }

  /** Notes a row in every tile that the cell's box touches. */
  #enterTiles(row: number, corners: [number, number][]): void {
    const lats = corners.map(([lat]) => lat);
    const lngs = corners.map(([, lng]) => lng);
    const first = this.#tileOf(Math.min(...lats), Math.min(...lngs));
    const last = this.#tileOf(Math.max(...lats), Math.max(...lngs));
    const width = (last - first) % this.#columns;
    for (let start = first; start <= last; start += this.#columns) {
      for (let tile = start; tile <= start + width; tile++) this.#enter(tile, row);
    }
  }

  #enter(tile: number, row: number): void {
    let rows = this.#tiles.get(tile);
    if (rows === undefined) this.#tiles.set(tile, (rows = new Int32Array(SLOTS).fill(-1)));
    const free = rows.indexOf(-1);
    if (free >= 0) rows[free] = row;
  }
}
