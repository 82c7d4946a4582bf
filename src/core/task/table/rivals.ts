/** What the papers' tables lack: answers that need no fine-tuning, or no model at all (AD-20, AD-21). */
import { createPace, type Progress } from "../../pace";
import {
  createNearest,
  meanOf,
  NEIGHBOUR_COUNTS,
  voteWithShare,
  type Places,
} from "../coordinates";
import { applyLinear, allRows, fitScaling, standardise, type Matrix } from "../linear-model";
import { mean } from "../metrics";
import { chooseLogistic, chooseRidge } from "../strength";
import type { Examples, ExampleSplit } from "../tasks/examples";
import { isBetter, type MetricName } from "../tasks/metric-names";
import {
  likeliestClasses,
  scoreAnswers,
  takeAnswers,
  takeLabels,
  type Answers,
} from "../tasks/scoring";
import { widthOf } from "../tasks/examples";
import type { Labels, TaskFacts } from "../tasks/types";
import { runSmallNetwork } from "./small-network";
import type { RowName } from "./rows";

/** What a rival is given; embeddings are [n, C]. */
export interface RivalInput {
  readonly task: TaskFacts;
  readonly examples: Examples;
  readonly split: ExampleSplit;
  readonly centres: Places;
  readonly embeddings: { readonly model: Matrix; readonly twin: Matrix };
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
}

/** Answers by the numbers of the examples, those of the test part at least, and how they came to be. */
export interface Answered {
  readonly answers: Answers;
  readonly method: string;
}

export type Rival = (input: RivalInput) => AsyncGenerator<Progress, Answered, void>;

const NOBODY = new Uint32Array(0);
/** Examples that are looked through for each asked one: every pair is a product of two embeddings. */
const MOST_KNOWN = 5000;

/** Classes of a class task as bytes; probes and votes know no more than 256. */
export const MOST_CLASSES = 256;

const join = (a: Uint32Array, b: Uint32Array): Uint32Array => Uint32Array.from([...a, ...b]);

/** Column d of the targets. */
const targetColumn = ({ targets, names }: Labels & { kind: "numbers" }, d: number): Float64Array =>
  Float64Array.from(
    { length: targets.length / names.length },
    (_, n) => targets[n * names.length + d]!,
  );

/** The headline of some answers on some examples. */
function headlineOf(
  { task, examples, centres }: RivalInput,
  answers: Answers,
  rows: Uint32Array,
): number | undefined {
  const metrics: MetricName[] = [task.headline];
  const labels = takeLabels(examples.labels, rows);
  const picked = takeAnswers(answers, rows, widthOf(examples.labels));
  return scoreAnswers(labels, picked, { metrics, centres })[task.headline];
}

/** The best answer that looks at nothing. */
async function* answerConstant({
  examples,
  split,
}: RivalInput): AsyncGenerator<Progress, Answered, void> {
  const { labels, count } = examples;
  const learn = join(split.train, split.validation);
  yield { phase: "count the labels", done: 1, total: 1, unit: "tables" };
  const method = "the same answer for every example";
  if (labels.kind === "classes") {
    const [most, share] = voteWithShare(learn, labels.classes, learn.length);
    const classes = new Int32Array(count).fill(most);
    const confidence = new Float64Array(count).fill(share);
    return { answers: { kind: "classes", classes, confidence }, method };
  }
  if (labels.kind === "cells") return { answers: { kind: "cells", ranked: [] }, method };
  const D = labels.names.length;
  const means = labels.names.map((_, d) => {
    const values = targetColumn(labels, d);
    return mean(Float64Array.from(learn, (n) => values[n]!));
  });
  const values = Float64Array.from({ length: count * D }, (_, at) => means[at % D]!);
  return { answers: { kind: "numbers", values }, method };
}

/** The neighbours of the asked examples by their numbers; those of the others are empty. */
async function* findAll(
  find: (row: number) => Uint32Array,
  asked: Uint32Array,
  { examples, signal }: RivalInput,
): AsyncGenerator<Progress, Uint32Array[], void> {
  const pace = createPace(signal);
  const near = Array.from<unknown, Uint32Array>({ length: examples.count }, () => NOBODY);
  for (const [i, n] of asked.entries()) {
    near[n] = find(n);
    if (!pace.due()) continue;
    await pace.rest();
    yield { phase: "ask the nearest examples", done: i, total: asked.length, unit: "examples" };
  }
  return near;
}

/** The k nearest labelled examples, k chosen on validation; answers for the test examples alone. */
async function* answerNearest(
  input: RivalInput,
  createFinder: (known: Uint32Array) => (row: number) => Uint32Array,
  words: string,
): AsyncGenerator<Progress, Answered, void> {
  const { examples, split, task } = input;
  const { labels } = examples;
  const answerAll = (near: readonly Uint32Array[], k: number): Answers => {
    if (labels.kind === "classes") {
      const votes = near.map((nearest) => voteWithShare(nearest, labels.classes, k));
      const classes = votes.map(([most]) => most);
      return { kind: "classes", classes, confidence: votes.map(([, share]) => share) };
    }
    if (labels.kind === "cells") return { kind: "cells", ranked: [] };
    const columns = labels.names.map((_, d) => targetColumn(labels, d));
    return {
      kind: "numbers",
      values: near.flatMap((one) => columns.map((v) => meanOf(one, v, k))),
    };
  };
  const near = yield* findAll(createFinder(split.train), split.validation, input);
  let best: { k: number; score: number | undefined } = { k: 1, score: undefined };
  for (const k of NEIGHBOUR_COUNTS) {
    const score = headlineOf(input, answerAll(near, k), split.validation);
    if (isBetter(task.headline, score, best.score)) best = { k, score };
  }
  const all = createFinder(join(split.train, split.validation));
  const answers = answerAll(yield* findAll(all, split.test, input), best.k);
  const many =
    best.k === 1 ? "the nearest labelled example" : `the ${best.k} nearest labelled examples`;
  return { answers, method: `${many} ${words}` };
}

