import type { Banks } from "../gpu/banks";
import type { Pace } from "../pace";
import { createRandom } from "../random";
import { IGNORED, maskHashes } from "../token/masking";
import type { Corpus } from "../token/read-shards";
import type { MaskedSequence } from "./batches";
import { readSequence, toMaskedRows } from "./batches";
import type { PretrainConfig } from "./config";
import type { Layout } from "./layout";
import { maskedObjective } from "./objectives/masked";
import { runObjective } from "./objectives/objective";

/** How well masked check-ins are guessed; names and meanings as in `scale/evaluate.py` (docs/scale.md). */
export interface ValidationScores {
  /** Per token: all pieces of the masked check-ins, all hidden. */
  readonly perplexity: number;
  /** Per check-in: the same, summed over the pieces of a check-in before the mean. */
  readonly cellPerplexity: number;
  /** Per check-in, each piece scored with the earlier ones of its own hash filled in. */
  readonly sequentialCellPerplexity: number;
  readonly maskedCells: number;
}

/** A row with masked check-ins, and which piece of its check-in each masked place is (-1 elsewhere). */
export interface ValidationRow extends MaskedSequence {
  readonly row: number;
  readonly ordinals: Int16Array;
  /** Number of the check-in of each token, -1 for none. */
  readonly cellOf: Int16Array;
}

/** Ordinal of each masked piece in its check-in. */
function findOrdinals(labels: Int32Array, cellOf: Int16Array): Int16Array {
  const ordinals = new Int16Array(labels.length).fill(-1);
  labels.forEach((label, at) => {
    if (label === IGNORED) return;
    ordinals[at] = cellOf[at] === cellOf[at - 1] ? ordinals[at - 1]! + 1 : 0;
  });
  return ordinals;
}

/**
 * The rows that a run is validated on: the first `count` trajectories, their first window, a fifth of their
 * check-ins (the run's rate) shown as [MASK]. The same at every validation, and for every configuration with
 * the same length, rate and seed.
 */
export function chooseValidationRows(
  corpus: Corpus,
  { maxLength, maskRate: rate, seed }: PretrainConfig,
  vocabularySize: number,
  count: number,
): ValidationRow[] {
  const rows = Array.from({ length: Math.min(count, corpus.offsets.length - 1) }, (_, row) => {
    const sequence = readSequence(corpus, row, { maxLength });
    const random = createRandom(seed, "validation", row);
    const options = { random, vocabularySize, rate, replace: "mask" } as const; // no random pieces
    const { tokens, labels } = maskHashes(sequence, options);
    return {
      row,
      tokens,
      labels,
      hours: sequence.hours,
      ordinals: findOrdinals(labels, sequence.cellOf),
      cellOf: sequence.cellOf,
    };
  });
  return rows.sort((a, b) => a.tokens.length - b.tokens.length || a.row - b.row);
}

/** The row in which pieces before `piece` are filled in and only those of that ordinal are scored. */
function revealTo(row: ValidationRow, piece: number): MaskedSequence {
  const isKnown = (at: number): boolean => row.ordinals[at]! >= 0 && row.ordinals[at]! < piece;
  const tokens = Uint32Array.from(row.tokens, (token, at) =>
    isKnown(at) ? row.labels[at]! : token,
  );
  const labels = row.labels.map((label, at) => (row.ordinals[at] === piece ? label : IGNORED));
  return { tokens, labels, hours: row.hours };
}

/** Sums over masked places, in the order in which they are found. */
interface Sums {
  pieces: number;
  cells: number;
  independent: number;
  sequential: number;
}

const perplexityOf = (nats: number, count: number): number => Math.exp(nats / count);

/** Rows of one pass. */
const ROWS_AT_ONCE = 16;

/**
 * Scores the rows under the parameters. Rests as `pace` says; throws "stopped". Without masked check-ins the
 * perplexities are NaN.
 */
export async function validate(
  layout: Layout,
  flat: Banks,
  rows: readonly ValidationRow[],
  pace: Pace,
): Promise<ValidationScores> {
  const sums: Sums = { pieces: 0, cells: 0, independent: 0, sequential: 0 };
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    const some = rows.slice(from, from + ROWS_AT_ONCE);
    const lossesOf = async (masked: readonly MaskedSequence[]): Promise<Float32Array> => {
      const batch = toMaskedRows(masked, 1, layout.config.maxPositions);
      const losses = await runObjective(maskedObjective, layout, flat, batch, pace);
      return losses.filter((_, m) => batch.weights[m]! > 0);
    };
    await addScores(sums, some, lossesOf);
  }
  return {
    perplexity: perplexityOf(sums.independent, sums.pieces),
    cellPerplexity: perplexityOf(sums.independent, sums.cells),
    sequentialCellPerplexity: perplexityOf(sums.sequential, sums.cells),
    maskedCells: sums.cells,
  };
}

async function addScores(
  sums: Sums,
  rows: readonly ValidationRow[],
  lossesOf: (rows: readonly MaskedSequence[]) => Promise<Float32Array>,
): Promise<void> {
  const ordinals = rows.flatMap((row) =>
    Array.from(row.ordinals).filter((ordinal) => ordinal >= 0),
  );
  const independent = await lossesOf(rows);
  independent.forEach((loss, m) => {
    sums.independent += loss;
    if (ordinals[m] === 0) sums.sequential += loss;
  });
  sums.pieces += ordinals.length;
  sums.cells += ordinals.filter((ordinal) => ordinal === 0).length;
  const most = ordinals.reduce((a, b) => Math.max(a, b), 0);
  for (let piece = 1; piece <= most; piece++) {
    const later = await lossesOf(rows.map((row) => revealTo(row, piece)));
    sums.sequential += later.reduce((sum, loss) => sum + loss, 0);
  }
}
