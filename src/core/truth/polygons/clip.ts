import { clipHalf, polygonArea, polygonRange } from "../cover";

/** A ring against a box: nothing of it inside, all of the box inside the ring, or what is left of the ring. */
export type Clipped = "outside" | "whole" | readonly number[];

/** The part of a ring on the left of the line from (ax, ay) to (bx, by): Sutherland and Hodgman 1974. */
function clipLeft(ring: ArrayLike<number>, [ax, ay, bx, by]: readonly number[]): number[] {
  const kept: number[] = [];
  const [dx, dy] = [bx! - ax!, by! - ay!];
  const side = (i: number): number => dx * (ring[i + 1]! - ay!) - dy * (ring[i]! - ax!);
  let j = ring.length - 2;
  let before = ring.length > 0 ? side(j) : 0;
  for (let i = 0; i < ring.length; j = i, i += 2) {
    const now = side(i);
    if (before >= 0 !== now >= 0) {
      const t = before / (before - now);
      kept.push(
        ring[j]! + t * (ring[i]! - ring[j]!),
        ring[j + 1]! + t * (ring[i + 1]! - ring[j + 1]!),
      );
    }
    if (now >= 0) kept.push(ring[i]!, ring[i + 1]!);
    before = now;
  }
  return kept;
}

/** The part of a ring within a convex outline that turns left. Borders of what lies outside are left as edges of no width. */
export function clipToConvex(
  ring: readonly number[],
  outline: readonly number[],
): readonly number[] {
  let kept = ring;
  for (let i = 0; i < outline.length && kept.length >= 6; i += 2) {
    const next = (i + 2) % outline.length;
    kept = clipLeft(kept, [outline[i]!, outline[i + 1]!, outline[next]!, outline[next + 1]!]);
  }
  return kept.length >= 6 ? kept : [];
}

/** A ring's part within a box given as south, west, north, east from `at` on. */
export function clipToBox(ring: readonly number[], boxes: Float64Array, at: number): Clipped {
  const [south, west, north, east] = [boxes[at]!, boxes[at + 1]!, boxes[at + 2]!, boxes[at + 3]!];
  const [left, right] = polygonRange(ring, 0);
  const [bottom, top] = polygonRange(ring, 1);
  if (right <= west || left >= east || top <= south || bottom >= north) return "outside";
  let kept = ring;
  if (left < west) kept = clipHalf(kept, 0, west, true);
  if (right > east) kept = clipHalf(kept, 0, east, false);
  if (bottom < south) kept = clipHalf(kept, 1, south, true);
  if (top > north) kept = clipHalf(kept, 1, north, false);
  if (kept.length < 6) return "outside";
  for (let i = 0, j = kept.length - 2; i < kept.length; j = i, i += 2) {
    const [ax, ay, bx, by] = [kept[j]!, kept[j + 1]!, kept[i]!, kept[i + 1]!];
    const isOnBorder =
      (ax === bx && (ax === west || ax === east)) || (ay === by && (ay === south || ay === north));
    if (!isOnBorder) return kept;
  }
  const turns = Math.round(polygonArea(kept) / ((east - west) * (north - south)));
  return turns % 2 === 1 ? "whole" : "outside"; // even-odd, as everywhere
}

/** Whether a place lies within a ring; a place on an edge belongs to the ring above or on its right. */
export function isInRing(ring: ArrayLike<number>, x: number, y: number): boolean {
  let isIn = false;
  for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
    const [ay, by] = [ring[j + 1]!, ring[i + 1]!];
    if (ay > y === by > y) continue;
    const [low, high] = ay < by ? [j, i] : [i, j]; // the same rounding from both sides of an edge
    const t = (y - ring[low + 1]!) / (ring[high + 1]! - ring[low + 1]!);
    if (x < ring[low]! + t * (ring[high]! - ring[low]!)) isIn = !isIn;
  }
  return isIn;
}
