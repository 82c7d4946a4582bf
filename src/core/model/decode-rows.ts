import { paddedCount, padHours, padRows, planPasses } from "./batches";
import type { Bert } from "./bert";
import { encode, readScores } from "./bert";
import type { MaskedTarget } from "./masked-target";

/** `DecodeOptions` with everything filled in. */
export interface DecodeSettings {
  readonly beam: number;
  readonly minShare: number;
  readonly top: number;
}

/** A cell that the model holds possible. */
export interface Guess {
  readonly cell: number;
  /** Among the cells that exist. */
  readonly probability: number;
}

/** A beginning of a cell: its node at the level that was read last, and the pieces on the way. */
export interface Beginning {
  readonly node: number;
  readonly pieces: readonly number[];
  readonly logShare: number;
}

/** One row to be run: a target with a beginning filled in. */
export interface Row {
  readonly target: number;
  readonly beginning: Beginning;
  /** Followed up for guesses; else only the true cell needs it. */
  readonly isFollowed: boolean;
}

/** What is known of a target between two pieces. */
export interface State {
  readonly target: MaskedTarget;
  readonly truth: readonly number[];
  beginnings: Beginning[];
  guesses: Guess[];
  readonly pieceNats: number[];
  nats: number;
  followed: number;
}

/** No piece yet. */
export const ROOT: Beginning = { node: 0, pieces: [], logShare: 0 };

function fillIn({ tokens, at }: MaskedTarget, pieces: readonly number[]): Int32Array {
  const filled = tokens.slice();
  filled.set(pieces, at);
  return filled;
}

/** Vocabulary scores of `count` positions from `at + level` on, for each row: [rows * count][V]. */
export async function* scoreRows(
  bert: Bert,
  states: readonly State[],
  rows: readonly Row[],
  { level, count }: { level: number; count: number },
): AsyncGenerator<undefined, Float32Array[], void> {
  const V = bert.config.vocabularySize;
  const scores: Float32Array[] = Array.from({ length: rows.length * count });
  const lengths = rows.map((row) => states[row.target]!.target.tokens.length);
  for (const { T, items } of planPasses(lengths, bert.config)) {
    const filled = items.map((n) =>
      fillIn(states[rows[n]!.target]!.target, rows[n]!.beginning.pieces),
    );
    const kept = items.flatMap((n, row) => {
      const first = row * T + states[rows[n]!.target]!.target.at + level;
      return Array.from({ length: count }, (_, j) => first + j);
    });
    const positions = new Int32Array(paddedCount(kept.length));
    positions.set(kept);
    const hours = items.map((n) => states[rows[n]!.target]!.target.hours);
    const hidden = encode(bert, { ...padRows(filled, T), hours: padHours(hours, T) }, positions); // [M, C]
    const values = await readScores(bert, hidden); // [M, V]
    hidden.dispose();
    kept.forEach((_, m) => {
      const n = items[Math.floor(m / count)]!;
      scores[n * count + (m % count)] = values.subarray(m * V, (m + 1) * V);
    });
    yield;
  }
  return scores;
}
