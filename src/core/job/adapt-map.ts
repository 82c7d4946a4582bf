import { takeCells, type CellTable } from "../geo/cells";
import { FootfallError } from "../errors";
import type { Progress } from "../pace";
import { confusionMatrix } from "../task/metrics";
import type { RunDone } from "../task/table/fill-table";
import { rowFacts } from "../task/table/rows";
import { toAnswers } from "../task/table/run-model";
import { takeLabels, type Answers } from "../task/tasks/scoring";
import { factsOf } from "../task/tasks/registry";
import type { Labels, TruthRole } from "../task/tasks/types";
import { toSequence } from "../train/labelled-rows";
import { predictLabels } from "../train/predict-labels";
import type { AdaptAnswers, AdaptMapJob, AdaptMapResult, BesideTruth, MapExtent } from "./adapt";
import { AdaptStand } from "./adapt-stand";
import { chooseArea } from "./area";
import { askRival } from "./area-rivals";
import { openTaskData, type TruthSpecs } from "./open-task-data";
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
  /** "test": the table's own test examples, whose answers are there already. */
  readonly extent: MapExtent;
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
    extent: "test",
    ...(task.input === "trajectory" && { trajectories: pick(examples.of) }),
    ...(explain && { reasons: Array.from(split.test, (n) => explain(n)) }),
  };
}

/** Nothing could be seen in a map of one class. */
const isOneClass = (labels: Labels): boolean =>
  labels.kind === "classes" && new Set(labels.classes).size < 2;

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
    extent,
  };
}

/** What is asked of the rows of a job. */
function ask(stand: AdaptStand, done: RunDone, extent: AdaptMapJob["extent"] = "test"): Asked {
  if (stand.task.input !== "region" || extent === "test") return askTest(stand, done);
  if (extent !== "first") return askArea(stand, done, extent);
  const part = askArea(stand, done, "part");
  return isOneClass(part.labels) ? askArea(stand, done, "whole") : part;
}

/** Truths that are numbers; the simulated country has them all. */
const NUMBER_ROLES: readonly TruthRole[] = ["population", "builtUp", "trees", "water"];

const hasOneNumber = (labels: Labels): boolean =>
  labels.kind === "numbers"
    ? labels.names.length === 1
    : labels.kind === "classes" && labels.isOrdered;

/** Other truths of the asked cells; none for tasks whose answer has no high and low. */
async function* openBeside(
  { task, dataset }: AdaptStand,
  { cells, labels, extent }: Asked,
  truths: TruthSpecs | undefined,
  { session, signal }: { session: Session; signal: AbortSignal },
): AsyncGenerator<Progress, BesideTruth[], void> {
  if (extent === "test" || !hasOneNumber(labels)) return [];
  const roles = NUMBER_ROLES.filter((role) => !task.needs.includes(role));
  const data = yield* openTaskData(dataset, { truths, roles }, session, signal);
  return roles.flatMap((role) => {
    const truth = data.truths[role];
    if (truth === undefined || truth.scale === "class") return [];
    const { title, unit, values } = truth;
    return [{ title, unit, values: Float32Array.from(cells, (cell) => values[cell]!) }];
  });
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

/** Cells of the data set by their numbers; for a missing number any cell. */
const cellsOf = ({ dataset }: AdaptStand, numbers: Float32Array): CellTable =>
  takeCells(
    dataset.cells,
    Uint32Array.from(numbers, (cell) => (Number.isNaN(cell) ? 0 : cell)),
  );

/** What some rows answer, place by place. Throws as `runAdapt`, and "bad-input" for a row that the table has not. */
export async function* runAdaptMap(
  job: AdaptMapJob,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, AdaptMapResult, void> {
  const startedAt = performance.now();
  const { table, rows, split, extent } = job;
  const stand = yield* AdaptStand.openFor(table, session, signal);
  const { task, dataset, model, examples } = stand;
  let asked: Asked | undefined;
  const answers: AdaptAnswers[] = [];
  for (const row of rows) {
    const done = yield* stand.open(row, split, signal);
    asked ??= ask(stand, done, extent);
    const own = asked.extent === "test" ? done.answers : yield* predict(stand, done, asked, signal);
    const testLabels = takeLabels(examples.labels, done.split.test);
    const { title } = rowFacts(row);
    const confusion = confusionOf(testLabels, done.answers);
    const values = toValues(own);
    const guessed = own.kind === "cells" && { guessed: cellsOf(stand, values) };
    answers.push({ row, title, values, ...guessed, ...confusion, ...confidenceOf(own) });
  }
  if (asked === undefined) {
    throw new FootfallError("bad-input", "no row is asked for; expected one or more of the table");
  }
  const { labels, cells, part, place, trajectories, reasons } = asked;
  const beside = yield* openBeside(stand, asked, table.truths, { session, signal });
  const visitors = visitorsOf(dataset);
  const truth = truthOf(labels);
  return {
    task: factsOf(task),
    cells: takeCells(dataset.cells, cells),
    place,
    extent: asked.extent,
    width: labels.kind === "numbers" ? labels.names.length : 1,
    truth,
    ...(labels.kind === "cells" && { wanted: cellsOf(stand, truth) }),
    ...(beside.length > 0 && { beside }),
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
