import { readBanks } from "../gpu/banks";
import { throwIfStopped } from "../errors";
import type { BertConfig } from "../model/config";
import type { LabelModel, LabelTask, TargetScale } from "../model/label-model";
import { initialiseLabelHead } from "../model/parameters";
import type { HostTensors } from "../model/safetensors";
import type { Pace, Progress } from "../pace";
import { createPace, finish } from "../pace";
import type { AdaptConfig } from "./adapt-config";
import { checkAdaptConfig } from "./adapt-config";
import { answerRows, meanLoss } from "./answers";
import type { ReadRows } from "./label-batches";
import { planLabelEpoch, planLabelPasses, toLabelRows, toReadRows } from "./label-batches";
import type { LabelledRows } from "./labelled-rows";
import { checkLearnable, checkRows, measureScale } from "./labelled-rows";
import type { LabelLayout } from "./layout";
import { createLabelLayout, unflattenTensors } from "./layout";
import type { LabelRows } from "./objectives/labels";
import { labelObjective } from "./objectives/labels";
import { learningRateAt } from "./schedule";
import { Trainer, startState } from "./trainer";

export interface FineTuneOptions {
  /** Where it starts: pre-trained, or random (`initialiseBert`); a head is added. */
  readonly model: { readonly config: BertConfig; readonly tensors: HostTensors };
  /** The tensors of the head before the first step; default drawn from the seed. */
  readonly head?: HostTensors | undefined;
  readonly task: LabelTask;
  readonly train: LabelledRows;
  /** Sets of rows that are answered after each epoch. */
  readonly evaluate: Readonly<Record<string, LabelledRows>>;
  readonly config: AdaptConfig;
  readonly signal?: AbortSignal | undefined;
}

/** How one set of rows was answered. */
export interface Evaluation {
  /** As in training; undefined without rows. */
  readonly loss: number | undefined;
  /** [N, K]: scores of classes before the softmax, or targets in their own unit. */
  readonly answers: Float32Array;
}

/** What is told while a model is adapted; progress in steps. */
export type FineTuneReport = Progress &
  (
    | { readonly kind: "step"; readonly epoch: number; readonly loss: number }
    | {
        readonly kind: "epoch";
        /** 0 before the first step: what the model says without having learnt the task. */
        readonly epoch: number;
        /** Mean over the epoch's steps; undefined before the first. */
        readonly trainLoss: number | undefined;
        readonly sets: Readonly<Record<string, Evaluation>>;
        /** The model as it is now; to be asked before the next report. */
        readonly readModel: () => Promise<LabelModel>;
      }
  );

/** One adaptation: its trainer, and the parts of its loop. */
class Adaptation {
  readonly #options: FineTuneOptions;
  readonly #trainer: Trainer<LabelLayout, LabelRows>;
  readonly #scale: TargetScale | undefined;
  readonly #read: ReadRows;
  readonly #pace: Pace;
  readonly #total: number;
  #step = 0;

  constructor(options: FineTuneOptions) {
    const { model, task, train, config, signal } = options;
    this.#options = options;
    this.#scale = task.kind === "targets" ? measureScale(train, task) : undefined;
    this.#read = toReadRows(train, config.pooling);
    this.#pace = createPace(signal);
    this.#total = config.epochs * Math.ceil(train.sequences.length / config.batch);
    const layout = createLabelLayout(model.config, task.count, config.pooling);
    const { head = initialiseLabelHead(model.config, task.count, config.pooling, config.seed) } =
      options;
    const start = startState(layout, new Map([...model.tensors, ...head]));
    this.#trainer = new Trainer(layout, labelObjective, config, start);
  }

  #progress(): Progress {
    return { phase: "adapt the model", done: this.#step, total: this.#total, unit: "steps" };
  }

  async *work(): AsyncGenerator<FineTuneReport, LabelModel, void> {
    yield await this.#evaluate(0, undefined);
    const { train, config, signal } = this.#options;
    for (let epoch = 1; epoch <= config.epochs; epoch++) {
      let sum = 0;
      for (const rows of planLabelEpoch(train.sequences, config, epoch)) {
        throwIfStopped(signal);
        const loss = await this.#takeStep(rows);
        sum += (loss * rows.length) / train.sequences.length;
        yield { ...this.#progress(), kind: "step", epoch, loss };
      }
      yield await this.#evaluate(epoch, sum);
    }
    return await this.#readModel();
  }

  async #takeStep(rows: Uint32Array): Promise<number> {
    const { train, task, model, config } = this.#options;
    const planned = planLabelPasses(this.#read, rows, model.config);
    const read = { ...this.#read, labels: train.labels };
    const passes = planned.map((pass) =>
      toLabelRows(read, pass, 1 / rows.length, task, this.#scale),
    );
    const learningRate = learningRateAt(this.#step / this.#total, {
      ...config,
      schedule: "linear",
    });
    const step = this.#step + 1;
    const { loss } = await this.#trainer.step(passes, { learningRate, step }, this.#pace);
    this.#step = step;
    if (this.#pace.due()) await this.#pace.rest();
    return loss;
  }

  async #evaluate(epoch: number, trainLoss: number | undefined): Promise<FineTuneReport> {
    const { task, evaluate } = this.#options;
    const { layout, parameters: flat } = this.#trainer;
    const scale = this.#scale;
    const sets: Record<string, Evaluation> = {};
    for (const [name, rows] of Object.entries(evaluate)) {
      const work = answerRows({ layout, flat, task, scale }, rows, this.#pace);
      const answers = await finish(work);
      sets[name] = { loss: meanLoss(answers, rows, task, scale), answers };
    }
    const readModel = (): Promise<LabelModel> => this.#readModel();
    return { ...this.#progress(), kind: "epoch", epoch, trainLoss, sets, readModel };
  }

  async #readModel(): Promise<LabelModel> {
    const { model, task, config } = this.#options;
    const { layout, parameters } = this.#trainer;
    const tensors = unflattenTensors(layout, await readBanks(parameters));
    return { config: model.config, task, pooling: config.pooling, scale: this.#scale, tensors };
  }

  dispose(): void {
    this.#trainer.dispose();
  }
}

function checkOptions({ model, task, train, evaluate, config }: FineTuneOptions): void {
  checkAdaptConfig(config);
  checkLearnable(train, task);
  checkRows(train, task, model.config, "training");
  for (const [name, rows] of Object.entries(evaluate)) {
    checkRows(rows, task, model.config, name);
  }
}

/**
 * Adapts a BERT to a task on the open engine: a pooler over [CLS], or over the mean of the pieces, and a layer of answers above it (of
 * pairs such a layer over the means of both parts), and all parameters trained (paper 1, A.3.2). Zero-shot is the first report, few-shot a `train` of 64 rows. The same
 * options repeat to the bit on one engine. Throws "bad-input", "no-data", "token-out-of-range", "not-finite",
 * "stopped"; frees all it made.
 */
export async function* fineTune(
  options: FineTuneOptions,
): AsyncGenerator<FineTuneReport, LabelModel, void> {
  checkOptions(options);
  const adaptation = new Adaptation(options);
  try {
    return yield* adaptation.work();
  } finally {
    adaptation.dispose();
  }
}
