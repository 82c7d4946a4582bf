import type { Banks } from "../gpu/banks";
import type { Pace } from "../pace";
import type { BaselineScores } from "./baselines";
import type { PretrainConfig } from "./config";
import type { Curves, Failure } from "./failures";
import type { FlatLayout, Layout } from "./layout";
import type { MaskedRows } from "./objectives/masked";
import type { WeightedRows } from "./objectives/objective";
import type { LogRow, RunProgress, RunState } from "./state";

/** What every row of a log has. */
export interface AnyRow {
  readonly step: number;
  readonly tokens: number;
  readonly seconds: number;
  readonly split: "train" | "validation" | "test";
  readonly loss: number;
  readonly learningRate?: number;
  /** Of all gradients together, before clipping; the mean since the last row. */
  readonly gradientNorm?: number;
}

/** The types that belong to one kind of model in training. */
export interface Family {
  readonly state: RunProgress<object, AnyRow>;
  readonly row: AnyRow;
  readonly baselines: object;
  readonly layout: FlatLayout;
  readonly rows: WeightedRows;
}

/** BERT by masked trajectory modelling. */
export interface BertFamily extends Family {
  readonly state: RunState;
  readonly config: PretrainConfig;
  readonly row: LogRow;
  readonly baselines: BaselineScores;
  readonly layout: Layout;
  readonly rows: MaskedRows;
}

/** What a row of the log says besides where the run stands. */
export type Scores<F extends Family> = Omit<F["row"], "step" | "tokens" | "seconds" | "split">;

/** What a run teaches, and how it looks at what was learnt. All of it follows from configuration, data and step. */
export interface Course<F extends Family> {
  readonly stepsPerEpoch: number;
  /** Whether there is anything to validate on. */
  readonly canValidate: boolean;
  /** What needs no model. Called once, before the first step. */
  measureBaselines(pace: Pace): Promise<F["baselines"]>;
  /** The rows of the step after so many steps, one batch for each pass, and its tokens or points. */
  nextPasses(step: number): { passes: F["rows"][]; tokens: number };
  /** The learning rate at a share of the run from 0 to 1, after so many steps. */
  rateAt(share: number, step: number): number;
  /** What the log says of a mean loss of training. */
  describeLoss(loss: number): Scores<F>;
  /** Rests as the pace says; throws "stopped". */
  validate(layout: F["layout"], flat: Banks, pace: Pace): Promise<Scores<F>>;
  /** The failures that the curves show. */
  findFailures(curves: Curves): Failure[];
}
