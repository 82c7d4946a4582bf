import { FootfallError } from "../errors";
import { CLS, createTokenColumn, PAD, SEP, type CellPieces, type TokenColumn } from "./tokeniser";

/** Trajectories as rows of tokens: [CLS] pieces [SEP] [PAD] ... */
export interface Sequences {
  /** [n, T] */
  tokens: TokenColumn;
  T: number;
  /** [n], tokens of each row without padding */
  lengths: Uint16Array;
  /** [n, T], ordinal of the check-in in its trajectory; -1 for special tokens and padding */
  cellOf: Int16Array;
  /** Check-ins that did not fit, and their share of all. */
  lostCheckIns: number;
  lostShare: number;
}

export interface SequenceOptions {
  /** Lengths that rows are padded to: few shapes keep the GPU's memory pool small. Ascending. */
  lengths?: readonly number[];
  /** Size of the vocabulary, which decides the width of the ids; default 65,535 or fewer. */
  vocabularySize?: number;
}

/** The paper's 512 is the largest (Table 14). */
export const SEQUENCE_LENGTHS = [32, 64, 128, 256, 512] as const;

/** How many of the first check-ins fit into `room` tokens: a hash is never cut. */
export function countFitting(
  cells: ArrayLike<number>,
  offsets: Uint32Array,
  room: number,
): [checkIns: number, tokens: number] {
  let tokens = 0;
  for (let i = 0; i < cells.length; i++) {
    const size = offsets[cells[i]! + 1]! - offsets[cells[i]!]!;
    if (tokens + size > room) return [i, tokens];
    tokens += size;
  }
  return [cells.length, tokens];
}

/**
 * Rows of tokens for trajectories given as cell numbers. All rows get the shortest of `lengths` that holds
 * the longest trajectory; what is beyond the last length is cut off between two hashes and counted.
 */
export function createSequences(
  pieces: CellPieces,
  trajectories: readonly ArrayLike<number>[],
  { lengths = SEQUENCE_LENGTHS, vocabularySize = 0 }: SequenceOptions = {},
): Sequences {
  const most = lengths.at(-1);
  if (most === undefined || most < 3) {
    throw new FootfallError(
      "bad-input",
      `sequence lengths ${lengths.join(", ")}: expected 3 or more`,
    );
  }
  const fits = trajectories.map((cells) => countFitting(cells, pieces.offsets, most - 2));
  const longest = fits.reduce((max, [, tokens]) => Math.max(max, tokens + 2), 2);
  const T = lengths.find((length) => length >= longest)!;
  const n = trajectories.length;
  const tokens = createTokenColumn(vocabularySize, n * T).fill(PAD);
  const cellOf = new Int16Array(n * T).fill(-1);
  let kept = 0;
  trajectories.forEach((cells, row) => {
    const [checkIns] = fits[row]!;
    let at = row * T;
    tokens[at++] = CLS;
    for (let i = 0; i < checkIns; i++) {
      for (let p = pieces.offsets[cells[i]!]!; p < pieces.offsets[cells[i]! + 1]!; p++) {
        cellOf[at] = i;
        tokens[at++] = pieces.tokens[p]!;
      }
    }
    tokens[at] = SEP;
    kept += checkIns;
  });
  const total = trajectories.reduce((sum, cells) => sum + cells.length, 0);
  return {
    tokens,
    T,
    lengths: Uint16Array.from(fits, ([, count]) => count + 2),
    cellOf,
    lostCheckIns: total - kept,
    lostShare: total === 0 ? 0 : (total - kept) / total,
  };
}
