import type { Box } from "../../data/box";
import { RAW_BOX, checkBox } from "../../data/box";
import { RAW_WINDOWS } from "../../data/point-windows";
import type { Fill } from "../../data/resample";
import type { GptConfig } from "../../model/gpt/config";
import { DEFAULT_SEED } from "../../random";
import type { Bound } from "../bounds";
import { RECIPE_BOUNDS, SHAPE_BOUNDS, checkBounds, checkSharing } from "../bounds";

/** Everything that makes a run of a GPT on points, as plain JSON; with the data it repeats the run. */
export interface PointConfig {
  readonly family: "gpt";
  readonly preset: PointPreset;
  readonly layers: number;
  readonly width: number;
  readonly heads: number;
  /** Points of a window at most; longer ones give a part of theirs. */
  readonly length: number;
  /** False turns the mask off: every point sees the ones that it should guess. */
  readonly isCausal: boolean;
  /** The largest, after the warm-up. */
  readonly learningRate: number;
  /** "steps" is RAW's: down in a line to 0 after `decaySteps` steps, however long the run is. */
  readonly schedule: "steps" | "linear" | "cosine" | "constant";
  readonly decaySteps: number;
  /** Share of the run over which the learning rate rises. */
  readonly warmup: number;
  readonly weightDecay: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Largest norm of all gradients together; 0 for no limit. */
  readonly clip: number;
  /** Windows of one pass. */
  readonly batch: number;
  /** Passes whose gradients make one step. */
  readonly accumulation: number;
  readonly epochs: number;
  readonly seed: number;
  /** Degrees that coordinates from -1 to 1 span. */
  readonly box: Box;
  /** Minutes from one point to the next. */
  readonly intervalMin: number;
  /** What stood at a moment without a point. */
  readonly fill: Fill;
  /** Longer times without a point were not bridged. */
  readonly maxGapMin: number;
}

/** What of a configuration comes with the data. */
export type PointData = Pick<PointConfig, "box" | "intervalMin" | "fill" | "maxGapMin">;

/**
 * RAW's train script (NOTES.md 1.3). It does not state the weight decay, the betas and epsilon: these are the
 * defaults of PyTorch's AdamW; six graphics cards are six passes a step here.
 */
export const RAW_PAPER: PointConfig = {
  family: "gpt",
  preset: "raw",
  layers: 12,
  width: 768,
  heads: 16,
  length: 960,
  isCausal: true,
  learningRate: 1e-4,
  schedule: "steps",
  decaySteps: 700_000,
  warmup: 0,
  weightDecay: 0.01,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  clip: 0,
  batch: 15,
  accumulation: 6,
  epochs: 10_000,
  seed: DEFAULT_SEED,
  box: RAW_BOX,
  intervalMin: RAW_WINDOWS.intervalMin,
  fill: RAW_WINDOWS.fill,
  maxGapMin: RAW_WINDOWS.maxGapMin,
};

/** For minutes in a browser: a larger learning rate that rises and falls with the run, gradients clipped. */
const BROWSER: PointConfig = {
  ...RAW_PAPER,
  learningRate: 1e-3,
  schedule: "linear",
  warmup: 0.03,
  beta2: 0.98,
  clip: 1,
  batch: 4,
  accumulation: 1,
  epochs: 1,
};

/** The models that are offered (PT-10): 1.1, 5.6, 16 and 91.7 million parameters. */
export const POINT_PRESETS = {
  tiny: { ...BROWSER, preset: "tiny", layers: 4, width: 128, heads: 4 },
  small: { ...BROWSER, preset: "small", layers: 6, width: 256, heads: 8 },
  medium: { ...BROWSER, preset: "medium", layers: 8, width: 384, heads: 8, learningRate: 5e-4 },
  raw: RAW_PAPER,
} as const satisfies Readonly<Record<string, PointConfig>>;

export type PointPreset = "tiny" | "small" | "medium" | "raw";

/** A preset with what was changed of it. */
export interface PointSettings {
  readonly preset: PointPreset;
  readonly changes: Partial<PointConfig>;
}

/** The configuration of some settings; the box is that of the data where none was chosen. Throws "bad-input". */
export function resolvePointConfig(
  { preset, changes }: PointSettings,
  seed: number,
  box: Box,
): PointConfig {
  const config: PointConfig = { ...POINT_PRESETS[preset], seed, box, ...changes };
  checkPointConfig(config);
  return config;
}

/** Bounds of every number. */
export const POINT_BOUNDS: Readonly<Partial<Record<keyof PointConfig, Bound>>> = {
  ...SHAPE_BOUNDS,
  length: [4, 8192, true],
  ...RECIPE_BOUNDS,
  decaySteps: [1, 1e9, true],
  intervalMin: [0.1, 10_080, false],
  maxGapMin: [0, 527_040, false],
};

/** Throws "bad-input" for a value outside its bounds, or values that do not go together. */
export function checkPointConfig(config: PointConfig): void {
  checkBounds(config, POINT_BOUNDS);
  checkBox(config.box);
  checkSharing(config);
}

/** Values that belong to the data or are chance, not RAW's recipe. */
const NOT_RECIPE: readonly (keyof PointConfig)[] = [
  "preset",
  "seed",
  "box",
  "intervalMin",
  "fill",
  "maxGapMin",
];

/** Every value of the recipe that is not RAW's. */
export function differencesFromRaw(config: PointConfig) {
  const names = Object.keys(RAW_PAPER) as (keyof PointConfig)[];
  return names
    .filter((name) => !NOT_RECIPE.includes(name) && config[name] !== RAW_PAPER[name])
    .map((name) => ({ name, paper: RAW_PAPER[name], here: config[name] }));
}

/** The architecture of a run's model. */
export function toGptConfig(config: PointConfig): GptConfig {
  return {
    width: config.width,
    layerCount: config.layers,
    headCount: config.heads,
    maxPositions: config.length,
    layerNormEpsilon: 1e-5,
    isCausal: config.isCausal,
    box: config.box,
    intervalMin: config.intervalMin,
    notes: {},
  };
}
