/** The rows that are models: each a fresh head on pre-trained or random weights, trained on the labels. */
import type { BertConfig } from "../../model/config";
import type { LabelModel, LabelTask } from "../../model/label-model";
import { initialiseBert } from "../../model/parameters";
import type { HostTensors } from "../../model/safetensors";
import { fineTune, type FineTuneReport } from "../../train/fine-tune";
import type { LabelledRows } from "../../train/labelled-rows";
import type { Examples, ExampleSplit } from "../tasks/examples";
import { widthOf } from "../tasks/examples";
import { isBetter, type MetricName, type MetricValues } from "../tasks/metric-names";
import { likeliestClasses, scoreAnswers, takeLabels, type Answers } from "../tasks/scoring";
import type { Places } from "../coordinates";
import type { Labels, TaskFacts } from "../tasks/types";
import type { Progress } from "../../pace";
import type { Choice, EpochScores } from "./results";
import { probeHead } from "./probe-head";
import { layersOf, type RowName } from "./rows";
import type { TrainingSettings } from "./settings";

/** Rows that are models, in the order of the papers' tables. */
export const MODEL_ROWS = [
  "transformer-small",
  "transformer-medium",
  "transformer-large",
  "random",
  "zero-shot",
  "few-shot",
  "fine-tuned",
] as const satisfies readonly RowName[];
export type ModelRow = (typeof MODEL_ROWS)[number];

export const isModelRow = (row: RowName): row is ModelRow =>
  MODEL_ROWS.some((known) => known === row);

/** Weights that all rows of a table start from. */
export interface PretrainedModel {
  readonly config: BertConfig;
  readonly tensors: HostTensors;
}

/** What one run of a model row is given. */
export interface ModelRunInput {
  readonly row: ModelRow;
  readonly task: TaskFacts;
  readonly model: PretrainedModel;
  readonly examples: Examples;
  readonly split: ExampleSplit;
  readonly centres: Places;
  readonly training: TrainingSettings;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
}

/** What a run comes to: answers of the test examples, three choices of epoch, and the weights of the honest one. */
export interface Trained {
  readonly scores: Readonly<Record<Choice, MetricValues>>;
  readonly epochs: readonly EpochScores[];
  /** Of the test examples, best on validation. */
  readonly answers: Answers;
  readonly labelModel: LabelModel | undefined;
}

/** Weights that a row starts from: random ones of its own number of layers, or the pre-trained ones. */
export function startOf(
  row: ModelRow,
  { config, tensors }: PretrainedModel,
  seed: number,
): PretrainedModel {
  if (row === "zero-shot" || row === "few-shot" || row === "fine-tuned") return { config, tensors };
  const own = { ...config, layerCount: layersOf(row, config.layerCount) };
  return { config: own, tensors: initialiseBert(own, seed) };
}

/** What the head is asked. */
export function labelTask(labels: Labels): LabelTask {
  if (labels.kind === "classes") {
    return { kind: "classes", count: labels.names.length, names: labels.names };
  }
  return {
    kind: "targets",
    count: widthOf(labels),
    names: labels.kind === "numbers" ? labels.names : [],
  };
}

function takeRows({ sequences, hours, labels }: Examples, rows: Uint32Array): LabelledRows {
  const taken = takeLabels(labels, rows);
  return {
    sequences: Array.from(rows, (n) => sequences[n]!),
    hours: hours && Array.from(rows, (n) => hours[n]!),
    labels:
      taken.kind === "classes" ? taken.classes : taken.kind === "numbers" ? taken.targets : [],
  };
}

/** Scores of classes [N, K] to the likeliest class; numbers as they are. */
export function toAnswers(values: Float32Array, labels: Labels): Answers {
  if (labels.kind === "numbers") return { kind: "numbers", values };
  return likeliestClasses(values, labels.kind === "classes" ? labels.names.length : 1);
}

/** The epochs of one run as they come, and the best of them. */
class EpochKeeper {
  readonly #input: ModelRunInput;
  readonly #labels: { readonly validation: Labels; readonly test: Labels };
  readonly epochs: EpochScores[] = [];
  readonly #best: Partial<Record<Choice, { headline: number | undefined; scores: MetricValues }>> =
    {};
  answers: Answers | undefined;
  labelModel: LabelModel | undefined;

