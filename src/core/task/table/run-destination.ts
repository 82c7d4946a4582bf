import { readBanks } from "../../gpu/banks";
/**
 * Models that name a cell: fine-tuned as they were pre-trained, on one hidden check-in behind the beginning of a
 * trajectory. No new head is needed; zero-shot asks the pre-trained one.
 */
import { createBert } from "../../model/bert";
import { decodeMasked, type Decoded } from "../../model/decode";
import { guessesNoCells } from "../../model/label-answers";
import type { MaskedTarget } from "../../model/masked-target";
import { hasMaskedHead } from "../../model/parameters";
import { createPace, inPhase, type Progress } from "../../pace";
import { createLayout, unflattenTensors } from "../../train/layout";
import { planLabelEpoch } from "../../train/label-batches";
import { learningRateAt } from "../../train/schedule";
import { startState, Trainer } from "../../train/trainer";
import { maskedObjective, type MaskedRows } from "../../train/objectives/masked";
import { toMaskedRows, type MaskedSequence } from "../../train/batches";
import { IGNORED } from "../../token/masking";
import type { CellPieces } from "../../token/tokeniser";
import type { HostTensors } from "../../model/safetensors";
import { isBetter, type MetricValues } from "../tasks/metric-names";
import { scoreAnswers, takeLabels, type Answers } from "../tasks/scoring";
import { RANKED } from "./destination-rivals";
import type { EpochScores } from "./results";
import {
  startOf,
  type ModelRunInput,
  type ModelRunReport,
  type PretrainedModel,
  type Trained,
} from "./run-model";

/** What naming cells needs besides the weights. */
export interface DestinationModel {
  /** Pieces of all cells that may be named. */
  readonly pieces: CellPieces;
}

type Input = ModelRunInput & { readonly model: PretrainedModel & DestinationModel };

/** Epochs between two looks at validation and test examples: naming a cell takes many passes. */
const LOOK_EVERY = 5;
/** Beginnings of a hash that are followed up; hits hardly change with more. */
const BEAM = 4;

/** A row whose hidden pieces are labelled. */
function toMasked(
  { tokens, at, k, truth }: MaskedTarget,
  { offsets, tokens: pieces }: CellPieces,
): MaskedSequence {
  const labels = new Int32Array(tokens.length).fill(IGNORED);
  for (let j = 0; j < k; j++) labels[at + j] = pieces[offsets[truth]! + j]!;
  return { tokens, labels };
}

/** Guesses of some examples by some weights. */
async function* guess(
  { model, examples, signal }: Input,
  start: PretrainedModel,
  rows: Uint32Array,
): AsyncGenerator<Progress, Decoded[], void> {
  const bert = createBert(start.config, start.tensors);
  try {
    const targets = Array.from(rows, (n) => examples.masked![n]!);
    const options = { beam: BEAM, top: RANKED, signal };
    return yield* inPhase(
      "name the destinations",
      decodeMasked(bert, model.pieces, targets, options),
    );
  } finally {
    bert.dispose();
  }
}

interface Judged {
  readonly scores: MetricValues;
  readonly answers: Answers;
  /** Mean -log p of the true cells among all. */
  readonly loss: number;
}

async function* judge(
  input: Input,
  start: PretrainedModel,
  rows: Uint32Array,
): AsyncGenerator<Progress, Judged, void> {
  const { task, examples, centres } = input;
  const decoded = yield* guess(input, start, rows);
  const ranked = decoded.map(({ guesses }) => guesses.map(({ cell }) => cell));
  const answers: Answers = { kind: "cells", ranked };
  const labels = takeLabels(examples.labels, rows);
  const scores = scoreAnswers(labels, answers, { metrics: task.metrics, centres });
  const loss = decoded.reduce((sum, { nats }) => sum + nats, 0) / decoded.length;
  return { scores, answers, loss };
}

/** Trainer and loop of one row; the weights come out after every few epochs. */
class DestinationTraining {
  readonly #input: Input;
  readonly #trainer: Trainer<ReturnType<typeof createLayout>, MaskedRows>;
  readonly #rows: readonly MaskedSequence[];
  readonly #pace;
  #step = 0;

