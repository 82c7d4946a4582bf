import { DEFAULT_RULES, STAY_RULES } from "../data/rules";
import { SPECIAL_TOKENS } from "../token/tokeniser";
import { PAPER } from "../train/config";
import { RAW_PAPER } from "../train/gpt/config";

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
    rawLength: RAW_PAPER.length,
    rawBox: RAW_PAPER.box.join(", "),
    rawIsCausal: RAW_PAPER.isCausal ? "yes" : "no",
    rawLayers: RAW_PAPER.layers,
    rawWidth: RAW_PAPER.width,
    rawHeads: RAW_PAPER.heads,
    rawLearningRate: RAW_PAPER.learningRate,
    rawDecaySteps: RAW_PAPER.decaySteps,
    rawBatch: RAW_PAPER.batch,
    rawAccumulation: RAW_PAPER.accumulation,
    minCheckIns: DEFAULT_RULES.minCheckIns,
    minCells: DEFAULT_RULES.minCells,
    specialTokens: SPECIAL_TOKENS.join(" "),
    ...Object.fromEntries(TRAINING.map((name) => [name, PAPER[name]])),
  };
}
