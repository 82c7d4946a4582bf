import { FootfallError } from "../errors";
import type { Progress } from "../pace";
import { embedSequences } from "../task/table/embed-sequences";
import {
  fillTable,
  type RunDone,
  type TableReport,
  type TableState,
} from "../task/table/fill-table";
import { layersOfRows, planRuns, type PlannedRun } from "../task/table/plan";
import { rowFacts, type RowName } from "../task/table/rows";
import { isModelRow } from "../task/table/run-model";
import { CHOICES, gainOf, summariseRuns, type Gain, type RunOutcome } from "../task/table/results";
import {
  checkSettings,
  differencesFromPaper,
  scaledSettings,
  type TableSettings,
} from "../task/table/settings";
import { weightBytesOf } from "../task/table/weight-bytes";
import { warningOf } from "../papers/sensitive";
import type { Matrix } from "../task/linear-model";
import { drawExamples, SPLIT_NAMES, type Examples, type SplitName } from "../task/tasks/examples";
import { METRICS } from "../task/tasks/metric-names";
import { factsOf, findTask, TASKS } from "../task/tasks/registry";
import type { Task, TaskData, TaskFacts, TaskName } from "../task/tasks/types";
import { fingerprint } from "../world/fingerprint";
import type { AdaptJob, AdaptTable } from "./adapt";
import { takeKnown, type KnownRun } from "./adapt-known";
import { findOrigin, type TableOrigin } from "./adapt-origin";
import { findTruthOrigins } from "./adapt-truths";
import { openDataset, type Dataset } from "./open-dataset";
import { openModel, type OpenModel } from "./open-model";
import { openTaskData } from "./open-task-data";
import { layerKey } from "./layers";
import { keep, type Session } from "./session";

/** What a table's job stands on; the adapted weights stay with it as long as the session keeps it. */
export class AdaptStand {
  readonly task: Task;
  readonly dataset: Dataset;
  readonly model: OpenModel;
  readonly data: TaskData;
  readonly examples: Examples;
  readonly settings: TableSettings;
  readonly seed: number;
  readonly origin: TableOrigin;
  /** Part of the key of each run. */
  readonly table: string;
  /** Runs of this session, with their answers and weights, by key. */
  readonly done = new Map<string, RunDone>();
  readonly #embeddings: { model: Matrix; twin: Matrix; seconds: number };
  /** What the last `fill` left out. */
  #leftOut: readonly string[] = [];

  constructor(
    parts: Pick<
      AdaptStand,
      "task" | "dataset" | "model" | "data" | "examples" | "settings" | "seed" | "origin" | "table"
    >,
    embeddings: { model: Matrix; twin: Matrix; seconds: number },
  ) {
    this.task = parts.task;
    this.dataset = parts.dataset;
    this.model = parts.model;
    this.data = parts.data;
    this.examples = parts.examples;
    this.settings = parts.settings;
    this.seed = parts.seed;
    this.origin = parts.origin;
    this.table = parts.table;
    this.#embeddings = embeddings;
  }

  /** Opens data, model, truths and examples; kept between jobs. Throws as `runAdapt`. */
  static async *openFor(
    job: Omit<AdaptJob, "kind" | "known">,
    session: Session,
    signal: AbortSignal,
  ): AsyncGenerator<Progress, AdaptStand, void> {
    const dataset = yield* openDataset(job.dataset, session, signal);
    const model = yield* openModel(job.model, dataset, session, signal);
    const settings = resolveSettings(job);
    const table = tableKey({ ...job, settings }, dataset, model);
    const rest = JSON.stringify([settings.seeds, settings.splits, settings.rows]);
    const key = `adapted ${table} ${rest} of ${dataset.key} by ${model.key}`;
    return yield* keep(session, key, () =>
      openStand({ ...job, settings }, { dataset, model, table }, session, signal),
    );
  }

