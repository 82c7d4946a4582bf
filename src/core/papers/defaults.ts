import { DEFAULT_RULES, STAY_RULES } from "../data/rules";
import { SPECIAL_TOKENS } from "../token/tokeniser";
import { PAPER } from "../train/config";

/** Settings of pre-training that rest on the papers, by their names in train/config.ts. */
const TRAINING = [
  "layers",
  "width",
  "heads",
  "innerWidth",
  "maxLength",
  "batch",
  "accumulation",
  "epochs",
  "maskRate",
  "replace",
  "masks",
] as const;

/** What the code has at this moment for each default that the register names. */
export function appDefaults(resolution: number): Readonly<Record<string, number | string>> {
  return {
    resolution,
    windowMin: STAY_RULES.window.windowMin,
    rawIntervalMin: STAY_RULES.resample.intervalMin,
    rawPoints: STAY_RULES.resample.maxPoints,
    minCheckIns: DEFAULT_RULES.minCheckIns,
    minCells: DEFAULT_RULES.minCells,
    specialTokens: SPECIAL_TOKENS.join(" "),
    ...Object.fromEntries(TRAINING.map((name) => [name, PAPER[name]])),
  };
}
