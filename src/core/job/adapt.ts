import type { Scaled, TableSettings } from "../task/table/settings";
import type { Gain, RunOutcome, TableRow } from "../task/table/results";
import type { RowName } from "../task/table/rows";
import type { SplitName } from "../task/tasks/examples";
import type { Metric, MetricName } from "../task/tasks/metric-names";
import type { TaskFacts, TaskName } from "../task/tasks/types";
import type { CellTable } from "../geo/cells";
import type { DatasetSpec } from "./dataset";
import type { BertConfig } from "../model/config";
import { FootfallError } from "../errors";
import type { Engine } from "../gpu/engine";
import { knownOf, type KnownRun } from "./adapt-known";
import type { TableOrigin } from "./adapt-origin";
import { AdaptStand } from "./adapt-stand";
import type { ModelSpec } from "./model";
import type { TruthSpecs } from "./open-task-data";
import { overLosses } from "./over-losses";
import { forget, toMade, type Made, type NamedFile, type Report, type Session } from "./session";

/** One table of paper 1 (or the task of paper 2): all rows, some seeds, one or two splits. */
export interface AdaptJob {
  kind: "adapt";
  dataset: DatasetSpec;
  model: ModelSpec;
  task: TaskName;
  /**
   * Where the truths come from; what is not named here is the simulated country's own. Real data need a layer for
   * each role of `TaskFacts.needs`; without it the job throws "missing-file" and says which.
   */
  truths?: TruthSpecs;
  /** Default `scaledSettings(task)`. */
  settings?: TableSettings;
  /** Runs of an earlier job (`knownOf` its table): those of the same key and weights are not run again. */
  known?: readonly KnownRun[];
  seed: number;
}

/** How far the table has come; a report's `partial` and, with `made`, the job's result. */
export interface AdaptTable {
  task: TaskFacts;
  /** Columns in their order: the paper's, then ours. */
  columns: (Metric & { name: MetricName })[];
  /** Rows that have at least one run, in the order of the tables; means and 95 % intervals over seeds. */
  rows: TableRow[];
  /** Pre-trained against its random twin, seed by seed, for each split and choice of epoch. */
  gains: Gain[];
  /** All runs so far, with their loss curves. Kept in a notebook they make the table resumable. */
  runs: RunOutcome[];
  /** Runs in all, and the seconds that the missing ones will take; an estimate until the first have run. */
  runCount: number;
  secondsLeft: number;
  /** The run that is being trained, for the curve that grows; absent between two. */
  running?: Pick<RunOutcome, "row" | "split" | "seed" | "epochs">;
  examples: {
    count: number;
    /** "cells", "trajectories", "pairs". */
    unit: string;
    drawnFrom: number;
    /** How many times as many the paper has. */
    paperFactor: number;
    /** Sentences that must be shown: sparse truths, rules that made the label. */
    notes: readonly string[];
  };
  settings: TableSettings;
  /** Values that are not the paper's, to be marked. */
  scaled: Scaled[];
  /** The main model's layers over the paper's twelve: what the three Transformers are scaled by. */
  layerFactor: number;
  layers: Partial<Record<RowName, number>>;
  /** Bytes of each row's weights, of rows that have some of their own; absent in tables that an earlier version kept. */
  weightBytes?: Partial<Record<RowName, number>>;
  /** What all models of the table have in common; absent in tables that an earlier version kept. */
  shape?: Pick<BertConfig, "headCount" | "width" | "innerWidth">;
  /** Absent in tables that an earlier version kept. */
  origin?: TableOrigin;
  /** What must be said beside answers about people (PV-09); absent for other tasks. */
  warning?: string;
}

export interface AdaptResult extends AdaptTable {
  made: Made;
}

/**
 * What some rows of a table answer, place by place: maps of truth, twin, pre-trained and difference, residuals and
 * confusion (paper 1, Figures 3, 4, 6 to 10). Rows whose weights are not in memory any more are trained again, to the
 * same bits.
 */
export interface AdaptMapJob {
  kind: "adapt-map";
  /** The table's job; `known` is not needed. */
  table: Omit<AdaptJob, "kind" | "known">;
  /** Rows of this table: models and rivals. */
  rows: readonly RowName[];
  split: SplitName;
  /**
   * For region tasks: a part of the area, all of it (every k-th of very many cells), or "first", the part, but all
   * where the part is of one class. Default, and for all others, "test": the table's own test examples.
   */
  extent?: "first" | MapExtent;
}

/**
 * The adapted model of a row as a folder: weights of the first seed and split, the best on validation. Where they are
 * not in memory any more the row is trained again, to the same bits.
 */
