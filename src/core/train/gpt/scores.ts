import type { Box } from "../../data/box";
import { RAW_BOX, createBoxScale } from "../../data/box";
import { haversineKm } from "../../geo/cells";
import { POINT_WIDTH } from "../../model/gpt/parameters";
import type { PointWindow } from "./batches";
import type { Rival } from "./rivals";
import { RIVALS, guessWithoutModel } from "./rivals";

/** How far guessed points lie from the true ones, means over all of them. */
export interface PointScores {
  /** Of both coordinates, squared, in units of half the box: RAW's loss. */
  readonly mse: number;
  /** Of both coordinates, absolute, in units of half the box: RAW's L1, and PreMAE of staying. */
  readonly mae: number;
  /**
   * As RAW prints it: 100 km for half its box, one coordinate at a time. 11 to 13 % too large, and no distance;
   * absent for any other box.
   */
  readonly rawKm?: number;
  /** The distance on the globe. */
  readonly km: number;
}

/** Kilometres for half the box in RAW's code. */
export const RAW_HALF_BOX_KM = 100;

/** Sums up guesses, in coordinates of a box. */
export class PointTally {
  readonly #scale: ReturnType<typeof createBoxScale>;
  readonly #isRaw: boolean;
  #count = 0;
  #squares = 0;
  #absolute = 0;
  #km = 0;

  constructor(box: Box) {
    this.#scale = createBoxScale(box);
    this.#isRaw = box.every((degrees, n) => degrees === RAW_BOX[n]);
  }

  /** Kilometres from one point to another, each two coordinates at a place of an array. */
  kmBetween(a: ArrayLike<number>, at: number, b: ArrayLike<number>, bt: number): number {
    const { toLat, toLng } = this.#scale;
    return haversineKm(toLat(a[at + 1]!), toLng(a[at]!), toLat(b[bt + 1]!), toLng(b[bt]!));
  }

  add(guess: ArrayLike<number>, at: number, truth: ArrayLike<number>, bt: number): void {
    for (let n = 0; n < POINT_WIDTH; n++) {
      const gap = guess[at + n]! - truth[bt + n]!;
      this.#squares += gap * gap;
      this.#absolute += Math.abs(gap);
    }
    this.#km += this.kmBetween(guess, at, truth, bt);
    this.#count++;
  }

  /** Of all that was added; NaN without any. */
  get scores(): PointScores {
    const mae = this.#absolute / (POINT_WIDTH * this.#count);
    return {
      mse: this.#squares / (POINT_WIDTH * this.#count),
      mae,
      ...(this.#isRaw && { rawKm: RAW_HALF_BOX_KM * mae }),
      km: this.#km / this.#count,
    };
  }
}

/** Guesses that need no model (PT-12). */
export interface PointBaselines {
  /** Staying where one is: its mae is RAW's PreMAE. */
  readonly persistence: PointScores;
  /** Going on as from the point before. */
  readonly linear: PointScores;
  /** Where one was at the same time on the day before; staying, where the window does not reach back. */
  readonly yesterday: PointScores;
  /** Kilometres after several guessed steps of staying at the last known point; absent where windows are too short. */
  readonly generationKm?: number;
}

/** Scores the three on every point but the first of each window. */
export function measurePointBaselines(
  windows: readonly PointWindow[],
  box: Box,
  intervalMin: number,
): Omit<PointBaselines, "generationKm"> {
  const tallies = RIVALS.map((rival) => [rival, new PointTally(box)] as const);
  for (const window of windows) {
    for (let t = 1; t < window.moments.length; t++) {
      const guesses = guessWithoutModel(window, t, t, intervalMin);
      for (const [rival, tally] of tallies) {
        tally.add(guesses[rival], 0, window.points, POINT_WIDTH * t);
      }
    }
  }
  const scores = tallies.map(([rival, tally]) => [rival, tally.scores]);
  return Object.fromEntries(scores) as Record<Rival, PointScores>;
}
