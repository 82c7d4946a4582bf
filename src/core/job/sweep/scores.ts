/** What a run is worth beyond its own guessing: cheap probes on frozen states of places, beside its random twin. */
import { FootfallError } from "../../errors";
import { cellDescendant, cellParent, type CellTable } from "../../geo/cells";
import { createBert } from "../../model/bert";
import { initialiseBert } from "../../model/parameters";
import type { Progress } from "../../pace";
import { FAR_TASK } from "../../task/experiments/series";
import type { Matrix } from "../../task/linear-model";
import { embedSequences } from "../../task/table/embed-sequences";
import type { PretrainedModel } from "../../task/table/run-model";
import { scoreRival } from "../../task/table/score-rival";
import {
  drawExamples,
  SPLIT_NAMES,
  splitExamples,
  type Examples,
  type SplitName,
} from "../../task/tasks/examples";
import { factsOf } from "../../task/tasks/registry";
import { ROLE_WORDS, type Task, type TaskName } from "../../task/tasks/types";
import type { CellPieces, Tokeniser } from "../../token/tokeniser";
import { openTasks, type TaskStand } from "../experiment/downstream";
import type { Dataset } from "../open-dataset";
import type { TruthSpecs } from "../open-task-data";
import type { Report, Session } from "../session";
import type { ProbeScore, RunScores } from "./record";
import { SCORE_NEEDS } from "./words";

/** Questions about places, whose answers no resolution changes; the last is far from pre-training. */
const SCORE_TASKS: readonly TaskName[] = [
  "location",
  "population",
  "prefecture",
  "built-up",
  FAR_TASK,
];

/** Places that are asked about in each task; a probe of them takes a processor about a second. */
export const SCORE_SAMPLES = 1000;

/** The tasks that the data have truths for, asked about places where somebody checks in. */
export interface ScoreStand extends TaskStand {
  /** What is missing, one sentence each. */
  readonly notes: readonly string[];
}

/** A task whose places somebody visits: of the others a small model knows nothing, and a flat vocabulary has no word. */
function aboutVisited(task: Task, visited: Uint8Array): Task {
  return {
    ...task,
    prepare(data, options) {
      const drawable = task.prepare(data, options);
      return { ...drawable, usable: drawable.usable.filter((cell) => visited[cell] === 1) };
    },
  };
}

/** Opens the tasks that runs are scored on. Throws as `openTaskData`. */
export async function* openScores(
  dataset: Dataset,
  truths: TruthSpecs | undefined,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, ScoreStand, void> {
  const stand = yield* openTasks(dataset, SCORE_TASKS, session, signal, { truths });
  const visited = new Uint8Array(dataset.cells.hi.length);
  for (const cell of dataset.trajectories.checkIns.cell) visited[cell] = 1;
  const found = new Set(stand.tasks.flatMap(({ needs }) => needs));
  const missing = SCORE_NEEDS.filter((role) => !found.has(role));
  return {
    ...stand,
    tasks: stand.tasks.map((task) => aboutVisited(task, visited)),
    notes:
      missing.length === 0
        ? []
        : [
            `No scores that need ${missing.map((role) => ROLE_WORDS[role]).join(" or ")}: the data have none.`,
          ],
  };
}

/** The same places at another resolution: the ancestors, or the descendants in their middle. */
export function atResolution(table: CellTable, resolution: number): CellTable {
  const finer = resolution - table.resolution;
  if (finer === 0) return table;
  const middle = Array.from({ length: Math.max(0, finer) }, () => 0);
  const hi = new Uint32Array(table.hi.length);
  const lo = new Uint32Array(table.lo.length);
  for (let n = 0; n < hi.length; n++) {
    const halves = [table.hi[n]!, table.lo[n]!] as const;
    [hi[n], lo[n]] =
      finer > 0 ? cellDescendant(...halves, middle) : cellParent(...halves, resolution);
  }
  return { resolution, hi, lo };
}

/** A model whose scores are asked, with what writes its places. */
export interface Scored {
  readonly model: PretrainedModel;
  readonly tokeniser: Tokeniser;
  /** Draws the places, divides them and makes the twin. */
  readonly seed: number;
  /** Default `SCORE_SAMPLES`. */
  readonly samples?: number;
}

interface Embedded {
  readonly examples: Examples;
  readonly embeddings: { readonly model: Matrix; readonly twin: Matrix };
}

async function* embedBoth(
  { config, tensors }: PretrainedModel,
  examples: Examples,
  seed: number,
  signal: AbortSignal,
): AsyncGenerator<Progress, Embedded, void> {
  const states: Matrix[] = [];
  for (const weights of [tensors, initialiseBert(config, seed)]) {
    const bert = createBert(config, weights);
    try {
      states.push(yield* embedSequences(bert, examples.sequences, signal));
    } finally {
      bert.dispose();
    }
  }
  const [model, twin] = states;
  return { examples, embeddings: { model: model!, twin: twin! } };
}

async function* probeSplit(
  name: SplitName,
  task: Task,
  { examples, embeddings }: Embedded,
  { data }: ScoreStand,
  { seed, signal }: { seed: number; signal: AbortSignal },
): AsyncGenerator<Progress, ProbeScore[], void> {
  const split = splitExamples(examples, data.cells, { name, seed });
  const { centres } = data;
  const input = { task: factsOf(task), examples, split, centres, embeddings, seed, signal };
  const own = yield* scoreRival("linear-probe", input);
  const twin = yield* scoreRival("twin-probe", input);
  if (own === undefined || twin === undefined) return [];
  return [{ task: task.name, metric: task.headline, split: name, own, twin }];
}

async function* probeTask(
  task: Task,
  stand: ScoreStand,
  pieces: CellPieces,
  { model, seed, samples = SCORE_SAMPLES }: Scored,
  signal: AbortSignal,
): AsyncGenerator<Progress, { probes: ProbeScore[]; notes: string[] }, void> {
  const notes: string[] = [];
  const probes: ProbeScore[] = [];
  try {
    const { maxPositions } = model.config;
    const options = { samples, shown: 0.25, seed, maxPositions };
    const examples = drawExamples(task, stand.data, pieces, options);
    const embedded = yield* embedBoth(model, examples, seed, signal);
    for (const name of SPLIT_NAMES) {
      probes.push(...(yield* probeSplit(name, task, embedded, stand, { seed, signal })));
    }
  } catch (thrown) {
    if (!(thrown instanceof FootfallError) || thrown.code !== "no-data") throw thrown;
    notes.push(thrown.message);
  }
  return { probes, notes };
}

/**
 * Linear probes on the model's and its twin's frozen states of the same places, each on a random split and with blocks
 * held out. The places are those of the data, whatever cells the model reads. Throws "stopped", "not-finite".
 */
export async function* measureScores(
  stand: ScoreStand,
  scored: Scored,
  signal: AbortSignal,
): AsyncGenerator<Progress, RunScores, void> {
  const startedAt = performance.now();
  const { tokeniser } = scored;
  const pieces = tokeniser.encodeCells(atResolution(stand.data.cells, tokeniser.resolution));
  const probes: ProbeScore[] = [];
  const notes: string[] = [...stand.notes];
  for (const task of stand.tasks) {
    const found = yield* probeTask(task, stand, pieces, scored, signal);
    probes.push(...found.probes);
    notes.push(...found.notes);
  }
  return { probes, notes, seconds: (performance.now() - startedAt) / 1000 };
}
