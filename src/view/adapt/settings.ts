import { PAPER_SEEDS, paperSettings, type TableSettings } from "../../core/task/table/settings";
import type { TaskFacts } from "../../core/task/tasks/types";
import { formatValue } from "../map/format";

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

/** How much is learnt; of paper 2's protocol nothing else is known (NOTES, 1.1). */
const SIZES = ["Examples", "Training epochs", "Batch size"];

/** The paper's value of a setting; undefined where it is not known. */
function paperValue({ label, read }: AdaptSetting, task: Input): number | undefined {
  if (task.source.startsWith("paper 2") && !SIZES.includes(label)) return undefined;
  return label === "Seeds" ? PAPER_SEEDS : read(paperSettings(task));
}

/** How a value stands to the paper's. */
export function againstPaper(
  setting: AdaptSetting,
  settings: TableSettings,
  task: Input,
): { paper: number | undefined; mark: "same" | "scaled down" | "changed" | "unknown" } {
  const paper = paperValue(setting, task);
  const here = setting.read(settings);
  if (paper === undefined) return { paper, mark: "unknown" };
  if (here === paper) return { paper, mark: "same" };
  const isSize = SIZES.includes(setting.label);
  return { paper, mark: isSize && here < paper ? "scaled down" : "changed" };
}

/** The same in words: "the paper: 20". */
export function againstPaperWords({ paper, mark }: ReturnType<typeof againstPaper>): string {
  if (paper === undefined) return "the paper’s is not known";
  return mark === "same" ? "as the paper" : `the paper: ${formatValue(paper)}`;
}
