import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Engine } from "../gpu/engine";
import { openEngine } from "../gpu/engine";
import type { LabelModel, LabelTask } from "../model/label-model";
import { initialiseBert } from "../model/parameters";
import type { HostTensors } from "../model/safetensors";
import { finish } from "../pace";
import { createRandom } from "../random";
import { CLS, SEP } from "../token/tokeniser";
import type { AdaptConfig } from "./adapt-config";
import { PAPER_ADAPTATION } from "./adapt-config";
import { toBertConfig } from "./config";
import type { FineTuneOptions, FineTuneReport } from "./fine-tune";
import { fineTune } from "./fine-tune";
import type { LabelledRows } from "./labelled-rows";
import { predictLabels } from "./predict-labels";
import { CONFIG as SMALL, V } from "./run.testing";

const MODEL = toBertConfig(SMALL, V);
const CONFIG: AdaptConfig = {
  ...PAPER_ADAPTATION.trajectory,
  epochs: 6,
  learningRate: 1e-2,
  batch: 16,
  warmup: 0.1,
  dropout: 0,
};

/** Rows of 2 to 12 tokens, some in pairs; how often token 7 and token 8 occur is what is asked. */
function makeSequences(count: number, name: string): Int32Array[] {
  const random = createRandom(3, name);
  return Array.from({ length: count }, (_, n) => {
    const part = (): number[] =>
      Array.from({ length: 2 + random.integer(5) }, () => 7 + random.integer(6));
    const pair = n % 3 === 0 ? [...part(), SEP] : [];
    return Int32Array.of(CLS, ...part(), SEP, ...pair);
  });
}

const countOf = (row: Int32Array, token: number): number =>
  row.filter((one) => one === token).length;

function classRows(count: number, name: string): LabelledRows {
  const sequences = makeSequences(count, name);
  return { sequences, labels: sequences.map((row) => Math.min(2, countOf(row, 7))) };
}

function targetRows(count: number, name: string): LabelledRows {
  const sequences = makeSequences(count, name);
  const labels = sequences.flatMap((row) => [1000 + 10 * countOf(row, 7), 0.01 * countOf(row, 8)]);
  return { sequences, labels };
}

const CLASSES: LabelTask = { kind: "classes", count: 3, names: ["none", "one", "more"] };
const TARGETS: LabelTask = { kind: "targets", count: 2 };

const OPTIONS: FineTuneOptions = {
  model: { config: MODEL, tensors: initialiseBert(MODEL) },
  task: CLASSES,
  train: classRows(400, "train"),
  evaluate: { test: classRows(90, "test"), validation: classRows(40, "validation") },
  config: CONFIG,
};

async function runAll(
  options: FineTuneOptions,
): Promise<{ reports: FineTuneReport[]; model: LabelModel }> {
  const reports: FineTuneReport[] = [];
  const work = fineTune(options);
  for (;;) {
    const { done, value } = await work.next();
    if (done) return { reports, model: value };
    reports.push(value);
  }
}

/** A model of which one tensor holds a NaN. */
function withNaN(name: string): HostTensors {
  const { shape, values } = initialiseBert(MODEL).get(name)!;
  return new Map([...initialiseBert(MODEL), [name, { shape, values: values.map(() => NaN) }]]);
}

const epochsOf = (reports: readonly FineTuneReport[]) =>
  reports.filter((report) => report.kind === "epoch");

function accuracy(answers: Float32Array, { labels }: LabelledRows, K: number): number {
  const right = Array.from(labels).filter((label, n) => {
    const scores = answers.subarray(n * K, (n + 1) * K);
    return scores.indexOf(Math.max(...scores)) === label;
  });
  return right.length / labels.length;
}

