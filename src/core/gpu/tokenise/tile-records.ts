import {
  COEFFICIENTS,
  POWERS,
  TILE_COLUMNS,
  TILE_DEG,
  TILE_ROWS,
  TileFitter,
  type TileFace,
} from "../../geo/tiles";

/** Degrees to the whole numbers that the kernel takes: 1e-7 degrees, about a centimetre. */
export const UNITS_PER_DEG = 1e7;
/** Side of a tile in those units. */
export const TILE_UNITS = TILE_DEG * UNITS_PER_DEG;
const HALF_UNITS = TILE_UNITS / 2;

/** 32-bit words of one record: 9 vec4. */
export const RECORD_WORDS = 36;
/** Entry of the grid where no tile was made. */
export const NO_TILE = -1;
/** Where a record has its face; -1 says that it is an edge between two others. */
const FACE_WORD = 2;
const EDGE = -1;

/** Fractions of P in 32-bit words, and of its slopes. */
const ONE_P = 2 ** 20;
const ONE_SLOPE = 2 ** 42;
/** What the kernel scales s and t by: a power of two, so that the product is exact. */
const F32_SCALE = 2 ** 21;
/** Beyond it the integer products would overflow. */
const STEEPEST = 2 ** 30.9;

/** Rounding of the whole numbers: at most 8 of 2^-20 for P1 and P2 each, twice that for P2 - P1. */
const INTEGER_ERROR = 16 / ONE_P;
/**
 * Relative rounding of the sum in f32. WGSL names no rounding mode, so an operation costs 2^-23; 22 of them
 * stand on the longest way, whatever the compiler puts together or takes apart.
 */
const F32_ERROR = 22 * 2 ** -23;

/** Columns of the two sums in a record begin here; `POWERS` of 2 and more, then 3 and less for the edge. */
const SUMS = [10, 22] as const;
const EDGE_SUM = 10;
const isHigh = (n: number): boolean => POWERS[n]![0] + POWERS[n]![1] >= 2;
const isCubic = (n: number): boolean => POWERS[n]![0] + POWERS[n]![1] <= 3;
const ALL = Array.from({ length: COEFFICIENTS }, (_, n) => n);
const HIGH = ALL.filter(isHigh);
const CUBIC = ALL.filter(isCubic);
const [AT_S, AT_T] = [5, 1];

const powerOf = (n: number): number => POWERS[n]![0] + POWERS[n]![1];
const scaled = (value: number, n: number): number => value * (F32_SCALE / HALF_UNITS) ** powerOf(n);

/** How far P can move when latitude and longitude are rounded to whole units. */
function roundingOf(p: Float64Array): number {
  const steepest = ALL.reduce((sum, n) => sum + powerOf(n) * Math.abs(p[n]!), 0);
  return (0.5 / HALF_UNITS) * steepest;
}

/**
 * Bound on the whole error of P1, P2 and P2 - P1 in the kernel, in cells: rounded places, the polynomial,
 * h3-js, whole numbers and f32 (docs/decisions/009-gpu-tokenising.md).
 */
function bandOf({ p1, p2, error }: TileFace): number {
  const p3 = p2.map((value, n) => value - p1[n]!);
  const rounding = Math.max(...[p1, p2, p3].map(roundingOf));
  const high = HIGH.reduce((sum, n) => sum + Math.abs(p1[n]!) + Math.abs(p2[n]!), 0);
  return rounding + error + INTEGER_ERROR + F32_ERROR * high;
}

/** The hexagon that holds a place of the grid, whose borders it may touch. */
function nearestHexagon(p1: number, p2: number): [i: number, j: number] {
  const [a, b, c] = [Math.floor(p1) + 1, Math.floor(p2) + 1, Math.floor(p2 - p1) + 1];
  return [Math.floor((a + b) / 3), Math.floor((b + c) / 3)];
}

/** One face's record; undefined where it does not fit the kernel's whole numbers. */
function faceRecord(face: TileFace, bandShare: number): Int32Array | undefined {
  const { p1, p2 } = face;
  const words = new Int32Array(RECORD_WORDS);
  const [i, j] = nearestHexagon(p1[0]!, p2[0]!);
  const limit = Math.floor((1 - bandShare * bandOf(face)) * ONE_P) - 1;
  const slopes = [p1[AT_S]!, p1[AT_T]!, p2[AT_S]!, p2[AT_T]!].map((slope) =>
    Math.round((slope / HALF_UNITS) * ONE_SLOPE),
  );
  if (limit <= 0 || slopes.some((slope) => Math.abs(slope) >= STEEPEST)) return undefined;
  const constants = [p1[0]! - (2 * i - j), p2[0]! - (i + j)].map((p) => Math.round(p * ONE_P));
  words.set([i, j, face.face, limit, ...constants, ...slopes]);
  const floats = new Float32Array(words.buffer);
  [p1, p2].forEach((p, k) =>
    floats.set(
      HIGH.map((n) => scaled(p[n]!, n)),
      SUMS[k],
    ),
  );
  return words;
}

function edgeRecord(edge: Float64Array, slots: readonly number[]): Int32Array {
  const words = new Int32Array(RECORD_WORDS);
  words.set([...slots, EDGE]);
  words[FACE_WORD] = EDGE;
  new Float32Array(words.buffer).set(
    CUBIC.map((n) => scaled(edge[n]!, n)),
    EDGE_SUM,
  );
  return words;
}

/** The tiles of one resolution as the kernel reads them; they are kept for as long as the tokeniser lives. */
export class TileRecords {
  /** [360 x 720] the record of each tile, or `NO_TILE` */
  readonly grid = new Int32Array(TILE_ROWS * TILE_COLUMNS).fill(NO_TILE);
  readonly #fitter: TileFitter;
  readonly #bandShare: number;
  #words = new Int32Array(64 * RECORD_WORDS);
  #count = 0;

  /** `bandShare` is 1; a test that proves the band is needed takes less. */
  constructor(resolution: number, bandShare = 1) {
    this.#fitter = new TileFitter(resolution);
    this.#bandShare = bandShare;
  }

  /** Number of records. */
  get count(): number {
    return this.#count;
  }

  /** [count, 36], a view */
  get words(): Int32Array {
    return this.#words.subarray(0, this.#count * RECORD_WORDS);
  }

  /** Makes a tile, if it can be made: places of others are for the processor. */
  add(tile: number): void {
    const fitted = this.#fitter.fit(Math.floor(tile / TILE_COLUMNS), tile % TILE_COLUMNS);
    const records = fitted?.faces.map((face) => faceRecord(face, this.#bandShare)) ?? [];
    if (records.length === 0 || records.includes(undefined)) return;
    const slots = (records as Int32Array[]).map((record) => this.#push(record));
    const { edge } = fitted!;
    this.grid[tile] = edge === undefined ? slots[0]! : this.#push(edgeRecord(edge, slots));
  }

  #push(record: Int32Array): number {
    if ((this.#count + 1) * RECORD_WORDS > this.#words.length) {
      const grown = new Int32Array(this.#words.length * 2);
      grown.set(this.#words);
      this.#words = grown;
    }
    this.#words.set(record, this.#count * RECORD_WORDS);
    return this.#count++;
  }
}
