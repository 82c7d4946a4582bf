/** How far one sequence of places is from another. Distances come from a function of two positions, in km. */

/** Distance from place i of the first sequence to place j of the second, km. */
export type DistanceKm = (i: number, j: number) => number;

/**
 * Dynamic time warping (Sakoe and Chiba 1978), without a window: the least sum of distances over all ways of
 * walking both sequences from the first to the last places without going back. km; Infinity for an empty one.
 */
export function dynamicTimeWarping(n: number, m: number, distance: DistanceKm): number {
  let before = new Float64Array(m + 1).fill(Infinity);
  before[0] = 0;
  for (let i = 0; i < n; i++) {
    const row = new Float64Array(m + 1).fill(Infinity);
    for (let j = 0; j < m; j++) {
      row[j + 1] = distance(i, j) + Math.min(before[j]!, before[j + 1]!, row[j]!);
    }
    before = row;
  }
  return n === 0 ? Infinity : before[m]!;
}

/** Of GEO-BLEU: longest pieces compared, and how fast a place stops counting, per km. */
export interface GeoBleuOptions {
  /** Default 3. */
  readonly longest?: number;
  /** Default 0.5. */
  readonly beta?: number;
}

/** Mean closeness of pieces of `size` places, each guessed one with at most one true one, the closest first. */
function matchPieces(size: number, n: number, m: number, closeness: DistanceKm): number {
  const pairs: { i: number; j: number; value: number }[] = [];
  for (let i = 0; i + size <= n; i++) {
    for (let j = 0; j + size <= m; j++) {
      let value = 1;
      for (let k = 0; k < size; k++) value *= closeness(i + k, j + k);
      pairs.push({ i, j, value });
    }
  }
  pairs.sort((a, b) => b.value - a.value);
  const [left, right] = [new Set<number>(), new Set<number>()];
  let sum = 0;
  for (const { i, j, value } of pairs) {
    if (left.has(i) || right.has(j)) continue;
    left.add(i);
    right.add(j);
    sum += value;
  }
  return sum / (n - size + 1);
}

/**
 * GEO-BLEU (Shimizu, Yabe and Tsubouchi 2022): the geometric mean over pieces of 1 to `longest` places of their
 * closeness exp(-beta km), times a penalty where the guess of n places is shorter than the truth of m. 0 to 1.
 */
export function geoBleu(
  n: number,
  m: number,
  distance: DistanceKm,
  { longest = 3, beta = 0.5 }: GeoBleuOptions = {},
): number {
  const sizes = Math.min(longest, n, m);
  if (sizes === 0) return 0;
  const closeness: DistanceKm = (i, j) => Math.exp(-beta * distance(i, j));
  let logs = 0;
  for (let size = 1; size <= sizes; size++) logs += Math.log(matchPieces(size, n, m, closeness));
  const penalty = n > m ? 1 : Math.exp(1 - m / n);
  return penalty * Math.exp(logs / sizes);
}
