import { POINT_WIDTH } from "../../model/gpt/parameters";
import type { PointWindow } from "./batches";

/** Guesses that need no model (PT-12): staying, going on as before, and where one was a day before. */
export const RIVALS = ["persistence", "linear", "yesterday"] as const;
export type Rival = (typeof RIVALS)[number];

const DAY_MIN = 1440;

/** The place of a moment among the first `count` of a window, found from behind; -1 where there is none. */
function findMoment(moments: Int32Array, wanted: number, count: number): number {
  let [low, high] = [0, count - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (moments[middle] === wanted) return middle;
    if (moments[middle]! < wanted) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** The known point at the same time on the last day that is known; -1 where the window does not reach back. */
function findDayBefore(moments: Int32Array, known: number, target: number, day: number): number {
  const last = moments[known - 1]!;
  const days = Math.max(1, Math.ceil((moments[target]! - last) / day));
  return findMoment(moments, moments[target]! - days * day, known);
}

/**
 * Where each rival expects somebody at point `target` of a window of which the first `known` points are known; the
 * day before is staying where the window does not reach back. Coordinates of the box, [2] each.
 */
export function guessWithoutModel(
  { points, moments }: PointWindow,
  known: number,
  target: number,
  intervalMin: number,
): Record<Rival, Float64Array> {
  const last = known - 1;
  const before = Math.max(0, last - 1);
  const ahead = target - last;
  const day = Math.max(1, Math.round(DAY_MIN / intervalMin));
  const then = findDayBefore(moments, known, target, day);
  const guessOf = (at: (n: number) => number): Float64Array =>
    Float64Array.from({ length: POINT_WIDTH }, (_, n) => at(n));
  const place = (at: number) => (n: number) => points[POINT_WIDTH * at + n]!;
  const [here, earlier] = [place(last), place(before)];
  return {
    persistence: guessOf(here),
    linear: guessOf((n) => (1 + ahead) * here(n) - ahead * earlier(n)),
    yesterday: guessOf(place(then < 0 ? last : then)),
  };
}
