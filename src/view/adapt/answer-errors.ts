import {
  calibrateClasses,
  calibrateNumbers,
  calibrationError,
  type CalibrationBin,
} from "../../core/task/calibration";
import type { TaskFacts } from "../../core/task/tasks/types";
import { difference, differenceScale } from "../map/scale";
import type { Shown } from "./shown-answers";

/** Counts of what was taken for what among the places that are shown: counts[true * K + guessed], [K, K]. */
export function confusionOf({ truth, own }: Pick<Shown, "truth" | "own">, K: number): Uint32Array {
  const counts = new Uint32Array(K * K);
  truth.forEach((is, n) => {
    const said = own[n]!;
    if (is >= 0 && said >= 0) counts[is * K + said]!++;
  });
  return counts;
}

/** Whether the row's answers are as good as they say: by confidence, or by tenths of numbers. */
export function calibrationOf(
  { answer }: Pick<TaskFacts, "answer">,
  { truth, own, confidence, isError }: Pick<Shown, "truth" | "own" | "confidence" | "isError">,
): { bins: readonly CalibrationBin[]; error?: number } {
  if (isError === true) return { bins: [] };
  if (answer === "numbers") return { bins: calibrateNumbers(own, truth) };
  if (answer !== "classes" || confidence === undefined) return { bins: [] };
  const bins = calibrateClasses(confidence, (n) => truth[n] === own[n]);
  return { bins, error: calibrationError(bins) };
}

/** A bar of residuals: answers whose difference from the truth lies in it. */
export interface ResidualBar {
  readonly from: number;
  readonly to: number;
  readonly places: readonly number[];
}

const BARS = 11;

/** Differences from the truth in bars around zero, distances in bars from zero on; the outermost take what lies beyond. */
export function residualBars({
  truth,
  own,
  isError = false,
}: Pick<Shown, "truth" | "own" | "isError">): ResidualBar[] {
  const gaps = difference(own, truth);
  const [, reach] = differenceScale(gaps, {}).domain;
  const least = isError ? 0 : -reach;
  const width = (reach - least) / BARS;
  const places = Array.from({ length: BARS }, (): number[] => []);
  gaps.forEach((gap, n) => {
    if (Number.isNaN(gap)) return;
    const bar = Math.floor((gap - least) / width);
    places[Math.max(0, Math.min(BARS - 1, bar))]!.push(n);
  });
  return places.map((own, i) => {
    return { from: least + i * width, to: least + (i + 1) * width, places: own };
  });
}
