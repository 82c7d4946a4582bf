import type { Banks } from "../../gpu/banks";
import type { PointWindows } from "../../data/point-windows";
import { countWindows } from "../../data/point-windows";
import { POINT_WIDTH } from "../../model/gpt/parameters";
import type { Pace } from "../../pace";
import { planEpoch } from "../batches";
import type { AnyRow, Course, Family, Scores } from "../course";
import type { CurvePoint, Curves, Failure } from "../failures";
import { findFailures, persistenceRival } from "../failures";
import type { NextPointRows } from "../objectives/next-point";
import { predictRows } from "../objectives/next-point";
import { learningRateAt } from "../schedule";
import type { RunProgress } from "../state";
import type { PointWindow } from "./batches";
import { countTargets, readFirst, readTraining, toNextPointRows } from "./batches";
import type { PointConfig } from "./config";
import { cutPrefix, generatePoints } from "./generate";
import type { GptLayout } from "./layout";
import type { PointBaselines, PointScores } from "./scores";
import { PointTally, measurePointBaselines } from "./scores";

/** One line of a run's log; its loss is the mean squared error. */
export interface PointLogRow extends AnyRow, Partial<Omit<PointScores, "mse">> {
  /** Kilometres of the last of ten points that were guessed one after the other; of validations. */
  readonly generationKm?: number;
}

/** Where a run of a GPT on points stands. */
export type PointRunState = RunProgress<PointConfig, PointLogRow>;

/** A GPT on points by guessing the next one. */
export interface PointFamily extends Family {
  readonly state: PointRunState;
  readonly row: PointLogRow;
  readonly baselines: PointBaselines;
  readonly layout: GptLayout;
  readonly rows: NextPointRows;
}

export interface PointCourseOptions {
  readonly config: PointConfig;
  readonly data: { readonly train: PointWindows; readonly validation: PointWindows };
  /** Windows that it is validated on; default 100. */
  readonly validationRows?: number | undefined;
}

/** Windows from which it goes on by itself at each validation. */
const GENERATING = 8;

/** The order of an epoch: as BERT's, two more than points are counted there for [CLS] and [SEP]. */
function planPoints(train: PointWindows, config: PointConfig, epoch: number): Uint32Array[] {
  return planEpoch(train, { ...config, maxLength: config.length + 2 }, epoch);
}

/** Rows of a pass in which only predictions are wanted. */
const ROWS_AT_ONCE = 4;

export class NextPointCourse implements Course<PointFamily> {
  readonly stepsPerEpoch: number;
  readonly #options: PointCourseOptions;
  readonly #windows: readonly PointWindow[];
  readonly #generating: readonly NonNullable<ReturnType<typeof cutPrefix>>[];
  #persistence = Infinity;
  #plan: { epoch: number; steps: Uint32Array[] } | undefined;

  /** Throws "no-data" where the windows do not fill one step. */
  constructor(options: PointCourseOptions) {
    const { config, data, validationRows = 100 } = options;
    this.#options = options;
    const count = Math.min(validationRows, countWindows(data.validation));
    this.#windows = Array.from({ length: count }, (_, row) =>
      readFirst(data.validation, row, config),
    );
    const some = this.#windows.flatMap((window) => cutPrefix(window) ?? []);
    this.#generating = some.slice(0, GENERATING);
    this.stepsPerEpoch = this.#planOf(0).length;
  }

  get canValidate(): boolean {
    return this.#windows.length > 0;
  }

  async measureBaselines(pace: Pace): Promise<PointBaselines> {
    const { box, intervalMin } = this.#options.config;
    const scores = measurePointBaselines(this.#windows, box, intervalMin);
    this.#persistence = scores.persistence.mse;
    if (pace.due()) await pace.rest();
    const staying = this.#generating.map(({ prefix }) => prefix.subarray(-POINT_WIDTH));
    return { ...scores, ...this.#generationScore(staying) };
  }

  /** Kilometres from the last guess of each window to the truth. */
  #generationScore(guesses: readonly Float32Array[]): { generationKm?: number } {
    if (guesses.length === 0) return {};
    const tally = new PointTally(this.#options.config.box);
    guesses.forEach((guess, n) => {
      const { truth } = this.#generating[n]!;
      tally.add(guess, guess.length - POINT_WIDTH, truth, truth.length - POINT_WIDTH);
    });
    return { generationKm: tally.scores.km };
  }

  #planOf(epoch: number): Uint32Array[] {
    if (this.#plan?.epoch !== epoch) {
      const { config, data } = this.#options;
      this.#plan = { epoch, steps: planPoints(data.train, config, epoch) };
    }
    return this.#plan.steps;
  }

  nextPasses(step: number): { passes: NextPointRows[]; tokens: number } {
    const { config, data } = this.#options;
    const epoch = Math.floor(step / this.stepsPerEpoch);
    const rows = this.#planOf(epoch)[step % this.stepsPerEpoch]!;
    const windows = Array.from(rows, (row) => readTraining(data.train, row, epoch, config));
    const tokens = countTargets(windows);
    const passes = Array.from({ length: config.accumulation }, (_, n) =>
      toNextPointRows(
        windows.slice(n * config.batch, (n + 1) * config.batch),
        1 / tokens,
        config.length,
      ),
    );
    return { passes, tokens };
  }

  rateAt(share: number, step: number): number {
    const { schedule, learningRate, decaySteps, warmup } = this.#options.config;
    if (schedule !== "steps") return learningRateAt(share, { schedule, learningRate, warmup });
    return learningRate * Math.max(0, 1 - step / decaySteps);
  }

  describeLoss(loss: number): Scores<PointFamily> {
    return { loss };
  }

  async validate(layout: GptLayout, flat: Banks, pace: Pace): Promise<Scores<PointFamily>> {
    const { box, length } = this.#options.config;
    const tally = new PointTally(box);
    for (let from = 0; from < this.#windows.length; from += ROWS_AT_ONCE) {
      const some = this.#windows.slice(from, from + ROWS_AT_ONCE);
      const rows = toNextPointRows(some, 0, length);
      const guesses = await predictRows(layout, flat, rows, pace);
      some.forEach(({ points, moments }, b) => {
        for (let t = 0; t + 1 < moments.length; t++) {
          tally.add(guesses, POINT_WIDTH * (b * rows.T + t), points, POINT_WIDTH * (t + 1));
        }
      });
      if (pace.due()) await pace.rest();
    }
    const { mse: loss, ...scores } = tally.scores;
    const prefixes = this.#generating.map(({ prefix }) => prefix);
    const generated =
      prefixes.length === 0 ? [] : await generatePoints(layout, flat, prefixes, pace);
    return { loss, ...scores, ...this.#generationScore(generated) };
  }

  findFailures({ train, validation, progress }: Curves): Failure[] {
    const inLogs = (points: readonly CurvePoint[]): CurvePoint[] =>
      points.map(({ step, loss }) => ({ step, loss: Math.log(loss) }));
    const curves = { train: inLogs(train), validation: inLogs(validation), progress };
    return findFailures(curves, persistenceRival(Math.log(this.#persistence)));
  }
}
