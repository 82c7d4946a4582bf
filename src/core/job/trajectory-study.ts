import { cellsOfTrajectory } from "../data/trajectories";
import { FootfallError } from "../errors";
import type { Bert } from "../model/bert";
import type { Progress } from "../pace";
import { createRandom, shuffle } from "../random";
import type { Matrix } from "../task/linear-model";
import {
  createLine,
  drawGaps,
  scoreGaps,
  type ImputedGap,
  type ImputeScores,
} from "../task/sequences/gaps";
import { cutWeeks, linkProtected, type ProtectedLinking } from "../task/sequences/protections";
import { imputeGap, type Route } from "../task/sequences/impute";
import {
  centreColumns,
  linkByEmbedding,
  linkByMarks,
  nearestByEmbedding,
  nearestByWarping,
  overlap,
  type Linking,
} from "../task/sequences/similar";
import { rankSurprise, type Surprise } from "../task/sequences/surprise";
import { embedSequences } from "../task/table/embed-sequences";
import { toSequence } from "../train/labelled-rows";
import type { DatasetSpec } from "./dataset";
import type { ModelSpec } from "./model";
import { checkTest, openDataset, placesOf, type Dataset } from "./open-dataset";
import { openHours } from "./open-calendar";
import { openModel, PRE_TRAINED, TWIN, type OpenModel } from "./open-model";
import { toMade, type Made, type Report, type Session } from "./session";

/** Questions about trajectories that have no table of seven rows. Numbers of trajectories count in the test part. */
export type TrajectoryQuestion =
  /** Gaps of some check-ins, filled by beam search with a k-ring constraint, in some test trajectories. */
  | { ask: "impute"; missing: number; rings: number; beam: number; trajectories: number }
  /** Test trajectories by perplexity, some check-ins of each hidden one at a time. */
  | { ask: "surprise"; trajectories: number; each: number }
  /** The trajectories that are most like one of them: by embedding, and by dynamic time warping. */
  | { ask: "similar"; query: number; count: number }
  /** Who of N people is told by the first half of a month (PV-06). */
  | { ask: "link"; people: number };

export interface TrajectoryStudyJob {
  kind: "trajectory-study";
  dataset: DatasetSpec;
  model: ModelSpec;
  question: TrajectoryQuestion;
  seed: number;
}

export type TrajectoryAnswer =
  | { ask: "impute"; gaps: ImputedGap[]; scores: ImputeScores[] }
  | { ask: "surprise"; ranking: Surprise[] }
  | {
      ask: "similar";
      query: number;
      /** Numbers of trajectories in the data set. */
      byEmbedding: { trajectory: number; distance: number }[];
      byWarping: { trajectory: number; km: number }[];
      /** Share of the first ten that both have, and what chance gives. */
      overlap: number;
      chance: number;
    }
  | {
      ask: "link";
      rows: Linking[];
      /** From one week, before and after each protection; empty where no month is longer than a week. */
      protections: ProtectedLinking[];
    };

export interface TrajectoryStudyResult {
  answer: TrajectoryAnswer;
  made: Made;
}

interface Stand {
  readonly dataset: Dataset;
  readonly model: OpenModel;
  readonly seed: number;
  readonly signal: AbortSignal;
}

type Answering = AsyncGenerator<Progress, TrajectoryAnswer, void>;

/** Test trajectories in an order drawn by seed. */
function drawTest({ dataset, seed }: Stand, count: number, name: string): Uint32Array {
  return shuffle(dataset.test.slice(), createRandom(seed, name)).slice(0, count);
}

async function* impute(
  stand: Stand,
  { missing, rings, beam, trajectories }: TrajectoryQuestion & { ask: "impute" },
): Answering {
  const { dataset, model, signal } = stand;
  const { cells: table, centres } = dataset;
  const asked = drawTest(stand, trajectories, "gaps");
  const gaps = drawGaps(dataset.trajectories, asked, { missing, seed: stand.seed });
  if (gaps.length === 0) {
    throw new FootfallError(
      "no-data",
      `no test trajectory has room for a gap of ${missing} check-ins`,
    );
  }
  const fillBy = async function* (bert: Bert): AsyncGenerator<Progress, Route[][], void> {
    const routes: Route[][] = [];
    for (const { before, after } of gaps) {
      const gap = { before, after, missing };
      const options = { beam, rings, signal };
      routes.push(yield* imputeGap({ bert, pieces: model.pieces, table }, gap, options));
      yield { phase: "fill gaps", done: routes.length, total: gaps.length, unit: "gaps" };
    }
    return routes;
  };
  const own = yield* fillBy(model.bert);
  const twin = yield* fillBy(model.twin);
  const line = createLine(table, centres);
  return {
    ask: "impute",
    gaps: gaps.map((gap, n) => ({ ...gap, routes: own[n]! })),
    scores: [
      scoreGaps(PRE_TRAINED, gaps, (_, n) => own[n]![0]!.cells, centres),
      scoreGaps(TWIN, gaps, (_, n) => twin[n]![0]!.cells, centres),
      scoreGaps("straight line", gaps, line, centres),
      scoreGaps(
        "previous place",
        gaps,
        ({ before, truth }) => truth.map(() => before.at(-1)!),
        centres,
      ),
    ],
  };
}