  constructor(input: Input, start: PretrainedModel) {
    const { row, split, examples, model, training, signal } = input;
    this.#input = input;
    this.#pace = createPace(signal);
    const learn = row === "few-shot" ? split.few : split.train;
    this.#rows = Array.from(learn, (n) => toMasked(examples.masked![n]!, model.pieces));
    const layout = createLayout(start.config);
    this.#trainer = new Trainer(
      layout,
      maskedObjective,
      training,
      startState(layout, start.tensors),
    );
  }

  /** One epoch; the mean loss of its hidden pieces. */
  async run(epoch: number): Promise<number> {
    const { training, seed, model } = this.#input;
    const sequences = this.#rows.map(({ tokens }) => Int32Array.from(tokens));
    const total = training.epochs * Math.ceil(sequences.length / training.batch);
    let sum = 0;
    for (const picked of planLabelEpoch(sequences, { batch: training.batch, seed }, epoch)) {
      const rows = Array.from(picked, (n) => this.#rows[n]!);
      const hidden = rows.reduce(
        (n, { labels }) => n + labels.filter((l) => l !== IGNORED).length,
        0,
      );
      const pass = toMaskedRows(rows, 1 / hidden, model.config.maxPositions);
      const learningRate = learningRateAt(this.#step / total, { ...training, schedule: "linear" });
      const rate = { learningRate, step: this.#step + 1 };
      const { loss } = await this.#trainer.step([pass], rate, this.#pace);
      this.#step++;
      sum += (loss * rows.length) / sequences.length;
      if (this.#pace.due()) await this.#pace.rest();
    }
    return sum;
  }

  async read(): Promise<HostTensors> {
    const { layout, parameters } = this.#trainer;
    return unflattenTensors(layout, await readBanks(parameters));
  }

  dispose(): void {
    this.#trainer.dispose();
  }
}

const isLook = (epoch: number, epochs: number): boolean =>
  epoch === epochs || epoch % LOOK_EVERY === 0;

/** Trains and judges one model row of the destination's table. Throws "stopped", "not-finite", "weights-mismatch". */
export async function* runDestinationRow(
  input: Input,
): AsyncGenerator<ModelRunReport, Trained, void> {
  const { row, task, split, training, seed } = input;
  const start = startOf(row, input.model, seed);
  if (!hasMaskedHead(start.tensors)) throw guessesNoCells();
  const epochs: EpochScores[] = [];
  const count = row === "zero-shot" ? 0 : training.epochs;
  const run = new DestinationTraining(input, start);
  let [onTest, onValidation, last]: (Judged | undefined)[] = [];
  let chosenBy: number | undefined;
  try {
    for (let epoch = Math.min(1, count); epoch <= count; epoch++) {
      const trainLoss = epoch > 0 ? await run.run(epoch) : undefined;
      yield { phase: "adapt the model", done: epoch, total: count, unit: "epochs" };
      if (!isLook(epoch, count)) continue;
      const now = { config: start.config, tensors: await run.read() };
      const validation = yield* judge(input, now, split.validation);
      const test = yield* judge(input, now, split.test);
      const [byValidation, byTest] = [validation, test].map(({ scores }) => scores[task.headline]);
      epochs.push({
        epoch,
        ...(trainLoss !== undefined && { trainLoss }),
        ...(Number.isFinite(validation.loss) && { validationLoss: validation.loss }),
        ...(Number.isFinite(test.loss) && { testLoss: test.loss }),
        ...(byValidation !== undefined && { validation: byValidation }),
        ...(byTest !== undefined && { test: byTest }),
      });
      if (!onTest || isBetter(task.headline, byTest, onTest.scores[task.headline])) onTest = test;
      if (!onValidation || isBetter(task.headline, byValidation, chosenBy)) {
        onValidation = test;
        chosenBy = byValidation;
      }
      last = test;
      yield { phase: "adapt the model", done: epoch, total: count, unit: "epochs", epochs };
    }
  } finally {
    run.dispose();
  }
  return {
    scores: {
      bestOnTest: onTest!.scores,
      bestOnValidation: onValidation!.scores,
      last: last!.scores,
    },
    epochs,
    answers: onValidation!.answers,
    labelModel: undefined,
  };
}
