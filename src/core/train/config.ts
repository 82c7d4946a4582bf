import type { BertConfig } from "../model/config";
import { DEFAULT_SEED } from "../random";
import { MAX_USER_TOKENS, type ExtraChoice, type ExtraTokens } from "../token/extras";
import type { Bound } from "./bounds";
import { RECIPE_BOUNDS, SHAPE_BOUNDS, checkBounds, checkSharing } from "./bounds";

/** Everything that makes a pre-training run, as plain JSON; with the data it repeats the run. */
export interface PretrainConfig {
  readonly preset: PresetName;
  readonly layers: number;
  readonly width: number;
  readonly heads: number;
  readonly innerWidth: number;
  /** Tokens of the longest sequence, [CLS] and [SEP] included; longer trajectories give a window. */
  readonly maxLength: number;
  /** How the learned positions start (docs/model.md). */
  readonly positions: "sinusoidal" | "normal";
  /** The largest, after the warm-up. */
  readonly learningRate: number;
  readonly schedule: "linear" | "cosine" | "constant";
  /** Share of the run over which the learning rate rises. */
  readonly warmup: number;
  readonly weightDecay: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Largest norm of all gradients together; 0 for no limit. */
  readonly clip: number;
  /** Trajectories of one pass. */
  readonly batch: number;
  /** Passes whose gradients make one step. */
  readonly accumulation: number;
  readonly epochs: number;
  /** Share of the check-ins of a sequence that is masked, whole. */
  readonly maskRate: number;
  /** What masked check-ins show: [MASK] for 80 %, random for 10 %, themselves for 10 % ("bert"), or [MASK]. */
  readonly replace: "bert" | "mask";
  /** Share of masked check-ins whose first pieces stay visible (docs/scale.md); the papers' rule is 0. */
  readonly reveal: number;
  /** Whether each epoch draws masks and windows anew, or a trajectory keeps its own. */
  readonly masks: "fresh" | "fixed";
  /** Share of hidden states and of attention that is dropped in training. */
  readonly dropout: number;
  /** Whether the hour of the week of each check-in is added at the input (PT-22). */
  readonly times: "none" | "week";
  /** People with a token of their own (TK-07); 0 for none. Data that come with a vocabulary have their own. */
  readonly userTokens: number;
  /** Whether a token tells the hour of the week before each check-in (TK-07). */
  readonly timeTokens: "none" | "week";
  readonly seed: number;
}

/** Paper 1, Table 14; what the table leaves open is Hugging Face's default (docs/scale.md). */
export const PAPER: PretrainConfig = {
  preset: "base",
  layers: 12,
  width: 768,
  heads: 12,
  innerWidth: 3072,
  maxLength: 512,
  positions: "normal",
  learningRate: 5e-5,
  schedule: "linear",
  warmup: 0,
  weightDecay: 0.1,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  clip: 1,
  batch: 64,
  accumulation: 2, // two devices there
  epochs: 40,
  maskRate: 0.2,
  replace: "bert",
  reveal: 0,
  masks: "fresh",
  dropout: 0.1,
  times: "none",
  userTokens: 0,
  timeTokens: "none",
  seed: DEFAULT_SEED,
};

/** The recipe of the shipped model; 96 trajectories a step there. */
const SMALL: PretrainConfig = {
  ...PAPER,
  preset: "small",
  layers: 4,
  width: 128,
  heads: 4,
  innerWidth: 512,
  maxLength: 128,
  positions: "sinusoidal",
  learningRate: 1.5e-3,
  warmup: 0.03,
  weightDecay: 0.01,
  beta2: 0.98,
  batch: 32,
  accumulation: 1,
  epochs: 1,
  reveal: 0.3,
  dropout: 0,
};

/** The models that are offered; `base` is the paper's. */
export const PRESETS = {
  tiny: {
    ...SMALL,
    preset: "tiny",
    layers: 2,
    width: 64,
    heads: 2,
    innerWidth: 256,
    learningRate: 2e-3,
  },
  small: SMALL,
  base: PAPER,
} as const satisfies Readonly<Record<string, PretrainConfig>>;

export type PresetName = "tiny" | "small" | "base";

/** A preset with what was changed of it. */
export interface PretrainSettings {
  readonly preset: PresetName;
  readonly changes: Partial<PretrainConfig>;
}

/** The configuration of some settings. Throws "bad-input" for a value outside its bounds. */
export function resolveConfig({ preset, changes }: PretrainSettings, seed: number): PretrainConfig {
  const config: PretrainConfig = { ...PRESETS[preset], seed, ...changes };
  checkPretrainConfig(config);
  return config;
}

/** What runs did before these could be set: their files do not say it. */
const UNSAID = { dropout: 0, times: "none", userTokens: 0, timeTokens: "none" } as const;

/** A configuration that was kept, of any kind of model, with what older files leave out. */
export const completeConfig = <C extends object>(config: C): C =>
  "family" in config ? config : { ...PAPER, ...UNSAID, ...config };

/** The extra tokens that a configuration asks for. */
export const extrasOf = ({ userTokens, timeTokens }: PretrainConfig): ExtraChoice => {
  return { users: userTokens, times: timeTokens };
};

/** The configuration of a run on data whose vocabulary has these extra tokens. */
export function withExtrasOf(
  config: PretrainConfig,
  extras: ExtraTokens | undefined,
): PretrainConfig {
  return { ...config, userTokens: extras?.users ?? 0, timeTokens: extras?.times ?? "none" };
}

/** What a configuration changed against the paper: its name, the paper's value and ours. */
export interface Difference {
  readonly name: keyof PretrainConfig;
  readonly paper: PretrainConfig[keyof PretrainConfig];
  readonly here: PretrainConfig[keyof PretrainConfig];
}

/** Every value that is not the paper's. */
export function differencesFromPaper(config: PretrainConfig): Difference[] {
  const names = Object.keys(PAPER) as (keyof PretrainConfig)[];
  return names
    .filter((name) => name !== "preset" && config[name] !== PAPER[name])
    .map((name) => ({ name, paper: PAPER[name], here: config[name] }));
}

/** Bounds of every number. */
export const BOUNDS: Readonly<Partial<Record<keyof PretrainConfig, Bound>>> = {
  ...SHAPE_BOUNDS,
  innerWidth: [4, 32_768, true],
  maxLength: [8, 4096, true],
  ...RECIPE_BOUNDS,
  maskRate: [0.001, 1, false],
  reveal: [0, 1, false],
  dropout: [0, 0.9, false],
  userTokens: [0, MAX_USER_TOKENS, true],
};

/** Throws "bad-input" for a value outside its bounds, or values that do not go together. */
export function checkPretrainConfig(config: PretrainConfig): void {
  checkBounds(config, BOUNDS);
  checkSharing(config);
}

/** The architecture of a run's model. */
export function toBertConfig(config: PretrainConfig, vocabularySize: number): BertConfig {
  return {
    vocabularySize,
    width: config.width,
    layerCount: config.layers,
    headCount: config.heads,
    innerWidth: config.innerWidth,
    maxPositions: config.maxLength,
    typeCount: 2,
    layerNormEpsilon: 1e-12,
    initializerRange: 0.02,
    activation: "gelu",
    isTied: true,
    hasTimes: config.times === "week",
    dropout: config.dropout,
    positions: config.positions,
    notes: {},
  };
}
