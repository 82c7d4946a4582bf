import { cellToBoundary } from "h3-js";
import { throwIfStopped } from "../../core/errors";
import type { CellTable } from "../../core/geo/cells";

/** West, south, east, north in degrees. */
export type Bounds = readonly [west: number, south: number, east: number, north: number];

/** The triangles of N cells, ready for the GPU. */
export interface CellGeometry {
  /** Vertices of cell n are starts[n] .. starts[n + 1] - 1. [N + 1] */
  readonly starts: Uint32Array;
  /**
   * x, y in deck.gl's common space (Web Mercator, the world is 512 wide, y goes north) as the nearest 32-bit
   * numbers, then what these leave over of the 64-bit ones. Projected here once, not in each frame. [V, 4]
   */
  readonly positions: Float32Array;
  /** Three vertices a triangle. */
  readonly indices: Uint32Array;
  readonly bounds: Bounds;
}

/** Pentagons have up to 10 vertices, hexagons on an edge of the icosahedron up to 8, all others 6. */
const MOST_VERTICES = 10;
const SLICE_MS = 24;
const CELLS_BETWEEN_CLOCKS = 512;

const RADIANS = Math.PI / 180;

/** Web Mercator, 0 to 512 from about 85 degrees south to 85 north. */
function mercatorY(lat: number): number {
  return 256 + (256 / Math.PI) * Math.log(Math.tan(Math.PI / 4 + (lat * RADIANS) / 2));
}

class GeometryBuilder {
  readonly #table: CellTable;
  readonly #starts: Uint32Array;
  #positions: Float32Array;
  #vertexCount = 0;
  #west = 180;
  #south = 90;
  #east = -180;
  #north = -90;

  constructor(table: CellTable) {
    const N = table.hi.length;
    this.#table = table;
    this.#starts = new Uint32Array(N + 1);
    this.#positions = new Float32Array((N * 6 + MOST_VERTICES) * 4);
  }

  addCell(n: number): void {
    // h3-js takes the lower half first. Its vertices of neighbours are equal to the last bit (at the borders of
    // the icosahedron's faces to a nanometre), which keeps the layer without gaps: nothing may be rounded here.
    const boundary = cellToBoundary([this.#table.lo[n]!, this.#table.hi[n]!]);
    this.#makeRoom(boundary.length);
    for (const [lat, lng] of boundary) this.#addVertex(lng, lat);
    this.#starts[n + 1] = this.#vertexCount;
  }

  build(): CellGeometry {
    const starts = this.#starts;
    return {
      starts,
      positions: this.#positions.subarray(0, this.#vertexCount * 4),
      indices: fanIndices(starts),
      bounds: [this.#west, this.#south, this.#east, this.#north],
    };
  }

  #addVertex(lng: number, lat: number): void {
    const at = this.#vertexCount++ * 4;
    const [x, y] = [(256 * (lng + 180)) / 180, mercatorY(lat)];
    const [highX, highY] = [Math.fround(x), Math.fround(y)];
    this.#positions[at] = highX;
    this.#positions[at + 1] = highY;
    this.#positions[at + 2] = x - highX;
    this.#positions[at + 3] = y - highY;
    if (lng < this.#west) this.#west = lng;
    if (lng > this.#east) this.#east = lng;
    if (lat < this.#south) this.#south = lat;
    if (lat > this.#north) this.#north = lat;
  }

  #makeRoom(vertexCount: number): void {
    const needed = (this.#vertexCount + vertexCount) * 4;
    if (needed <= this.#positions.length) return;
    const wider = new Float32Array(Math.ceil(needed * 1.1));
    wider.set(this.#positions);
    this.#positions = wider;
  }
}

/** A fan of triangles per cell: cells are convex. */
function fanIndices(starts: Uint32Array): Uint32Array {
  const N = starts.length - 1;
  const indices = new Uint32Array(Math.max(0, starts[N]! - 2 * N) * 3);
  let at = 0;
  for (let n = 0; n < N; n++) {
    const first = starts[n]!;
    for (let v = first + 1; v + 1 < starts[n + 1]!; v++) {
      indices[at++] = first;
      indices[at++] = v;
      indices[at++] = v + 1;
    }
  }
  return indices;
}

/** The triangles of a table's cells in one go (about 2 microseconds a cell). */
export function buildCellGeometry(table: CellTable): CellGeometry {
  const builder = new GeometryBuilder(table);
  for (let n = 0; n < table.hi.length; n++) builder.addCell(n);
  return builder.build();
}

async function buildInSlices(table: CellTable, signal?: AbortSignal): Promise<CellGeometry> {
  const builder = new GeometryBuilder(table);
  let sliceEnd = performance.now() + SLICE_MS;
  for (let n = 0; n < table.hi.length; n++) {
    builder.addCell(n);
    if (n % CELLS_BETWEEN_CLOCKS > 0 || performance.now() < sliceEnd) continue;
    await new Promise((resolve) => setTimeout(resolve));
    throwIfStopped(signal);
    sliceEnd = performance.now() + SLICE_MS;
  }
  return builder.build();
}

/** Geometries made so far; they go when their table goes. */
const made = new WeakMap<CellTable, CellGeometry>();

/**
 * The same in slices that leave the page alive, made once per table.
 * Rejects with "stopped" when the signal is aborted.
 */
export async function getCellGeometry(
  table: CellTable,
  signal?: AbortSignal,
): Promise<CellGeometry> {
  const geometry = made.get(table) ?? (await buildInSlices(table, signal));
  made.set(table, geometry);
  return geometry;
}

/** One colour a cell as one colour a vertex, what the GPU wants. [N, 4] -> [V, 4] */
export function spreadColors(colors: Uint8Array, starts: Uint32Array): Uint8Array {
  const N = starts.length - 1;
  const from = new Uint32Array(colors.slice(0, N * 4).buffer);
  const spread = new Uint32Array(starts[N]!);
  for (let n = 0; n < N; n++) spread.fill(from[n]!, starts[n], starts[n + 1]);
  return new Uint8Array(spread.buffer);
}
