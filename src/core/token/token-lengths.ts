import { countFitting } from "./sequences";
import { UNK, type CellPieces } from "./tokeniser";

/** What a row of so many tokens cuts off: shares of trajectories and of check-ins. */
export interface Truncation {
  /** Tokens of the row, [CLS] and [SEP] counted. */
  length: number;
  trajectories: number;
  checkIns: number;
}

/** How long trajectories are in tokens, [CLS] and [SEP] counted. */
export interface TokenLengths {
  perCheckIn: number;
  mean: number;
  median: number;
  most: number;
  truncated: Truncation[];
}

function medianOf(sorted: ArrayLike<number>): number {
  const half = (sorted.length - 1) / 2;
  return (sorted[Math.floor(half)]! + sorted[Math.ceil(half)]!) / 2;
}

/** Lengths of all trajectories, and what rows of `lengths` tokens lose (TK-12); NaN without trajectories. */
export function measureTokenLengths(
  { offsets, cell }: { offsets: Uint32Array; cell: Uint32Array },
  pieces: CellPieces,
  lengths: readonly number[],
): TokenLengths {
  const n = offsets.length - 1;
  const tokens = new Uint32Array(n);
  const cut = lengths.map((length) => ({ length, trajectories: 0, checkIns: 0 }));
  for (let k = 0; k < n; k++) {
    const cells = cell.subarray(offsets[k], offsets[k + 1]);
    for (const c of cells) tokens[k]! += pieces.offsets[c + 1]! - pieces.offsets[c]!;
    tokens[k]! += 2;
    for (const row of cut) {
      if (tokens[k]! <= row.length) continue;
      const [fitting] = countFitting(cells, pieces.offsets, row.length - 2);
      row.trajectories++;
      row.checkIns += cells.length - fitting;
    }
  }
  const total = tokens.reduce((sum, count) => sum + count, 0);
  const checkIns = offsets[n]! - offsets[0]!;
  const sorted = tokens.toSorted();
  return {
    perCheckIn: (total - 2 * n) / checkIns,
    mean: total / n,
    median: n > 0 ? medianOf(sorted) : Number.NaN,
    most: sorted.at(-1) ?? Number.NaN,
    truncated: cut.map(({ length, trajectories, checkIns: lost }) => ({
      length,
      trajectories: trajectories / n,
      checkIns: lost / checkIns,
    })),
  };
}

/** Cells whose pieces hold an [UNK], [N]: 1 for those. */
export function findUnknown({ offsets, tokens }: CellPieces): Uint8Array {
  const unknown = new Uint8Array(offsets.length - 1);
  for (let n = 0; n < unknown.length; n++) {
    if (tokens.subarray(offsets[n], offsets[n + 1]).includes(UNK)) unknown[n] = 1;
  }
  return unknown;
}
