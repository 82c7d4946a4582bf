import * as tf from "@tensorflow/tfjs-core";
import type { Engine } from "../gpu/engine";
import type { HostTensors } from "../model/safetensors";
import { createPace } from "../pace";
import type { AnyState, Checkpoint } from "../train/checkpoint";
import type { AnyRow, Family } from "../train/course";
import type { PretrainControls, RunReport, RunResult } from "../train/reports";
import type { Budget } from "../train/state";
import { cardDataOf, withCard } from "./model-card";
import type { Dataset } from "./open-dataset";
import { trainedKey } from "./open-model";
import type { PretrainJob } from "./pretrain";
import { RunKeeper } from "./run-keeper";
import type { RunRecord, RunStore } from "./run-store";
import { forget, type Report, type Session } from "./session";
import type { StoredTraining } from "./stored-training";
import type { Subject } from "./subject";
import { updateStatus, type StatusOf, type TrainingStatus } from "./training-status";

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
/** Between two looks whether a full store has room. */
const ROOM_SECONDS = 1;
/** What a run stands on. */
export interface Stand {
  job: PretrainJob;
  session: Session;
  store: RunStore;
  dataset: Dataset;
  subject: Subject;
  controls: PretrainControls;
  signal: AbortSignal;
}

/** Throws what the engine has refused since the last look. */
export const checkOf = (engine: Engine) => (): void => {
  const fault = engine.takeFault();
  if (fault !== undefined) throw fault;
};

/** What a run's status and its record say of the subject besides its configuration. */
const sizesOf = ({ parameters, vocabularySize, filledShare }: Subject) => ({
  parameters,
  ...(vocabularySize !== undefined && { vocabularySize }),
  ...(filledShare !== undefined && { filledShare }),
});

/** One run: what it has told so far, and what is kept of it. */
export class Training {
  readonly #stand: Stand;
  readonly #keeper: RunKeeper;
  readonly #startedMs: number;
  #log: AnyRow[];
  #status: StatusOf<Family> & Pick<TrainingStatus, "guess" | "warning">;

  constructor(stand: Stand, engine: Engine, earlier: StoredTraining | undefined, isKept: boolean) {
    this.#stand = stand;
    this.#keeper = new RunKeeper(stand.store, stand.job.run);
    const { config, warning } = stand.subject;
    const { budget } = earlier?.record ?? stand.job;
    const state = earlier?.checkpoint?.state;
    this.#startedMs = earlier?.record.startedMs ?? Date.now();
    this.#log = [...(state?.log ?? [])];
    this.#status = {
      run: stand.job.run,
      config,
      budget,
      ...sizesOf(stand.subject),
      ...(warning !== undefined && { warning }),
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

  /** Where it stands; the subject says of which kind it is. */
  get status(): TrainingStatus {
    return this.#status as TrainingStatus;
  }

  /** From the checkpoint to the end; keeps what the run asks to keep. */
  async *run(
    checkpoint: Checkpoint<AnyState> | undefined,
  ): AsyncGenerator<Report, RunResult<Family>, void> {
    const { session, subject, controls, signal } = this.#stand;
    const { budget } = this.#status;
    const engine = await session.engine();
    engine.takeFault(); // of what ran before
    this.#log = [...(checkpoint?.state.log ?? [])];
    const work = subject.pretrain({
      budget,
      checkpoint,
      controls,
      reportEvery: reportEvery(budget),
      checkpointSeconds:
        this.#status.parameters < SMALL_PARAMETERS ? SMALL_CHECKPOINT_SECONDS : CHECKPOINT_SECONDS,
      lookSeconds: subject.guess && LOOK_SECONDS,
      checkEngine: checkOf(engine),
      signal,
    });
    for (;;) {
      const { done, value } = await work.next();
      if (done) {
        await this.#look(value.tensors);
        return value;
      }
      await this.#take(value);
      const { phase, done: steps, total, unit } = value;
      yield { phase, done: steps, total, unit, partial: this.status };
    }
  }

  async #take(report: RunReport<Family>): Promise<void> {
    const rateFactor = this.#stand.controls.rateFactor ?? this.#status.rateFactor;
    const memory = tf.memory() as tf.MemoryInfo & { numBytesAllocatedInGPU?: number };
    const memoryBytes = memory.numBytesAllocatedInGPU ?? memory.numBytes;
    const status = updateStatus(this.#status, report, this.#log);
    this.#status = { ...this.#status, ...status, memoryBytes, rateFactor };
    if (report.kind === "look") await this.#look(report.tensors);
    if (report.kind === "checkpoint") await this.#save(report);
  }

  async #look(tensors: HostTensors): Promise<void> {
    const { guess } = this.#stand.subject;
    if (guess === undefined) return;
    this.#status = { ...this.#status, guess: await guess(tensors, this.#status.step) };
  }

