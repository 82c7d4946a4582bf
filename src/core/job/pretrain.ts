import * as tf from "@tensorflow/tfjs-core";
import { FootfallError } from "../errors";
import type { Engine } from "../gpu/engine";
import { countParameters } from "../model/parameters";
import type { HostTensors } from "../model/safetensors";
import type { Checkpoint } from "../train/checkpoint";
import { resolveConfig, toBertConfig, type PretrainConfig } from "../train/config";
import type { PretrainSettings } from "../train/config";
import { checkFits, limitsOf } from "../train/estimate";
import type { RunFacts } from "../train/model-files";
import { pretrain } from "../train/pretrain";
import type { PretrainControls, PretrainReport, PretrainResult } from "../train/reports";
import type { Budget, LogRow } from "../train/state";
import type { DatasetSpec } from "./dataset";
import { createLiveGuess } from "./live-guess";
import { openCorpus, type TrainingData } from "./open-corpus";
import { datasetKey, openDataset, type Dataset } from "./open-dataset";
import { trainedKey } from "./open-model";
import { RunKeeper } from "./run-keeper";
import type { RunRecord, RunStore } from "./run-store";
import { forget, toMade, type Made, type Report, type Session } from "./session";
import { readTraining, type StoredTraining } from "./stored-training";
import { updateStatus, type TrainingStatus } from "./training-status";

/** Trains a model, or goes on with a run that was stopped, or opens one that is finished. */
export interface PretrainJob {
  kind: "pretrain";
  dataset: DatasetSpec;
  settings: PretrainSettings;
  seed: number;
  budget: Budget;
  /** Under which it is kept. A run of this id that is there already goes on as it began, whatever stands above. */
  run: string;
}

export interface TrainingResult extends TrainingStatus {
  /** Of the data. */
  readonly name: string;
  readonly made: Made;
}

/** Steps between two rows of the log: points enough for a curve, means enough for its rules. */
function reportEvery(budget: Budget): number {
  if (budget.kind !== "steps") return 5;
  return Math.min(10, Math.max(2, Math.ceil(budget.steps / 150)));
}

/** A closed tab loses no more than this; less where a checkpoint is quickly written. */
const CHECKPOINT_SECONDS = 25;
const SMALL_CHECKPOINT_SECONDS = 5;
const SMALL_PARAMETERS = 5e6;
const LOOK_SECONDS = 3;
const VALIDATION_ROWS = 100;
/** A device that is lost again and again is no device. */
const MOST_LOSSES = 3;

/** What a run stands on. */
interface Stand {
  job: PretrainJob;
  config: PretrainConfig;
  session: Session;
  store: RunStore;
  dataset: Dataset;
  data: TrainingData;
  controls: PretrainControls;
  signal: AbortSignal;
}

/** One run: what it has told so far, and what is kept of it. */
class Training {
  readonly #stand: Stand;
  readonly #keeper: RunKeeper;
  readonly #startedMs: number;
  #log: LogRow[];
  status: TrainingStatus;

  constructor(stand: Stand, engine: Engine, earlier: StoredTraining | undefined, isKept: boolean) {
    this.#stand = stand;
    this.#keeper = new RunKeeper(stand.store, stand.job.run);
    const { config } = stand;
    const { budget } = earlier?.record ?? stand.job;
    const { vocabularySize } = stand.data.tokeniser;
    const state = earlier?.checkpoint?.state;
    this.#startedMs = earlier?.record.startedMs ?? Date.now();
    this.#log = [...(state?.log ?? [])];
    this.status = {
      run: stand.job.run,
      config,
      budget,
      parameters: countParameters(toBertConfig(config, vocabularySize)),
      vocabularySize,
      engine: `${engine.kind}: ${engine.description}`,
      step: state?.step ?? 0,
      tokens: state?.tokens ?? 0,
      seconds: state?.seconds ?? 0,
      memoryBytes: 0,
      rateFactor: state?.rateFactor ?? 1,
      isPaused: false,
      isKept,
      baselines: earlier?.record.baselines,
      failures: earlier?.record.failures ?? [],
      best: state?.best,
      log: earlier?.record.log ?? [],
      ...(state && { savedStep: state.step }),
    };
  }

  /** From the checkpoint to the end; keeps what the run asks to keep. */
  async *run(checkpoint: Checkpoint | undefined): AsyncGenerator<Report, PretrainResult, void> {
    const { data, dataset, controls, signal } = this.#stand;
    const { config, budget } = this.status;
    this.#log = [...(checkpoint?.state.log ?? [])];
    const guess = createLiveGuess(dataset, data, config);
    const work = pretrain({
      config,
      budget,
      data,
      vocabularySize: data.tokeniser.vocabularySize,
      checkpoint,
      controls,
      reportEvery: reportEvery(budget),
      validationRows: VALIDATION_ROWS,
      checkpointSeconds:
        this.status.parameters < SMALL_PARAMETERS ? SMALL_CHECKPOINT_SECONDS : CHECKPOINT_SECONDS,
      lookSeconds: guess && LOOK_SECONDS,
      signal,
    });
    for (;;) {
      const { done, value } = await work.next();
      if (done) {
        await this.#look(value.tensors, guess);
        return value;
      }
      await this.#take(value, guess);
      const { phase, done: steps, total, unit } = value;
      yield { phase, done: steps, total, unit, partial: this.status };
    }
  }

