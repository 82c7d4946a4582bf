import type { Progress } from "../pace";
import { createPace } from "../pace";
import type { CellPieces } from "../token/tokeniser";
import type { Bert } from "./bert";
import { decodeIndependently } from "./decode-independent";
import type { Guess, State } from "./decode-rows";
import { ROOT } from "./decode-rows";
import { decodeSequentially } from "./decode-sequential";
import type { MaskedTarget } from "./masked-target";
import type { PieceTrie } from "./piece-trie";
import { createPieceTrie } from "./piece-trie";

export type { Guess } from "./decode-rows";

/** What the model makes of one hidden check-in. */
export interface Decoded {
  /** Likeliest cells, best first. */
  readonly guesses: readonly Guess[];
  /** Negative log probability (natural) of each true piece given the earlier ones, over the whole vocabulary. */
  readonly pieceNats: readonly number[];
  /** The same for the whole cell, among the cells that exist; Infinity for a cell outside the table's trie. */
  readonly nats: number;
  /** 0 where the true cell is the first guess, -1 where it is not among the guesses. */
  readonly rank: number;
  /** Probability of the beginnings that were followed up; guesses outside them are not looked at. */
  readonly followed: number;
}

export interface DecodeOptions {
  /**
   * "sequential" (default): the first piece, then each next one with the earlier ones filled in.
   * "independent": all pieces from the one pass in which all are masked.
   */
  readonly way?: "sequential" | "independent" | undefined;
  /** Beginnings followed up at each piece; 0 gives no guesses, only the true cell's probability. Default 16. */
  readonly beam?: number | undefined;
  /** Beginnings less likely than this share are not followed up (the likeliest always is). Default 0.001. */
  readonly minShare?: number | undefined;
  /** Guesses wanted. Default 10. */
  readonly top?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Targets that go through all their pieces before the next ones start; progress comes once for each. */
const TARGETS_AT_ONCE = 32;

function toState({ offsets, tokens }: CellPieces, target: MaskedTarget, beam: number): State {
  const first = offsets[target.truth]!;
  const truth = Array.from(tokens.subarray(first, first + target.k));
  const beginnings = beam === 0 ? [] : [ROOT];
  return { target, truth, beginnings, guesses: [], pieceNats: [], nats: 0, followed: 1 };
}

function toDecoded({ target, guesses, pieceNats, nats, followed }: State): Decoded {
  const rank = guesses.findIndex(({ cell }) => cell === target.truth);
  return { guesses, pieceNats, nats, rank, followed };
}

/** Targets in their order, cut into groups of one number of pieces. */
function groupTargets(targets: readonly MaskedTarget[]): number[][] {
  const numbers = targets.map((_, n) => n).sort((a, b) => targets[a]!.k - targets[b]!.k || a - b);
  const groups: number[][] = [];
  for (const n of numbers) {
    const group = groups.at(-1);
    const isSame = group !== undefined && targets[group[0]!]!.k === targets[n]!.k;
    if (isSame && group.length < TARGETS_AT_ONCE) group.push(n);
    else groups.push([n]);
  }
  return groups;
}

/**
 * Guesses hidden check-ins over the cells of a table, and says how likely the true cells were.
 * Sequential decoding multiplies p(first piece) p(second | first) ..., at each piece renormalised over the
 * pieces that can follow among existing cells of as many pieces as are masked, so that the probabilities
 * of all those cells sum to 1.
 * @param pieces of all cells that may be guessed; the targets' cell numbers count in their table
 * @returns one result a target, in their order. Throws "stopped", and what `encode` throws
 */
export async function* decodeMasked(
  bert: Bert,
  pieces: CellPieces,
  targets: readonly MaskedTarget[],
  options: DecodeOptions = {},
): AsyncGenerator<Progress, Decoded[], void> {
  const { way = "sequential", beam = 16, minShare = 0.001, top = 10, signal } = options;
  const pace = createPace(signal);
  const decode = way === "sequential" ? decodeSequentially : decodeIndependently;
  const decoded: Decoded[] = Array.from({ length: targets.length });
  const tries = new Map<number, PieceTrie>();
  let done = 0;
  for (const group of groupTargets(targets)) {
    const { k } = targets[group[0]!]!;
    const trie = tries.get(k) ?? createPieceTrie(pieces, k);
    tries.set(k, trie);
    const states = group.map((n) => toState(pieces, targets[n]!, beam));
    for await (const _ of decode(bert, trie, states, { beam, minShare, top })) {
      if (pace.due()) await pace.rest();
    }
    group.forEach((n, at) => (decoded[n] = toDecoded(states[at]!)));
    done += group.length;
    yield { phase: "guess hidden check-ins", done, total: targets.length, unit: "check-ins" };
  }
  return decoded;
}