  #toInput(signal: AbortSignal) {
    const { task, data, examples, settings, seed, table } = this;
    const { folder, pieces } = this.model;
    const { config, tensors } = folder;
    const model = { config, tensors, pieces };
    const embeddings = this.#embeddings;
    return {
      task: factsOf(task),
      data,
      examples,
      model,
      embeddings,
      settings,
      seed,
      table,
      signal,
    };
  }

  /** Runs what is missing; `state` of a report is the table so far. Kept runs of other weights are run again. */
  async *fill(
    known: readonly KnownRun[] | undefined,
    signal: AbortSignal,
    until?: number,
  ): AsyncGenerator<TableReport, void, void> {
    const here = [...this.done.values()].map(({ outcome }) => outcome);
    const { runs, notes } = takeKnown(known ?? [], this);
    this.#leftOut = notes;
    const all = new Map([...here, ...runs].map((run) => [run.key, run]));
    yield* fillTable({
      ...this.#toInput(signal),
      known: [...all.values()],
      until,
      onRun: (run, done) => this.#remember(run, done),
    });
  }

  /** One run of the first seed with its answers and weights: what is remembered, or run once more. */
  async *open(
    row: RowName,
    split: SplitName,
    signal: AbortSignal,
  ): AsyncGenerator<Progress, RunDone, void> {
    const settings = { ...this.settings, rows: [row], splits: [split], seeds: 1 };
    const { task, examples, seed, table } = this;
    const [run] = planRuns(task, examples, { settings, seed, table });
    if (run === undefined) {
      throw new FootfallError("bad-input", `"${row}" is no row of the table of ${this.task.title}`);
    }
    const known = this.done.get(run.key);
    if (known && (known.trained || !isModelRow(row))) return known;
    let found: RunDone | undefined;
    const onRun = (_: PlannedRun, done: RunDone): void => void (found = done);
    for await (const { state: _, ...progress } of fillTable({
      ...this.#toInput(signal),
      settings,
      onRun,
    })) {
      yield progress;
    }
    if (found === undefined) {
      const words = `${rowFacts(row).title} has no answers on the ${split} split`;
      throw new FootfallError("no-data", `${words}; the table says why`);
    }
    this.done.set(run.key, found);
    return found;
  }

  /** Weights are kept of one run of each row: those of forty would fill the memory. */
  #remember({ key, seed, split }: PlannedRun, done: RunDone): void {
    const keeps = seed === this.seed && split === this.settings.splits[0];
    this.done.set(key, keeps ? done : { ...done, trained: undefined });
  }

  /** The table as the page shows it. */
  toTable(state: TableState = { runs: [], runCount: 0, secondsLeft: 0 }): AdaptTable {
    const { task, examples, settings, model, origin } = this;
    const { count, unit, drawnFrom, paperFactor, notes } = examples;
    const { runs, runCount, secondsLeft, running } = state;
    const warning = warningOf(task.name);
    const { layerCount, headCount, width, innerWidth } = model.folder.config;
    return {
      task: factsOf(task),
      columns: task.metrics.map((name) => ({ name, ...METRICS[name] })),
      rows: summariseRuns(runs),
      gains: this.#gains(runs),
      runs: [...runs],
      runCount,
      secondsLeft,
      ...(running && { running }),
      examples: { count, unit, drawnFrom, paperFactor, notes: [...notes, ...this.#leftOut] },
      settings,
      scaled: differencesFromPaper(settings, task, count),
      layerFactor: layerCount / 12,
      layers: layersOfRows(layerCount),
      weightBytes: weightBytesOf(examples.labels, model.folder.config, settings.training.pooling),
      shape: { headCount, width, innerWidth },
      origin,
      ...(warning !== undefined && { warning }),
    };
  }

  #gains(runs: readonly RunOutcome[]): Gain[] {
    const { task } = this;
    const pair = { row: "fine-tuned", against: "random", metric: task.headline } as const;
    return SPLIT_NAMES.flatMap((split) =>
      CHOICES.flatMap((choice) => gainOf(runs, { ...pair, split, choice }) ?? []),
    );
  }
}

type SettledJob = Omit<AdaptJob, "kind" | "known"> & { settings: TableSettings };

/** What is asked of a task before its truths are opened; a layer's task is about cells. */
const outlineOf = (name: TaskName): Pick<TaskFacts, "input" | "source" | "isPair" | "needs"> =>
  TASKS.find((task) => task.name === name) ?? { input: "region", source: "none", needs: ["layer"] };

/** Throws "bad-input" for values outside their bounds. */
function resolveSettings({ task, settings }: Pick<AdaptJob, "task" | "settings">): TableSettings {
  const resolved = settings ?? scaledSettings(outlineOf(task));
  checkSettings(resolved);
  return resolved;
}

/** Says the same for tables whose runs can stand side by side: how many rows, seeds and splits does not count. */
function tableKey(
  { task, truths, seed, settings: all }: SettledJob,
  dataset: Dataset,
  model: OpenModel,
): string {
  const layers = Object.entries(truths ?? {}).map(([role, spec]) => {
    return [role, spec.kind === "layer" ? layerKey(spec) : spec.field];
  });
  const { seeds: _, splits: __, rows: ___, ...settings } = all;
  const text = JSON.stringify([task, dataset.key, model.key, layers, settings, seed]);
  return `${task} ${fingerprint([new TextEncoder().encode(text)])}`;
}

async function* openStand(
  { settings, ...job }: SettledJob,
  { dataset, model, table }: { dataset: Dataset; model: OpenModel; table: string },
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Progress, AdaptStand, void> {
  const { truths, seed } = job;
  const roles = outlineOf(job.task).needs;
  const data = yield* openTaskData(dataset, { truths, roles }, session, signal);
  const task = findTask(job.task, data);
  const { maxPositions } = model.folder.config;
  const { samples, shown } = settings;
  const options = { samples, shown, seed, maxPositions };
  const examples = drawExamples(task, data, model.pieces, options);
  const startedAt = performance.now();
  const own = yield* embedSequences(model.bert, examples.sequences, signal);
  const twin = yield* embedSequences(model.twin, examples.sequences, signal);
  const seconds = (performance.now() - startedAt) / 1000;
  const brought = yield* findTruthOrigins(truths, { dataset, data }, session, signal);
  const origin = yield* findOrigin(dataset, { model, truths: brought, seed }, signal);
  const parts = { task, dataset, model, data, examples, settings, seed, origin, table };
  return new AdaptStand(parts, { model: own, twin, seconds });
}
