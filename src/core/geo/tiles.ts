import { FACE_NUMBERS, projectFaces, scaleOf } from "./icosahedron";

/**
 * Tiles of half a degree in which the distances P1 and P2 of a place to the borders of its face's hexagon
 * grid (`projectFaces`) are polynomials of latitude and longitude: H3's cells without sines and without a
 * division. Poles and the antimeridian are tiles as any other.
 */
export const TILE_DEG = 0.5;
export const TILE_ROWS = 180 / TILE_DEG;
export const TILE_COLUMNS = 360 / TILE_DEG;

const HALF_DEG = TILE_DEG / 2;
const RADIANS = Math.PI / 180;
const NODES = 6;
const DEGREE = 4;

/** Powers of s and t of each coefficient: 1, t, t2, t3, t4, s, st, ... */
export const POWERS: readonly (readonly [s: number, t: number])[] = Array.from(
  { length: DEGREE + 1 },
  (_, i) => Array.from({ length: DEGREE + 1 - i }, (_, j) => [i, j] as const),
).flat();
/** Coefficients of one polynomial. */
export const COEFFICIENTS = POWERS.length;

/**
 * What a polynomial is off by, in gnomonic units: the tail of the series (at most 1.6e-12, swept over half of
 * the globe's tiles, doubled for aliasing) and the rounding of the fit.
 */
const TAIL = 8e-12;
/** Errors of h3-js, as in `CellEncoder`: a constant part, and one that grows towards a face's middle. */
const H3_ERROR = 8e-14;
const NEAR_ERROR = 2e-15;

/** The polynomials of a tile on one face: s and t run from -1 to 1 over latitude and longitude. */
export interface TileFace {
  face: number;
  /** [15] each, by `POWERS` */
  p1: Float64Array;
  p2: Float64Array;
  /** Bound on what P1, P2 and h3-js itself are off by together. */
  error: number;
}

export interface Tile {
  /** One face, or two where an edge between them runs through. */
  faces: TileFace[];
  /** Where there are two: above 0 on the first, below 0 on the second; the difference of two cosines. */
  edge?: Float64Array; // [15]
}

/** Coefficients of Chebyshev's polynomials: row p is T_p by powers. */
function chebyshev(count: number): number[][] {
  const rows = [
    [1, 0],
    [0, 1],
  ];
  for (let p = 2; p < count; p++) {
    const [before, last] = [rows[p - 2]!, rows[p - 1]!];
    rows.push(Array.from({ length: p + 1 }, (_, i) => 2 * (last[i - 1] ?? 0) - (before[i] ?? 0)));
  }
  return rows;
}

const angleOf = (k: number): number => ((2 * k + 1) * Math.PI) / (2 * NODES);
const NODE = Array.from({ length: NODES }, (_, k) => Math.cos(angleOf(k)));

/** [15, 36]: values at the nodes to coefficients, by way of Chebyshev's series cut at degree 4. */
const FIT = createFit();

function createFit(): Float64Array {
  const terms = chebyshev(DEGREE + 1);
  const share = (p: number, k: number): number =>
    ((p === 0 ? 1 : 2) / NODES) * Math.cos(p * angleOf(k));
  const fit = new Float64Array(COEFFICIENTS * NODES * NODES);
  POWERS.forEach(([i, j], row) => {
    for (const [p, q] of POWERS) {
      const weight = (terms[p]![i] ?? 0) * (terms[q]![j] ?? 0);
      if (weight === 0) continue;
      for (let n = 0; n < NODES * NODES; n++) {
        const [k, l] = [Math.floor(n / NODES), n % NODES];
        fit[row * NODES * NODES + n]! += weight * share(p, k) * share(q, l);
      }
    }
  });
  return fit;
}

function fitValues(values: Float64Array): Float64Array {
  const coefficients = new Float64Array(COEFFICIENTS);
  for (let row = 0, at = 0; row < COEFFICIENTS; row++) {
    let sum = 0;
    for (let n = 0; n < NODES * NODES; n++) sum += FIT[at++]! * values[n]!;
    coefficients[row] = sum;
  }
  return coefficients;
}

/** Middle of a tile in degrees. */
export const tileLat = (row: number): number => (row + 0.5) * TILE_DEG - 90;
export const tileLng = (column: number): number => (column + 0.5) * TILE_DEG - 180;

