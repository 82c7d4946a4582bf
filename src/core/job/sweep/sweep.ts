import { FootfallError } from "../../errors";
import { inPhase } from "../../pace";
import { datasetKey, openDataset } from "../open-dataset";
import { beginTraining } from "../pretrain";
import { unlessFull } from "../run-keeper";
import type { RunStore } from "../run-store";
import { toMade, type Made, type Report, type Session } from "../session";
import { openSweepData } from "./data";
import { runSeconds } from "./plan";
import { planSweep, stretchOf, type SweepChoice } from "./probe";
import {
  readSweepRecord,
  removeRunFiles,
  secondsOf,
  SWEEP_FILE,
  writeSweepRecord,
  type PlannedSetting,
  type SweepRecord,
} from "./record";
import { runQueued, type CurrentRun, type QueuedRun } from "./run";
import { scoreRun } from "./score-run";
import { openScores } from "./scores";

/** Trains one model after another, or goes on with a queue that was stopped, or opens one that is finished. */
export interface SweepJob extends SweepChoice {
  kind: "sweep";
  /** Under which it is kept. A sweep of this id that is there already goes on as it began, whatever stands above. */
  sweep: string;
}

/** Where a sweep stands, as the page shows it: whole in every report. */
export interface SweepStatus extends SweepRecord {
  readonly current?: CurrentRun | undefined;
  /** Of all runs to come and what is left of this one; undefined before the first. */
  readonly secondsLeft?: number | undefined;
  /** False where sweeps go with the page. */
  readonly isKept: boolean;
  /** What the reader should know: a full store, a time that was over. */
  readonly notice?: string | undefined;
}

export interface SweepResult extends SweepStatus {
  readonly made: Made;
}

/** A queue by the clock gives up runs of later seeds that would end this much after its time. */
const OVERTIME = 1.25;

const fitting = ({ settings }: SweepRecord): PlannedSetting[] =>
  settings.filter(({ obstacle }) => obstacle === undefined);

/** All runs in their order: every setting with the first seed, then with the next, so that any beginning can be compared. */
export function queueOf(record: SweepRecord): QueuedRun[] {
  const settings = fitting(record);
  const { config, steps, seeds } = record;
  return Array.from({ length: seeds * settings.length }, (_, n) => ({
    n,
    setting: settings[n % settings.length]!.setting,
    seed: config.seed + Math.floor(n / settings.length),
    steps,
    base: config,
  }));
}

/** Seconds that the runs from the n-th on take, by what those before took against what was expected of them. */
function secondsFrom(record: SweepRecord, n: number): number {
  const settings = fitting(record);
  const expected = queueOf(record).map((_, i) =>
    runSeconds(settings[i % settings.length]!, record.steps),
  );
  const sum = (some: readonly number[]): number => some.reduce((a, b) => a + b, 0);
  const took = sum(record.runs.map(secondsOf));
  const ratio = n === 0 ? 1 : took / sum(expected.slice(0, n));
  return ratio * sum(expected.slice(n));
}

/** Whether the next run of a queue by the clock would end too late. Every setting runs once, whatever it takes. */
function isOver(record: SweepRecord, n: number): boolean {
  const { budget, runs } = record;
  if (budget.kind !== "minutes" || n < fitting(record).length) return false;
  const took = runs.reduce((sum, run) => sum + secondsOf(run), 0);
  const next = secondsFrom(record, n) - secondsFrom(record, n + 1);
  return took + next > OVERTIME * 60 * budget.minutes;
}

/** One sweep: what it has come to, and what is kept of it. */
class Sweep {
  readonly #store: RunStore;
  status: SweepStatus;

  constructor(store: RunStore, record: SweepRecord, isKept: boolean) {
    this.#store = store;
    this.status = { ...record, isKept };
  }

  update(changes: Partial<SweepStatus>): void {
    this.status = { ...this.status, ...changes };
  }

  /** Keeps the record; a full store is told and the queue goes on. */
  async save(): Promise<void> {
    const { current: _, secondsLeft: __, isKept: ___, notice: ____, ...record } = this.status;
    const savedMs = Date.now();
    const full = await unlessFull(() =>
      this.#store.write(record.id, SWEEP_FILE, writeSweepRecord({ ...record, savedMs })),
    );
    const notice = full && `${full}; the queue goes on, but what it finds is not kept`;
    this.update({ savedMs, ...(notice !== undefined && { notice }) });
  }

