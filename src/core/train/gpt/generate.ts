import type { Banks } from "../../gpu/banks";
import { POINT_WIDTH } from "../../model/gpt/parameters";
import type { Pace } from "../../pace";
import { predictRows } from "../objectives/next-point";
import type { PointWindow } from "./batches";
import type { GptLayout } from "./layout";

/** Points that are guessed one after the other, each seeing the guesses before (RAW: 10, "2.5 hours"). */
export const GENERATED = 10;
/** Known points before them at most; the first ones of a window. */
const PREFIX = 96;
/** With fewer there is nothing to go on from. */
const LEAST_PREFIX = 8;

/** Points of a window that are known before `steps` of it are guessed; undefined where it is too short. */
export function countKnown(length: number, steps: number): number | undefined {
  const known = Math.min(PREFIX, length - steps);
  return known < LEAST_PREFIX ? undefined : known;
}

/** What is known of a window and what is to be guessed; undefined where it is too short. */
export function cutPrefix({ points, moments }: PointWindow, steps: number = GENERATED) {
  const known = countKnown(moments.length, steps);
  if (known === undefined) return undefined;
  const [end, last] = [POINT_WIDTH * known, POINT_WIDTH * (known + steps)];
  return { prefix: points.slice(0, end), truth: points.slice(end, last) };
}

/**
 * Goes on from windows as RAW's test does: the point after the last one is guessed and put behind, ten times over.
 * @param prefixes points of each window, [n, 2] each
 * @param steps points that are guessed; default RAW's ten
 * @returns the guesses, [steps, 2] each. Throws "stopped"
 */
export async function generatePoints(
  layout: GptLayout,
  flat: Banks,
  prefixes: readonly Float32Array[],
  pace: Pace,
  steps: number = GENERATED,
): Promise<Float32Array[]> {
  const lengths = prefixes.map((prefix) => prefix.length / POINT_WIDTH);
  const [B, longest] = [prefixes.length, Math.max(...lengths) + steps - 1];
  const T = Math.min(Math.ceil(longest / 4) * 4, layout.config.maxPositions);
  const points = new Float32Array(B * T * POINT_WIDTH); // [B, T, 2]
  prefixes.forEach((prefix, b) => points.set(prefix, b * T * POINT_WIDTH));
  const guesses = prefixes.map(() => new Float32Array(steps * POINT_WIDTH));
  for (let step = 0; step < steps; step++) {
    const now = lengths.map((length) => length + step);
    const next = await predictRows(layout, flat, { points, lengths: now, B, T }, pace);
    for (let b = 0; b < B; b++) {
      const last = POINT_WIDTH * (b * T + now[b]! - 1);
      const guess = next.subarray(last, last + POINT_WIDTH);
      guesses[b]!.set(guess, POINT_WIDTH * step);
      if (step + 1 < steps) points.set(guess, last + POINT_WIDTH);
    }
  }
  return guesses;
}
