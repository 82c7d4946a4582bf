/**
 * Digits of H3 indices from axial coordinates of a face's hexagon grid, many levels a look-up. Axial (i, j) is
 * H3's ijk with k taken away. The up and down rules are those of H3's aperture 7 grids: odd resolutions are
 * turned against even ones, so that two levels together are a plain division by 7.
 */
type Axial = readonly [i: number, j: number];

/** The parent of a cell whose resolution is odd or even. */
const up = ([i, j]: Axial, isOdd: boolean): Axial =>
  isOdd
    ? [Math.round((3 * i - j) / 7), Math.round((i + 2 * j) / 7)]
    : [Math.round((2 * i + j) / 7), Math.round((3 * j - i) / 7)];

/** The middle child, whose resolution is odd or even. */
const down = ([a, b]: Axial, isOdd: boolean): Axial =>
  isOdd ? [2 * a + b, 3 * b - a] : [3 * a - b, a + 2 * b];

/** Digits by what is left of a cell's coordinates beside its parent's middle child. */
const DIGITS: ReadonlyMap<string, number> = new Map([
  ["0,0", 0],
  ["-1,-1", 1],
  ["0,1", 2],
  ["-1,0", 3],
  ["1,0", 4],
  ["0,-1", 5],
  ["1,1", 6],
]);

function step(child: Axial, isOdd: boolean): { parent: Axial; digit: number } {
  const parent = up(child, isOdd);
  const [i, j] = down(parent, isOdd);
  const digit = DIGITS.get(`${child[0] - i},${child[1] - j}`)!;
  return { parent, digit };
}

/** Coordinates are made positive before they are divided; a multiple of every period in use. */
export const OFFSET = 7 ** 4 * 128;

/**
 * One look-up over several levels: (i, j) = period (a, b) + (m, n) gives the ancestor as `base(a, b)` plus the
 * entry's shift, and the digits of the levels passed. Entries: shift of i + 2 and j + 2 (3 bits each), digits
 * above them, the coarsest highest.
 */
function createTable(levels: number, period: number, isOdd: boolean): Uint32Array {
  const table = new Uint32Array(period * period);
  for (let m = 0; m < period; m++) {
    for (let n = 0; n < period; n++) {
      let at: Axial = [m, n];
      let digits = 0;
      for (let level = 0; level < levels; level++) {
        const { parent, digit } = step(at, isOdd === (level % 2 === 0));
        digits += digit * 8 ** level;
        at = parent;
      }
      table[m * period + n] = (at[0] + 2) | ((at[1] + 2) << 3) | (digits << 6);
    }
  }
  return table;
}

/** One level from an odd resolution; two and four levels from an even one. */
export const UP1 = createTable(1, 7, true);
export const UP2 = createTable(2, 7, false);
export const UP4 = createTable(4, 49, false);

/** Where the climb ends: coordinates of resolution 0 on the face, and the digits below, coarsest highest. */
export class Climb {
  i = 0;
  j = 0;
  /** 3 bits a level, for at most 10 levels. */
  digits = 0;

  /** From a cell of a face's grid at `resolution` (0 to 10) to resolution 0. */
  run(i: number, j: number, resolution: number): void {
    this.i = i;
    this.j = j;
    this.digits = 0;
    let shift = 0;
    let left = resolution;
    if (left % 2 === 1) {
      this.#climbOdd();
      shift += 3;
      left -= 1;
    }
    if (left % 4 === 2) {
      this.#climb(UP2, 7, shift);
      shift += 6;
      left -= 2;
    }
    for (; left > 0; left -= 4, shift += 12) this.#climb(UP4, 49, shift);
  }

  #climbOdd(): void {
    const a = (((this.i + OFFSET) / 7) | 0) - OFFSET / 7;
    const b = (((this.j + OFFSET) / 7) | 0) - OFFSET / 7;
    const entry = UP1[(this.i - 7 * a) * 7 + this.j - 7 * b]!;
    this.i = 3 * a - b + (entry & 7) - 2;
    this.j = a + 2 * b + ((entry >>> 3) & 7) - 2;
    this.digits = entry >>> 6;
  }

  #climb(table: Uint32Array, period: number, shift: number): void {
    const a = (((this.i + OFFSET) / period) | 0) - OFFSET / period;
    const b = (((this.j + OFFSET) / period) | 0) - OFFSET / period;
    const entry = table[(this.i - period * a) * period + this.j - period * b]!;
    this.i = a + (entry & 7) - 2;
    this.j = b + ((entry >>> 3) & 7) - 2;
    this.digits |= (entry >>> 6) << shift;
  }
}

const LOW_BITS = 0o1111111111;

/** All digits turned by `turns` times 60 degrees counter-clockwise at once: a digit's bits are its i, j and k. */
export function rotateDigits(digits: number, turns: number): number {
  let d = digits;
  if (turns % 2 === 1) d ^= 7 * ((d | (d >>> 1) | (d >>> 2)) & LOW_BITS); // by 180 degrees, all but 0
  const rest = turns % 3;
  if (rest === 2) return ((d >>> 1) & (LOW_BITS * 3)) | ((d & LOW_BITS) << 2);
  if (rest === 1) return ((d << 1) & (LOW_BITS * 6)) | ((d >>> 2) & LOW_BITS);
  return d;
}

/** The first digit that is not 0 of `levels` digits, 0 where all are. */
export function leadingDigit(digits: number, levels: number): number {
  for (let shift = 3 * (levels - 1); shift >= 0; shift -= 3) {
    const digit = (digits >>> shift) & 7;
    if (digit !== 0) return digit;
  }
  return 0;
}