describe("adaptation", () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openEngine({ backend: "wasm" });
  });
  afterAll(() => engine.dispose());

  test("learns classes, reports each epoch from zero-shot on, and leaves no tensors", async () => {
    const before = tf.memory().numTensors;
    const { reports, model } = await runAll(OPTIONS);
    expect(tf.memory().numTensors).toBe(before);
    const epochs = epochsOf(reports);
    expect(epochs.map(({ epoch }) => epoch)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(epochs[0]!.trainLoss).toBeUndefined();
    expect(epochs[0]!.sets["test"]!.loss).toBeCloseTo(Math.log(3), 1);
    const { test: rows } = OPTIONS.evaluate;
    const scores = epochs.map(({ sets }) => accuracy(sets["test"]!.answers, rows!, 3));
    expect(scores[0]).toBeLessThan(0.6);
    expect(scores[6]).toBeGreaterThan(0.9);
    expect(epochs[6]!.sets["validation"]!.loss).toBeLessThan(0.4);
    const again = await finish(predictLabels(model, rows!));
    expect(again).toEqual(epochs[6]!.sets["test"]!.answers);
  });

  test("learns targets of very different sizes in their own units", async () => {
    const train = targetRows(400, "train");
    const rows = targetRows(90, "test");
    const config = { ...CONFIG, epochs: 20 };
    const { reports } = await runAll({
      ...OPTIONS,
      task: TARGETS,
      train,
      evaluate: { rows },
      config,
    });
    const { answers, loss } = epochsOf(reports).at(-1)!.sets["rows"]!;
    expect(loss).toBeLessThan(0.15); // of the variance
    const errors = Array.from(answers, (value, n) => Math.abs(value - rows.labels[n]!));
    const meanOf = (d: number): number =>
      errors.filter((_, n) => n % 2 === d).reduce((sum, error) => sum + error, 0) / 90;
    expect(meanOf(0)).toBeLessThan(4);
    expect(meanOf(1)).toBeLessThan(0.004);
  });

  test("repeats to the bit, with dropout too, and another seed is another model", async () => {
    const short = { ...OPTIONS, config: { ...CONFIG, epochs: 1, dropout: 0.1 } };
    const [first, second] = [await runAll(short), await runAll(short)];
    expect(second.model.tensors).toEqual(first.model.tensors);
    const other = await runAll({ ...short, config: { ...short.config, seed: 7 } });
    expect(other.model.tensors).not.toEqual(first.model.tensors);
  });

  test("takes its steps whatever the size of a pass", async () => {
    const short = { ...OPTIONS, config: { ...CONFIG, epochs: 1, batch: 400, warmup: 0 } };
    const { reports } = await runAll(short);
    const [start, end] = epochsOf(reports);
    const { train } = OPTIONS;
    const whole = { ...short, config: { ...short.config, epochs: 0 }, evaluate: { train } };
    const before = epochsOf((await runAll(whole)).reports)[0]!.sets["train"]!.loss!;
    expect(end!.trainLoss).toBeCloseTo(before, 5); // one step: the loss before it
    expect(start!.sets["test"]!.loss).not.toBe(end!.sets["test"]!.loss);
  });

  test("stops when it is told, with what it made freed", async () => {
    const before = tf.memory().numTensors;
    const stop = new AbortController();
    await expect(async () => {
      for await (const { kind } of fineTune({ ...OPTIONS, signal: stop.signal })) {
        if (kind === "step") stop.abort();
      }
    }).rejects.toMatchObject({ code: "stopped" });
    expect(tf.memory().numTensors).toBe(before);
  });

  const oneClass = { ...OPTIONS.train, labels: OPTIONS.train.sequences.map(() => 1) };
  const constant = {
    sequences: OPTIONS.train.sequences,
    labels: OPTIONS.train.sequences.flatMap((_, n) => [n, 4]),
  };
  test.each<[string, Partial<FineTuneOptions>, string, RegExp]>([
    ["no rows", { train: { sequences: [], labels: [] } }, "no-data", /no rows/],
    ["one class", { train: oneClass }, "bad-input", /all 400 training rows are "one"/],
    [
      "a constant",
      { train: constant, task: TARGETS, evaluate: {} },
      "bad-input",
      /"target 1" is 4 in all 400/,
    ],
    [
      "an unknown class",
      { evaluate: { test: { ...classRows(2, "x"), labels: [0, 5] } } },
      "bad-input",
      /test, row 1: there is no class 5; expected 0 to 2/,
    ],
    [
      "a label that is no number",
      { train: { ...OPTIONS.train, labels: OPTIONS.train.sequences.map(() => NaN) } },
      "bad-input",
      /training, row 0: the label is NaN/,
    ],
    [
      "a token of another model",
      { evaluate: { test: { sequences: [Int32Array.of(CLS, V, SEP)], labels: [0] } } },
      "token-out-of-range",
      /outside the vocabulary/,
    ],
    [
      "weights that are no numbers",
      { model: { config: MODEL, tensors: withNaN("bert.encoder.layer.1.output.dense.bias") } },
      "not-finite",
      /step 1: the weights "bert.encoder.layer.1.output.dense.bias" hold values that are no numbers/,
    ],
  ])("refuses %s in a sentence", async (_name, changes, code, sentence) => {
    const before = tf.memory().numTensors;
    const error = { code, message: expect.stringMatching(sentence) as string };
    await expect(runAll({ ...OPTIONS, ...changes })).rejects.toMatchObject(error);
    expect(tf.memory().numTensors).toBe(before);
  });
});