async function* surprise(
  stand: Stand,
  { trajectories, each }: TrajectoryQuestion & { ask: "surprise" },
): Answering {
  const { dataset, model, seed, signal } = stand;
  const asked = drawTest(stand, trajectories, "surprise");
  const options = { each, seed, signal };
  return {
    ask: "surprise",
    ranking: yield* rankSurprise(model, placesOf(dataset), asked, options),
  };
}

async function* similar(
  { dataset, model, signal }: Stand,
  { query, count }: TrajectoryQuestion & { ask: "similar" },
): Answering {
  const { test, trajectories, centres } = dataset;
  if (!(query in test)) {
    throw new FootfallError(
      "bad-input",
      `test trajectory ${query} does not exist; expected 0 to ${test.length - 1}`,
    );
  }
  const cells = Array.from(test, (k) => cellsOfTrajectory(trajectories, k));
  const { maxPositions } = model.folder.config;
  const sequences = cells.map((one) => toSequence(model.pieces, one, maxPositions));
  const embeddings = centreColumns(yield* embedSequences(model.bert, sequences, signal));
  const byEmbedding = nearestByEmbedding(embeddings, query);
  yield { phase: "compare the ways", done: 0, total: test.length, unit: "trajectories" };
  const byWarping = nearestByWarping(cells, centres, query);
  const few = Math.min(10, test.length - 1);
  return {
    ask: "similar",
    query: test[query]!,
    byEmbedding: byEmbedding.slice(0, count).map(({ n, distance }) => {
      return { trajectory: test[n]!, distance };
    }),
    byWarping: byWarping
      .slice(0, count)
      .map(({ n, distance }) => ({ trajectory: test[n]!, km: distance })),
    overlap: overlap(byEmbedding, byWarping, few),
    chance: few / (test.length - 1),
  };
}

async function* link(stand: Stand, { people }: TrajectoryQuestion & { ask: "link" }): Answering {
  const { dataset, model, signal } = stand;
  const { trajectories } = dataset;
  const seen = new Set<number>();
  const everybody = drawTest(stand, dataset.test.length, "link").filter((k) => {
    const user = trajectories.user[k]!;
    return !seen.has(user) && seen.add(user);
  });
  const asked = everybody.slice(0, people);
  const cells = Array.from(asked, (k) => cellsOfTrajectory(trajectories, k));
  const halves = [0, 1].map((which) =>
    cells.map((one) => one.subarray(...(which === 0 ? [0, one.length >> 1] : [one.length >> 1]))),
  );
  const { maxPositions } = model.folder.config;
  const embed = async function* (bert: Bert): AsyncGenerator<Progress, Matrix[], void> {
    const both: Matrix[] = [];
    for (const half of halves) {
      const sequences = half.map((one) => toSequence(model.pieces, one, maxPositions));
      both.push(yield* embedSequences(bert, sequences, signal));
    }
    return both;
  };
  const weeks = cutWeeks(trajectories, everybody, await openHours(dataset), people);
  const hasWeeks = weeks.known.length > 1;
  const protections = hasWeeks ? linkProtected(weeks, dataset.cells, trajectories) : [];
  const [own, twin] = [yield* embed(model.bert), yield* embed(model.twin)];
  return {
    ask: "link",
    rows: [
      linkByEmbedding(PRE_TRAINED, own[0]!, own[1]!),
      linkByEmbedding(TWIN, twin[0]!, twin[1]!),
      linkByMarks("shared cells", halves[0]!, halves[1]!),
    ],
    protections,
  };
}

function answer(stand: Stand, question: TrajectoryQuestion): Answering {
  switch (question.ask) {
    case "impute":
      return impute(stand, question);
    case "surprise":
      return surprise(stand, question);
    case "similar":
      return similar(stand, question);
    case "link":
      return link(stand, question);
    default:
      throw question satisfies never;
  }
}

/** Answers one question about trajectories of the test part. Throws "no-data", "bad-input", "weights-mismatch", "stopped". */
export async function* runTrajectoryStudy(
  { dataset: spec, model: modelSpec, question, seed }: TrajectoryStudyJob,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, TrajectoryStudyResult, void> {
  const startedAt = performance.now();
  const dataset = yield* openDataset(spec, session, signal);
  checkTest(dataset);
  const model = yield* openModel(modelSpec, dataset, session, signal);
  const found = yield* answer({ dataset, model, seed, signal }, question);
  return { answer: found, made: toMade(startedAt, { seed, data: dataset.key, model }) };
}
