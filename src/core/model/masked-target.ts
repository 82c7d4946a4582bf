import { FootfallError } from "../errors";
import type { CellPieces } from "../token/tokeniser";
import { extrasOfRow, RowWriter, tokensAround, tokensBefore } from "../token/rows";
import { MASK } from "../token/tokeniser";

/** A trajectory with hidden check-ins, one of which is to be guessed. */
export interface MaskedTarget {
  /** [CLS] pieces [SEP] with the extra tokens of the vocabulary; the pieces of every hidden check-in are [MASK]. */
  readonly tokens: Int32Array;
  /** Hours of the week of the tokens, for a model that knows times; undefined where nobody gave them. */
  readonly hours?: Int32Array | undefined;
  /** Position of the target's first piece. */
  readonly at: number;
  /** Number of its pieces, which the masks give away. */
  readonly k: number;
  /** Cell number of the target. */
  readonly truth: number;
}

/** Check-ins `from` to `to - 1`, as many around the target as fit: neighbours matter most. */
function cropAround(
  lengths: ArrayLike<number>,
  target: number,
  most: number,
): [from: number, to: number] {
  let [from, to] = [target, target + 1];
  let room = most - lengths[target]!;
  for (;;) {
    const before = from > 0 && lengths[from - 1]! <= room;
    const after = to < lengths.length && lengths[to]! <= room;
    if (!before && !after) return [from, to];
    const takesBefore = before && (!after || target - from <= to - 1 - target);
    room -= takesBefore ? lengths[--from]! : lengths[to++]!;
  }
}

/**
 * Hides check-ins of a trajectory and makes the row that the model sees. A trajectory of more than
 * `maxTokens` tokens is cut to the check-ins around the target, never through a hash.
 * @param pieces of all cells of a table
 * @param cells cell numbers of the trajectory's check-ins, in time order
 * @param target ordinal of the check-in to guess
 * @param hidden ordinals of further check-ins hidden at the same time
 * @param hours hours of the week of the check-ins
 * @param user number of the person; default anybody, also for people whom the model knows
 * @param maxTokens the model's positions at most. Throws "bad-input" for an ordinal outside the trajectory
 */
export function hideCheckIn(
  pieces: CellPieces,
  cells: ArrayLike<number>,
  {
    target,
    hidden = [],
    hours,
    user,
    maxTokens,
  }: {
    target: number;
    hidden?: readonly number[];
    hours?: ArrayLike<number> | undefined;
    user?: number | undefined;
    maxTokens: number;
  },
): MaskedTarget {
  const truth = cells[target];
  if (truth === undefined || !Number.isInteger(target)) {
    throw new FootfallError(
      "bad-input",
      `check-in ${target} is outside the trajectory (0 to ${cells.length - 1})`,
    );
  }
  const { offsets, tokens } = pieces;
  const extras = extrasOfRow(pieces.extras, hours);
  const before = tokensBefore(extras);
  const sizes = Array.from(cells, (cell) => offsets[cell + 1]! - offsets[cell]! + before);
  const [from, to] = cropAround(sizes, target, maxTokens - tokensAround(extras));
  const isHidden = new Set([target, ...hidden]);
  const row = new RowWriter(extras, user);
  let at = 0;
  for (let i = from; i < to; i++) {
    row.begin(i, hours?.[i]);
    if (i === target) at = row.tokens.length;
    const own = tokens.subarray(offsets[cells[i]!], offsets[cells[i]! + 1]);
    for (const piece of own) row.piece(isHidden.has(i) ? MASK : piece);
  }
  row.close();
  const seen = { tokens: Int32Array.from(row.tokens), at, k: sizes[target]! - before, truth };
  return hours === undefined ? seen : { ...seen, hours: Int32Array.from(row.hours) };
}
