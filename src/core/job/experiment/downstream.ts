/** What a pre-trained model is worth on tasks: quickly fine-tuned, beside its random twin on the same examples. */
import { FootfallError } from "../../errors";
import { createBert } from "../../model/bert";
import type { BertConfig } from "../../model/config";
import type { CellPieces } from "../../token/tokeniser";
import { FAR_TASK, NEAR_MEAN } from "../../task/experiments/series";
import type { Reading } from "../../task/experiments/readings";
import { embedSequences } from "../../task/table/embed-sequences";
import {
  runModelRow,
  startOf,
  type ModelRow,
  type PretrainedModel,
} from "../../task/table/run-model";
import { scoreRival } from "../../task/table/score-rival";
import { scaledSettings } from "../../task/table/settings";
import { drawExamples, splitExamples, type Examples } from "../../task/tasks/examples";
import { METRICS, type MetricName } from "../../task/tasks/metric-names";
import { factsOf, TASKS } from "../../task/tasks/registry";
import type { Task, TaskData, TaskName } from "../../task/tasks/types";
import { toHours } from "../../train/labelled-rows";
import type { Dataset } from "../open-dataset";
import { openTaskData, type TruthSpecs } from "../open-task-data";
import type { Report, Session } from "../session";

/** A quick fine-tuning: few examples need large steps. */
const QUICK = { epochs: 6, learningRate: 1e-3 } as const;

/** Tasks of a data set, ready to be asked. */
export interface TaskStand {
  readonly data: TaskData;
  readonly tasks: readonly Task[];
  /** Hours of the week of all check-ins, for models that know times. */
  readonly hours: Uint8Array | undefined;
}

/** Opens those of the tasks that the data have truths for. */
export async function* openTasks(
  dataset: Dataset,
  names: readonly TaskName[],
  session: Session,
  signal: AbortSignal,
  { hours, truths }: { hours?: Uint8Array; truths?: TruthSpecs | undefined } = {},
): AsyncGenerator<Report, TaskStand, void> {
  const wanted = TASKS.filter(({ name }) => names.includes(name));
  const roles = [...new Set(wanted.flatMap(({ needs }) => needs))];
  const data = yield* openTaskData(dataset, { truths, roles }, session, signal);
  const tasks = wanted.filter(({ needs }) =>
    needs.every((role) => data.truths[role] !== undefined),
  );
  return { data, tasks, hours };
}

/** The hours of the examples' months; cells by themselves have none. */
function hoursOf(
  { data: { trajectories }, hours }: TaskStand,
  { of, cellsOf, count }: Examples,
  { input }: Task,
  { pieces, config }: Asked,
): Int32Array[] | undefined {
  if (hours === undefined || input === "region" || config.hasTimes !== true) return undefined;
  return Array.from({ length: count }, (_, n) => {
    const from = trajectories.offsets[of[n]!]!;
    const cells = cellsOf(n);
    const own = hours.subarray(from, from + cells.length);
    return toHours(pieces, cells, own, config.maxPositions);
  });
}

interface Asked {
  readonly pieces: CellPieces;
  readonly config: BertConfig;
}

export interface DownstreamOptions extends TaskStand {
  readonly pieces: CellPieces;
  readonly model: PretrainedModel;
  /** Examples of each task. */
  readonly samples: number;
  readonly seed: number;
  /** Which data and cells the twins are of. */
  readonly twin: string;
  /** Scores of random twins, which are trained once. */
  readonly twins: Map<string, number>;
  /** Gets why a task was left out. */
  readonly notes: Set<string>;
  readonly signal: AbortSignal;
}

async function* scoreRow(
  row: ModelRow,
  task: Task,
  examples: Examples,
  { data, model, seed, signal }: DownstreamOptions,
): AsyncGenerator<Report, number | undefined, void> {
  const facts = factsOf(task);
  const { seed: _, ...training } = { seed, ...scaledSettings(facts).training, ...QUICK };
  const split = splitExamples(examples, data.cells, { name: "random", seed });
  const { centres } = data;
  const run = runModelRow({
    row,
    task: facts,
    model,
    examples,
    split,
    centres,
    training,
    seed,
    signal,
  });
  for (;;) {
    const { done, value } = await run.next();
    if (done) return value.scores.bestOnValidation[task.headline];
    const { phase, done: steps, total, unit } = value;
    yield { phase: `${phase}: ${task.title}`, done: steps, total, unit };
  }
}

