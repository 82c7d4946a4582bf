import { stepsWithin, type SweepSetting } from "./plan";
import type { SweepChoice } from "./probe";
import type { PlannedSetting } from "./record";
import { LEAST_SIZES } from "./size-law";
import { LADDER_STEPS, LAST_WITHOUT_CLOCK } from "./sizes";

type LadderChoice = Pick<SweepChoice, "over" | "values" | "budget" | "seeds">;

/** What keeps the planning from timing a setting, known by what was timed before; undefined where nothing does. */
export type Forecast = (operations: number) => string | undefined;

/** Whether the sizes are the usual ones, which go on as far as memory and the clock allow. */
export const isLadder = ({ over, values = "" }: LadderChoice): boolean =>
  over === "size" && values.trim() === "";

/** The settings to look at: without a clock the ladder ends at the preset small. */
export function rungsOf(
  choice: LadderChoice,
  settings: readonly SweepSetting[],
): readonly SweepSetting[] {
  if (!isLadder(choice) || choice.budget.kind === "minutes") return settings;
  return settings.slice(0, 1 + settings.findIndex(({ name }) => name === LAST_WITHOUT_CLOCK));
}

/** Leaves a rung out, before it is timed, with which the clock would hold too few steps by its operations. */
export function forecastFor(choice: LadderChoice, timed: readonly PlannedSetting[]): Forecast {
  const { budget, seeds } = choice;
  const before = timed.at(-1);
  if (!isLadder(choice) || budget.kind === "steps" || before === undefined) return () => undefined;
  return (operations) => {
    const times = operations / (before.operationsPerStep ?? operations);
    const next = {
      secondsPerStep: times * before.secondsPerStep,
      validationSeconds: times * before.validationSeconds,
    };
    const steps = stepsWithin([...timed, next], { seconds: 60 * budget.minutes, seeds });
    if (steps >= LADDER_STEPS || timed.length < LEAST_SIZES) return undefined;
    return `left out: with it ${budget.minutes} minutes hold about ${steps} steps of each run, fewer than ${LADDER_STEPS}; give more minutes to go on`;
  };
}
