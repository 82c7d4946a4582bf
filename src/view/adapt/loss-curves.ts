import type { AdaptTable } from "../../core/job/adapt";
import type { EpochScores } from "../../core/task/table/results";
import { ROW_NAMES, rowFacts, type RowName } from "../../core/task/table/rows";
import type { Twin } from "../map/cell-twin";
import { formatValue } from "../map/format";

/** A loss after an epoch, mean over the seeds. */
export interface LossPoint {
  readonly epoch: number;
  readonly loss: number;
  readonly part: "training" | "validation";
}

/** The losses of one row of a table. */
export interface RowLosses {
  readonly title: string;
  readonly points: readonly LossPoint[];
  /** Of the pre-trained model: the validation of its random twin, to be seen in the same chart (paper 2, Figure 7). */
  readonly beside?: readonly LossPoint[];
}

/** The losses of all trained rows of one task, on axes that they share. */
export interface TaskLosses {
  readonly title: string;
  /** What the loss is, with its unit. */
  readonly measure: string;
  readonly rows: readonly RowLosses[];
  /** Last epoch and largest loss of all rows. */
  readonly epochs: number;
  readonly most: number;
}

/** What is made small, by what is asked for. */
const MEASURES: Readonly<Record<AdaptTable["task"]["answer"], string>> = {
  classes: "cross-entropy, nats",
  numbers: "squared error of standardised targets",
  cells: "cross-entropy of hidden pieces, nats",
};

const PARTS = { training: "trainLoss", validation: "validationLoss" } as const;

function meanLosses(
  runs: readonly (readonly EpochScores[])[],
  part: LossPoint["part"],
): LossPoint[] {
  const all = runs.flat();
  const epochs = [...new Set(all.map(({ epoch }) => epoch))].toSorted((a, b) => a - b);
  return epochs.flatMap((epoch) => {
    const losses = all.flatMap((one) => (one.epoch === epoch ? (one[PARTS[part]] ?? []) : []));
    if (losses.length === 0) return [];
    return { epoch, part, loss: losses.reduce((sum, loss) => sum + loss, 0) / losses.length };
  });
}

/** The curves of a table, of its first split; the run that goes is among them. */
export function taskLosses({ task, runs, running, settings }: AdaptTable): TaskLosses {
  const [split] = settings.splits;
  const all = [...runs, ...(running ? [running] : [])].filter((run) => run.split === split);
  const epochsOf = (name: RowName) =>
    all.filter(({ row }) => row === name).map(({ epochs }) => epochs);
  const rows = ROW_NAMES.flatMap((name): RowLosses[] => {
    const own = epochsOf(name);
    const points = [...meanLosses(own, "training"), ...meanLosses(own, "validation")];
    if (points.length <= 1) return [];
    const beside = name === "fine-tuned" && meanLosses(epochsOf("random"), "validation");
    return [{ title: rowFacts(name).title, points, ...(beside && { beside }) }];
  });
  const points = rows.flatMap((row) => row.points);
  return {
    title: task.title,
    measure: MEASURES[task.answer],
    rows,
    epochs: points.reduce((most, { epoch }) => Math.max(most, epoch), 1),
    most: points.reduce((most, { loss }) => Math.max(most, loss), 0),
  };
}

/** The same in words. */
export function lossesTwin({ title, rows }: TaskLosses): Twin {
  const sentences = rows.map((row) => {
    const last = row.points.findLast(({ part }) => part === "validation");
    return `${row.title} ends at a validation loss of ${last ? formatValue(last.loss) : "none"}`;
  });
  return {
    summary: `${title}: ${sentences.join("; ")}.`,
    head: ["model", "part", "epoch", "loss"],
    rows: rows.flatMap((row) =>
      row.points.map(({ part, epoch, loss }) => [
        row.title,
        part,
        String(epoch),
        formatValue(loss),
      ]),
    ),
  };
}
