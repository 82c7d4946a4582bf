import { cellToBoundary, cellToLatLng, getHexagonEdgeLengthAvg } from "h3-js";
import type { CellTable } from "../../geo/cells";
import type { Pace } from "../../pace";

/** Cells of one leaf. */
const LEAF = 8;
/** No corner of a cell lies farther from its centre than 1.10 mean edges (measured at all resolutions). */
const REACH = 1.25;
const EARTH_RADIUS_KM = 6371.0088; // H3's own
const RADIANS = Math.PI / 180;
const COUNT = 4; // south, west, north, east

/**
 * The cells of a table as a tree of boxes: node 1 is the root, node n has the children 2 n and 2 n + 1. Cells
 * stand in the order of their H3 index, in which neighbours lie together.
 */
export interface CellTree {
  /** Cell at each place of the tree's order. */
  readonly cellAt: Uint32Array; // [N]
  /** Centres in degrees, in the tree's order. */
  readonly lat: Float64Array; // [N]
  readonly lng: Float64Array; // [N]
  /** No cell reaches farther from its centre than this in degrees of latitude, and this in longitude. */
  readonly reach: number;
  readonly reachLng: Float64Array; // [N]
  /** Boxes that hold the cells of a node whole: south, west, north, east. */
  readonly boxes: Float64Array; // [4 nodes]
  /** First node that is a leaf. */
  readonly firstLeaf: number;
}

/** Base cell and digits of an index as one number, which fits a double: 52 bits. */
const toKey = (hi: number, lo: number): number => (hi & 0xfffff) * 2 ** 32 + lo;

/** Room around a centre that holds its cell, in degrees of latitude. */
function cellReach(resolution: number): number {
  return (REACH * getHexagonEdgeLengthAvg(resolution, "km")) / EARTH_RADIUS_KM / RADIANS;
}

/** The same in degrees of longitude at a latitude; all longitudes near a pole. */
function reachInLng(reach: number, lat: number): number {
  if (Math.abs(lat) + reach >= 90) return 180;
  return Math.asin(Math.sin(reach * RADIANS) / Math.cos(lat * RADIANS)) / RADIANS;
}

/** First and last place (exclusive) of a leaf's cells in the tree's order. */
export function leafRange(tree: CellTree, leaf: number): [from: number, end: number] {
  const from = (leaf - tree.firstLeaf) * LEAF;
  return [from, Math.min(from + LEAF, tree.cellAt.length)];
}

/** Place of a number in a rising column that has it. */
function findPlace(sorted: Float64Array, key: number): number {
  let [from, end] = [0, sorted.length];
  while (end - from > 1) {
    const middle = (from + end) >>> 1;
    if (sorted[middle]! <= key) from = middle;
    else end = middle;
  }
  return from;
}

/** Cells in the order of their keys. Typed arrays sort fast only without a comparison of our own. */
async function sortCells({ hi, lo }: CellTable, pace: Pace): Promise<Uint32Array> {
  const keys = Float64Array.from(hi, (half, n) => toKey(half, lo[n]!));
  const sorted = keys.toSorted();
  const cellAt = new Uint32Array(keys.length);
  for (let n = 0; n < keys.length; n++) {
    cellAt[findPlace(sorted, keys[n]!)] = n;
    if (n % 4096 === 0 && pace.due()) await pace.rest();
  }
  return cellAt;
}

/** Sorts the cells and lays the boxes: half a second for half a million cells. Throws "stopped". */
export async function buildCellTree(table: CellTable, pace: Pace): Promise<CellTree> {
  const N = table.hi.length;
  const cellAt = await sortCells(table, pace);
  const lat = new Float64Array(N);
  const lng = new Float64Array(N);
  const halves: [number, number] = [0, 0]; // h3-js takes the lower half first
  for (let place = 0; place < N; place++) {
    halves[0] = table.lo[cellAt[place]!]!;
    halves[1] = table.hi[cellAt[place]!]!;
    [lat[place], lng[place]] = cellToLatLng(halves);
    if (place % 1024 === 0 && pace.due()) await pace.rest();
  }
  const firstLeaf = 2 ** Math.ceil(Math.log2(Math.max(1, Math.ceil(N / LEAF))));
  const boxes = new Float64Array(2 * firstLeaf * COUNT);
  const reach = cellReach(table.resolution);
  const reachLng = lat.map((degree) => reachInLng(reach, degree));
  const tree = { cellAt, lat, lng, reach, reachLng, boxes, firstLeaf };
  layBoxes(tree);
  return tree;
}