  async #take(report: PretrainReport, guess: ReturnType<typeof createLiveGuess>): Promise<void> {
    const rateFactor = this.#stand.controls.rateFactor ?? this.status.rateFactor;
    const memoryBytes = tf.memory().numBytes;
    this.status = { ...updateStatus(this.status, report, this.#log), memoryBytes, rateFactor };
    if (report.kind === "look") await this.#look(report.tensors, guess);
    if (report.kind === "checkpoint") await this.#save(report);
  }

  async #look(tensors: HostTensors, guess: ReturnType<typeof createLiveGuess>): Promise<void> {
    if (guess === undefined) return;
    this.status = { ...this.status, guess: await guess(tensors, this.status.step) };
  }

  async #save(report: PretrainReport & { kind: "checkpoint" }): Promise<void> {
    const { job, session } = this.#stand;
    const full = await this.#keeper.save(report, this.#record(false), this.#facts());
    if (report.best !== undefined) forget(session, trainedKey(job.run));
    if (full === undefined) {
      const { step: savedStep } = this.status;
      this.status = { ...this.status, savedStep, notice: undefined };
      return;
    }
    const { savedStep } = this.status;
    const last = savedStep === undefined ? "nothing is kept yet" : `step ${savedStep} is kept`;
    this.status = { ...this.status, notice: `${full}; training goes on, ${last}` };
  }

  /** Keeps the end of the run. Throws "no-space". */
  async finish(result: PretrainResult): Promise<void> {
    await this.#keeper.finish(result, this.#record(true), this.#facts());
    forget(this.#stand.session, trainedKey(this.#stand.job.run));
    this.status = { ...this.status, savedStep: this.status.step, notice: undefined };
  }

  #facts(): RunFacts {
    const { engine, baselines } = this.status;
    return { engine, tokeniser: this.#stand.data.tokeniser, baselines };
  }

  #record(isFinished: boolean): RunRecord {
    const { dataset } = this.#stand;
    const { config, budget, parameters, vocabularySize, engine } = this.status;
    const what = { config, budget, parameters, vocabularySize, engine };
    const { step, tokens, seconds, best, baselines, failures, log } = this.status;
    const reached = { step, tokens, seconds, best, baselines, failures, log };
    return {
      id: this.status.run,
      data: { key: dataset.key, name: dataset.name },
      ...what,
      ...reached,
      startedMs: this.#startedMs,
      savedMs: Date.now(),
      isFinished,
    };
  }

  /** Says that the device was lost, and where training goes on. */
  noteLoss(checkpoint: Checkpoint | undefined, engine: Engine): void {
    const from = checkpoint === undefined ? "the beginning" : `step ${checkpoint.state.step}`;
    this.status = {
      ...this.status,
      engine: `${engine.kind}: ${engine.description}`,
      notice: `the graphics device was taken away at step ${this.status.step}; it is open again, and training goes on from ${from}`,
    };
  }
}

/** The result of a run that is finished, without training. */
function openFinished(record: RunRecord, isKept: boolean, startedAt: number): TrainingResult {
  const { id, data, savedMs: _, startedMs: __, isFinished: ___, ...rest } = record;
  const model = { name: `run ${id}`, engine: record.engine };
  return {
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
  stand: Stand,
  training: Training,
  first: Checkpoint | undefined,
): AsyncGenerator<Report, void, void> {
  const { session, store, job } = stand;
  let checkpoint = first;
  for (let losses = 0; ; losses++) {
    const engine = await session.engine();
    try {
      return await training.finish(yield* training.run(checkpoint));
    } catch (error) {
      await new Promise((resolve) => setTimeout(resolve, 0)); // a read fails a moment before the loss is told
      const next = await session.engine();
      if (next === engine || losses === MOST_LOSSES) throw error;
      checkpoint = (await readTraining(store, job.run))?.checkpoint;
      training.noteLoss(checkpoint, next);
    }
  }
}

/** Takes the right to train. Throws "busy" where another tab has it. */
async function beginTraining(store: RunStore): Promise<() => void> {
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
  try {
    const dataset = yield* openDataset(job.dataset, session, signal);
    const data = yield* openCorpus(dataset, session, signal);
    const engine = await session.engine();
    const config = earlier?.record.config ?? resolveConfig(job.settings, job.seed);
    checkFits(config, data.tokeniser.vocabularySize, limitsOf(engine));
    const stand: Stand = { job, config, session, store, dataset, data, controls, signal };
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