  async #save(report: RunReport<Family> & { kind: "checkpoint" }): Promise<void> {
    const { job, session } = this.#stand;
    const full = await this.#keeper.save(
      report,
      this.#record(false),
      this.#files(report.checkpoint),
    );
    if (report.best !== undefined) forget(session, trainedKey(job.run));
    if (full === undefined) {
      const { step: savedStep } = this.#status;
      this.#status = { ...this.#status, savedStep, notice: undefined };
      return;
    }
    const { savedStep } = this.#status;
    const last = savedStep === undefined ? "nothing is kept yet" : `step ${savedStep} is kept`;
    this.#status = { ...this.#status, notice: `${full}; training goes on, ${last}` };
  }

  /** Keeps the end of the run; where the store is full it waits for room, and says so. */
  async *finish(result: RunResult<Family>): AsyncGenerator<Report, void, void> {
    const pace = createPace(this.#stand.signal);
    for (;;) {
      const full = await this.#keeper.finish(
        result,
        this.#record(true),
        this.#files(result.checkpoint),
      );
      if (full === undefined) break;
      const notice = `${full}; the run is at its end and waits for room: remove data or other runs`;
      this.#status = { ...this.#status, isPaused: true, notice };
      const { step } = this.#status;
      yield {
        phase: "wait for room",
        done: step,
        total: step,
        unit: "steps",
        partial: this.status,
      };
      const from = performance.now();
      while (performance.now() - from < ROOM_SECONDS * 1000) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        await pace.rest();
      }
    }
    forget(this.#stand.session, trainedKey(this.#stand.job.run));
    this.#status = {
      ...this.#status,
      savedStep: this.#status.step,
      isPaused: false,
      notice: undefined,
    };
  }

  #files({ state }: Checkpoint<AnyState>): (tensors: HostTensors) => Map<string, Uint8Array> {
    const { engine, baselines } = this.#status;
    const { subject, dataset } = this.#stand;
    return (tensors) => {
      const files = subject.modelFiles(state, tensors, { engine, baselines });
      return withCard(files, cardDataOf(dataset), state.data);
    };
  }

  #record(isFinished: boolean): RunRecord {
    const { dataset, subject } = this.#stand;
    const { config, budget, engine } = this.#status;
    const { step, tokens, seconds, best, baselines, failures, log } = this.#status;
    const reached = { step, tokens, seconds, best, baselines, failures, log };
    const record = {
      id: this.#status.run,
      data: { key: dataset.key, name: dataset.name },
      config,
      budget,
      engine,
      ...sizesOf(subject),
      ...reached,
      startedMs: this.#startedMs,
      savedMs: Date.now(),
      isFinished,
    };
    return record as RunRecord; // the subject says of which kind it is
  }

  /** Says that the device was lost, and where training goes on. */
  noteLoss(checkpoint: Checkpoint<AnyState> | undefined, engine: Engine): void {
    const from = checkpoint === undefined ? "the beginning" : `step ${checkpoint.state.step}`;
    this.#status = {
      ...this.#status,
      engine: `${engine.kind}: ${engine.description}`,
      notice: `the graphics device was taken away at step ${this.#status.step}; it is open again, and training goes on from ${from}`,
    };
  }
}
