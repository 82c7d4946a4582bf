import { readBanks } from "../gpu/banks";
import { throwIfStopped } from "../errors";
import type { HostTensors } from "../model/safetensors";
import type { Progress } from "../pace";
import { createPace } from "../pace";
import type { AnyRow, Course, Family, Scores } from "./course";
import { unflattenTensors } from "./layout";
import type { RunOptions, RunReport } from "./reports";
import { SleepWatch } from "./sleep";
import type { RunProgress } from "./state";
import { NOTHING_RECENT } from "./state";
import type { Trainer } from "./trainer";

/** Of the time of a run, looks at its parameters take at most one part in so many. */
const LOOK_PARTS = 20;

/** Rounds what is only for people. */
const tenths = (value: number): number => Math.round(10 * value) / 10;

/** The trainer of a family. */
export type TrainerOf<F extends Family> = Trainer<F["layout"], F["rows"]>;

/** One run: its state, and the parts of its loop. */
export class Run<F extends Family> {
  readonly #options: RunOptions<F>;
  readonly #course: Course<F>;
  readonly #trainer: TrainerOf<F>;
  readonly #pace: SleepWatch;
  #state: F["state"];
  #best: HostTensors | undefined;
  #startedAt: number;
  #savedAt = performance.now();
  #lookAt = 0;
  /** The learning rate of the last step. */
  #rate = 0;
  /** Since the last report, for the rate. */
  #window = { seconds: 0, tokens: 0 };
  /** What was slept and not told yet. */
  #sleptMs = 0;

  constructor(options: RunOptions<F>, course: Course<F>, state: F["state"], trainer: TrainerOf<F>) {
    this.#options = options;
    this.#course = course;
    this.#state = state;
    this.#trainer = trainer;
    this.#pace = new SleepWatch(createPace(options.signal));
    this.#startedAt = performance.now() - 1000 * state.seconds;
  }

  get state(): F["state"] {
    return this.#state;
  }

