import { cellsOfTrajectory } from "../data/trajectories";
import { FootfallError } from "../errors";
import { haversineKm } from "../geo/cells";
import type { Bert } from "../model/bert";
import type { Progress } from "../pace";
import { createRandom, shuffle } from "../random";
import { createNearestCells } from "../task/baselines";
import type { Matrix } from "../task/linear-model";
import { mean } from "../task/metrics";
import { dynamicTimeWarping, geoBleu } from "../task/sequence-metrics";
import { imputeGap, type Route } from "../task/sequences/impute";
import {
  centreColumns,
  linkByCells,
  linkByEmbedding,
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

/** One gap, and what was put into it. */
export interface ImputedGap {
  /** Number of the trajectory in the data set, and of the first missing check-in in it. */
  trajectory: number;
  at: number;
  truth: readonly number[];
  before: readonly number[];
  after: readonly number[];
  /** Best first; cells are numbers of the data set's table. */
  routes: readonly Route[];
}

/** How well one way of filling gaps does, over all gaps. */
export interface ImputeScores {
  name: string;
  /** Share of the missing cells that are exactly right, and mean distance. */
  exact: number;
  km: number;
  /** Dynamic time warping, km a check-in, and GEO-BLEU (n up to 3, beta 0.5 per km). */
  dtwKm: number;
  geoBleu: number;
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
  | { ask: "link"; rows: Linking[] };

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

/** Check-ins around a gap that the model sees; what lies farther away says little. */
const AROUND = 24;

function drawGaps(stand: Stand, missing: number, count: number): ImputedGap[] {
  const { trajectories } = stand.dataset;
  return Array.from(drawTest(stand, count, "gaps")).flatMap((trajectory) => {
    const cells = Array.from(cellsOfTrajectory(trajectories, trajectory));
    const room = cells.length - missing - 1;
    if (room < 1) return [];
    const at = 1 + createRandom(stand.seed, "gap", trajectory).integer(room);
    const [before, after] = [cells.slice(Math.max(0, at - AROUND), at), cells.slice(at + missing)];
    const truth = cells.slice(at, at + missing);
    return [{ trajectory, at, truth, before, after: after.slice(0, AROUND), routes: [] }];
  });
}

function scoreGaps(
  name: string,
  gaps: readonly ImputedGap[],
  fill: (gap: ImputedGap, n: number) => readonly number[],
  { centres: { lat, lng } }: Dataset,
): ImputeScores {
  const km = (a: number, b: number): number => haversineKm(lat[a]!, lng[a]!, lat[b]!, lng[b]!);
  const scored = gaps.map((gap, n) => {
    const { truth } = gap;
    const cells = fill(gap, n);
    const between = (i: number, j: number): number => km(cells[i]!, truth[j]!);
    const m = truth.length;
    return {
      exact: mean(truth.map((cell, i) => Number(cells[i] === cell))),
      km: mean(truth.map((cell, i) => km(cells[i]!, cell))),
      dtwKm: dynamicTimeWarping(m, m, between) / m,
      geoBleu: geoBleu(m, m, between),
    };
  });
  const over = (pick: (one: (typeof scored)[0]) => number): number => mean(scored.map(pick));
  return {
    name,
    exact: over((one) => one.exact),
    km: over((one) => one.km),
    dtwKm: over((one) => one.dtwKm),
    geoBleu: over((one) => one.geoBleu),
  };
}

/** Cells on the straight line through a gap. */
function createLine({ cells, centres }: Dataset): (gap: ImputedGap) => number[] {
  const nearest = createNearestCells(cells, centres);
  const { lat, lng } = centres;
  return ({ before, after, truth }) => {
    const [a, b] = [before.at(-1)!, after[0]!];
    return truth.map((_, i) => {
      const share = (i + 1) / (truth.length + 1);
      const between = (values: Float64Array): number =>
        values[a]! + share * (values[b]! - values[a]!);
      return nearest(between(lat), between(lng))[0] ?? a;
    });
  };
}

async function* impute(
  stand: Stand,
  { missing, rings, beam, trajectories }: TrajectoryQuestion & { ask: "impute" },
): Answering {
  const { dataset, model, signal } = stand;
  const table = dataset.cells;
  const gaps = drawGaps(stand, missing, trajectories);
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
  const line = createLine(dataset);
  return {
    ask: "impute",
    gaps: gaps.map((gap, n) => ({ ...gap, routes: own[n]! })),
    scores: [
      scoreGaps(PRE_TRAINED, gaps, (_, n) => own[n]![0]!.cells, dataset),
      scoreGaps(TWIN, gaps, (_, n) => twin[n]![0]!.cells, dataset),
      scoreGaps("straight line", gaps, line, dataset),
      scoreGaps(
        "previous place",
        gaps,
        ({ before, truth }) => truth.map(() => before.at(-1)!),
        dataset,
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
  const asked = drawTest(stand, dataset.test.length, "link").filter((k) => {
    const user = trajectories.user[k]!;
    return seen.size < people && !seen.has(user) && seen.add(user);
  });
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
  const [own, twin] = [yield* embed(model.bert), yield* embed(model.twin)];
  return {
    ask: "link",
    rows: [
      linkByEmbedding(PRE_TRAINED, own[0]!, own[1]!),
      linkByEmbedding(TWIN, twin[0]!, twin[1]!),
      linkByCells(halves[0]!, halves[1]!),
    ],
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
