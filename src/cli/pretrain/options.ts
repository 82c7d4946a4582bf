import { FootfallError } from "../../core/errors";
import type { PretrainConfig } from "../../core/train/config";
import { PRESETS } from "../../core/train/config";
import type { Budget } from "../../core/train/state";
import type { CommandInput, CommandOption } from "../command";
import { choiceOf, numberOf } from "../values";

/** Options that are a number of the configuration, with what they mean; bounds are the configuration's. */
const NUMBERS = {
  layers: "encoder layers",
  width: "values of a hidden state",
  heads: "attention heads",
  "inner-width": "width inside the feed-forward part",
  "max-length": "tokens of the longest sequence",
  "learning-rate": "the largest, after the warm-up",
  warmup: "share of the run over which the learning rate rises",
  "weight-decay": "decoupled decay of matrices",
  beta1: "memory of AdamW's mean",
  beta2: "memory of AdamW's mean square",
  epsilon: "AdamW's smallest divisor",
  clip: "largest norm of all gradients together, 0 for none",
  batch: "trajectories of one pass",
  accumulation: "passes whose gradients make one step",
  "mask-rate": "share of the check-ins of a sequence that is masked",
  reveal: "share of masked check-ins whose first pieces stay visible",
  dropout: "share of hidden states and attention that is dropped",
  seed: "seed of every draw",
} as const;

/** Options that are one of several words. */
const CHOICES = {
  positions: ["sinusoidal", "normal"],
  schedule: ["linear", "cosine", "constant"],
  replace: ["bert", "mask"],
  masks: ["fresh", "fixed"],
} as const;

const CHOICE_HELP: Readonly<Record<keyof typeof CHOICES, string>> = {
  positions: "how learned positions start: sinusoidal or normal",
  schedule: "of the learning rate: linear, cosine or constant",
  replace: "masked check-ins show [MASK] (mask), or 80/10/10 (bert)",
  masks: "drawn anew each epoch (fresh), or not (fixed)",
};

/** The options of a run's configuration, for the help. */
export const CONFIG_OPTIONS: Readonly<Record<string, CommandOption>> = {
  ...Object.fromEntries(
    Object.entries(NUMBERS).map(([name, help]) => [name, { type: "string", value: "N", help }]),
  ),
  ...Object.fromEntries(
    Object.entries(CHOICE_HELP).map(([name, help]) => [
      name,
      { type: "string", value: "WORD", help },
    ]),
  ),
  times: { type: "boolean", help: "add the hour of the week of each check-in at the input" },
};

const toKey = (name: string): string =>
  name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

/** What was given of the configuration; the bounds are checked with the whole. */
export function readGiven(values: CommandInput["values"]): Partial<PretrainConfig> {
  const given: Record<string, unknown> = {};
  for (const name of Object.keys(NUMBERS)) {
    const value = numberOf(values, name, { from: 0, to: 2 ** 32, whole: false });
    if (value !== undefined) given[toKey(name)] = value;
  }
  for (const [name, choices] of Object.entries(CHOICES)) {
    const value = choiceOf(values, name, choices);
    if (value !== undefined) given[name] = value;
  }
  if (values["times"] === true) given["times"] = "week";
  return given;
}

/** The configuration: that of the run that goes on, or a preset, with what was given. */
export function readConfig(
  values: CommandInput["values"],
  earlier: PretrainConfig | undefined,
): PretrainConfig {
  const preset = choiceOf(values, "preset", ["tiny", "small", "base"]);
  const base = preset === undefined ? (earlier ?? PRESETS.small) : PRESETS[preset];
  return { ...base, ...readGiven(values) };
}

/** How long to train: steps, minutes or epochs, at most one of them; default the earlier run's, or the preset's epochs. */
export function readBudget(
  values: CommandInput["values"],
  { epochs }: { epochs: number },
  earlier: Budget | undefined,
): Budget {
  const steps = numberOf(values, "steps", { from: 1, to: 1e9 });
  const minutes = numberOf(values, "minutes", { from: 0.01, to: 1e6, whole: false });
  const wanted = numberOf(values, "epochs", { from: 0.0001, to: 1e6, whole: false });
  if ([steps, minutes, wanted].filter((value) => value !== undefined).length > 1) {
    throw new FootfallError("bad-input", "expected one of --steps, --minutes and --epochs");
  }
  if (steps !== undefined) return { kind: "steps", steps };
  if (minutes !== undefined) return { kind: "minutes", minutes };
  if (wanted !== undefined) return { kind: "epochs", epochs: wanted };
  return earlier ?? { kind: "epochs", epochs };
}
