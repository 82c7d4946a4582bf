import type { DatasetSpec } from "./dataset";
import type { ModelSpec } from "./model";
import type { Made } from "./session";

export interface MaskedJob {
  kind: "masked";
  dataset: DatasetSpec;
  model: ModelSpec;
  trajectory: number;
  /** Check-ins hidden from the model; empty: one in the middle of the trajectory that can be told apart. */
  masked: number[];
  top: number;
  seed: number;
}

export interface Guess {
  hash: string;
  probability: number;
  /** Between the centres of the guess and of the true cell. */
  km: number;
}

export interface MaskedCheckIn {
  /** Ordinal in the trajectory. */
  index: number;
  truth: string;
  guesses: Guess[];
  /** Probability that the model gives to the true cell. */
  truthProbability: number;
  previousKm: number | undefined;
  middleKm: number | undefined;
}

export interface MaskedResult {
  trajectory: number;
  trajectoryCount: number;
  checkIns: { hash: string; startMs: number; lat: number; lng: number }[];
  masked: MaskedCheckIn[];
  made: Made;
}