/**
 * How much better a score is than the twin's: the difference of two F, else the share of the twin's error that is gone;
 * R2 is turned into an error first, because far below 0 its differences say nothing.
 */
export function gainOf(headline: MetricName, score: number, twin: number): number {
  if (headline === "r2") return 1 - Math.sqrt((1 - score) / (1 - twin));
  return METRICS[headline].better === "more" ? score - twin : 1 - score / twin;
}

type Found = Pick<Reading, "series" | "measure" | "value">;

/** The headline of a linear probe on frozen states, which learn nothing of the task. */
async function* scoreProbe(
  { config, tensors }: PretrainedModel,
  task: Task,
  examples: Examples,
  { data, seed, signal }: DownstreamOptions,
): AsyncGenerator<Report, number | undefined, void> {
  const { cells, centres } = data;
  const split = splitExamples(examples, cells, { name: "random", seed });
  const bert = createBert(config, tensors);
  try {
    const states = yield* embedSequences(bert, examples.sequences, signal);
    const embeddings = { model: states, twin: states };
    const facts = factsOf(task);
    const input = { task: facts, examples, split, centres, embeddings, seed, signal };
    return yield* scoreRival("linear-probe", input);
  } finally {
    bert.dispose();
  }
}

/** Scores of the model and of its twin, which is asked once for all models of its size. */
async function* scorePair(
  way: "fine-tuned" | "probe",
  task: Task,
  examples: Examples,
  options: DownstreamOptions,
): AsyncGenerator<Report, readonly [own: number, twin: number] | undefined, void> {
  const { model, seed, twin: of, twins } = options;
  const { vocabularySize, layerCount, width, hasTimes = false } = model.config;
  const key = [of, way, task.name, seed, vocabularySize, layerCount, width, hasTimes].join(" ");
  const score = (row: ModelRow) =>
    way === "fine-tuned"
      ? scoreRow(row, task, examples, options)
      : scoreProbe(startOf(row, model, seed), task, examples, options);
  const own = yield* score("fine-tuned");
  const twin = twins.get(key) ?? (yield* score("random"));
  if (own === undefined || twin === undefined) return undefined;
  twins.set(key, twin);
  return [own, twin];
}

/** What one task gives. */
async function* measureTask(
  task: Task,
  options: DownstreamOptions,
): AsyncGenerator<Report, Found[], void> {
  const { data, pieces, model, samples, seed } = options;
  const { maxPositions } = model.config;
  const drawn = drawExamples(task, data, pieces, { samples, shown: 0.25, seed, maxPositions });
  const asked = { pieces, config: model.config };
  const examples: Examples = { ...drawn, hours: hoursOf(options, drawn, task, asked) };
  const series = task.name;
  const found: Found[] = [];
  const tuned = yield* scorePair("fine-tuned", task, examples, options);
  if (tuned) {
    found.push(
      { series, measure: "gain", value: gainOf(task.headline, ...tuned) },
      { series, measure: "score", value: tuned[0] },
      { series, measure: "twinScore", value: tuned[1] },
    );
  }
  const probed = yield* scorePair("probe", task, examples, options);
  if (probed) found.push({ series, measure: "probeGain", value: gainOf(task.headline, ...probed) });
  return found;
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, one) => sum + one, 0) / values.length;

/** The mean gains over the near tasks. */
function nearMeans(found: readonly Found[]): Found[] {
  return (["gain", "probeGain"] as const).flatMap((measure) => {
    const near = found.filter((one) => one.measure === measure && one.series !== FAR_TASK);
    if (near.length === 0) return [];
    return [{ series: NEAR_MEAN, measure, value: meanOf(near.map(({ value }) => value)) }];
  });
}

/** Gains over the random twin on all tasks, fine-tuned and by a linear probe, and their means over the near ones. */
export async function* measureDownstream(
  options: DownstreamOptions,
): AsyncGenerator<Report, Found[], void> {
  const found: Found[] = [];
  for (const task of options.tasks) {
    try {
      found.push(...(yield* measureTask(task, options)));
    } catch (thrown) {
      if (!(thrown instanceof FootfallError) || thrown.code !== "no-data") throw thrown;
      options.notes.add(`Left out: ${thrown.message}.`);
    }
  }
  return [...nearMeans(found), ...found];
}
