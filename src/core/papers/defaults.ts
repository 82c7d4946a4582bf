import { DEFAULT_RULES, STAY_RULES } from "../data/rules";
import { SPECIAL_TOKENS } from "../token/tokeniser";
import { PAPER } from "../train/config";

/** What the code has at this moment for each default that the register names. */
export function appDefaults(resolution: number): Readonly<Record<string, number | string>> {
  const { layers, width, heads, innerWidth, maxLength, batch, accumulation, epochs } = PAPER;
  const { maskRate, replace, masks } = PAPER;
  return {
    resolution,
    windowMin: STAY_RULES.window.windowMin,
    rawIntervalMin: STAY_RULES.resample.intervalMin,
    rawPoints: STAY_RULES.resample.maxPoints,
    minCheckIns: DEFAULT_RULES.minCheckIns,
    minCells: DEFAULT_RULES.minCells,
    specialTokens: SPECIAL_TOKENS.join(" "),
    ...{ layers, width, heads, innerWidth, maxLength, batch, accumulation, epochs },
    ...{ maskRate, replace, masks },
  };
}
