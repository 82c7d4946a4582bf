import type { Examples, SplitName } from "../tasks/examples";
import type { TaskFacts } from "../tasks/types";
import { DESTINATION_RIVALS } from "./destination-rivals";
import { MODEL_ROWS, isModelRow } from "./run-model";
import { MOST_CLASSES } from "./rivals";
import { layersOf, type RowName } from "./rows";
import type { TableSettings } from "./settings";

/** One run: a row on one split with one seed. */
export interface PlannedRun {
  readonly key: string;
  readonly row: RowName;
  readonly split: SplitName;
  readonly seed: number;
}

/** In the order in which they run: what says most comes first, so that a table that was stopped says much. */
const ORDER: readonly RowName[] = [
  "constant",
  "fine-tuned",
  "random",
  "coordinates",
  "linear-probe",
  "twin-probe",
  "nearest-embeddings",
  "rule",
  ...DESTINATION_RIVALS,
  "zero-shot",
  "few-shot",
  "transformer-small",
  "transformer-medium",
  "transformer-large",
  "coordinates-mlp",
];

/** True where a row can answer the task. */
function hasRow(row: RowName, task: TaskFacts, { labels }: Pick<Examples, "labels">): boolean {
  if (isModelRow(row)) return true;
  const isDestination = DESTINATION_RIVALS.some((name) => name === row);
  if (task.answer === "cells" || isDestination) return task.answer === "cells" && isDestination;
  if (row === "rule") return task.rule !== undefined;
  const isProbe = row.endsWith("-probe");
  const isManyClasses = labels.kind === "classes" && labels.names.length > MOST_CLASSES;
  if (isProbe && isManyClasses) return false;
  // where the answer is the place, coordinates are the answer
  return !(task.name === "location" && row.startsWith("coordinates"));
}

/** All runs of a table in their order: seed by seed, split by split. */
export function planRuns(
  task: TaskFacts,
  examples: Pick<Examples, "labels">,
  { settings, seed, table }: { settings: TableSettings; seed: number; table: string },
): PlannedRun[] {
  const rows = ORDER.filter(
    (row) => hasRow(row, task, examples) && (settings.rows?.includes(row) ?? true),
  );
  return Array.from({ length: settings.seeds }, (_, i) => seed + i).flatMap((seed) =>
    settings.splits.flatMap((split) =>
      rows.map((row) => ({ key: `${table} ${row} ${split} ${seed}`, row, split, seed })),
    ),
  );
}

/** A way back costs about twice the way there. */
const TRAINING_COST = 3;
/** Work of a rival beside one pass of the model over the examples. */
const RIVAL_COST = 0.3;

/**
 * Work of one run, in passes of one token through one layer: what the time of the runs that are left is told by.
 */
export function workOf(
  row: RowName,
  { sequences, count }: Pick<Examples, "sequences" | "count">,
  { training }: TableSettings,
  layerCount: number,
): number {
  const tokens = sequences.reduce((sum, { length }) => sum + length, 0);
  if (!isModelRow(row)) return RIVAL_COST * tokens * layerCount;
  const isTrained = row !== "zero-shot";
  const learnt = row === "few-shot" ? Math.min(1, 64 / count) : 0.64; // four fifths of four fifths
  const epochs = isTrained ? training.epochs : 0;
  const passes = TRAINING_COST * learnt * epochs + 0.36 * (epochs + 1);
  return passes * tokens * layersOf(row, layerCount);
}

/** Layers of every model row, for the page. */
export function layersOfRows(layerCount: number): Partial<Record<RowName, number>> {
  return Object.fromEntries(MODEL_ROWS.map((row) => [row, layersOf(row, layerCount)]));
}
