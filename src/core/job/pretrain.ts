import { FootfallError } from "../errors";
import { isOutOfMemory } from "../memory-errors";
import type { Engine } from "../gpu/engine";
import type { AnyState, Checkpoint } from "../train/checkpoint";
import { resolveConfig, type PretrainSettings } from "../train/config";
import type { PointSettings } from "../train/gpt/config";
import { explainMemory, inPasses, withBatch, type Passes } from "../train/passes";
import type { PretrainControls } from "../train/reports";
import type { Budget } from "../train/state";
import type { DatasetSpec } from "./dataset";
import { openBertSubject } from "./bert-subject";
import { datasetKey, openDataset, type Dataset } from "./open-dataset";
import { overLosses } from "./over-losses";
import { openPointSubject } from "./point-subject";
import { isOfPoints, type PointRecord, type RunRecord, type RunStore } from "./run-store";
import { toMade, type Made, type Report, type Session } from "./session";
import { readTraining } from "./stored-training";
import type { Subject } from "./subject";
import { Training, type Stand } from "./training";
import type { TrainingStatus } from "./training-status";

/** Settings of a GPT on points. */
export interface FamilySettings extends PointSettings {
  readonly family: "gpt";
}

/** Trains a model, or goes on with a run that was stopped, or opens one that is finished. */
export interface PretrainJob {
  kind: "pretrain";
  dataset: DatasetSpec;
  settings: PretrainSettings | FamilySettings;
  seed: number;
  budget: Budget;
  /** Factor of the learning rate with which a stopped run goes on; default the one that it had. */
  rateFactor?: number | undefined;
  /** Trajectories a pass with which a stopped run goes on, where memory ran out; the steps stay the same. */
  batch?: number | undefined;
  /** Under which it is kept. A run of this id that is there already goes on as it began, whatever stands above. */
  run: string;
}

/** What of a result comes with its data. */
interface Named {
  /** Of the data. */
  readonly name: string;
  readonly made: Made;
}

export type TrainingResult = TrainingStatus & Named;

/** The result of a run that is finished, without training. */
function openFinished(record: RunRecord, isKept: boolean, startedAt: number): TrainingResult {
  const { id, data, savedMs: _, startedMs: __, isFinished: ___, ...rest } = record;
  const model = { name: `run ${id}`, engine: record.engine };
  const status = {
    ...rest,
    run: id,
    memoryBytes: 0,
    rateFactor: 1,
    isPaused: false,
    savedStep: record.step,
    isKept,
    name: data.name,
    made: toMade(startedAt, { seed: record.config.seed, data: data.key, model }),
  };
  return status; // of the kind of the record
}

/** Throws "bad-input" where a run that is there learnt from other data. */
function checkSameData({ data, id }: RunRecord, spec: DatasetSpec): void {
  if (data.key === datasetKey(spec)) return;
  throw new FootfallError(
    "bad-input",
    `the run ${id} learns from ${data.name} as they were, not from the data above; begin a new run`,
  );
}

/** Trains to the end, also over the loss of the device. */
async function* trainOverLosses(
  { session, store, job, subject: { config } }: Stand,
  training: Training,
  first: Checkpoint<AnyState> | undefined,
): AsyncGenerator<Report, void, void> {
  let checkpoint = inPasses(first, config);
  async function* attempt(): AsyncGenerator<Report, void, void> {
    const result = yield* training.run(checkpoint);
    return yield* training.finish(result);
  }
  try {
    yield* overLosses(session, attempt, async (engine) => {
      checkpoint = inPasses((await readTraining(store, job.run))?.checkpoint, config);
      training.noteLoss(checkpoint, engine);
    });
  } catch (thrown) {
    throw isOutOfMemory(thrown) ? explainMemory(thrown, training.status) : thrown;
  }
}

interface Surroundings {
  readonly dataset: Dataset;
  readonly engine: Engine;
  readonly session: Session;
  readonly signal: AbortSignal;
}

/** What the run trains: that of the record, or of the job. */
function openSubject(
  { settings, seed, batch }: PretrainJob,
  record: RunRecord | undefined,
  { dataset, engine, session, signal }: Surroundings,
): AsyncGenerator<Report, Subject, void> {
  const inBatches = <C extends Passes>(config: C): C =>
    record && batch ? withBatch(config, batch) : config;
  if (record === undefined) {
    return "family" in settings
      ? openPointSubject(dataset, { settings, seed }, engine, session, signal)
      : openBertSubject(dataset, resolveConfig(settings, seed), engine, session, signal);
  }
  if (!isOfPoints<PointRecord>(record)) {
    return openBertSubject(dataset, inBatches(record.config), engine, session, signal);
  }
  const changes = inBatches(record.config);
  const asked = { settings: { preset: changes.preset, changes }, seed };
  return openPointSubject(dataset, asked, engine, session, signal);
}

/** Takes the right to train. Throws "busy" where another tab has it. */
export async function beginTraining(store: RunStore): Promise<() => void> {
  const letGo = await store.begin();
  if (letGo !== undefined) return letGo;
  throw new FootfallError(
    "busy",
    "another tab of this browser trains a model already, and two would only slow each other down",
  );
}

/**
 * Pre-trains on a data set (PT-01). Reports carry the whole status; what was reached is kept every few seconds
 * and when the job is stopped. Throws "busy", "out-of-memory", "not-finite", "no-space" and what the data throw.
 */
export async function* runPretrain(
  job: PretrainJob,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, TrainingResult, void> {
  const startedAt = performance.now();
  const store = await session.runs?.();
  if (store === undefined) {
    throw new FootfallError("bad-input", "nothing can be trained here: there is no store for it");
  }
  const isKept = await store.isLasting();
  const earlier = await readTraining(store, job.run);
  if (earlier !== undefined) checkSameData(earlier.record, job.dataset);
  if (earlier?.record.isFinished) return openFinished(earlier.record, isKept, startedAt);
  const letGo = await beginTraining(store);
  const { controls, close } = store.openControls(job.run);
  const withRate: PretrainControls = {
    get isPaused() {
      return controls.isPaused ?? false;
    },
    get rateFactor() {
      return controls.rateFactor ?? job.rateFactor;
    },
    get stepTo() {
      return controls.stepTo;
    },
  };
  try {
    const dataset = yield* openDataset(job.dataset, session, signal);
    const engine = await session.engine();
    const subject = yield* openSubject(job, earlier?.record, { dataset, engine, session, signal });
    const { config } = subject;
    const stand: Stand = { job, session, store, dataset, subject, controls: withRate, signal };
    const training = new Training(stand, engine, earlier, isKept);
    yield* trainOverLosses(stand, training, earlier?.checkpoint);
    const model = { name: `run ${job.run}`, engine: training.status.engine };
    const made = toMade(startedAt, { seed: config.seed, data: dataset.key, model });
    return { ...training.status, name: dataset.name, made };
  } finally {
    close();
    letGo();
  }
}
