import type { DatasetSpec } from "./dataset";
import type { ModelSpec } from "./model";
import type { Made } from "./session";

export interface ScoreJob {
  kind: "score";
  dataset: DatasetSpec;
  model: ModelSpec;
  trajectories: number;
  seed: number;
}

/** One way of guessing a masked cell; undefined where a measure makes no sense for it. */
export interface ScoreRow {
  name: string;
  top1: number | undefined;
  top5: number | undefined;
  medianKm: number | undefined;
  /** 95 % bootstrap interval of the median. */
  medianKmInterval: [low: number, high: number] | undefined;
  perplexity: number | undefined;
  isModel: boolean;
}

export interface ScoreResult {
  rows: ScoreRow[];
  trajectories: number;
  maskedCells: number;
  made: Made;
}
