import { disposeBanks } from "../gpu/banks";
import { createBoxScale } from "../data/box";
import { countWindows, type PointWindows } from "../data/point-windows";
import type { HostTensors } from "../model/safetensors";
import { POINT_WIDTH } from "../model/gpt/parameters";
import { createPace } from "../pace";
import { readFirst } from "../train/gpt/batches";
import { toGptConfig, type PointConfig } from "../train/gpt/config";
import { cutPrefix, GENERATED, generatePoints } from "../train/gpt/generate";
import { createGptLayout } from "../train/gpt/layout";
import { PointTally } from "../train/gpt/scores";
import { uploadTensors } from "../train/layout";

/** A place in degrees. */
export type Place = [lng: number, lat: number];

/** How a model goes on from the beginning of a validation window, while it trains. */
export interface PointGuess {
  /** Steps taken before. */
  readonly step: number;
  readonly intervalMin: number;
  /** What it sees. */
  readonly known: readonly Place[];
  /** What came then, and what it gives, point by point. */
  readonly truth: readonly Place[];
  readonly guessed: readonly Place[];
  /** Kilometres from each guess to its truth, and of staying at the last known place. */
  readonly km: readonly number[];
  readonly stayingKm: readonly number[];
}

/** Windows that are looked through for one in which somebody moves. */
const LOOKED_AT = 200;
const ENOUGH_KM = 2;

type Cut = NonNullable<ReturnType<typeof cutPrefix>>;

/** Kilometres of guesses to the truth, point by point; one guess stands for all. */
function distances({ truth }: Cut, guesses: Float32Array, box: PointConfig["box"]): number[] {
  const tally = new PointTally(box);
  const isOne = guesses.length === POINT_WIDTH;
  return Array.from({ length: truth.length / POINT_WIDTH }, (_, n) =>
    tally.kmBetween(guesses, isOne ? 0 : POINT_WIDTH * n, truth, POINT_WIDTH * n),
  );
}

const lastOf = ({ prefix }: Cut): Float32Array => prefix.subarray(-POINT_WIDTH);

/**
 * The first window in which somebody goes somewhere in the `steps` points that are to be guessed, else the first that
 * is long enough; undefined where none is.
 */
export function chooseWindow(
  windows: PointWindows,
  config: Pick<PointConfig, "length" | "box">,
  steps: number = GENERATED,
): number | undefined {
  let first: number | undefined;
  for (let row = 0; row < Math.min(LOOKED_AT, countWindows(windows)); row++) {
    const cut = cutPrefix(readFirst(windows, row, config), steps);
    if (cut === undefined) continue;
    first ??= row;
    if (Math.max(...distances(cut, lastOf(cut), config.box)) > ENOUGH_KM) return row;
  }
  return first;
}

/** Coordinates of a box as places. */
export function toPlaces(points: Float32Array, box: PointConfig["box"]): Place[] {
  const { toLng, toLat } = createBoxScale(box);
  return Array.from({ length: points.length / POINT_WIDTH }, (_, n) => [
    toLng(points[POINT_WIDTH * n]!),
    toLat(points[POINT_WIDTH * n + 1]!),
  ]);
}

/** Goes on from one validation window, whatever the parameters; undefined where none is long enough. */
export function createPointGuess(
  windows: PointWindows,
  config: PointConfig,
): ((tensors: HostTensors, step: number) => Promise<PointGuess>) | undefined {
  const row = chooseWindow(windows, config);
  if (row === undefined) return undefined;
  const cut = cutPrefix(readFirst(windows, row, config))!;
  const layout = createGptLayout(toGptConfig(config));
  const { intervalMin, box } = config;
  const known = toPlaces(cut.prefix, box);
  const truth = toPlaces(cut.truth, box);
  const stayingKm = distances(cut, lastOf(cut), box);
  return async (tensors, step) => {
    const flat = uploadTensors(layout, tensors);
    try {
      const [guess] = await generatePoints(layout, flat, [cut.prefix], createPace());
      const km = distances(cut, guess!, box);
      return { step, intervalMin, known, truth, guessed: toPlaces(guess!, box), km, stayingKm };
    } finally {
      disposeBanks(flat);
    }
  };
}
