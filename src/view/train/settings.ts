import type { PretrainConfig } from "../../notebook/pretrain-settings";

/** A number of the configuration as the form shows it. */
interface NumberSetting {
  readonly kind: "number";
  readonly name: keyof PretrainConfig;
  readonly label: string;
  /** What changing it does; default nothing is said. */
  readonly note?: string;
}

/** One of several words. */
interface ChoiceSetting {
  readonly kind: "choice";
  readonly name: keyof PretrainConfig;
  readonly label: string;
  readonly options: readonly (readonly [value: string, text: string])[];
  readonly note?: string;
}

export type Setting = NumberSetting | ChoiceSetting;

const number = (name: keyof PretrainConfig, label: string, note?: string): NumberSetting => {
  return { kind: "number", name, label, ...(note !== undefined && { note }) };
};

/** Everything that can be set, in groups; the model's own shape follows its preset. */
export const SETTINGS: readonly (readonly [group: string, settings: readonly Setting[]])[] = [
  [
    "Masks",
    [
      number(
        "maskRate",
        "check-ins hidden, whole hashes",
        "More hidden is more to learn from in a step, with less around each.",
      ),
      number("reveal", "their first pieces left visible"),
      {
        kind: "choice",
        name: "replace",
        label: "a hidden check-in shows",
        options: [
          ["bert", "BERT’s 80/10/10"],
          ["mask", "always [MASK]"],
        ],
      },
      {
        kind: "choice",
        name: "masks",
        label: "masks and windows are drawn",
        options: [
          ["fresh", "anew each epoch"],
          ["fixed", "once"],
        ],
        note: "Drawn once, every epoch asks the same questions, and a model can learn the answers by heart: watch validation rise while training falls.",
      },
    ],
  ],
  [
    "Batches",
    [
      number("batch", "trajectories a pass"),
      number("accumulation", "passes a step"),
      number("maxLength", "longest sequence, tokens"),
    ],
  ],
  [
    "Learning",
    [
      number("learningRate", "learning rate"),
      {
        kind: "choice",
        name: "schedule",
        label: "schedule",
        options: [
          ["linear", "linear to 0"],
          ["cosine", "half a cosine to 0"],
          ["constant", "constant"],
        ],
      },
      number("warmup", "warm-up, share of the run"),
      number("weightDecay", "weight decay"),
      number("beta1", "AdamW’s β₁"),
      number("beta2", "AdamW’s β₂"),
      number("epsilon", "AdamW’s ε"),
      number("clip", "gradient norm at most"),
      number("dropout", "dropout"),
      {
        kind: "choice",
        name: "positions",
        label: "positions start",
        options: [
          ["sinusoidal", "as sines"],
          ["normal", "by chance"],
        ],
      },
      {
        kind: "choice",
        name: "times",
        label: "the input also tells",
        options: [
          ["none", "nothing but places"],
          ["week", "the hour of the week"],
        ],
      },
    ],
  ],
  [
    "Extra tokens",
    [
      number(
        "userTokens",
        "people with a token of their own",
        "Those with the most check-ins, all others share one. The model then knows these people by number: whoever has its file can ask where they go. 0 leaves people out. It can help only where months or weeks of a person lie in several parts (split by trajectory).",
      ),
      {
        kind: "choice",
        name: "timeTokens",
        label: "before each check-in",
        options: [
          ["none", "no token"],
          ["week", "its hour of the week"],
        ],
        note: "One token more for each check-in: rows hold fewer check-ins, and the model is told when the hidden one was.",
      },
    ],
  ],
];

const ALL: readonly Setting[] = SETTINGS.flatMap(([, settings]) => settings);

const SHAPE: Readonly<Partial<Record<keyof PretrainConfig, string>>> = {
  layers: "layers",
  width: "width",
  heads: "heads",
  innerWidth: "inner width",
  epochs: "epochs",
  seed: "seed",
};

/** What a value of the configuration is called. */
export function labelOf(name: keyof PretrainConfig): string {
  return ALL.find((setting) => setting.name === name)?.label ?? SHAPE[name] ?? name;
}

/** A value as people read it: 0.00005 as 5e-5. */
export function valueText(value: number | string): string {
  if (typeof value === "string") return value;
  return value !== 0 && Math.abs(value) < 1e-3
    ? value.toExponential().replace("e-", "e−")
    : String(value);
}

/** Values that the paper does not state: what stands for it is the default of Hugging Face's BERT (docs/scale.md). */
const UNSTATED: readonly (keyof PretrainConfig)[] = [
  "replace",
  "masks",
  "schedule",
  "warmup",
  "beta1",
  "beta2",
  "epsilon",
  "clip",
  "dropout",
  "positions",
];

/** Where the value beside ours comes from. */
export const sourceOf = (name: keyof PretrainConfig): "paper" | "BERT’s default" =>
  UNSTATED.includes(name) ? "BERT’s default" : "paper";

/** Values whose decrease makes the run smaller than the paper's, not only another one. */
const SIZES: readonly (keyof PretrainConfig)[] = [
  "layers",
  "width",
  "heads",
  "innerWidth",
  "maxLength",
  "batch",
  "accumulation",
  "epochs",
];

/** How a value stands to the paper's; of those that make a run smaller a lesser one is scaled down. */
export function markOf(
  isSize: boolean,
  here: unknown,
  paper: unknown,
): "same" | "scaled down" | "changed" {
  if (here === paper) return "same";
  return isSize && Number(here) < Number(paper) ? "scaled down" : "changed";
}

/** How a value of BERT's stands to paper 1's. */
export function againstPaper(
  name: keyof PretrainConfig,
  here: PretrainConfig[keyof PretrainConfig],
  paper: PretrainConfig[keyof PretrainConfig],
): ReturnType<typeof markOf> {
  return markOf(SIZES.includes(name), here, paper);
}