  constructor(input: ModelRunInput) {
    const { examples, split } = input;
    this.#input = input;
    this.#labels = {
      validation: takeLabels(examples.labels, split.validation),
      test: takeLabels(examples.labels, split.test),
    };
  }

  #score(part: "validation" | "test", answers: Answers): MetricValues {
    const { task, centres } = this.#input;
    const metrics: readonly MetricName[] = part === "test" ? task.metrics : [task.headline];
    return scoreAnswers(this.#labels[part], answers, { metrics, centres });
  }

  #isBest(choice: Choice, headline: number | undefined): boolean {
    const known = this.#best[choice];
    return (
      !known || choice === "last" || isBetter(this.#input.task.headline, headline, known.headline)
    );
  }

  /** Takes in one epoch; the untrained state before the first counts where nothing is trained, and then only. */
  async add({
    epoch,
    sets,
    trainLoss,
    readModel,
  }: FineTuneReport & { kind: "epoch" }): Promise<void> {
    const { task, training, row } = this.#input;
    const { labels } = this.#input.examples;
    const [validation, test] = [sets["validation"]!, sets["test"]!];
    const answers = toAnswers(test.answers, labels);
    const scores = this.#score("test", answers);
    const chosenBy = this.#score("validation", toAnswers(validation.answers, labels))[
      task.headline
    ];
    this.epochs.push({
      epoch,
      ...(trainLoss !== undefined && { trainLoss }),
      ...(validation.loss !== undefined && { validationLoss: validation.loss }),
      ...(test.loss !== undefined && { testLoss: test.loss }),
      ...(chosenBy !== undefined && { validation: chosenBy }),
      ...(scores[task.headline] !== undefined && { test: scores[task.headline]! }),
    });
    if (epoch === 0 && row !== "zero-shot" && training.epochs > 0) return;
    if (this.#isBest("bestOnTest", scores[task.headline])) {
      this.#best.bestOnTest = { headline: scores[task.headline], scores };
    }
    if (this.#isBest("bestOnValidation", chosenBy)) {
      this.#best.bestOnValidation = { headline: chosenBy, scores };
      this.answers = answers;
      this.labelModel = await readModel();
    }
    this.#best.last = { headline: undefined, scores };
  }

  done(): Trained {
    const of = (choice: Choice): MetricValues => this.#best[choice]?.scores ?? {};
    return {
      scores: {
        bestOnTest: of("bestOnTest"),
        bestOnValidation: of("bestOnValidation"),
        last: of("last"),
      },
      epochs: this.epochs,
      answers: this.answers!,
      labelModel: this.labelModel,
    };
  }
}

/** A step's progress, or the epochs so far. */
export type ModelRunReport = Progress & { readonly epochs?: readonly EpochScores[] };

/**
 * Trains one model row on one split with one seed; the examples are the same for all rows. Throws as `fineTune`.
 */
export async function* runModelRow(
  input: ModelRunInput,
): AsyncGenerator<ModelRunReport, Trained, void> {
  const { row, examples, split, model, training, seed, signal } = input;
  const keeper = new EpochKeeper(input);
  const learn = row === "few-shot" ? split.few : split.train;
  const start = startOf(row, model, seed);
  const isCompared = training.pooling === "pair" && examples.labels.kind === "classes";
  const work = fineTune({
    model: start,
    head: isCompared && row !== "zero-shot" ? yield* probeHead(start, input, learn) : undefined,
    task: labelTask(examples.labels),
    train: takeRows(examples, learn),
    evaluate: {
      validation: takeRows(examples, split.validation),
      test: takeRows(examples, split.test),
    },
    config: { ...training, seed, epochs: row === "zero-shot" ? 0 : training.epochs },
    signal,
  });
  for await (const report of work) {
    if (report.kind === "epoch") await keeper.add(report);
    const { phase, done, total, unit } = report;
    yield { phase, done, total, unit, ...(report.kind === "epoch" && { epochs: keeper.epochs }) };
  }
  return keeper.done();
}
