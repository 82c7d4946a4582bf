import type { PointConfig } from "../../notebook/pretrain-settings";
import type { FieldOf } from "./SettingField";
import { markOf } from "./settings";

export type PointSetting = FieldOf<keyof PointConfig>;

const number = (name: keyof PointConfig, label: string): PointSetting => {
  return { kind: "number", name, label };
};

/** Everything of a GPT on points that can be set, in groups; the model's own shape follows its preset. */
export const POINT_SETTINGS: readonly (readonly [
  group: string,
  settings: readonly PointSetting[],
])[] = [
  [
    "Windows",
    [
      number("length", "points of a window"),
      number("intervalMin", "minutes from point to point"),
      {
        kind: "choice",
        name: "fill",
        label: "where no point is",
        options: [
          ["hold", "the last place is held"],
          ["linear", "the straight line"],
          ["drop", "the moment is left out"],
        ],
      },
      number("maxGapMin", "longer gaps end a window, minutes"),
    ],
  ],
  ["Batches", [number("batch", "windows a pass"), number("accumulation", "passes a step")]],
  [
    "Learning",
    [
      number("learningRate", "learning rate"),
      {
        kind: "choice",
        name: "schedule",
        label: "schedule",
        options: [
          ["steps", "linear to 0 after so many steps"],
          ["linear", "linear to 0 at the end"],
          ["cosine", "half a cosine to 0"],
          ["constant", "constant"],
        ],
      },
      number("decaySteps", "steps of that decay"),
      number("warmup", "warm-up, share of the run"),
      number("weightDecay", "weight decay"),
      number("beta2", "AdamW’s β₂"),
      number("clip", "gradient norm at most"),
    ],
  ],
];

const LABELS: ReadonlyMap<string, string> = new Map(
  POINT_SETTINGS.flatMap(([, settings]) => settings.map(({ name, label }) => [name, label])),
);

/** What a value of the configuration is called. */
export function pointLabel(name: keyof PointConfig): string {
  return LABELS.get(name) ?? (name === "isCausal" ? "causal mask" : name);
}

/** Values that RAW's code leaves to PyTorch (NOTES.md 1.3). */
const UNSTATED: Partial<Record<keyof PointConfig, string>> = {
  weightDecay: "PyTorch’s default",
  beta2: "PyTorch’s default",
  clip: "PyTorch’s default",
};

/** What RAW says nothing of. */
export const UNSAID: readonly (keyof PointConfig)[] = ["fill", "maxGapMin"];

/** Where the value beside ours comes from. */
export const pointSource = (name: keyof PointConfig): string => UNSTATED[name] ?? "RAW’s code";

const SIZES: readonly (keyof PointConfig)[] = ["length", "batch", "accumulation"];

/** How a value stands to RAW's. */
export function againstRaw(
  name: keyof PointConfig,
  here: PointConfig[keyof PointConfig],
  raw: PointConfig[keyof PointConfig],
): ReturnType<typeof markOf> {
  return markOf(SIZES.includes(name), here, raw);
}