export interface AdaptModelJob {
  kind: "adapt-model";
  /** The table's job; `known` is not needed. */
  table: Omit<AdaptJob, "kind" | "known">;
  row: RowName;
}

export interface AdaptModelResult {
  files: NamedFile[];
  made: Made;
}

/** What the maps of a row are of. */
export type MapExtent = "part" | "whole" | "test";

/** One row's answers. */
export interface AdaptAnswers {
  row: RowName;
  title: string;
  /** Row-major [N, D]: numbers in the task's unit, class numbers, or the cell number that is guessed first. */
  values: Float32Array;
  /** The cells that are guessed first, where cells are asked for; without meaning where `values` has none. */
  guessed?: CellTable; // [N]
  /** Classes only: how likely the answer is held to be; absent for rules that do not say. */
  confidence?: Float32Array; // [N]
  /** Classes only: counts[true * K + guessed] over the test examples, [K, K]. */
  confusion?: Uint32Array;
}

/** Another truth of the cells of a map. */
export interface BesideTruth {
  title: string;
  unit: string;
  values: Float32Array; // [N]
}

export interface AdaptMapResult {
  task: TaskFacts;
  /** Where the answers lie: cells of a region task, homes of the trajectories of the others. */
  cells: CellTable; // [N]
  place: string;
  extent: MapExtent;
  /** Values of each place: 2 for the location (degrees from `centre`), else 1. */
  width: number;
  truth: Float32Array; // [N, D]
  /** The true cells, where cells are asked for. */
  wanted?: CellTable; // [N]
  /** Other truths of the same cells, to be set beside the one that was asked: region tasks of one number. */
  beside?: readonly BesideTruth[];
  /** 1 where the place was in the test part, 0 where its label was learnt from, 2 where it was in neither. */
  part: Uint8Array; // [N]
  answers: AdaptAnswers[];
  names: readonly string[];
  centre?: readonly [lat: number, lng: number];
  /** Trajectory tasks: the number of the trajectory of each place. */
  trajectories?: Uint32Array;
  /** Visitors of the cell of each place; undefined for simulated people, of whom there is nothing to hide. */
  people?: Uint32Array; // [N]
  /** How each true answer came to be, with its own numbers: the days of a traveller, the prefectures, the km. */
  reasons?: readonly string[];
  made: Made;
}

/**
 * Throws where the device was taken away, or refused a piece, under a run that has ended: its numbers are worthless,
 * and so is what was made beside it.
 */
async function checkEngine(engine: Engine, session: Session): Promise<void> {
  await engine.settle();
  const fault = engine.takeFault();
  if (fault !== undefined) {
    forget(session, ""); // all of it
    throw fault;
  }
  if ((await session.engine()) === engine) return;
  throw new FootfallError("device-lost", "the graphics device was lost in the middle of a run");
}

const lossNote = ({ runs, runCount }: AdaptTable): string =>
  `the graphics device was taken away after ${runs.length} of ${runCount} runs; it was opened again, and the table went on from there`;

/**
 * Fills a table, row by row: every report of a finished epoch or run carries the table so far in `partial`. Where the
 * device is taken away it is opened again and the table goes on; the run that went begins anew. Throws "missing-file"
 * for a truth that is not there, "no-data" for too few examples, "bad-input" where there is nothing to tell apart or a
 * truth is of the wrong kind, "weights-mismatch" for a model of another area or resolution, what the device refuses,
 * and "stopped".
 */
export async function* runAdapt(
  job: AdaptJob,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, AdaptResult, void> {
  const startedAt = performance.now();
  let known = job.known ?? [];
  let table: AdaptTable | undefined;
  const notes: string[] = [];
  const withNotes = ({ examples, ...rest }: AdaptTable): AdaptTable => {
    return { ...rest, examples: { ...examples, notes: [...examples.notes, ...notes] } };
  };
  async function* attempt(): AsyncGenerator<Report, AdaptResult, void> {
    const engine = await session.engine();
    engine.takeFault(); // of what ran before
    const stand = yield* AdaptStand.openFor(job, session, signal);
    let here = withNotes(stand.toTable());
    for await (const { state, ...progress } of stand.fill(known, signal)) {
      if (state && state.runs.length > here.runs.length) await checkEngine(engine, session);
      if (state) table = here = withNotes(stand.toTable(state));
      yield state ? { ...progress, partial: here } : progress;
    }
    const { dataset, model } = stand;
    return { ...here, made: toMade(startedAt, { seed: job.seed, data: dataset.key, model }) };
  }
  return yield* overLosses(session, attempt, () => {
    if (table) {
      known = [...known, ...knownOf(table)];
      notes.push(lossNote(table));
    }
    return Promise.resolve();
  });
}
