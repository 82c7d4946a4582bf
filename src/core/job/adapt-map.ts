import { takeCells } from "../geo/cells";
import { FootfallError } from "../errors";
import type { Progress } from "../pace";
import { confusionMatrix } from "../task/metrics";
import type { RunDone } from "../task/table/fill-table";
import { rowFacts } from "../task/table/rows";
import { toAnswers } from "../task/table/run-model";
import { takeLabels, type Answers } from "../task/tasks/scoring";
import { factsOf } from "../task/tasks/registry";
import type { Labels } from "../task/tasks/types";
import { toSequence } from "../train/labelled-rows";
import { predictLabels } from "../train/predict-labels";
import type { AdaptAnswers, AdaptMapJob, AdaptMapResult } from "./adapt";
import { AdaptStand } from "./adapt-stand";
import { chooseArea } from "./area";
import { askRival } from "./area-rivals";
import { toMade, type Report, type Session } from "./session";
import { visitorsOf } from "./visitors";

/** As many cells are asked at most; of more every k-th. */
const MOST_CELLS = 60_000;

/** What is asked of all rows. */
interface Asked {
  /** Cells, or homes of trajectories. */
  readonly cells: Uint32Array; // [N]
  readonly labels: Labels; // [N]
  readonly part: Uint8Array; // [N]
  readonly place: string;
  /** The table's own test examples, whose answers are there already. */
  readonly isTest: boolean;
  readonly trajectories?: Uint32Array;
  readonly reasons?: readonly string[];
}

const toValues = (answers: Answers): Float32Array => {
  if (answers.kind === "classes") return Float32Array.from(answers.classes);
  if (answers.kind === "numbers") return Float32Array.from(answers.values);
  return Float32Array.from(answers.ranked, (cells) => cells[0] ?? NaN);
};

const truthOf = (labels: Labels): Float32Array => {
  if (labels.kind === "numbers") return Float32Array.from(labels.targets);
  return Float32Array.from(labels.kind === "classes" ? labels.classes : labels.cells);
};

function confusionOf(labels: Labels, answers: Answers): { confusion?: Uint32Array } {
  if (labels.kind !== "classes" || answers.kind !== "classes") return {};
  return { confusion: confusionMatrix(labels.classes, answers.classes, labels.names.length) };
}

const confidenceOf = (answers: Answers): { confidence?: Float32Array } =>
  answers.kind === "classes" && answers.confidence
    ? { confidence: Float32Array.from(answers.confidence) }
    : {};

/** The test examples of the split, as the table has them. */
function askTest({ examples, task }: AdaptStand, { split }: RunDone): Asked {
  const { explain } = examples;
  const pick = (values: Uint32Array): Uint32Array =>
    Uint32Array.from(split.test, (n) => values[n]!);
  return {
    cells: pick(examples.homes),
    labels: takeLabels(examples.labels, split.test),
    part: new Uint8Array(split.test.length).fill(1),
    place: `the ${split.test.length} ${examples.unit} of the test part`,
    isTest: true,
    ...(task.input === "trajectory" && { trajectories: pick(examples.of) }),
    ...(explain && { reasons: Array.from(split.test, (n) => explain(n)) }),
  };
}

/** Labelled cells of the area, told apart by whether their label was learnt from. */
function askArea(
  { task, data, dataset, settings, seed, examples }: AdaptStand,
  { split }: RunDone,
  extent: "part" | "whole",
): Asked {
  const drawable = task.prepare(data, { shown: settings.shown, seed });
  const isUsable = new Set(drawable.usable);
  const { cells: all, place } = chooseArea(dataset, extent);
  const usable = all.filter((cell) => isUsable.has(cell));
  const step = Math.max(1, Math.ceil(usable.length / MOST_CELLS));
  const cells = usable.filter((_, n) => n % step === 0);
  const partOf = new Map<number, number>();
  for (const n of [...split.train, ...split.validation]) partOf.set(examples.of[n]!, 0);
  for (const n of split.test) partOf.set(examples.of[n]!, 1);
  return {
    cells,
    labels: drawable.label(cells),
    part: Uint8Array.from(cells, (cell) => partOf.get(cell) ?? 2),
    place: step > 1 ? `${place}, every ${step}th cell` : place,
    isTest: false,
  };
}

/** What the adapted weights of a row, or a rival, say of some cells. */
async function* predict(
  stand: AdaptStand,
  done: RunDone,
  asked: Asked,
  signal: AbortSignal,
): AsyncGenerator<Progress, Answers, void> {
  const { model } = stand;
  const { cells, labels } = asked;
  const labelModel = done.trained?.labelModel;
  if (labelModel === undefined) {
    return yield* askRival(done.outcome.row, stand, done, asked, signal);
  }
  const { maxPositions } = labelModel.config;
  const sequences = Array.from(cells, (cell) => toSequence(model.pieces, [cell], maxPositions));
  return toAnswers(yield* predictLabels(labelModel, { sequences }, signal), labels);
}

/** What some rows answer, place by place. Throws as `runAdapt`, and "bad-input" for a row that the table has not. */
export async function* runAdaptMap(
  job: AdaptMapJob,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, AdaptMapResult, void> {
  const startedAt = performance.now();
  const { table, rows, split, extent = "test" } = job;
  const stand = yield* AdaptStand.openFor(table, session, signal);
  const { task, dataset, model, examples } = stand;
  const isWide = task.input === "region" && extent !== "test";
  let asked: Asked | undefined;
  const answers: AdaptAnswers[] = [];
  for (const row of rows) {
    const done = yield* stand.open(row, split, signal);
    asked ??= isWide ? askArea(stand, done, extent) : askTest(stand, done);
    const own = asked.isTest ? done.answers : yield* predict(stand, done, asked, signal);
    const testLabels = takeLabels(examples.labels, done.split.test);
    const { title } = rowFacts(row);
    const confusion = confusionOf(testLabels, done.answers);
    answers.push({ row, title, values: toValues(own), ...confusion, ...confidenceOf(own) });
  }
  if (asked === undefined) {
    throw new FootfallError("bad-input", "no row is asked for; expected one or more of the table");
  }
  const { labels, cells, part, place, trajectories, reasons } = asked;
  const visitors = visitorsOf(dataset);
  return {
    task: factsOf(task),
    cells: takeCells(dataset.cells, cells),
    place,
    width: labels.kind === "numbers" ? labels.names.length : 1,
    truth: truthOf(labels),
    part,
    answers,
    names: labels.kind === "cells" ? [] : labels.names,
    ...(labels.kind === "numbers" && labels.centre && { centre: labels.centre }),
    ...(trajectories && { trajectories }),
    ...(reasons && { reasons }),
    ...(visitors && { people: Uint32Array.from(cells, (cell) => visitors[cell]!) }),
    made: toMade(startedAt, { seed: table.seed, data: dataset.key, model }),
  };
}
