/**
 * A linear probe: what frozen embeddings of cells say about a truth, beside what must be beaten. Adapting
 * nothing but one linear layer separates what pre-training knows from what fine-tuning learns.
 */
import { createPace, type Progress } from "../pace";
import { PART } from "./cell-splits";
import {
  createNearest,
  findScalesKm,
  meanOf,
  NEIGHBOUR_COUNTS,
  toWaves,
  vote,
  type Places,
} from "./coordinates";
import { allRows, applyLinear, largestOutput, type LinearModel, type Matrix } from "./linear-model";
import {
  classificationScores,
  mean,
  meanClassDistance,
  regressionScores,
  type Scores,
} from "./metrics";
import { chooseLogistic, chooseRidge, searchRidge, type LearnRows } from "./strength";

/** The truth of each cell; cells without one are PART.unused and may hold anything. */
export type ProbeTarget =
  | { readonly kind: "regression"; readonly values: Float64Array | Float32Array } // [N]
  | {
      readonly kind: "classification";
      readonly values: Uint8Array;
      readonly classCount: number;
      /** True where class 3 lies nearer to class 4 than to class 9, such as deciles. */
      readonly isOrdered: boolean;
    };

export interface ProbeInput {
  /** Named embeddings of the same N cells, such as "pre-trained" and "randomly initialised twin". */
  readonly variants: readonly { readonly name: string; readonly features: Matrix }[];
  readonly places: Places;
  readonly target: ProbeTarget;
  /** Each cell's PART, from splitRandomly or splitByBlock. */
  readonly part: Uint8Array;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
}

/** One way of answering, judged on the held-out cells. */
export interface ProbeRow {
  readonly name: string;
  /** How it answers, in words, with what was chosen on validation cells. */
  readonly method: string;
  /** The answer for every cell, held out or not. */
  readonly predicted: Float64Array; // [N]
  readonly scores: Scores;
  /** Mean distance of guessed and true class, for ordered classes such as deciles. */
  readonly classDistance: number | undefined;
  /** R2 or accuracy on the validation cells: what chose between the two ways of using coordinates. */
  readonly validation: number;
  /** To answer for more cells with `answerWith`; only linear rows have one. */
  readonly answer: LinearAnswer | undefined;
}

export interface ProbeResult {
  /** The variants in their order, "coordinates alone", then the constant answer. */
  readonly rows: readonly ProbeRow[];
  /** The weaker way of using coordinates, kept so that the choice can be seen. */
  readonly otherCoordinates: ProbeRow;
}

/** A fitted probe, plain data: answers are kept within the range of the truths that it learnt from. */
export interface LinearAnswer {
  readonly kind: ProbeTarget["kind"];
  readonly model: LinearModel;
  readonly range: readonly [min: number, max: number];
}

export const COORDINATES = "coordinates alone";

interface Setting extends ProbeInput {
  readonly rows: LearnRows;
  readonly learn: Uint32Array; // train and validation
  readonly heldOut: Uint32Array;
  readonly range: readonly [min: number, max: number];
}

const clamp = (value: number, [min, max]: readonly [number, number]): number =>
  Math.min(max, Math.max(min, value));

/** The answers of a fitted probe for rows of features, [rows]: classes, or values in the learnt range. */
export function answerWith(
  { kind, model, range }: LinearAnswer,
  features: Matrix,
  rows: Uint32Array,
): Float64Array {
  const outputs = applyLinear(model, features, rows); // [rows, K]
  if (kind === "classification") return Float64Array.from(largestOutput(outputs, model.outputs));
  return outputs.map((value) => clamp(value, range));
}

function toSetting(input: ProbeInput): Setting {
  const pick = (wanted: number): Uint32Array =>
    allRows(input.part.length).filter((n) => input.part[n] === wanted);
  const [train, validation] = [pick(PART.train), pick(PART.validation)];
  const learn = Uint32Array.from([...train, ...validation]);
  const { values } = input.target;
  const range = [
    learn.reduce((min, row) => Math.min(min, values[row]!), Infinity),
    learn.reduce((max, row) => Math.max(max, values[row]!), -Infinity),
  ] as const;
  const rows = { train, validation, signal: input.signal };
  return { ...input, rows, learn, heldOut: pick(PART.heldOut), range };
}

/** Scores of one answer for each of `rows`. */
function scoreAnswers({ target }: Setting, guesses: Float64Array, rows: Uint32Array): Scores {
  const truths = Float64Array.from(rows, (row) => target.values[row]!);
  if (target.kind === "regression") return regressionScores(truths, guesses);
  return classificationScores(truths, guesses, target.classCount);
}

/** The one number by which two answers are compared, higher is better. */
const headline = (scores: Scores): number =>
  scores.kind === "regression" ? scores.r2 : scores.accuracy;

function toRow(
  setting: Setting,
  row: Pick<ProbeRow, "name" | "method" | "predicted" | "validation"> & { answer?: LinearAnswer },
): ProbeRow {
  const { target, heldOut } = setting;
  const guesses = Float64Array.from(heldOut, (n) => row.predicted[n]!);
  const truths = Float64Array.from(heldOut, (n) => target.values[n]!);
  const isOrdered = target.kind === "classification" && target.isOrdered;
  return {
    ...row,
    answer: row.answer,
    scores: scoreAnswers(setting, guesses, heldOut),
    classDistance: isOrdered ? meanClassDistance(truths, guesses) : undefined,
  };
}

