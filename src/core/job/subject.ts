import type { HostTensors } from "../model/safetensors";
import type { AnyState } from "../train/checkpoint";
import type { PretrainConfig } from "../train/config";
import type { Family } from "../train/course";
import type { PointConfig } from "../train/gpt/config";
import type { RunOptions, RunReport, RunResult } from "../train/reports";
import type { LiveGuess } from "./live-guess";
import type { PointGuess } from "./point-guess";

/** What is known of a run beside its state when its model is written. */
export interface SubjectFacts {
  readonly engine: string;
  readonly baselines: object | undefined;
}

/** What one kind of model brings to a run of the page. */
export interface Subject {
  readonly config: PretrainConfig | PointConfig;
  readonly parameters: number;
  /** Of a model of tokens. */
  readonly vocabularySize?: number;
  /** Of points: the share of moments that no check-in stands behind. */
  readonly filledShare?: number;
  /** What the reader should know of the data. */
  readonly warning?: string;
  /** The run; a checkpoint is one of this kind of model. */
  pretrain(
    options: Omit<RunOptions<Family>, "config">,
  ): AsyncGenerator<RunReport<Family>, RunResult<Family>, void>;
  /** What the model makes of something that it does not learn from; undefined where there is nothing. */
  readonly guess:
    ((tensors: HostTensors, step: number) => Promise<LiveGuess | PointGuess>) | undefined;
  modelFiles(state: AnyState, tensors: HostTensors, facts: SubjectFacts): Map<string, Uint8Array>;
}
