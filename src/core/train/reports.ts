import type { HostTensors } from "../model/safetensors";
import type { Progress } from "../pace";
import type { Corpus } from "../token/read-shards";
import type { Checkpoint } from "./checkpoint";
import type { PretrainConfig } from "./config";
import type { BertFamily, Family } from "./course";
import type { Failure } from "./failures";
import type { Budget } from "./state";

/** What the owner of a run may change while it goes; looked at between two steps. */
export interface PretrainControls {
  /** While true the run waits, and its clock stands. */
  readonly isPaused?: boolean;
  /** Factor of the scheduled learning rate; default 1. */
  readonly rateFactor?: number | undefined;
  /** A run that is paused still takes steps until so many are taken in all. */
  readonly stepTo?: number | undefined;
}

/** How any run goes. */
export interface RunOptions<F extends Family> {
  readonly config: F["state"]["config"];
  readonly budget: Budget;
  /** Goes on from here. */
  readonly checkpoint?: Checkpoint<F["state"]> | undefined;
  readonly controls?: PretrainControls | undefined;
  /** Steps between two reports; default 10. */
  readonly reportEvery?: number | undefined;
  /** Validations spread over the run, besides those at its two ends; default 20. */
  readonly validations?: number | undefined;
  /** Default 30. */
  readonly checkpointSeconds?: number | undefined;
  /** Seconds between two looks at the parameters at least; default no looks. */
  readonly lookSeconds?: number | undefined;
  /** Throws where the engine has failed in silence: looked at after every step, and before anything is kept. */
  readonly checkEngine?: (() => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A run of a BERT. */
export interface PretrainOptions extends RunOptions<BertFamily> {
  readonly config: PretrainConfig;
  readonly data: { readonly train: Corpus; readonly validation: Corpus };
  readonly vocabularySize: number;
  /** Parameters to begin with, by their names; default random ones of the seed. */
  readonly start?: HostTensors | undefined;
  /** Trajectories that it is validated on; default 500. */
  readonly validationRows?: number | undefined;
  /** How their check-ins are hidden, for runs that are compared; default the run's own rate and seed. */
  readonly validationMasks?: Pick<PretrainConfig, "maskRate" | "seed"> | undefined;
}

/** What is told while a run goes: progress in steps, or in seconds of a run by the clock. */
export type RunReport<F extends Family> = Progress &
  (
    | { readonly kind: "baselines"; readonly scores: F["baselines"] }
    | {
        readonly kind: "step";
        readonly row: F["row"];
        readonly tokensPerSecond: number;
        readonly secondsLeft: number;
      }
    | {
        readonly kind: "validation";
        readonly row: F["row"];
        readonly isBest: boolean;
        readonly failures: readonly Failure[];
      }
    /** The run can go on from here; the best parameters where they are new since the last checkpoint. */
    | {
        readonly kind: "checkpoint";
        readonly checkpoint: Checkpoint<F["state"]>;
        readonly best?: HostTensors;
      }
    | { readonly kind: "paused" }
    /** The tab or the computer slept for so long; the run's clock stood. */
    | { readonly kind: "slept"; readonly seconds: number }
    /** The parameters as they are now, to be tried; the run waits meanwhile. */
    | { readonly kind: "look"; readonly tensors: HostTensors }
  );

export interface RunResult<F extends Family> {
  readonly checkpoint: Checkpoint<F["state"]>;
  /** Parameters after the last step, by their names. */
  readonly tensors: HostTensors;
}

export type PretrainReport = RunReport<BertFamily>;
export type PretrainResult = RunResult<BertFamily>;