/** The linear probe on one kind of features, its strength chosen on validation cells. */
async function* probeFeatures(
  setting: Setting,
  features: Matrix,
  { name, words }: { name: string; words: string },
): AsyncGenerator<Progress, ProbeRow> {
  const { target, rows, range } = setting;
  const isClass = target.kind === "classification";
  const chosen = isClass
    ? yield* chooseLogistic(features, target.values, target.classCount, rows)
    : yield* chooseRidge(features, { data: target.values, width: 1 }, rows);
  const answer = { kind: target.kind, model: chosen.model, range };
  const predicted = answerWith(answer, features, allRows(setting.part.length));
  const kind = isClass ? "softmax regression" : "ridge regression";
  const method = `${kind} on ${words}, penalty ${chosen.strength} a cell`;
  const before = answerWith({ ...answer, model: chosen.searched }, features, rows.validation);
  const validation = headline(scoreAnswers(setting, before, rows.validation));
  return toRow(setting, { name, method, predicted, validation, answer });
}

/** What a regression can aim at: the values, the numbers of ordered classes, or one column a class. [N, K] */
function toAim(target: ProbeTarget): Matrix {
  if (target.kind === "regression" || target.isOrdered)
    return { data: Float64Array.from(target.values), width: 1 };
  const { values, classCount: K } = target;
  const data = new Float64Array(values.length * K);
  values.forEach((k, n) => (data[n * K + k] = 1));
  return { data, width: K };
}

/** Ridge regression is quick enough to try every scale. */
async function* chooseScaleKm(setting: Setting): AsyncGenerator<Progress, number> {
  const { target, places, seed, rows } = setting;
  const y = toAim(target);
  let best = { scaleKm: NaN, loss: Infinity };
  for (const scaleKm of findScalesKm(places)) {
    const chosen = yield* searchRidge(toWaves(places, scaleKm, seed), y, rows);
    if (chosen.validationLoss < best.loss) best = { scaleKm, loss: chosen.validationLoss };
  }
  return best.scaleKm;
}

async function* probeWaves(setting: Setting): AsyncGenerator<Progress, ProbeRow> {
  const scaleKm = yield* chooseScaleKm(setting);
  const features = toWaves(setting.places, scaleKm, setting.seed);
  const words = `${features.width} waves of lat and lng, about ${scaleKm.toPrecision(2)} km long`;
  return yield* probeFeatures(setting, features, { name: COORDINATES, words });
}

/** The nearest labelled cells, their number chosen on validation cells. */
async function* probeNearest(setting: Setting): AsyncGenerator<Progress, ProbeRow> {
  const { target, places, rows, learn, part } = setting;
  const pace = createPace(setting.signal);
  const answer = target.kind === "regression" ? meanOf : vote;
  const near = Array.from(rows.validation, createNearest(places, rows.train));
  const tries = NEIGHBOUR_COUNTS.map((k) => {
    const guesses = Float64Array.from(near, (nearest) => answer(nearest, target.values, k));
    return { k, validation: headline(scoreAnswers(setting, guesses, rows.validation)) };
  });
  const { k, validation } = tries.reduce((a, b) => (b.validation > a.validation ? b : a));
  const predicted = new Float64Array(part.length);
  const nearestTo = createNearest(places, learn);
  for (let row = 0; row < part.length; row++) {
    predicted[row] = answer(nearestTo(row), target.values, k);
    if (row % 256 !== 0 || !pace.due()) continue;
    await pace.rest();
    yield { phase: "ask the nearest cells", done: row, total: part.length, unit: "cells" };
  }
  const method = k === 1 ? "the nearest labelled cell" : `the ${k} nearest labelled cells`;
  return toRow(setting, { name: COORDINATES, method, predicted, validation });
}

/** The best answer that looks at nothing. */
function answerConstant(setting: Setting): ProbeRow {
  const { target, learn, part } = setting;
  const labels = Float64Array.from(learn, (row) => target.values[row]!);
  const isClass = target.kind === "classification";
  const value = isClass ? vote(learn, target.values, learn.length) : mean(labels);
  const predicted = new Float64Array(part.length).fill(value);
  const { validation } = setting.rows;
  return toRow(setting, {
    name: isClass ? "most frequent class" : "mean",
    method: "the same answer everywhere",
    predicted,
    validation: headline(
      scoreAnswers(setting, predicted.subarray(0, validation.length), validation),
    ),
  });
}

/**
 * Fits the probe on each variant and on coordinates, answers for all cells and scores the held-out ones.
 * Of the two ways of using coordinates (nearest labelled cells, waves) the one that validates better stands
 * in the table. The same input gives the same answer.
 */
export async function* runProbe(input: ProbeInput): AsyncGenerator<Progress, ProbeResult> {
  const setting = toSetting(input);
  const rows: ProbeRow[] = [];
  for (const { name, features } of input.variants) {
    const words = `${features.width} features`;
    rows.push(yield* probeFeatures(setting, features, { name, words }));
  }
  const nearest = yield* probeNearest(setting);
  const waves = yield* probeWaves(setting);
  const [better, other] =
    waves.validation > nearest.validation ? [waves, nearest] : [nearest, waves];
  rows.push(better, answerConstant(setting));
  return { rows, otherCoordinates: other };
}