const placesOf = ({ examples, centres: { lat, lng } }: RivalInput): Places => ({
  lat: Float64Array.from(examples.homes, (cell) => lat[cell]!),
  lng: Float64Array.from(examples.homes, (cell) => lng[cell]!),
});

const answerByPlace: Rival = (input) => {
  const places = placesOf(input);
  return answerNearest(input, (known) => createNearest(places, known), "by coordinates");
};

/** The nearest of some rows by the distance of standardised features; every pair is looked at. */
function createFeatureFinder(features: Matrix, learn: Uint32Array) {
  const C = features.width;
  const x = standardise(features, allRows(features.data.length / C), fitScaling(features, learn));
  const most = NEIGHBOUR_COUNTS.at(-1)!;
  return (all: Uint32Array) => {
    const known = all.subarray(0, MOST_KNOWN); // drawn in no order, so any are as good
    return (row: number): Uint32Array => {
      const distances = Float64Array.from(known, (other) => {
        let sum = 0;
        for (let c = 0; c < C; c++) sum += (x[row * C + c]! - x[other * C + c]!) ** 2;
        return sum;
      });
      const order = allRows(known.length).sort((a, b) => distances[a]! - distances[b]! || a - b);
      return Uint32Array.from(order.subarray(0, most), (i) => known[i]!);
    };
  };
}

const answerByEmbedding: Rival = (input) => {
  const find = createFeatureFinder(input.embeddings.model, input.split.train);
  return answerNearest(input, find, "by pre-trained embedding");
};

/** A linear probe on some features, its strength chosen on validation examples. */
async function* answerLinearly(
  { examples, split, signal }: RivalInput,
  features: Matrix,
  words: string,
): AsyncGenerator<Progress, Answered, void> {
  const { labels, count } = examples;
  const rows = { train: split.train, validation: split.validation, signal };
  if (labels.kind === "classes") {
    const classes = Uint8Array.from(labels.classes);
    const { model, strength } = yield* chooseLogistic(features, classes, labels.names.length, rows);
    const scores = applyLinear(model, features, allRows(count));
    const method = `softmax regression on ${words}, penalty ${strength} an example`;
    return { answers: likeliestClasses(scores, model.outputs), method };
  }
  if (labels.kind === "cells") return { answers: { kind: "cells", ranked: [] }, method: words };
  const y = { data: labels.targets, width: labels.names.length };
  const { model, strength } = yield* chooseRidge(features, y, rows);
  const values = applyLinear(model, features, allRows(count));
  const method = `ridge regression on ${words}, penalty ${strength} an example`;
  return { answers: { kind: "numbers", values }, method };
}

async function* answerByNetwork(input: RivalInput): AsyncGenerator<Progress, Answered, void> {
  const { examples, split, seed, signal } = input;
  const { labels, count } = examples;
  const { lat, lng } = placesOf(input);
  const data = Float64Array.from({ length: 2 * count }, (_, at) => (at % 2 ? lng : lat)[at >> 1]!);
  const method = "two hidden layers of 32 on latitude and longitude";
  const options = { train: split.train, validation: split.validation, seed };
  const inputs = { data, width: 2 };
  if (labels.kind === "classes") {
    const K = labels.names.length;
    const target = { kind: "classes", classes: labels.classes, count: K } as const;
    const logits = yield* runSmallNetwork(inputs, target, options, signal);
    return { answers: likeliestClasses(logits, K), method };
  }
  if (labels.kind === "cells") return { answers: { kind: "cells", ranked: [] }, method };
  const target = {
    kind: "numbers",
    values: { data: labels.targets, width: labels.names.length },
  } as const;
  const values = yield* runSmallNetwork(inputs, target, options, signal);
  return { answers: { kind: "numbers", values }, method };
}

/** Threshold and side that give the best headline on the training examples. */
async function* answerByRule(input: RivalInput): AsyncGenerator<Progress, Answered, void> {
  const { examples, split, task, signal } = input;
  const hints = examples.hints!;
  const pace = createPace(signal);
  const candidates = new Set(Array.from(split.train, (n) => hints[n]!));
  let tried = 0;
  let best: { answers: Answers; score: number | undefined; words: string } | undefined;
  for (const threshold of candidates) {
    tried++;
    if (pace.due()) {
      await pace.rest();
      yield { phase: "try thresholds", done: tried, total: candidates.size, unit: "thresholds" };
    }
    for (const isAbove of [true, false]) {
      const classes = Int32Array.from(hints, (hint) => Number(isAbove === hint >= threshold));
      const answers: Answers = { kind: "classes", classes };
      const score = headlineOf(input, answers, split.train);
      if (best && !isBetter(task.headline, score, best.score)) continue;
      const words = `${isAbove ? "at least" : "below"} ${threshold.toPrecision(3)}`;
      best = { answers, score, words };
    }
  }
  return { answers: best!.answers, method: `${task.rule}: ${best!.words}` };
}

/** The rivals of classes and numbers, in the order of the tables. */
export const RIVALS: Readonly<Partial<Record<RowName, Rival>>> = {
  constant: answerConstant,
  coordinates: answerByPlace,
  "coordinates-mlp": answerByNetwork,
  "linear-probe": (input) =>
    answerLinearly(input, input.embeddings.model, "frozen pre-trained embeddings"),
  "twin-probe": (input) => answerLinearly(input, input.embeddings.twin, "frozen random embeddings"),
  "nearest-embeddings": answerByEmbedding,
  rule: answerByRule,
};
