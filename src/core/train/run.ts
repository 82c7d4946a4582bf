import { throwIfStopped } from "../errors";
import type { HostTensors } from "../model/safetensors";
import type { Pace, Progress } from "../pace";
import { createPace } from "../pace";
import { measureBaselines } from "./baselines";
import { countMasked, countRows, maskTrainingRow, planEpoch, toMaskedRows } from "./batches";
import { findFailures } from "./failures";
import type { Layout } from "./layout";
import { unflattenTensors } from "./layout";
import type { MaskedRows } from "./objectives/masked";
import type { PretrainOptions, PretrainReport } from "./reports";
import { learningRateAt } from "./schedule";
import type { LogRow, RunState } from "./state";
import { NOTHING_RECENT } from "./state";
import type { Trainer } from "./trainer";
import type { ValidationRow } from "./validation";
import { chooseValidationRows, validate } from "./validation";

/** Of the time of a run, looks at its parameters take at most one part in so many. */
const LOOK_PARTS = 20;

/** Rounds what is only for people. */
const tenths = (value: number): number => Math.round(10 * value) / 10;

/** Trains a BERT for masked places. */
export type BertTrainer = Trainer<Layout, MaskedRows>;

/** One run: its state, and the parts of its loop. */
export class Run {
  readonly #options: PretrainOptions;
  readonly #trainer: BertTrainer;
  readonly #pace: Pace;
  readonly #rows: readonly ValidationRow[];
  readonly #stepsPerEpoch: number;
  #state: RunState;
  #frequencyLoss = Infinity;
  #plan: { epoch: number; steps: Uint32Array[] } | undefined;
  #best: HostTensors | undefined;
  #startedAt: number;
  #savedAt = performance.now();
  #lookAt = 0;
  /** The learning rate of the last step. */
  #rate = 0;
  /** Since the last report, for the rate. */
  #window = { seconds: 0, tokens: 0 };

  constructor(options: PretrainOptions, state: RunState, trainer: BertTrainer) {
    const { config, data, vocabularySize, validationRows = 500, signal } = options;
    const validated = { ...config, ...options.validationMasks };
    this.#options = options;
    this.#state = state;
    this.#trainer = trainer;
    this.#pace = createPace(signal);
    this.#rows = chooseValidationRows(data.validation, validated, vocabularySize, validationRows);
    this.#stepsPerEpoch = Math.floor(countRows(data.train) / (config.batch * config.accumulation));
    this.#startedAt = performance.now() - 1000 * state.seconds;
  }

  get state(): RunState {
    return this.#state;
  }

