import { NO_HOUR } from "../data/hours";
import { FootfallError } from "../errors";
import type { CellPieces } from "../token/tokeniser";
import { CLS, MASK, SEP } from "../token/tokeniser";

/** A trajectory with hidden check-ins, one of which is to be guessed. */
export interface MaskedTarget {
  /** [CLS] pieces [SEP]; the pieces of every hidden check-in are [MASK]. */
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
  maxTokens: number,
): [from: number, to: number] {
  let [from, to] = [target, target + 1];
  let room = maxTokens - 2 - lengths[target]!;
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
 * @param maxTokens the model's positions at most. Throws "bad-input" for an ordinal outside the trajectory
 */
export function hideCheckIn(
  pieces: CellPieces,
  cells: ArrayLike<number>,
  {
    target,
    hidden = [],
    hours,
    maxTokens,
  }: {
    target: number;
    hidden?: readonly number[];
    hours?: ArrayLike<number> | undefined;
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
  const lengths = Array.from(cells, (cell) => offsets[cell + 1]! - offsets[cell]!);
  const [from, to] = cropAround(lengths, target, maxTokens);
  const isHidden = new Set([target, ...hidden]);
  const row: number[] = [CLS];
  const times: number[] = [NO_HOUR];
  let at = 0;
  for (let i = from; i < to; i++) {
    if (i === target) at = row.length;
    const first = offsets[cells[i]!]!;
    for (let j = 0; j < lengths[i]!; j++) {
      row.push(isHidden.has(i) ? MASK : tokens[first + j]!);
      times.push(hours?.[i] ?? NO_HOUR);
    }
  }
  const seen = { tokens: Int32Array.from([...row, SEP]), at, k: lengths[target]!, truth };
  return hours === undefined ? seen : { ...seen, hours: Int32Array.from([...times, NO_HOUR]) };
}
