import type { PretrainConfig } from "../../train/config";
import type { TokeniserChoice } from "../make-tokeniser";
import type { Dataset } from "../open-dataset";
import { resolutionsOf } from "../open-resolution";
import { LADDER, sizeName, type ModelSize } from "./sizes";
import { readValues } from "./values";
import type { SweepOver } from "./words";

/** Everything that one run of a sweep may have different from another. */
export interface SweepSetting {
  /** The value that is varied, in words: "8", "20 %", "flat". */
  readonly name: string;
  readonly resolution: number;
  readonly tokeniser: TokeniserChoice;
  /** Share of the check-ins that is hidden in training; in validation it is the same for all. */
  readonly maskRate: number;
  /** Share of the people of the training part that is learnt from. */
  readonly share: number;
  /** Layers and width where they are varied. */
  readonly size?: ModelSize | undefined;
}

/** Paper 2, experiment 1: H3 resolutions 6 to 9. */
const RESOLUTIONS: readonly number[] = [6, 7, 8, 9];
/** Paper 2, experiment 2. */
const MASK_RATES: readonly number[] = [0.1, 0.2, 0.3];
/** One of each kind, as in the tokeniser bench (TK-06). */
const TOKENISERS: readonly TokeniserChoice[] = ["5|3", "wordpiece", "flat"];
/** Of the training part, small to all; paper 1, A.4.2 has one control of 80 million of its 40 billion tokens. */
const SHARES: readonly number[] = [0.1, 0.25, 0.5, 1];

const percent = (share: number): string => `${Number((100 * share).toFixed(2))} %`;

/**
 * The settings of a sweep, in the order in which they run: those of `values`, a list with commas, or the usual
 * ones where it is empty. Throws "bad-input" for values that are none.
 */
export function planSettings(
  over: SweepOver,
  dataset: Dataset,
  { maskRate }: Pick<PretrainConfig, "maskRate">,
  values = "",
): SweepSetting[] {
  const { resolution } = dataset.cells;
  const base: SweepSetting = { name: "", resolution, tokeniser: "5|3", maskRate, share: 1 };
  const own = readValues(over, values);
  switch (own.over) {
    case "resolution": {
      const known = resolutionsOf(dataset);
      const usual = RESOLUTIONS.filter((one) => known.includes(one));
      return (own.values ?? usual).map((one) => ({ ...base, name: String(one), resolution: one }));
    }
    case "mask-ratio":
      return (own.values ?? MASK_RATES).map((rate) => {
        return { ...base, name: percent(rate), maskRate: rate };
      });
    case "tokeniser":
      return (own.values ?? TOKENISERS).map((tokeniser) => {
        return { ...base, name: tokeniser, tokeniser };
      });
    case "data":
      return (own.values ?? SHARES).map((share) => ({ ...base, name: percent(share), share }));
    case "size":
      return (own.values ?? LADDER).map((size) => ({ ...base, name: sizeName(size), size }));
    default:
      return own satisfies never;
  }
}

/** Fewer steps a run teach nothing. */
export const LEAST_STEPS = 10;

/** What is known of a setting before it runs. */
export interface TimedSetting {
  readonly secondsPerStep: number;
  /** Of all validations of one run together. */
  readonly validationSeconds: number;
  /** Of its scores; absent without them. */
  readonly scoreSeconds?: number | undefined;
}

/** Seconds of one run of so many steps. */
export function runSeconds(
  { secondsPerStep, validationSeconds, scoreSeconds = 0 }: TimedSetting,
  steps: number,
): number {
  return steps * secondsPerStep + validationSeconds + scoreSeconds;
}

/** Seconds of the whole queue: every setting with every seed. */
export function queueSeconds(
  settings: readonly TimedSetting[],
  { steps, seeds }: { steps: number; seeds: number },
): number {
  return seeds * settings.reduce((sum, setting) => sum + runSeconds(setting, steps), 0);
}

/** The most steps that every run can take so that the whole queue fits into the time. */
export function stepsWithin(
  settings: readonly TimedSetting[],
  { seconds, seeds }: { seconds: number; seeds: number },
): number {
  const fixed = queueSeconds(settings, { steps: 0, seeds });
  const each = queueSeconds(settings, { steps: 1, seeds }) - fixed;
  return Math.max(0, Math.floor((seconds - fixed) / each));
}
