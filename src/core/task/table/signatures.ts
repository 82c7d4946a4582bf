/** How adapting a model goes wrong, as the papers tell it (papers 2 and 3, "failure signatures"; PT-20). */
import { SPLIT_NAMES, type SplitName } from "../tasks/examples";
import { METRICS, type MetricName } from "../tasks/metric-names";
import type { TaskFacts } from "../tasks/types";
import type { EpochScores, RunOutcome } from "./results";
import type { RowName } from "./rows";

/** One signature that the fine-tuned row of a split shows. */
export interface Signature {
  readonly kind: "flat" | "low-accuracy" | "large-error" | "gap";
  readonly split: SplitName;
  /** What was seen, and what to do. */
  readonly sentence: string;
}

/** A headline without a unit that rises by no more than this stays where it was. */
const FLAT_GAIN = 0.01;
/** One with a unit: by no more than this share of itself. */
const FLAT_SHARE = 0.01;
/** Paper 3: "user profiling accuracy < 60 %". */
const LEAST_ACCURACY = 0.6;
/** A validation loss that ends so many times above its lowest has dropped sharply. */
const GAP = 1.2;

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const digits = (value: number): string => String(Number(value.toPrecision(3)));

/** What is looked at: the runs of a row on one split, seed by seed. */
interface Seen {
  readonly task: TaskFacts;
  readonly tuned: readonly RunOutcome[];
  /** Rows that stand beside it, on the same split. */
  readonly others: readonly RunOutcome[];
}

/** The mean of a score over seeds, best on validation; undefined where a seed has none, or there are no seeds. */
function scoreOf(runs: readonly RunOutcome[], name: MetricName): number | undefined {
  const known = runs.flatMap(({ scores }) => scores.bestOnValidation[name] ?? []);
  return known.length > 0 && known.length === runs.length ? mean(known) : undefined;
}

const rowOf = ({ others }: Seen, name: RowName): RunOutcome[] =>
  others.filter(({ row }) => row === name);

/** True where no epoch is better than the head before the first step; undefined for fewer than two epochs. */
function isFlat(epochs: readonly EpochScores[], headline: MetricName): boolean | undefined {
  const known = epochs.flatMap(({ validation }) => validation ?? []);
  if (known.length < 3) return undefined; // before the first step, and two epochs
  const [first, ...later] = known as [number, ...number[]];
  const metric = METRICS[headline];
  const gain = metric.better === "more" ? Math.max(...later) - first : first - Math.min(...later);
  return gain <= ("unit" in metric ? FLAT_SHARE * Math.abs(first) : FLAT_GAIN);
}

/** Paper 2: "fine-tuning F1 scores don't improve". */
function findFlat({ task, tuned }: Seen): string | undefined {
  if (!tuned.every(({ epochs }) => isFlat(epochs, task.headline))) return undefined;
  return `${METRICS[task.headline].title} on the validation examples gets no better than before the first step; take more steps or a higher learning rate, or pre-train on people and places like these`;
}

/** Paper 3: "user profiling accuracy < 60 %"; guessing the commonest answer may come as far. */
function findLowAccuracy(seen: Seen): string | undefined {
  const { task, tuned } = seen;
  if (task.input !== "trajectory") return undefined;
  const accuracy = scoreOf(tuned, "accuracy");
  if (accuracy === undefined) return undefined;
  const commonest = scoreOf(rowOf(seen, "constant"), "accuracy") ?? 0;
  if (accuracy >= LEAST_ACCURACY && accuracy > commonest) return undefined;
  const beside = commonest > 0 ? ` (${digits(commonest)} for the commonest answer)` : "";
  const limit = accuracy < LEAST_ACCURACY ? "below 0.6" : "not above that of the commonest answer";
  return `the accuracy, ${digits(accuracy)}${beside}, is ${limit}; take more examples or steps, or a longer pre-training`;
}

/** Paper 3: "region regression MAE large", that is no smaller than that of always answering the mean. */
function findLargeError(seen: Seen): string | undefined {
  const [error, blind] = [seen.tuned, rowOf(seen, "constant")].map((runs) => scoreOf(runs, "mae"));
  if (error === undefined || blind === undefined || error < blind) return undefined;
  return `the mean error, ${digits(error)}, is no smaller than that of always answering the mean, ${digits(blind)}; take more examples or steps, or a lower learning rate`;
}

/** Times that the last validation loss stands above the lowest, while what is learnt from falls on; 1 for not at all. */
function gapOf(epochs: readonly EpochScores[]): number {
  const known = epochs.filter(({ trainLoss, validationLoss }) => trainLoss && validationLoss);
  const best = known.toSorted((a, b) => a.validationLoss! - b.validationLoss!)[0];
  const last = known.at(-1);
  if (best === undefined || last!.trainLoss! >= best.trainLoss!) return 1;
  return last!.validationLoss! / best.validationLoss!;
}

/** Paper 3: "training performance high but validation performance drops sharply". */
function findGap({ tuned }: Seen): string | undefined {
  const gap = mean(tuned.map(({ epochs }) => gapOf(epochs)));
  if (gap < GAP) return undefined;
  return `the validation loss ends ${digits(gap)} times as high as at its best while the training loss falls on; read the column that is best on validation, and take more examples or fewer epochs`;
}

const RULES: Readonly<Record<Signature["kind"], (seen: Seen) => string | undefined>> = {
  flat: findFlat,
  "low-accuracy": findLowAccuracy,
  "large-error": findLargeError,
  gap: findGap,
};

/** The signatures that the fine-tuned row of a table shows, split by split, each by a rule of its own. */
export function findSignatures(task: TaskFacts, runs: readonly RunOutcome[]): Signature[] {
  return SPLIT_NAMES.flatMap((split) => {
    const others = runs.filter((run) => run.split === split && run.problem === undefined);
    const tuned = others.filter(({ row }) => row === "fine-tuned");
    if (tuned.length === 0) return [];
    return Object.entries(RULES).flatMap(([kind, rule]) => {
      const sentence = rule({ task, tuned, others });
      return sentence === undefined
        ? []
        : [
            {
              kind: kind as Signature["kind"],
              split,
              sentence: `fine-tuned, ${split} split: ${sentence}`,
            },
          ];
    });
  });
}
