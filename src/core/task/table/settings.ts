import { FootfallError } from "../../errors";
import { PAPER_ADAPTATION, type AdaptConfig } from "../../train/adapt-config";
import { SPLIT_NAMES, type SplitName } from "../tasks/examples";
import type { TaskFacts } from "../tasks/types";
import type { RowName } from "./rows";

/** How a row is trained on the labels; the seed is the run's. */
export type TrainingSettings = Omit<AdaptConfig, "seed">;

/** Everything that makes a table, as plain JSON; with the data, the model and the task it repeats the table. */
export interface TableSettings {
  readonly preset: "paper" | "scaled";
  readonly samples: number;
  /** Runs of each row with other chance: division of the examples, head, order, random weights. */
  readonly seeds: number;
  readonly splits: readonly SplitName[];
  /** Default all that the task has. */
  readonly rows?: readonly RowName[] | undefined;
  readonly training: TrainingSettings;
  /** Share of the trajectory that is shown before the destination. */
  readonly shown: number;
}

/** Paper 1 has one seed (A.4.1); of one there is no interval. */
export const PAPER_SEEDS = 1;

/**
 * The papers' values for a task; paper 2 has 10 epochs in batches of 64, and its learning rate is not known. Three
 * seeds and both splits are ours: what the papers lack stands beside what they have.
 */
export function paperSettings({
  input,
  source,
}: Pick<TaskFacts, "input" | "source">): TableSettings {
  const isSecond = source.startsWith("paper 2");
  const { seed: _, ...first } = PAPER_ADAPTATION[input];
  const training = isSecond ? { ...first, batch: 64, epochs: 10 } : first;
  const samples = isSecond ? 20_000 : 50_000;
  return { preset: "paper", samples, seeds: 3, splits: SPLIT_NAMES, training, shown: 0.25 };
}

/** A head over pairs begins as a linear probe, from which small steps are enough (docs/decisions/015). */
const PAIR_TRAINING = { learningRate: 1e-4, pooling: "pair" } as const;

/**
 * What a small model and a processor without a graphics card can do: fewer examples, many small steps. The shipped model
 * is a sixth as wide as BERT and does not move at 2e-5; large steps break what it knows, and [CLS] would need more of
 * them than there are (docs/tasks.md).
 */
export function scaledSettings({
  input,
  source,
  isPair = false,
}: Pick<TaskFacts, "input" | "source" | "isPair">): TableSettings {
  const paper = paperSettings({ input, source });
  const isRegion = input === "region";
  const months = isPair ? PAIR_TRAINING : { learningRate: 3e-4, pooling: "mean" as const };
  const training: TrainingSettings = {
    ...paper.training,
    epochs: isRegion ? 3 : 6,
    weightDecay: 0.01,
    batch: isRegion ? 16 : 8,
    warmup: 0.1,
    dropout: 0,
    ...(isRegion ? { learningRate: 1e-3, pooling: "mean" } : months),
  };
  const samples = isRegion ? 2000 : 1500;
  return { ...paper, preset: "scaled", samples, training };
}

/** One value that is not the paper's. */
export interface Scaled {
  readonly name: string;
  readonly paper: number | string;
  readonly here: number | string;
}

/** Every value of some settings that is not the paper's for the task, to be marked. */
export function differencesFromPaper(
  settings: TableSettings,
  task: Pick<TaskFacts, "input" | "source">,
  examples: number,
): Scaled[] {
  const paper = paperSettings(task);
  const names = Object.keys(paper.training) as (keyof TrainingSettings)[];
  const changed: Scaled[] = names
    .map((name) => ({ name, paper: paper.training[name], here: settings.training[name] }))
    .filter((one) => one.paper !== one.here);
  if (examples !== paper.samples) {
    changed.unshift({ name: "examples", paper: paper.samples, here: examples });
  }
  return changed;
}

function checkNumber(
  name: string,
  value: number,
  [from, to, isWhole]: readonly [number, number, boolean],
) {
  if (value >= from && value <= to && (!isWhole || Number.isInteger(value))) return;
  const kind = isWhole ? "a whole number" : "a number";
  throw new FootfallError(
    "bad-input",
    `${name} is ${value}; expected ${kind} from ${from} to ${to}`,
  );
}

/** Throws "bad-input" for a value outside its bounds. */
export function checkSettings({ samples, seeds, shown, splits }: TableSettings): void {
  checkNumber("samples", samples, [50, 1e6, true]);
  checkNumber("seeds", seeds, [1, 100, true]);
  checkNumber("shown", shown, [0.1, 0.9, false]);
  if (splits.length > 0) return;
  throw new FootfallError(
    "bad-input",
    `no split is asked for; expected ${SPLIT_NAMES.join(" or ")}`,
  );
}