  #update(changes: Partial<RunProgress<object, AnyRow>>): void {
    this.#state = { ...this.#state, ...changes };
  }

  get #stepCount(): number {
    const { budget } = this.#state;
    switch (budget.kind) {
      case "steps":
        return budget.steps;
      case "epochs":
        return Math.max(1, Math.round(budget.epochs * this.#course.stepsPerEpoch));
      case "minutes":
        return Infinity;
      default:
        return budget satisfies never;
    }
  }

  /** Share of the run that is done. */
  get #share(): number {
    const { budget, seconds, step } = this.#state;
    return budget.kind === "minutes" ? seconds / (60 * budget.minutes) : step / this.#stepCount;
  }

  /** One phase throughout: what shows it measures the rate from where a phase begins. */
  #progress(): Progress {
    const phase = "pre-train";
    const { budget, seconds, step } = this.#state;
    if (budget.kind !== "minutes")
      return { phase, done: step, total: this.#stepCount, unit: "steps" };
    return { phase, done: Math.round(seconds), total: 60 * budget.minutes, unit: "s" };
  }

  /** The whole run from where it stands. */
  async *work(): AsyncGenerator<RunReport<F>, void, void> {
    yield* this.#measureBaselines();
    const { validations = 20, reportEvery = 10, checkpointSeconds = 30, signal } = this.#options;
    while (this.#share < 1) {
      throwIfStopped(signal);
      yield* this.#waitWhilePaused();
      if (this.#share * validations >= this.#state.validations) yield* this.#validate();
      yield* this.#look();
      await this.#step();
      yield* this.#tellSleep();
      if (this.#state.step % reportEvery === 0 || this.#isPaused) yield this.#report();
      if (performance.now() - this.#savedAt > 1000 * checkpointSeconds) yield await this.save();
    }
    if (this.#state.recent.steps > 0) yield this.#report();
    if (this.#lastValidated !== this.#state.step) yield* this.#validate();
    yield await this.save();
  }

  get #lastValidated(): number {
    return this.#state.log.findLast(({ split }) => split === "validation")?.step ?? -1;
  }

  async *#measureBaselines(): AsyncGenerator<RunReport<F>, void, void> {
    const scores = await this.#course.measureBaselines(this.#pace);
    yield { ...this.#progress(), kind: "baselines", scores };
  }

  async *#waitWhilePaused(): AsyncGenerator<RunReport<F>, void, void> {
    if (!this.#isWaiting) return;
    const pausedAt = performance.now();
    yield { ...this.#progress(), kind: "paused" };
    yield await this.save();
    while (this.#isWaiting) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      await this.#pace.rest();
    }
    this.#startedAt += performance.now() - pausedAt;
    this.#pace.take(); // who sleeps in a pause misses nothing
  }

  get #isPaused(): boolean {
    return this.#options.controls?.isPaused ?? false;
  }

  /** Paused, and not asked for a single step. */
  get #isWaiting(): boolean {
    return this.#isPaused && (this.#options.controls?.stepTo ?? 0) <= this.#state.step;
  }

  /** Takes what was slept out of the run's clock; gives the part that the clock had counted, milliseconds. */
  #leaveOutSleep(): number {
    const slept = this.#pace.take();
    this.#sleptMs += slept?.ms ?? 0;
    this.#startedAt += slept?.countedMs ?? 0;
    return slept?.countedMs ?? 0;
  }

  *#tellSleep(): Generator<RunReport<F>, void, void> {
    if (this.#sleptMs === 0) return;
    yield { ...this.#progress(), kind: "slept", seconds: this.#sleptMs / 1000 };
    this.#sleptMs = 0;
  }

  /** Hands out the parameters as they are now, where somebody wants to look and it is time. */
  async *#look(): AsyncGenerator<RunReport<F>, void, void> {
    const { lookSeconds } = this.#options;
    const from = performance.now();
    if (lookSeconds === undefined || from < this.#lookAt) return;
    yield { ...this.#progress(), kind: "look", tensors: await this.#readTensors() };
    const now = performance.now();
    this.#lookAt = now + Math.max(1000 * lookSeconds, LOOK_PARTS * (now - from));
  }

  #rateAt(): number {
    const rateFactor = this.#options.controls?.rateFactor ?? this.#state.rateFactor;
    if (rateFactor !== this.#state.rateFactor) this.#update({ rateFactor });
    return rateFactor * this.#course.rateAt(this.#share, this.#state.step);
  }

  async #step(): Promise<void> {
    this.#leaveOutSleep();
    const from = performance.now();
    const { passes, tokens } = this.#course.nextPasses(this.#state.step);
    const step = this.#state.step + 1;
    const learningRate = this.#rateAt();
    this.#rate = learningRate;
    const { loss, norm } = await this.#trainer
      .step(passes, { learningRate, step }, this.#pace)
      .finally(this.#options.checkEngine); // what was refused explains more than what came of it
    const { recent } = this.#state;
    this.#window.tokens += tokens;
    this.#window.seconds += (performance.now() - from - this.#leaveOutSleep()) / 1000;
    this.#update({
      step,
      tokens: this.#state.tokens + tokens,
      seconds: (performance.now() - this.#startedAt) / 1000,
      recent: { steps: recent.steps + 1, loss: recent.loss + loss, norm: recent.norm + norm },
    });
    if (this.#pace.due()) await this.#pace.rest();
  }

  #log(split: "train" | "validation", scores: Scores<F>): F["row"] {
    const { step, tokens, seconds, log } = this.#state;
    const row = { step, tokens, seconds: tenths(seconds), split, ...scores } as F["row"];
    this.#update({ log: [...log, row] });
    return row;
  }

  #report(): RunReport<F> {
    const { recent } = this.#state;
    const row = this.#log("train", {
      ...this.#course.describeLoss(recent.loss / recent.steps),
      learningRate: this.#rate,
      gradientNorm: recent.norm / recent.steps,
    });
    this.#update({ recent: NOTHING_RECENT });
    const tokensPerSecond = this.#window.tokens / this.#window.seconds;
    this.#window = { seconds: 0, tokens: 0 };
    const secondsLeft = (this.#state.seconds * (1 - this.#share)) / this.#share;
    return { ...this.#progress(), kind: "step", row, tokensPerSecond, secondsLeft };
  }

  async *#validate(): AsyncGenerator<RunReport<F>, void, void> {
    const validations = this.#state.validations + 1;
    if (!this.#course.canValidate) {
      this.#update({ validations });
      return;
    }
    const { layout, parameters } = this.#trainer;
    const scores = await this.#course.validate(layout, parameters, this.#pace);
    this.#update({ validations }); // only now: one that is broken off is made when the run goes on
    const row = this.#log("validation", scores);
    const { loss } = row;
    const isBest = loss < (this.#state.best?.loss ?? Infinity);
    if (isBest) {
      this.#update({ best: { step: this.#state.step, loss } });
      this.#best = await this.#readTensors();
    }
    const failures = this.#course.findFailures(this.#curves());
    yield { ...this.#progress(), kind: "validation", row, isBest, failures };
  }

  #curves() {
    const { log } = this.#state;
    return {
      train: log.filter(({ split }) => split === "train"),
      validation: log.filter(({ split }) => split === "validation"),
      progress: this.#share,
    };
  }

  async #readTensors(): Promise<HostTensors> {
    const { layout, parameters } = this.#trainer;
    return unflattenTensors(layout, await readBanks(parameters));
  }

  async save(): Promise<RunReport<F> & { kind: "checkpoint" }> {
    this.#savedAt = performance.now();
    const checkpoint = { state: this.#state, tensors: await this.#trainer.read() };
    await new Promise((resolve) => setTimeout(resolve, 0)); // what the engine refused is told a moment later
    this.#options.checkEngine?.();
    const best = this.#best;
    this.#best = undefined;
    const report = { ...this.#progress(), kind: "checkpoint" as const, checkpoint };
    return best === undefined ? report : { ...report, best };
  }
}
