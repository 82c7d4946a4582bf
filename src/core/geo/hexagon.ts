/** Where a place lies in a face's grid, before the base cell is known. */
export interface GridPlace {
  face: number;
  i: number;
  j: number;
}

/**
 * Makes distances positive before they are cut to whole numbers; what that rounds is caught by the test for
 * borders. One less is a multiple of 3.
 */
const FLOOR = 3 * 2 ** 18 + 1;
const TWO_THIRDS = ((FLOOR - 1) / 3) * 2;

/**
 * The hexagon nearest to a place whose distances to two pairs of borders are P1 and P2, into `place`; returns
 * the largest distance to its own three pairs, which is below 1 inside and 1 on a border.
 */
export function findHexagon(p1: number, p2: number, place: GridPlace): number {
  const a = (p1 + FLOOR) | 0; // the next whole number, FLOOR - 1 too large
  const b = (p2 + FLOOR) | 0;
  const c = (p2 - p1 + FLOOR) | 0;
  const i = (((a + b) / 3) | 0) - TWO_THIRDS;
  const j = (((b + c) / 3) | 0) - TWO_THIRDS;
  const q1 = p1 - (2 * i - j);
  const q2 = p2 - (i + j);
  place.i = i;
  place.j = j;
  return Math.max(Math.abs(q1), Math.abs(q2), Math.abs(q2 - q1));
}
