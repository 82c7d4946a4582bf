/** A ring within a cell: longitude and latitude in turn, in degrees away from the cell's centre. */
export interface Piece {
  readonly coordinates: ArrayLike<number>;
  /** Number of the polygon, in the cell, that the ring belongs to. */
  readonly polygon: number;
}

const RADIANS = Math.PI / 180;

/** Integral of x cos(lat) over the heights ya to yb below a straight edge; Simpson, exact to 1e-9 of the largest cell. */
function integrate(xa: number, xb: number, [ya, yb, lat]: readonly number[]): number {
  const at = (y: number): number => Math.cos((lat! + y) * RADIANS);
  const middle = 2 * (xa + xb) * at((ya! + yb!) / 2);
  return ((yb! - ya!) / 6) * (xa * at(ya!) + middle + xb * at(yb!));
}

/** Area of a ring around a centre at `lat`, in square degrees of an equal-area map. */
export function ringArea(ring: ArrayLike<number>, lat: number): number {
  let sum = 0;
  for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
    sum += integrate(ring[j]!, ring[i]!, [ring[j + 1]!, ring[i + 1]!, lat]);
  }
  return Math.abs(sum);
}

/** Edges that rise or fall, lower end first, sorted by their lower end. Most cells have a dozen: plain arrays cost least. */
interface Edges {
  readonly count: number;
  readonly x0: readonly number[];
  readonly y0: readonly number[];
  readonly x1: readonly number[];
  readonly y1: readonly number[];
  readonly polygon: readonly number[];
}

function toEdges(pieces: readonly Piece[]): Edges {
  const found: number[] = []; // five numbers an edge
  for (const { coordinates: ring, polygon } of pieces) {
    for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
      const [ax, ay, bx, by] = [ring[j]!, ring[j + 1]!, ring[i]!, ring[i + 1]!];
      if (ay < by) found.push(ax, ay, bx, by, polygon);
      else if (by < ay) found.push(bx, by, ax, ay, polygon);
    }
  }
  const count = found.length / 5;
  const order: number[] = [];
  for (let e = 0; e < count; e++) order.push(e);
  order.sort((a, b) => found[5 * a + 1]! - found[5 * b + 1]!);
  const column = (k: number): number[] => order.map((e) => found[5 * e + k]!);
  return { count, x0: column(0), y0: column(1), x1: column(2), y1: column(3), polygon: column(4) };
}

const xAt = ({ x0, y0, x1, y1 }: Edges, e: number, y: number): number =>
  x0[e]! + ((y - y0[e]!) / (y1[e]! - y0[e]!)) * (x1[e]! - x0[e]!);

/** Height at which two edges cross, NaN where they do not. */
function crossing(edges: Edges, a: number, b: number): number {
  const from = Math.max(edges.y0[a]!, edges.y0[b]!);
  const to = Math.min(edges.y1[a]!, edges.y1[b]!);
  if (from >= to) return NaN;
  const below = xAt(edges, a, from) - xAt(edges, b, from);
  const above = xAt(edges, a, to) - xAt(edges, b, to);
  if (below * above >= 0) return NaN;
  return from + (below / (below - above)) * (to - from);
}

/** All heights at which an edge begins, ends or crosses another, rising. */
function findHeights(edges: Edges): number[] {
  const heights = [...edges.y0];
  for (const y of edges.y1) heights.push(y);
  for (let a = 0; a < edges.count; a++) {
    const left = Math.min(edges.x0[a]!, edges.x1[a]!);
    const right = Math.max(edges.x0[a]!, edges.x1[a]!);
    for (let b = a + 1; b < edges.count && edges.y0[b]! < edges.y1[a]!; b++) {
      if (edges.x0[b]! < left && edges.x1[b]! < left) continue;
      if (edges.x0[b]! > right && edges.x1[b]! > right) continue;
      const y = crossing(edges, a, b);
      if (!Number.isNaN(y)) heights.push(y);
    }
  }
  return heights.sort((a, b) => a - b);
}

/** Areas of what rings enclose. */
export interface SweptAreas {
  /** Area of the union of each group's polygons. */
  readonly groups: Float64Array;
  /** Area of the union of all. */
  readonly all: number;
}

/** Adds the areas between two neighbouring heights, where no two edges cross. */
class Slab {
  readonly #edges: Edges;
  readonly #groupOf: ArrayLike<number>;
  readonly #lat: number;
  readonly #isOdd: Uint8Array;
  readonly #depth: Int32Array;
  readonly groups: Float64Array;
  all = 0;

  constructor(edges: Edges, groupOf: ArrayLike<number>, [groupCount, lat]: [number, number]) {
    this.#edges = edges;
    this.#groupOf = groupOf;
    this.#lat = lat;
    this.#isOdd = new Uint8Array(groupOf.length);
    this.#depth = new Int32Array(groupCount);
    this.groups = new Float64Array(groupCount);
  }

  /** `active` are the edges through the slab from left to right. */
  add(active: readonly number[], ya: number, yb: number): void {
    let depth = 0; // polygons around the place where the walk has come to
    this.#isOdd.fill(0);
    this.#depth.fill(0);
    for (const e of active) {
      const polygon = this.#edges.polygon[e]!;
      const group = this.#groupOf[polygon]!;
      const step = this.#isOdd[polygon] === 1 ? -1 : 1;
      this.#isOdd[polygon]! ^= 1;
      const isBorder = depth + (depth + step) === 1; // between 0 and 1 polygons, either way
      const inGroup = this.#depth[group]!;
      const isGroupBorder = inGroup + (inGroup + step) === 1;
      depth += step;
      this.#depth[group] = inGroup + step;
      if (!isBorder && !isGroupBorder) continue;
      const area =
        -step * integrate(xAt(this.#edges, e, ya), xAt(this.#edges, e, yb), [ya, yb, this.#lat]);
      if (isBorder) this.all += area;
      if (isGroupBorder) this.groups[group]! += area;
    }
  }
}

/** Keeps the edges in the order in which the middle of a slab meets them; nearly sorted already. */
function sortByMiddle(active: number[], x: readonly number[]): void {
  for (let i = 1; i < active.length; i++) {
    const e = active[i]!;
    let j = i - 1;
    for (; j >= 0 && x[active[j]!]! > x[e]!; j--) active[j + 1] = active[j]!;
    active[j + 1] = e;
  }
}

/**
 * Areas that pieces of rings cover in one cell, exact up to rounding whatever overlaps or crosses: between
 * neighbouring heights no two edges cross, so that every border is one edge. Within a polygon the even-odd rule
 * holds, polygons of a group are united. `groupOf` gives the group (0 to groupCount - 1) of each polygon.
 */
export function sweepAreas(
  pieces: readonly Piece[],
  groupOf: ArrayLike<number>,
  [groupCount, lat]: [groupCount: number, lat: number],
): SweptAreas {
  const edges = toEdges(pieces);
  const heights = findHeights(edges);
  const slab = new Slab(edges, groupOf, [groupCount, lat]);
  const x = [...edges.x0];
  let active: number[] = [];
  let next = 0;
  for (let i = 0; i + 1 < heights.length; i++) {
    const [ya, yb] = [heights[i]!, heights[i + 1]!];
    if (yb <= ya) continue;
    active = active.filter((e) => edges.y1[e]! >= yb);
    while (next < edges.count && edges.y0[next]! <= ya) active.push(next++);
    for (const e of active) x[e] = xAt(edges, e, (ya + yb) / 2);
    sortByMiddle(active, x);
    slab.add(active, ya, yb);
  }
  return { groups: slab.groups, all: slab.all };
}
