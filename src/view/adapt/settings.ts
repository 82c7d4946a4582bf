import { paperSettings, type TableSettings } from "../../core/task/table/settings";
import type { TaskFacts } from "../../core/task/tasks/types";

type Input = Pick<TaskFacts, "input" | "source">;

/** A number of a table's settings, where it stands and within what bounds. */
export interface AdaptSetting {
  readonly label: string;
  readonly bound: readonly [min: number, max: number];
  readonly isWhole: boolean;
  readonly read: (settings: TableSettings) => number;
  readonly write: (settings: TableSettings, value: number) => TableSettings;
}

const ofTable = (
  label: string,
  name: "samples" | "seeds",
  bound: AdaptSetting["bound"],
): AdaptSetting => ({
  label,
  bound,
  isWhole: true,
  read: (settings) => settings[name],
  write: (settings, value) => ({ ...settings, [name]: value }),
});

const ofTraining = (
  label: string,
  name: Exclude<keyof TableSettings["training"], "pooling">,
  [min, max, isWhole = false]: readonly [number, number, boolean?],
): AdaptSetting => ({
  label,
  bound: [min, max],
  isWhole,
  read: ({ training }) => training[name],
  write: (settings, value) => ({
    ...settings,
    training: { ...settings.training, [name]: value },
  }),
});

/** Columns "Adaptation" of Table 14, and what A.3.2 says beside it. */
export const ADAPT_SETTINGS: readonly AdaptSetting[] = [
  ofTable("Examples", "samples", [50, 1e6]),
  ofTable("Seeds", "seeds", [1, 100]),
  ofTraining("Training epochs", "epochs", [0, 10_000, true]),
  ofTraining("Learning rate", "learningRate", [0, 1]),
  ofTraining("Weight decay", "weightDecay", [0, 10]),
  ofTraining("Batch size", "batch", [1, 65_536, true]),
  ofTraining("Warm-up, share of steps", "warmup", [0, 0.9]),
  ofTraining("Dropout", "dropout", [0, 0.9]),
];

/** How a value stands to the paper's. */
export function againstPaper(
  setting: AdaptSetting,
  settings: TableSettings,
  task: Input,
): { paper: number; mark: "same" | "scaled down" | "changed" } {
  const paper = setting.read(paperSettings(task));
  const here = setting.read(settings);
  if (here === paper) return { paper, mark: "same" };
  const isSize = ["Examples", "Training epochs", "Batch size"].includes(setting.label);
  return { paper, mark: isSize && here < paper ? "scaled down" : "changed" };
}
