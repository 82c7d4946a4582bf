import type { Box } from "../../data/box";
import { createBoxScale } from "../../data/box";
import type { PointWindows } from "../../data/point-windows";
import { POINT_WIDTH } from "../../model/gpt/parameters";
import { createRandom } from "../../random";
import type { NextPointRows } from "../objectives/next-point";
import type { PointConfig } from "./config";

/** A window as the model sees it: coordinates of the box, and the number of each moment. */
export interface PointWindow {
  readonly points: Float32Array; // [n, 2]
  readonly moments: Int32Array; // [n]
}

/** Points `from` to `to - 1` of the columns, in coordinates of the box. */
function readPoints(windows: PointWindows, from: number, to: number, box: Box): PointWindow {
  const { toX, toY } = createBoxScale(box);
  const points = windows.places
    .subarray(POINT_WIDTH * from, POINT_WIDTH * to)
    .map((degrees, n) => (n % POINT_WIDTH === 0 ? toX(degrees) : toY(degrees)));
  return { points, moments: windows.moments.subarray(from, to) };
}

/** The first points of a window, as many as the model takes: the same at every look. */
export function readFirst(
  windows: PointWindows,
  row: number,
  { length, box }: Pick<PointConfig, "length" | "box">,
): PointWindow {
  const from = windows.offsets[row]!;
  return readPoints(windows, from, Math.min(windows.offsets[row + 1]!, from + length), box);
}

/** A window of an epoch; of one that is too long a part that begins anywhere, other ones each epoch. */
export function readTraining(
  windows: PointWindows,
  row: number,
  epoch: number,
  { length, box, seed }: Pick<PointConfig, "length" | "box" | "seed">,
): PointWindow {
  const [first, last] = [windows.offsets[row]!, windows.offsets[row + 1]!];
  const spare = Math.max(0, last - first - length);
  const from = first + createRandom(seed, "window", epoch, row).integer(spare + 1);
  return readPoints(windows, from, Math.min(last, from + length), box);
}

/** Points that can be guessed: all but the first of each window. */
export function countTargets(windows: readonly PointWindow[]): number {
  return windows.reduce((sum, { moments }) => sum + moments.length - 1, 0);
}

/** The length that rows are filled up to: one of eight an octave, since every shape keeps memory on WebGPU. */
function paddedLength(longest: number, maxPositions: number): number {
  const step = Math.max(4, 2 ** Math.floor(Math.log2(longest)) / 8);
  return Math.min(Math.ceil(longest / step) * step, maxPositions);
}

/**
 * Windows side by side, each point with the next one as its target.
 * @param weight how much each target counts; what fills up counts 0
 */
export function toNextPointRows(
  windows: readonly PointWindow[],
  weight: number,
  maxPositions: number,
): NextPointRows {
  const lengths = windows.map(({ moments }) => moments.length - 1);
  const [B, T] = [windows.length, paddedLength(Math.max(1, ...lengths), maxPositions)];
  const points = new Float32Array(B * T * POINT_WIDTH); // [B, T, 2]
  const targets = new Float32Array(B * T * POINT_WIDTH); // [B, T, 2]
  const weights = new Float32Array(B * T); // [BT]
  windows.forEach((window, b) => {
    const at = b * T * POINT_WIDTH;
    points.set(window.points.subarray(0, -POINT_WIDTH), at);
    targets.set(window.points.subarray(POINT_WIDTH), at);
    weights.fill(weight, b * T, b * T + lengths[b]!);
  });
  return { points, lengths, B, T, targets, weights };
}
