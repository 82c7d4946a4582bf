/**
 * Models that only count: what a masked-trajectory model must beat in perplexity per check-in, which, unlike
 * perplexity per token, can be compared between tokenisers.
 */
import type { CellPieces, Tokeniser } from "../token/tokeniser";
import { SPECIAL_TOKENS } from "../token/tokeniser";
import type { PlaceSequences } from "./baselines";

/** Natural logarithm of the chance of each cell, [N]; NaN for a cell that has none. */
export type LogChances = Float64Array;

/** How many pieces may stand in each place of a hash; the last place goes on for word pieces. */
export function slotSizes({ rule, vocabularySize, vocabulary }: Tokeniser): number[] {
  const pieces = vocabularySize - SPECIAL_TOKENS.length;
  if (rule.kind === "flat") return [pieces];
  if (rule.kind === "digits") {
    const groups = rule.groups.map((digits) => 7 ** digits);
    return [pieces - groups.reduce((sum, size) => sum + size, 0), ...groups];
  }
  const inside = vocabulary.filter((text) => text.startsWith("##")).length;
  return [pieces - inside, inside];
}

/**
 * Pieces drawn one by one without a look at the others: p(hash) is the product over its pieces of
 * (count + 1) / (pieces counted in that place + pieces that may stand there), by visits in training. [N]
 */
export function pieceUnigram(
  { offsets, tokens }: CellPieces,
  visits: ArrayLike<number>,
  { sizes, vocabularySize }: { sizes: readonly number[]; vocabularySize: number },
): LogChances {
  const slotOf = (n: number, p: number): number => Math.min(p - offsets[n]!, sizes.length - 1);
  const counts = new Float64Array(vocabularySize);
  const totals = Float64Array.from(sizes);
  const N = offsets.length - 1;
  for (let n = 0; n < N; n++) {
    const count = visits[n]!;
    if (count === 0) continue;
    for (let p = offsets[n]!; p < offsets[n + 1]!; p++) {
      counts[tokens[p]!]! += count;
      totals[slotOf(n, p)]! += count;
    }
  }
  return Float64Array.from({ length: N }, (_, n) => {
    let log = 0;
    for (let p = offsets[n]!; p < offsets[n + 1]!; p++) {
      if (tokens[p]! < SPECIAL_TOKENS.length) return Number.NaN;
      log += Math.log((counts[tokens[p]!]! + 1) / totals[slotOf(n, p)]!);
    }
    return log;
  });
}

/** What a count that falls back on parents is told. */
export interface BackOffOptions {
  /** Number of each cell's parent. [N] */
  parentOf: Uint32Array;
  parentCount: number;
  /** Chance of a cell that training never saw, as the validation part shows it. */
  unseen: number;
}

/**
 * Whole cells with a way back to the parent: p = (1 - unseen) visits / all visits + unseen q, where q shares
 * the parent's own chance, (visits + 1) / (all visits + parents), evenly among its cells of the area. [N]
 */
export function backOffUnigram(
  visits: ArrayLike<number>,
  { parentOf, parentCount, unseen }: BackOffOptions,
): LogChances {
  const parentVisits = new Float64Array(parentCount);
  const children = new Float64Array(parentCount);
  let total = 0;
  for (let n = 0; n < parentOf.length; n++) {
    parentVisits[parentOf[n]!]! += visits[n]!;
    children[parentOf[n]!]!++;
    total += visits[n]!;
  }
  return Float64Array.from(parentOf, (parent, n) => {
    const q = (parentVisits[parent]! + 1) / (total + parentCount) / children[parent]!;
    return Math.log((1 - unseen) * (visits[n]! / total) + unseen * q);
  });
}

/** Share of the visits of another part in cells without visits here, (unseen + 1) / (all + 2). */
export function unseenShare(visits: ArrayLike<number>, others: ArrayLike<number>): number {
  let [unseen, all] = [0, 0];
  for (let n = 0; n < others.length; n++) {
    all += others[n]!;
    if (visits[n] === 0) unseen += others[n]!;
  }
  return (unseen + 1) / (all + 2);
}

/** Whole cells by visits: p = (visits + 1) / (all visits + cells of the area). [N] */
export function cellUnigram(visits: ArrayLike<number>, cellCount: number): LogChances {
  let total = cellCount;
  for (let n = 0; n < visits.length; n++) total += visits[n]!;
  return Float64Array.from({ length: visits.length }, (_, n) => Math.log((visits[n]! + 1) / total));
}

/** Share of check-ins in the cell of the one before, (same + 1) / (all + 2); first check-ins do not count. */
export function stayShare(
  { offsets, cell }: PlaceSequences,
  trajectories: ArrayLike<number>,
): number {
  let [same, all] = [0, 0];
  for (let i = 0; i < trajectories.length; i++) {
    const k = trajectories[i]!;
    for (let at = offsets[k]! + 1; at < offsets[k + 1]!; at++) {
      if (cell[at] === cell[at - 1]) same++;
      all++;
    }
  }
  return (same + 1) / (all + 2);
}

/** A check-in and where its trajectory begins. */
export interface CheckInPlace {
  readonly at: number;
  readonly from: number;
}

/** All check-ins of some trajectories. */
export function* checkInsOf(
  { offsets }: PlaceSequences,
  trajectories: Iterable<number>,
): Generator<CheckInPlace, void> {
  for (const k of trajectories) {
    const from = offsets[k]!;
    for (let at = from; at < offsets[k + 1]!; at++) yield { at, from };
  }
}

/**
 * Perplexity per check-in: exp of the mean -log p. With `stay` the place before is repeated with that chance
 * and otherwise a cell is drawn: p = stay [same] + (1 - stay) u; a first check-in is drawn. Undefined where a
 * check-in has no chance, as one of [UNK] has none.
 */
export function countingPerplexity(
  { cell }: PlaceSequences,
  checkIns: Iterable<CheckInPlace>,
  { chances, stay = 0 }: { chances: LogChances; stay?: number },
): number | undefined {
  let [sum, all] = [0, 0];
  for (const { at, from } of checkIns) {
    const log = chances[cell[at]!]!;
    const again = cell[at] === cell[at - 1] ? stay : 0;
    sum -= at === from || stay === 0 ? log : Math.log(again + (1 - stay) * Math.exp(log));
    all++;
  }
  const perplexity = Math.exp(sum / all);
  return Number.isNaN(perplexity) ? undefined : perplexity;
}
