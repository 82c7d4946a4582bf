import type { Pooling } from "../model/label-model";
import { DEFAULT_SEED } from "../random";
import type { Bound } from "./bounds";
import { RECIPE_BOUNDS, checkBounds } from "./bounds";
import type { StepConstants } from "./trainer";

/** How a model is adapted to a task, as plain JSON. */
export interface AdaptConfig extends StepConstants {
  readonly epochs: number;
  /** The largest, after the warm-up; from there it falls to 0 in a straight line. */
  readonly learningRate: number;
  /** Share of the steps over which the learning rate rises. */
  readonly warmup: number;
  /** Rows of one step. */
  readonly batch: number;
  /** Share of hidden states and of attention that is dropped while it learns. */
  readonly dropout: number;
  /** What of the last layer is looked at. */
  readonly pooling: Pooling;
  readonly seed: number;
}

const COMMON: AdaptConfig = {
  epochs: 20,
  learningRate: 2e-5,
  warmup: 0,
  weightDecay: 0.1,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  clip: 1,
  batch: 32,
  dropout: 0.1,
  pooling: "cls",
  seed: DEFAULT_SEED,
};

/** Paper 1, Table 14, columns "Adaptation"; what it leaves open is the default of Hugging Face's trainer. */
export const PAPER_ADAPTATION = {
  trajectory: COMMON,
  region: { ...COMMON, batch: 1024 },
} as const satisfies Readonly<Record<string, AdaptConfig>>;

const BOUNDS: Readonly<Record<keyof Omit<AdaptConfig, "pooling">, Bound>> = {
  ...RECIPE_BOUNDS,
  epochs: [0, 10_000, true],
  dropout: [0, 0.9, false],
};

/** Throws "bad-input" for a value outside its bounds. */
export function checkAdaptConfig(config: AdaptConfig): void {
  checkBounds(config, BOUNDS);
}