function layBoxes({ lat, lng, reach, reachLng, boxes, firstLeaf }: CellTree): void {
  for (let at = 0; at < boxes.length; at += COUNT) {
    boxes.set([Infinity, Infinity, -Infinity, -Infinity], at);
  }
  for (let place = 0; place < lat.length; place++) {
    const wide = reachLng[place]!;
    const at = (firstLeaf + Math.floor(place / LEAF)) * COUNT;
    boxes[at] = Math.min(boxes[at]!, lat[place]! - reach);
    boxes[at + 1] = Math.min(boxes[at + 1]!, lng[place]! - wide);
    boxes[at + 2] = Math.max(boxes[at + 2]!, lat[place]! + reach);
    boxes[at + 3] = Math.max(boxes[at + 3]!, lng[place]! + wide);
  }
  for (let node = firstLeaf - 1; node > 0; node--) {
    const [at, left, right] = [node * COUNT, 2 * node * COUNT, (2 * node + 1) * COUNT];
    for (const i of [0, 1]) boxes[at + i] = Math.min(boxes[left + i]!, boxes[right + i]!);
    for (const i of [2, 3]) boxes[at + i] = Math.max(boxes[left + i]!, boxes[right + i]!);
  }
}

/** The outline of a cell: longitude and latitude in turn, in degrees away from the cell's centre. */
export interface CellOutline {
  readonly lat: number;
  readonly lng: number;
  /** The whole outline. */
  readonly whole: readonly number[];
  /** Convex parts of it that turn left: one, or several where the cell crosses an edge of the icosahedron. */
  readonly parts: readonly (readonly number[])[];
}

/** True where the outline does not turn right at the corner behind corner i. */
function turnsLeft(p: readonly number[], i: number): boolean {
  const [a, b, c] = [2 * i, (2 * i + 2) % p.length, (2 * i + 4) % p.length];
  const [dx, dy] = [p[b]! - p[a]!, p[b + 1]! - p[a + 1]!];
  return dx * (p[c + 1]! - p[b + 1]!) - dy * (p[c]! - p[b]!) >= 0;
}

/** The outline of the cell at a place; undefined for the two cells of a resolution that hold a pole. */
export function cellOutline(
  table: CellTable,
  tree: CellTree,
  place: number,
): CellOutline | undefined {
  const n = tree.cellAt[place]!;
  const [lat, lng] = [tree.lat[place]!, tree.lng[place]!];
  const whole: number[] = [];
  let turn = 0;
  let before = 0;
  for (const corner of cellToBoundary([table.lo[n]!, table.hi[n]!])) {
    const x = corner[1] - lng - 360 * Math.round((corner[1] - lng) / 360);
    if (whole.length > 0) turn += Math.round((x - before) / 360);
    before = x;
    whole.push(x, corner[0] - lat);
  }
  turn += Math.round((whole[0]! - before) / 360);
  if (turn !== 0) return undefined;
  return { lat, lng, whole, parts: toConvexParts(whole) };
}

/** The outline itself, or triangles around its middle. */
function toConvexParts(whole: readonly number[]): (readonly number[])[] {
  let isConvex = true;
  for (let i = 0; 2 * i < whole.length; i++) isConvex &&= turnsLeft(whole, i);
  if (isConvex) return [whole];
  return Array.from({ length: whole.length / 2 }, (_, i) => {
    const next = (2 * i + 2) % whole.length;
    return [0, 0, whole[2 * i]!, whole[2 * i + 1]!, whole[next]!, whole[next + 1]!];
  });
}
