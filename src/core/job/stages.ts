import { FootfallError } from "../errors";
import type { CellTable } from "../geo/cells";
import type { Progress } from "../pace";
import { createDigits } from "../token/digits";
import { createFlat } from "../token/flat";
import { findStages } from "../token/stages";
import { UNK, type CellPieces, type Tokeniser } from "../token/tokeniser";
import { trainWordpiece } from "../token/wordpiece";
import type { DatasetSpec } from "./dataset";
import { openDataset, seedOf, type Dataset } from "./open-dataset";
import { keep, toMade, type Made, type Report, type Session } from "./session";

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

/** Parent resolution and digit groups of each choice, counted from the cells' resolution r. */
const DIGITS: Partial<
  Record<TokeniserChoice, (r: number) => { parents: number; groups: number[] }>
> = {
  "5|3": (r) => ({ parents: r - 3, groups: [3] }),
  "4|4": (r) => ({ parents: r - 4, groups: [4] }),
  "4|2|2": (r) => ({ parents: r - 4, groups: [2, 2] }),
  "one digit a level": (r) => ({ parents: 0, groups: Array.from({ length: r }, () => 1) }),
};

/** Cells for each word piece, as in paper 2: about 520,000 cells and 30,000 pieces. */
const CELLS_PER_WORDPIECE = 17;
const MAX_WORDPIECES = 30_000;
const MIN_WORDPIECES = 512;

interface Tokenised {
  tokeniser: Tokeniser;
  /** Of every cell of the study area. */
  pieces: CellPieces;
}

async function* makeTokeniser(
  choice: TokeniserChoice,
  cells: CellTable,
  signal: AbortSignal,
): AsyncGenerator<Progress, Tokenised, void> {
  const rule = DIGITS[choice]?.(cells.resolution);
  const most = Math.round(cells.hi.length / CELLS_PER_WORDPIECE);
  const vocabularySize = Math.max(MIN_WORDPIECES, Math.min(MAX_WORDPIECES, most));
  const tokeniser =
    rule !== undefined
      ? createDigits(rule, cells)
      : choice === "flat"
        ? createFlat(cells)
        : yield* trainWordpiece(cells, { vocabularySize, signal });
  return { tokeniser, pieces: tokeniser.encodeCells(cells) };
}

function countUnknown({ offsets, tokens }: CellPieces): number {
  let unknown = 0;
  for (let n = 0; n + 1 < offsets.length; n++) {
    if (tokens.subarray(offsets[n], offsets[n + 1]).includes(UNK)) unknown++;
  }
  return unknown;
}

/** The number of a test trajectory in all trajectories. Throws "bad-input" beyond the last. */
export function testTrajectory({ test }: Dataset, ordinal: number): number {
  const k = test[ordinal];
  if (k !== undefined) return k;
  throw new FootfallError(
    "bad-input",
    `test trajectory ${ordinal} does not exist: there are ${test.length}, counted from 0`,
  );
}

/** Shows one trajectory on its way from check-ins to tokens (TK-02). */
export async function* runStages(
  { dataset: spec, tokeniser: choice, trajectory }: StagesJob,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, StagesResult, void> {
  const startedAt = performance.now();
  const dataset = yield* openDataset(spec, session, signal);
  const key = `tokeniser ${choice} of ${dataset.key}`;
  const { tokeniser, pieces } = yield* keep(session, key, () =>
    makeTokeniser(choice, dataset.cells, signal),
  );
  const { checkIns } = findStages(dataset.trajectories, testTrajectory(dataset, trajectory), {
    tokeniser,
    pieces,
  });
  const cells = dataset.cells.hi.length;
  return {
    tokeniser: choice,
    trajectory,
    trajectoryCount: dataset.test.length,
    checkIns,
    vocabularySize: tokeniser.vocabulary.length,
    tokensPerCell: pieces.tokens.length / cells,
    unknownShare: countUnknown(pieces) / cells,
    cells,
    made: toMade(startedAt, { seed: seedOf(spec), data: dataset.key }),
  };
}
