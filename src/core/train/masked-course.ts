import type { Banks } from "../gpu/banks";
import type { Pace } from "../pace";
import type { BaselineScores } from "./baselines";
import { measureBaselines } from "./baselines";
import { countMasked, countRows, maskTrainingRow, planEpoch, toMaskedRows } from "./batches";
import type { BertFamily, Course, Scores } from "./course";
import type { Curves, Failure } from "./failures";
import { findFailures, frequencyRival } from "./failures";
import type { Layout } from "./layout";
import type { MaskedRows } from "./objectives/masked";
import type { PretrainOptions } from "./reports";
import { learningRateAt } from "./schedule";
import type { ValidationRow } from "./validation";
import { chooseValidationRows, validate } from "./validation";

type MaskedOptions = Pick<
  PretrainOptions,
  "config" | "data" | "vocabularySize" | "validationRows" | "validationMasks"
>;

/** Masked trajectory modelling of a BERT. */
export class MaskedCourse implements Course<BertFamily> {
  readonly stepsPerEpoch: number;
  readonly #options: MaskedOptions;
  readonly #rows: readonly ValidationRow[];
  #frequencyLoss = Infinity;
  #plan: { epoch: number; steps: Uint32Array[] } | undefined;

  constructor(options: MaskedOptions) {
    const { config, data, vocabularySize, validationRows = 500 } = options;
    this.#options = options;
    const validated = { ...config, ...options.validationMasks };
    this.#rows = chooseValidationRows(data.validation, validated, vocabularySize, validationRows);
    this.stepsPerEpoch = Math.floor(countRows(data.train) / (config.batch * config.accumulation));
  }

  get canValidate(): boolean {
    return this.#rows.length > 0;
  }

  async measureBaselines(pace: Pace): Promise<BaselineScores> {
    const { data, vocabularySize } = this.#options;
    const scores = await measureBaselines(data.train, this.#rows, vocabularySize, pace);
    this.#frequencyLoss = Math.log(scores.frequency.perplexity);
    return scores;
  }

  #planOf(epoch: number): Uint32Array[] {
    if (this.#plan?.epoch !== epoch) {
      const { config, data } = this.#options;
      this.#plan = { epoch, steps: planEpoch(data.train, config, epoch) };
    }
    return this.#plan.steps;
  }

  nextPasses(step: number): { passes: MaskedRows[]; tokens: number } {
    const { config, data, vocabularySize } = this.#options;
    const epoch = Math.floor(step / this.stepsPerEpoch);
    const rows = this.#planOf(epoch)[step % this.stepsPerEpoch]!;
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

  rateAt(share: number): number {
    return learningRateAt(share, this.#options.config);
  }

  describeLoss(loss: number): Scores<BertFamily> {
    return { loss, perplexity: Math.exp(loss) };
  }

  async validate(layout: Layout, flat: Banks, pace: Pace): Promise<Scores<BertFamily>> {
    const scores = await validate(layout, flat, this.#rows, pace);
    return { loss: Math.log(scores.perplexity), ...scores };
  }

  findFailures(curves: Curves): Failure[] {
    return findFailures(curves, frequencyRival(this.#frequencyLoss));
  }
}