  /** The same reports with the whole status and the share of the queue. */
  async *show<T>(work: AsyncGenerator<Report, T, void>): AsyncGenerator<Report, T, void> {
    const { runs } = this.status;
    const total = queueOf(this.status).length * this.status.steps;
    for (;;) {
      const { done, value } = await work.next();
      if (done) return value;
      const current = value.partial as CurrentRun | undefined;
      const step = current?.step ?? 0;
      const rest = secondsFrom(this.status, runs.length);
      const next = secondsFrom(this.status, runs.length + 1);
      const secondsLeft = rest - ((rest - next) * step) / this.status.steps;
      this.update({ current, secondsLeft, notice: current?.notice ?? this.status.notice });
      const at = runs.length * this.status.steps + step;
      yield { phase: "sweep", done: at, total, unit: "steps", partial: this.status };
    }
  }
}

/** The record of a new sweep: its plan. */
async function* beginSweep(
  job: SweepJob,
  name: string,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, SweepRecord, void> {
  const plan = yield* planSweep(job, session, signal);
  const { engine, config, settings, steps } = plan;
  const now = Date.now();
  return {
    id: job.sweep,
    data: { key: datasetKey(job.dataset), name },
    over: job.over,
    config,
    budget: job.budget,
    seeds: job.seeds,
    steps,
    withScores: job.withScores ?? true,
    settings,
    runs: [],
    engine,
    startedMs: now,
    savedMs: now,
    isFinished: false,
  };
}

/** Throws "bad-input" where a sweep that is there is of other data. */
function checkSameData({ data, id }: SweepRecord, key: string): void {
  if (data.key === key) return;
  throw new FootfallError(
    "bad-input",
    `the sweep ${id} learns from ${data.name} as they were, not from the data above; begin a new one`,
  );
}

/** Runs what is left of the queue. */
async function* runQueue(
  sweep: Sweep,
  job: SweepJob,
  { session, store, signal }: { session: Session; store: RunStore; signal: AbortSignal },
): AsyncGenerator<Report, void, void> {
  const { dataset: spec } = job;
  const queue = queueOf(sweep.status);
  const { config, over, withScores } = sweep.status;
  for (const run of queue.slice(sweep.status.runs.length)) {
    if (isOver(sweep.status, run.n)) {
      const notice = `the time was over after ${run.n} of ${queue.length} runs`;
      sweep.update({ notice });
      break;
    }
    const dataset = yield* openDataset(spec, session, signal);
    const rows = { checkIns: stretchOf(config), seed: config.seed };
    const opening = openSweepData({ dataset, spec }, run.setting, rows, session, signal);
    const data = yield* inPhase("open the data", opening);
    const place = { session, store, sweep: job.sweep, signal };
    const trained = yield* sweep.show(runQueued(run, data, place));
    const { tensors } = trained;
    let done = trained.run;
    if (withScores === true && tensors !== undefined) {
      const stand = yield* openScores(dataset, job.truths, session, signal);
      const scoring = { stand, over, session, signal };
      done = yield* sweep.show(scoreRun(run, { ...trained, tensors }, data, scoring));
    }
    sweep.update({ runs: [...sweep.status.runs, done], current: undefined });
    await sweep.save();
    await removeRunFiles(store, job.sweep);
  }
  sweep.update({ isFinished: true, current: undefined, secondsLeft: 0 });
  await sweep.save();
}

/**
 * Runs a sweep unattended (PT-32): every setting with every seed, one after the other, what each came to kept at
 * once. A stopped or killed one goes on in the middle of the run where it stood. Throws "busy", "bad-input",
 * "no-data" and what the data throw.
 */
export async function* runSweep(
  job: SweepJob,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, SweepResult, void> {
  const startedAt = performance.now();
  const store = await session.runs?.();
  if (store === undefined) {
    throw new FootfallError("bad-input", "nothing can be trained here: there is no store for it");
  }
  const bytes = await store.read(job.sweep, SWEEP_FILE);
  const earlier = bytes && readSweepRecord(bytes);
  if (earlier !== undefined) checkSameData(earlier, datasetKey(job.dataset));
  const isKept = await store.isLasting();
  const madeOf = ({ config, data, engine }: SweepRecord): Made => {
    const model = { name: `${config.preset}, one a run`, engine };
    return toMade(startedAt, { seed: config.seed, data: data.key, model });
  };
  if (earlier?.isFinished) return { ...earlier, isKept, secondsLeft: 0, made: madeOf(earlier) };
  const letGo = await beginTraining(store);
  try {
    const { name } = yield* openDataset(job.dataset, session, signal);
    const record = earlier ?? (yield* beginSweep(job, name, session, signal));
    const sweep = new Sweep(store, record, isKept);
    await sweep.save();
    yield* runQueue(sweep, job, { session, store, signal });
    return { ...sweep.status, made: madeOf(sweep.status) };
  } finally {
    letGo();
  }
}
