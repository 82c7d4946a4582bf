import { FootfallError } from "../errors";
import { findStages } from "../token/stages";
import { findUnknown } from "../token/token-lengths";
import type { CellPieces } from "../token/tokeniser";
import type { DatasetSpec } from "./dataset";
import { openTokeniser, type TokeniserChoice } from "./make-tokeniser";
import { checkTest, openDataset, seedOf, type Dataset } from "./open-dataset";
import { openResolution, resolutionsOf } from "./open-resolution";
import { toMade, type Made, type Report, type Session } from "./session";

export interface StagesJob {
  kind: "stages";
  dataset: DatasetSpec;
  tokeniser: TokeniserChoice;
  trajectory: number;
  /** Default the data's own. */
  resolution?: number;
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
  resolution: number;
  /** Resolutions that the data can be looked at, coarse to fine; their own is `ownResolution`. */
  resolutions: number[];
  ownResolution: number;
  trajectory: number;
  /** Test trajectories to choose from. */
  trajectoryCount: number;
  checkIns: StagedCheckIn[];
  vocabularySize: number;
  /** Mean pieces a hash, over the distinct cells of the data set. */
  tokensPerCell: number;
  /** Share of the distinct cells whose pieces hold an [UNK]. */
  unknownShare: number;
  /** Cells of the area at this resolution. */
  cells: number;
  made: Made;
}

function countUnknown(pieces: CellPieces): number {
  return findUnknown(pieces).reduce((sum, one) => sum + one, 0);
}

/** The number of a test trajectory in all trajectories. Throws "bad-input" beyond the last, "no-data" without any. */
export function testTrajectory({ test }: Pick<Dataset, "test">, ordinal: number): number {
  checkTest({ test });
  const k = test[ordinal];
  if (k !== undefined) return k;
  throw new FootfallError(
    "bad-input",
    `test trajectory ${ordinal} does not exist: there are ${test.length}, counted from 0`,
  );
}

/** Shows one trajectory on its way from check-ins to tokens (TK-02). */
export async function* runStages(
  { dataset: spec, tokeniser: choice, trajectory, resolution }: StagesJob,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, StagesResult, void> {
  const startedAt = performance.now();
  const dataset = yield* openDataset(spec, session, signal);
  const resampled = yield* openResolution(dataset, spec, { resolution }, session, signal);
  const { tokeniser, pieces } = yield* openTokeniser(choice, resampled, session, signal);
  const k = testTrajectory(resampled, trajectory);
  const { checkIns } = findStages(resampled.trajectories, k, { tokeniser, pieces });
  const written = resampled.cells.hi.length;
  return {
    tokeniser: choice,
    resolution: resampled.resolution,
    resolutions: resolutionsOf(dataset),
    ownResolution: dataset.cells.resolution,
    trajectory,
    trajectoryCount: resampled.test.length,
    checkIns,
    vocabularySize: tokeniser.vocabularySize,
    tokensPerCell: pieces.tokens.length / written,
    unknownShare: countUnknown(pieces) / written,
    cells: resampled.areaCount,
    made: toMade(startedAt, { seed: seedOf(spec), data: dataset.key }),
  };
}