  #update(changes: Partial<RunState>): void {
    this.#state = { ...this.#state, ...changes };
  }

  get #stepCount(): number {
    const { budget } = this.#state;
    switch (budget.kind) {
      case "steps":
        return budget.steps;
      case "epochs":
        return Math.max(1, Math.round(budget.epochs * this.#stepsPerEpoch));
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
  async *work(): AsyncGenerator<PretrainReport, void, void> {
    yield* this.#measureBaselines();
    const { validations = 20, reportEvery = 10, checkpointSeconds = 30, signal } = this.#options;
    while (this.#share < 1) {
      throwIfStopped(signal);
      yield* this.#waitWhilePaused();
      if (this.#share * validations >= this.#state.validations) yield* this.#validate();
      yield* this.#look();
      await this.#step();
      if (this.#state.step % reportEvery === 0) yield this.#report();
      if (performance.now() - this.#savedAt > 1000 * checkpointSeconds) yield await this.save();
    }
    if (this.#state.recent.steps > 0) yield this.#report();
    if (this.#lastValidated !== this.#state.step) yield* this.#validate();
    yield await this.save();
  }

  get #lastValidated(): number {
    return this.#state.log.findLast(({ split }) => split === "validation")?.step ?? -1;
  }

  async *#measureBaselines(): AsyncGenerator<PretrainReport, void, void> {
    const { data, vocabularySize } = this.#options;
    const scores = await measureBaselines(data, this.#rows, vocabularySize, this.#pace);
    this.#frequencyLoss = Math.log(scores.frequency.perplexity);
    yield { ...this.#progress(), kind: "baselines", scores };
  }

  async *#waitWhilePaused(): AsyncGenerator<PretrainReport, void, void> {
    const { controls } = this.#options;
    if (controls?.isPaused !== true) return;
    const pausedAt = performance.now();
    yield { ...this.#progress(), kind: "paused" };
    yield await this.save();
    while (controls.isPaused) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      await this.#pace.rest();
    }
    this.#startedAt += performance.now() - pausedAt;
  }

  /** Hands out the parameters as they are now, where somebody wants to look and it is time. */
  async *#look(): AsyncGenerator<PretrainReport, void, void> {
    const { lookSeconds } = this.#options;
    const from = performance.now();
    if (lookSeconds === undefined || from < this.#lookAt) return;
    yield { ...this.#progress(), kind: "look", tensors: await this.#readTensors() };
    const now = performance.now();
    this.#lookAt = now + Math.max(1000 * lookSeconds, LOOK_PARTS * (now - from));
  }

  #planOf(epoch: number): Uint32Array[] {
    if (this.#plan?.epoch !== epoch) {
      const { config, data } = this.#options;
      this.#plan = { epoch, steps: planEpoch(data.train, config, epoch) };
    }
    return this.#plan.steps;
  }

  /** The masked rows of the next step, one batch for each pass, and its tokens. */
  #nextPasses() {
    const { config, data, vocabularySize } = this.#options;
    const epoch = Math.floor(this.#state.step / this.#stepsPerEpoch);
    const rows = this.#planOf(epoch)[this.#state.step % this.#stepsPerEpoch]!;
    const masked = Array.from(rows, (row) =>
      maskTrainingRow(data.train, row, epoch, config, vocabularySize),
    );
    const weight = 1 / countMasked(masked);
    const passes = Array.from({ length: config.accumulation }, (_, n) =>
      toMaskedRows(
        masked.slice(n * config.batch, (n + 1) * config.batch),
        weight,
        config.maxLength,
      ),
    );
    return { passes, tokens: masked.reduce((sum, row) => sum + row.tokens.length, 0) };
  }

  #rateAt(): number {
    const rateFactor = this.#options.controls?.rateFactor ?? this.#state.rateFactor;
    if (rateFactor !== this.#state.rateFactor) this.#update({ rateFactor });
    return rateFactor * learningRateAt(this.#share, this.#state.config);
  }

  async #step(): Promise<void> {
    const from = performance.now();
    const { passes, tokens } = this.#nextPasses();
    const step = this.#state.step + 1;
    const learningRate = this.#rateAt();
    this.#rate = learningRate;
    const { loss, norm } = await this.#trainer.step(passes, { learningRate, step }, this.#pace);
    const { recent } = this.#state;
    this.#window.tokens += tokens;
    this.#window.seconds += (performance.now() - from) / 1000;
    this.#update({
      step,
      tokens: this.#state.tokens + tokens,
      seconds: (performance.now() - this.#startedAt) / 1000,
      recent: { steps: recent.steps + 1, loss: recent.loss + loss, norm: recent.norm + norm },
    });
    if (this.#pace.due()) await this.#pace.rest();
  }

  #log(row: Omit<LogRow, "step" | "tokens" | "seconds">): LogRow {
    const { step, tokens, seconds, log } = this.#state;
    const whole: LogRow = { step, tokens, seconds: tenths(seconds), ...row };
    this.#update({ log: [...log, whole] });
    return whole;
  }

  #report(): PretrainReport {
    const { recent } = this.#state;
    const loss = recent.loss / recent.steps;
    const row = this.#log({
      split: "train",
      loss,
      perplexity: Math.exp(loss),
      learningRate: this.#rate,
      gradientNorm: recent.norm / recent.steps,
    });
    this.#update({ recent: NOTHING_RECENT });
    const tokensPerSecond = this.#window.tokens / this.#window.seconds;
    this.#window = { seconds: 0, tokens: 0 };
    const secondsLeft = (this.#state.seconds * (1 - this.#share)) / this.#share;
    return { ...this.#progress(), kind: "step", row, tokensPerSecond, secondsLeft };
  }

  async *#validate(): AsyncGenerator<PretrainReport, void, void> {
    const validations = this.#state.validations + 1;
    if (this.#rows.length === 0) {
      this.#update({ validations });
      return;
    }
    const { layout, parameters } = this.#trainer;
    const scores = await validate(layout, parameters, this.#rows, this.#pace);
    this.#update({ validations }); // only now: one that is broken off is made when the run goes on
    const loss = Math.log(scores.perplexity);
    const row = this.#log({ split: "validation", loss, ...scores });
    const isBest = loss < (this.#state.best?.loss ?? Infinity);
    if (isBest) {
      this.#update({ best: { step: this.#state.step, loss } });
      this.#best = await this.#readTensors();
    }
    const failures = findFailures(this.#curves());
    yield { ...this.#progress(), kind: "validation", row, isBest, failures };
  }

  #curves() {
    const { log } = this.#state;
    return {
      train: log.filter(({ split }) => split === "train"),
      validation: log.filter(({ split }) => split === "validation"),
      progress: this.#share,
      frequencyLoss: this.#frequencyLoss,
    };
  }

  async #readTensors(): Promise<HostTensors> {
    const { layout, parameters } = this.#trainer;
    return unflattenTensors(layout, await parameters.data<"float32">());
  }

  async save(): Promise<PretrainReport & { kind: "checkpoint" }> {
    this.#savedAt = performance.now();
    const checkpoint = { state: this.#state, tensors: await this.#trainer.read() };
    const best = this.#best;
    this.#best = undefined;
    const report = { ...this.#progress(), kind: "checkpoint" as const, checkpoint };
    return best === undefined ? report : { ...report, best };
  }
}
