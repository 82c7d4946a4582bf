import { FootfallError, type ErrorCode } from "../../errors";
import type { Progress } from "../../pace";
import type { Matrix } from "../linear-model";
import { splitExamples, widthOf, type Examples, type ExampleSplit } from "../tasks/examples";
import type { MetricValues } from "../tasks/metric-names";
import { scoreAnswers, takeAnswers, takeLabels, type Answers } from "../tasks/scoring";
import type { TaskData, TaskFacts } from "../tasks/types";
import { rankDestinations, DESTINATION_RIVALS } from "./destination-rivals";
import { runDestinationRow, type DestinationModel } from "./run-destination";
import { planRuns, workOf, type PlannedRun } from "./plan";
import type { EpochScores, RunOutcome } from "./results";
import { RIVALS } from "./rivals";
import { isModelRow, runModelRow, type PretrainedModel, type Trained } from "./run-model";
import type { TableSettings } from "./settings";
import { drawTestIntervals } from "./test-intervals";
import { rowFacts } from "./rows";

/** What a table is made from; the model's embeddings of the examples serve all probes. */
export interface TableInput {
  readonly task: TaskFacts;
  readonly data: TaskData;
  readonly examples: Examples;
  readonly model: PretrainedModel & DestinationModel;
  /** Mean states of the frozen models, [n, C]; `seconds` of the first says how fast the engine is. */
  readonly embeddings: { readonly model: Matrix; readonly twin: Matrix; readonly seconds: number };
  readonly settings: TableSettings;
  readonly seed: number;
  /** Says the same for the same table: part of every run's key. */
  readonly table: string;
  /** Runs of an earlier try, taken over by their keys. */
  readonly known?: readonly RunOutcome[] | undefined;
  /** No run begins after this moment of performance.now(). */
  readonly until?: number | undefined;
  /** Is given what a run answered and, of models, its weights. */
  readonly onRun?: ((run: PlannedRun, done: RunDone) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What a run leaves besides its outcome. */
export interface RunDone {
  readonly outcome: RunOutcome;
  /** Of the test examples, best on validation. */
  readonly answers: Answers;
  readonly split: ExampleSplit;
  readonly trained: Trained | undefined;
}

/** Where a table stands. */
export interface TableState {
  readonly runs: readonly RunOutcome[];
  readonly runCount: number;
  readonly secondsLeft: number;
  /** The run that is being trained. */
  readonly running?: (PlannedRun & { readonly epochs: readonly EpochScores[] }) | undefined;
}

export type TableReport = Progress & { readonly state?: TableState };

/** Scores of each kind of test examples apart. */
function scoreGroups(
  { examples, task, data }: TableInput,
  answers: Answers,
  { test }: ExampleSplit,
): { groups?: Record<string, MetricValues> } {
  const { groups, labels } = examples;
  if (!groups) return {};
  const width = widthOf(labels);
  const options = {
    metrics: task.metrics.filter((name) => name === "accuracy"),
    centres: data.centres,
  };
  const entries = groups.names.map((name, group) => {
    const places = Array.from(test.keys()).filter((i) => groups.of[test[i]!] === group);
    const rows = places.map((i) => test[i]!);
    const scores = scoreAnswers(
      takeLabels(labels, rows),
      takeAnswers(answers, places, width),
      options,
    );
    return [name, scores] as const;
  });
  return { groups: Object.fromEntries(entries) };
}

interface Ran {
  readonly answers: Answers; // of the test examples
  readonly trained: Trained | undefined;
  readonly method: string;
}

type Work = AsyncGenerator<Progress & { readonly epochs?: readonly EpochScores[] }, Ran, void>;

async function* runModel(input: TableInput, run: PlannedRun, split: ExampleSplit): Work {
  const { task, data, examples, model, settings, signal } = input;
  if (!isModelRow(run.row)) throw new Error(`${run.row} is no model`);
  const { row, seed } = run;
  const { training } = settings;
  const { centres } = data;
  const common = { row, task, model, examples, split, centres, training, seed, signal };
  const trained =
    task.answer === "cells" ? yield* runDestinationRow(common) : yield* runModelRow(common);
  return { answers: trained.answers, trained, method: rowFacts(row).words };
}

async function* runRival(input: TableInput, { row, seed }: PlannedRun, split: ExampleSplit): Work {
  const { task, data, examples, embeddings, signal } = input;
  const width = widthOf(examples.labels);
  const destination = DESTINATION_RIVALS.find((name) => name === row);
  if (destination) {
    yield { phase: "rank cells by a rule", done: 0, total: 1, unit: "rules" };
    const ranked = rankDestinations(destination, data, examples);
    const answers = takeAnswers({ kind: "cells", ranked }, split.test, 1);
    return { answers, trained: undefined, method: rowFacts(row).words };
  }
  const rival = RIVALS[row]!;
  const { centres } = data;
  const { answers, method } = yield* rival({
    task,
    examples,
    split,
    centres,
    embeddings,
    seed,
    signal,
  });
  return { answers: takeAnswers(answers, split.test, width), trained: undefined, method };
}

function toOutcome(
  input: TableInput,
  { key, row, split: name, seed }: PlannedRun,
  split: ExampleSplit,
  { answers, trained, method }: Ran,
  seconds: number,
): RunOutcome {
  const { task, data, examples } = input;
  const labels = takeLabels(examples.labels, split.test);
  const scores = scoreAnswers(labels, answers, { metrics: task.metrics, centres: data.centres });
  return {
    key,
    row,
    split: name,
    seed,
    scores: trained?.scores ?? { bestOnTest: scores, bestOnValidation: scores, last: scores },
    epochs: trained?.epochs ?? [],
    ...scoreGroups(input, answers, split),
    method,
    train: (row === "few-shot" ? split.few : split.train).length,
    test: split.test.length,
    seconds,
  };
}

/** Of one seed alone, what its test examples leave open; several seeds say more, and nothing is drawn. */
async function* addIntervals(
  { examples, settings, task, data, signal }: TableInput,
  outcome: RunOutcome,
  split: ExampleSplit,
  answers: Answers,
): AsyncGenerator<Progress, RunOutcome, void> {
  if (settings.seeds > 1) return outcome;
  const labels = takeLabels(examples.labels, split.test);
  const asked = { metrics: task.metrics, centres: data.centres, seed: outcome.seed, signal };
  const intervals = yield* drawTestIntervals(labels, answers, asked);
  return { ...outcome, intervals };
}

/** What a run can fail with alone: it diverged, or its split leaves nothing to learn. */
const OWN_PROBLEMS: readonly ErrorCode[] = ["not-finite", "no-data", "bad-input"];

/** One run to its outcome; one that cannot be had says why and leaves the other rows alone. */
async function* takeRun(
  input: TableInput,
  run: PlannedRun,
): AsyncGenerator<Progress & { readonly epochs?: readonly EpochScores[] }, RunOutcome, void> {
  const { data, examples } = input;
  const startedAt = performance.now();
  const secondsSo = (): number => (performance.now() - startedAt) / 1000;
  try {
    const split = splitExamples(examples, data.cells, { name: run.split, seed: run.seed });
    const ran = yield* isModelRow(run.row)
      ? runModel(input, run, split)
      : runRival(input, run, split);
    const scored = toOutcome(input, run, split, ran, secondsSo());
    const outcome = yield* addIntervals(input, scored, split, ran.answers);
    input.onRun?.(run, { outcome, answers: ran.answers, split, trained: ran.trained });
    return outcome;
  } catch (thrown) {
    if (!(thrown instanceof FootfallError) || !OWN_PROBLEMS.includes(thrown.code)) throw thrown;
    const { key, row, split, seed } = run;
    const scores = { bestOnTest: {}, bestOnValidation: {}, last: {} };
    const facts = { method: rowFacts(row).words, train: 0, test: 0, seconds: secondsSo() };
    return { key, row, split, seed, scores, epochs: [], ...facts, problem: thrown.message };
  }
}

/** Tells the seconds that are left, from the speed of the embeddings first, then from that of the runs. */
class Clock {
  readonly #input: TableInput;
  #seconds: number;
  #work: number;

  constructor(input: TableInput) {
    const { examples, embeddings, model } = input;
    this.#input = input;
    const tokens = examples.sequences.reduce((sum, { length }) => sum + length, 0);
    this.#seconds = embeddings.seconds;
    this.#work = 2 * tokens * model.config.layerCount; // the model and its twin
  }

  #workOf({ row }: PlannedRun): number {
    const { examples, settings, model } = this.#input;
    return workOf(row, examples, settings, model.config.layerCount);
  }

  add(run: PlannedRun, seconds: number): void {
    this.#seconds += seconds;
    this.#work += this.#workOf(run);
  }

  left(runs: readonly PlannedRun[]): number {
    const work = runs.reduce((sum, run) => sum + this.#workOf(run), 0);
    return (work * this.#seconds) / this.#work;
  }
}

/**
 * Fills one table run by run: an estimate first, then a state after each epoch and each run, so that a table that is
 * stopped is a table all the same. Runs of `known` are taken over. Returns all runs. Throws "stopped", and what
 * drawing and training throw.
 */
export async function* fillTable(
  input: TableInput,
): AsyncGenerator<TableReport, RunOutcome[], void> {
  const { task, examples, settings, seed, table, known = [], until = Infinity } = input;
  const planned = planRuns(task, examples, { settings, seed, table });
  const runs = known.filter(({ key }) => key.startsWith(`${table} `)); // rows that are not asked now stay
  const missing = planned.filter(({ key }) => !runs.some((run) => run.key === key));
  const runCount = runs.length + missing.length;
  const clock = new Clock(input);
  const state = (next: number, running?: TableState["running"]): TableReport => ({
    phase: running ? `${rowFacts(running.row).title}, ${running.split} split` : "fill the table",
    done: runs.length,
    total: runCount,
    unit: "runs",
    state: {
      runs: [...runs],
      runCount,
      secondsLeft: clock.left(missing.slice(next)),
      running,
    },
  });
  yield state(0);
  for (const [n, run] of missing.entries()) {
    if (performance.now() > until) break;
    const work = takeRun(input, run);
    for (;;) {
      const next = await work.next();
      if (next.done) {
        runs.push(next.value);
        clock.add(run, next.value.seconds);
        break;
      }
      const { epochs, ...progress } = next.value;
      yield epochs ? state(n, { ...run, epochs: [...epochs] }) : progress;
    }
    yield state(n + 1);
  }
  return runs;
}