/** Fits the tiles of one resolution. */
export class TileFitter {
  readonly #faces: Float64Array;
  readonly #scale: number;
  /** Unit vectors of the 36 nodes, then the middle. */
  readonly #nodes = new Float64Array((NODES * NODES + 1) * 3);

  constructor(resolution: number) {
    this.#faces = projectFaces(resolution);
    this.#scale = scaleOf(resolution);
  }

  /** The tile's polynomials; undefined where three faces or more meet. */
  fit(row: number, column: number): Tile | undefined {
    this.#placeNodes(row, column);
    const reach = reachOf(row);
    const [first, second, third] = this.#candidates(reach);
    if (first === undefined || third !== undefined) return undefined;
    if (second === undefined) return { faces: [this.#fitFace(first, reach)] };
    const [f, g] = [first * FACE_NUMBERS, second * FACE_NUMBERS];
    const edge = this.#fitWith((x, y, z) => this.#dot(f, x, y, z) - this.#dot(g, x, y, z));
    return { faces: [this.#fitFace(first, reach), this.#fitFace(second, reach)], edge };
  }

  #placeNodes(row: number, column: number): void {
    const nodes = this.#nodes;
    const place = (n: number, s: number, t: number): void => {
      const lat = (tileLat(row) + HALF_DEG * s) * RADIANS;
      const lng = (tileLng(column) + HALF_DEG * t) * RADIANS;
      nodes[3 * n] = Math.cos(lat) * Math.cos(lng);
      nodes[3 * n + 1] = Math.cos(lat) * Math.sin(lng);
      nodes[3 * n + 2] = Math.sin(lat);
    };
    for (let n = 0; n < NODES * NODES; n++) {
      place(n, NODE[Math.floor(n / NODES)]!, NODE[n % NODES]!);
    }
    place(NODES * NODES, 0, 0);
  }

  /** v . w for the vector at `f` in the faces' numbers. */
  #dot(f: number, x: number, y: number, z: number): number {
    return this.#faces[f]! * x + this.#faces[f + 1]! * y + this.#faces[f + 2]! * z;
  }

  #cosine(face: number): number {
    const middle = NODES * NODES * 3;
    const [x, y, z] = [this.#nodes[middle]!, this.#nodes[middle + 1]!, this.#nodes[middle + 2]!];
    return this.#dot(face * FACE_NUMBERS, x, y, z);
  }

  /** Faces that reach into the tile, the nearest first. */
  #candidates(reach: number): number[] {
    const cosines = Array.from({ length: 20 }, (_, face) => this.#cosine(face));
    const nearest = cosines.indexOf(Math.max(...cosines));
    const apart = (face: number): number => {
      const at = (f: number, k: number): number => this.#faces[f * FACE_NUMBERS + k]!;
      return Math.hypot(...[0, 1, 2].map((k) => at(nearest, k) - at(face, k)));
    };
    const others = cosines.flatMap((cosine, face) =>
      face !== nearest && cosines[nearest]! - cosine <= apart(face) * reach ? [face] : [],
    );
    return [nearest, ...others];
  }

  #fitWith(valueOf: (x: number, y: number, z: number) => number): Float64Array {
    const nodes = this.#nodes;
    const values = new Float64Array(NODES * NODES);
    for (let n = 0; n < values.length; n++) {
      values[n] = valueOf(nodes[3 * n]!, nodes[3 * n + 1]!, nodes[3 * n + 2]!);
    }
    return fitValues(values);
  }

  #fitFace(face: number, reach: number): TileFace {
    const f = face * FACE_NUMBERS;
    const p1 = this.#fitWith((x, y, z) => this.#dot(f + 3, x, y, z) / this.#dot(f, x, y, z));
    const p2 = this.#fitWith((x, y, z) => this.#dot(f + 6, x, y, z) / this.#dot(f, x, y, z));
    const distance = Math.acos(Math.min(1, this.#cosine(face)));
    const rho = Math.tan(Math.max(0, distance - reach));
    const near = NEAR_ERROR / Math.max(rho, 0.4 / this.#scale); // no border is nearer to the middle
    return { face, p1, p2, error: 2 * this.#scale * (TAIL + H3_ERROR + near) };
  }
}

/** Radius of a circle that holds a tile, with a little room for places rounded out of it. */
function reachOf(row: number): number {
  const nearest = Math.max(0, Math.abs(tileLat(row)) - HALF_DEG); // of its latitudes to the equator
  return 1.0001 * HALF_DEG * RADIANS * Math.hypot(1, Math.cos(nearest * RADIANS));
}
