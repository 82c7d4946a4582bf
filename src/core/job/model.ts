import type { DatasetSpec } from "./dataset";
import type { Made, NamedFile } from "./session";

export type ModelSpec =
  | { source: "shipped"; path: string }
  | { source: "folder"; name: string; files: NamedFile[] };

export interface ModelJob {
  kind: "model";
  dataset: DatasetSpec;
  model: ModelSpec;
  seed: number;
}

/** One line of training.jsonl. */
export interface TrainingRow {
  step: number;
  seconds: number;
  tokens: number;
  split: "train" | "validation" | "test";
  loss: number;
  perplexity: number;
  perplexityPerCell?: number;
  learningRate?: number;
}

export interface ModelResult {
  name: string;
  layers: number;
  hiddenSize: number;
  heads: number;
  vocabularySize: number;
  maxLength: number;
  parameters: number;
  bytes: number;
  tokeniser: string;
  /** Facts of the training, as the folder states them: "residents: 300,000". */
  facts: { name: string; value: string }[];
  log: TrainingRow[];
  /** Measured here, on test trajectories of this data set, pieces of a masked cell decoded in sequence. */
  perplexity: {
    trajectories: number;
    maskedCells: number;
    model: { perToken: number; perCell: number };
    twin: { perToken: number; perCell: number };
  };
  /** Median km from a parent to its nearest neighbour in embedding space (label-free). */
  geography:
    | { parents: number; modelKm: number; randomKm: number; perfectKm: number }
    | undefined;
  engine: string;
  made: Made;
}
