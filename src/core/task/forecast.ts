import type { Banks } from "../gpu/banks";
import type { GptConfig } from "../model/gpt/config";
import { POINT_WIDTH } from "../model/gpt/parameters";
import type { Pace, Progress } from "../pace";
import type { PointWindow } from "../train/gpt/batches";
import { toNextPointRows } from "../train/gpt/batches";
import { cutPrefix, generatePoints } from "../train/gpt/generate";
import type { GptLayout } from "../train/gpt/layout";
import type { Rival } from "../train/gpt/rivals";
import { guessWithoutModel } from "../train/gpt/rivals";
import { PointTally } from "../train/gpt/scores";
import { predictRows } from "../train/objectives/next-point";
import type { Guesser } from "./guessers";
import { GUESSERS } from "./guessers";
import { mean } from "./metrics";
import { median } from "./quantiles";

/** A GPT on points on the open engine; whoever made `flat` disposes it. */
export interface Forecaster {
  readonly layout: GptLayout;
  readonly flat: Banks;
}

/** Kilometres from guesses to the truth; NaN without any. */
export interface KmSpread {
  readonly medianKm: number;
  readonly meanKm: number;
}

/** How far one of them is off. */
export interface ForecastRow {
  readonly guesser: Guesser;
  /** The next point, all before it known. */
  readonly next: KmSpread;
  /** The same where the next point is another place than the last one. */
  readonly moved: KmSpread;
  /** After 1, 2, ... points, of which each sees the guesses before it and none of the truth. [steps] */
  readonly ahead: readonly KmSpread[];
}

/** The rows, and of how many guesses they are. */
export interface ForecastScores {
  readonly rows: readonly ForecastRow[];
  readonly windows: number;
  /** Next points, and those of them that are another place. */
  readonly points: number;
  readonly moves: number;
}

/** How one window goes on, in coordinates of the box. */
export interface Onward {
  readonly known: Float32Array; // [n, 2]
  readonly truth: Float32Array; // [steps, 2]
  readonly guesses: Readonly<Record<Guesser, Float32Array>>; // [steps, 2] each
}

type Kms = Record<Guesser, number[]>;
const noKms = (): Kms => ({ model: [], persistence: [], linear: [], yesterday: [] });

const spreadOf = (kms: readonly number[]): KmSpread => ({
  medianKm: kms.length === 0 ? NaN : median(kms),
  meanKm: mean(kms),
});

/** The rules' guesses of the points from `known` on, one after the other. */
function goOnWithoutModel(window: PointWindow, known: number, steps: number, intervalMin: number) {
  const each = Array.from({ length: steps }, (_, step) =>
    guessWithoutModel(window, known, known + step, intervalMin),
  );
  const ofRival = (rival: Rival): Float32Array =>
    Float32Array.from(each.flatMap((guesses) => [...guesses[rival]]));
  return {
    persistence: ofRival("persistence"),
    linear: ofRival("linear"),
    yesterday: ofRival("yesterday"),
  };
}

/**
 * How some windows go on by model and by rule, `steps` points each; windows that are too short are left out. Throws
 * "stopped".
 */
export async function goOn(
  { layout, flat }: Forecaster,
  windows: readonly PointWindow[],
  steps: number,
  pace: Pace,
): Promise<Onward[]> {
  const cuts = windows.flatMap((window) => {
    const cut = cutPrefix(window, steps);
    return cut === undefined ? [] : [{ window, ...cut }];
  });
  if (cuts.length === 0) return [];
  const prefixes = cuts.map(({ prefix }) => prefix);
  const guessed = await generatePoints(layout, flat, prefixes, pace, steps);
  return cuts.map(({ window, prefix, truth }, n) => {
    const known = prefix.length / POINT_WIDTH;
    const rules = goOnWithoutModel(window, known, steps, layout.config.intervalMin);
    return { known: prefix, truth, guesses: { model: guessed[n]!, ...rules } };
  });
}

/** Kilometres from the guesses of one window to its truth, point by point. */
export function kmOfOnward(box: GptConfig["box"], { truth, guesses }: Onward): Kms {
  const tally = new PointTally(box);
  const km = (guess: Float32Array): number[] =>
    Array.from({ length: truth.length / POINT_WIDTH }, (_, step) =>
      tally.kmBetween(guess, POINT_WIDTH * step, truth, POINT_WIDTH * step),
    );
  return {
    model: km(guesses.model),
    persistence: km(guesses.persistence),
    linear: km(guesses.linear),
    yesterday: km(guesses.yesterday),
  };
}

/** Kilometres to the next point of all windows, and whether it is another place. */
async function measureNext(
  { layout, flat }: Forecaster,
  windows: readonly PointWindow[],
  into: { next: Kms; moved: Kms },
  pace: Pace,
): Promise<void> {
  const { box, intervalMin, maxPositions } = layout.config;
  const tally = new PointTally(box);
  const rows = toNextPointRows(windows, 0, maxPositions);
  const predicted = await predictRows(layout, flat, rows, pace); // [BT, 2]
  windows.forEach((window, b) => {
    const { points, moments } = window;
    for (let t = 1; t < moments.length; t++) {
      const at = POINT_WIDTH * t;
      const rules = guessWithoutModel(window, t, t, intervalMin);
      const hasMoved = tally.kmBetween(points, at - POINT_WIDTH, points, at) > 0;
      for (const guesser of GUESSERS) {
        const km =
          guesser === "model"
            ? tally.kmBetween(predicted, POINT_WIDTH * (b * rows.T + t - 1), points, at)
            : tally.kmBetween(rules[guesser], 0, points, at);
        into.next[guesser].push(km);
        if (hasMoved) into.moved[guesser].push(km);
      }
    }
  });
}

/** Windows of one pass. */
const WINDOWS_AT_ONCE = 4;

/** Scores a model and the rules on windows that it did not learn from (PT-12). Throws "stopped". */
export async function* measureForecast(
  forecaster: Forecaster,
  windows: readonly PointWindow[],
  steps: number,
  pace: Pace,
): AsyncGenerator<Progress, ForecastScores, void> {
  const { box } = forecaster.layout.config;
  const [next, moved] = [noKms(), noKms()];
  const ahead = Array.from({ length: steps }, noKms);
  for (let from = 0; from < windows.length; from += WINDOWS_AT_ONCE) {
    yield { phase: "score on test windows", done: from, total: windows.length, unit: "windows" };
    const some = windows.slice(from, from + WINDOWS_AT_ONCE);
    await measureNext(forecaster, some, { next, moved }, pace);
    for (const onward of await goOn(forecaster, some, steps, pace)) {
      const kms = kmOfOnward(box, onward);
      for (const guesser of GUESSERS) {
        kms[guesser].forEach((km, step) => ahead[step]![guesser].push(km));
      }
    }
    if (pace.due()) await pace.rest();
  }
  return {
    rows: GUESSERS.map((guesser) => ({
      guesser,
      next: spreadOf(next[guesser]),
      moved: spreadOf(moved[guesser]),
      ahead: ahead.map((kms) => spreadOf(kms[guesser])),
    })),
    windows: windows.length,
    points: next.model.length,
    moves: moved.model.length,
  };
}
