import type { DatasetSpec } from "./dataset";
import type { Made } from "./session";

/** "5|3" reads: parent at resolution 5, then three digits in one token. */
export type TokeniserChoice = "5|3" | "4|4" | "4|2|2" | "one digit a level" | "wordpiece" | "flat";

export interface StagesJob {
  kind: "stages";
  dataset: DatasetSpec;
  tokeniser: TokeniserChoice;
  trajectory: number;
}

/** One check-in on its way to tokens. */
export interface StagedCheckIn {
  hash: string;
  startMs: number;
  endMs: number;
  points: number;
  /** The pieces of its hash, with their ids. */
  pieces: { text: string; id: number }[];
  /** Hash of the coarse cell that the first piece names; undefined for wordpiece and flat. */
  parent: string | undefined;
}

export interface StagesResult {
  tokeniser: TokeniserChoice;
  trajectory: number;
  /** Test trajectories to choose from. */
  trajectoryCount: number;
  checkIns: StagedCheckIn[];
  vocabularySize: number;
  /** Mean pieces a hash, over the distinct cells of the data set. */
  tokensPerCell: number;
  /** Share of the distinct cells whose pieces hold an [UNK]. */
  unknownShare: number;
  /** Distinct cells that the vocabulary was made from. */
  cells: number;
  made: Made;
}
