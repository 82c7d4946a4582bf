import type { HostTensors } from "../model/safetensors";
import type { Progress } from "../pace";
import type { Corpus } from "../token/read-shards";
import type { BaselineScores } from "./baselines";
import type { Checkpoint } from "./checkpoint";
import type { PretrainConfig } from "./config";
import type { Failure } from "./failures";
import type { Budget, LogRow } from "./state";

/** What the owner of a run may change while it goes; looked at between two steps. */
export interface PretrainControls {
  /** While true the run waits, and its clock stands. */
  readonly isPaused?: boolean;
  /** Factor of the scheduled learning rate; default 1. */
  readonly rateFactor?: number | undefined;
}

export interface PretrainOptions {
  readonly config: PretrainConfig;
  readonly budget: Budget;
  readonly data: { readonly train: Corpus; readonly validation: Corpus };
  readonly vocabularySize: number;
  /** Goes on from here. */
  readonly checkpoint?: Checkpoint | undefined;
  readonly controls?: PretrainControls | undefined;
  /** Steps between two reports; default 10. */
  readonly reportEvery?: number | undefined;
  /** Validations spread over the run, besides those at its two ends; default 20. */
  readonly validations?: number | undefined;
  /** Trajectories that it is validated on; default 500. */
  readonly validationRows?: number | undefined;
  /** How their check-ins are hidden, for runs that are compared; default the run's own rate and seed. */
  readonly validationMasks?: Pick<PretrainConfig, "maskRate" | "seed"> | undefined;
  /** Default 30. */
  readonly checkpointSeconds?: number | undefined;
  /** Seconds between two looks at the parameters at least; default no looks. */
  readonly lookSeconds?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What is told while a run goes: progress in steps, or in seconds of a run by the clock. */
export type PretrainReport = Progress &
  (
    | { readonly kind: "baselines"; readonly scores: BaselineScores }
    | {
        readonly kind: "step";
        readonly row: LogRow;
        readonly tokensPerSecond: number;
        readonly secondsLeft: number;
      }
    | {
        readonly kind: "validation";
        readonly row: LogRow;
        readonly isBest: boolean;
        readonly failures: readonly Failure[];
      }
    /** The run can go on from here; the best parameters where they are new since the last checkpoint. */
    | { readonly kind: "checkpoint"; readonly checkpoint: Checkpoint; readonly best?: HostTensors }
    | { readonly kind: "paused" }
    /** The parameters as they are now, to be tried; the run waits meanwhile. */
    | { readonly kind: "look"; readonly tensors: HostTensors }
  );

export interface PretrainResult {
  readonly checkpoint: Checkpoint;
  /** Parameters after the last step, by their Hugging Face names. */
  readonly tensors: HostTensors;
}
