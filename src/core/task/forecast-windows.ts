import { countWindows, type PointWindows } from "../data/point-windows";
import { FootfallError } from "../errors";
import type { GptConfig } from "../model/gpt/config";
import { countKnown } from "../train/gpt/generate";

/** Windows that are scored at most, evenly taken: as many as a verdict asks for; fewer of a large model. */
const SCORED = 100;
const LEAST_SCORED = 4;
/** Multiplications and additions of one look at all of them: seconds on a processor. */
const OPERATIONS = 1e11;

type Reader = Pick<GptConfig, "maxPositions" | "intervalMin">;

/** Windows long enough to be gone on with for some steps. Throws "no-data". */
export function findUsable(
  test: PointWindows,
  { maxPositions, intervalMin }: Reader,
  steps: number,
): number[] {
  const usable = Array.from({ length: countWindows(test) }, (_, row) => row).filter((row) => {
    const points = Math.min(maxPositions, test.offsets[row + 1]! - test.offsets[row]!);
    return countKnown(points, steps) !== undefined;
  });
  if (usable.length > 0) return usable;
  throw new FootfallError(
    "no-data",
    `none of the ${countWindows(test)} test windows has points enough to know some and guess ${steps} more, one every ${intervalMin} minutes; ask for fewer points ahead`,
  );
}

/** Some of the usable windows, evenly taken: as many as a model of so many parameters has time for. */
export function chooseScored(
  usable: readonly number[],
  { maxPositions: P }: Reader,
  parameters: number,
  steps: number,
): number[] {
  const points = P + steps * ((countKnown(P, steps) ?? 0) + steps); // the way on sees what is known at each step anew
  const perWindow = 2 * parameters * points;
  const most = Math.min(SCORED, Math.max(LEAST_SCORED, Math.floor(OPERATIONS / perWindow)));
  const step = Math.max(1, usable.length / most);
  return Array.from(
    { length: Math.min(most, usable.length) },
    (_, n) => usable[Math.floor(n * step)]!,
  );
}
