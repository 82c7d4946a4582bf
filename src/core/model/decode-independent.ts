import type { Bert } from "./bert";
import type { DecodeSettings, State } from "./decode-rows";
import { ROOT, scoreRows } from "./decode-rows";
import type { PieceTrie } from "./piece-trie";
import { findChildren } from "./piece-trie";
import { logSumExp, takeBest } from "./scores";

/** Log share of every cell of the trie if its pieces were drawn one without the other. */
function combineLevels(trie: PieceTrie, scores: readonly Float32Array[]): Float32Array {
  let above = new Float32Array(1);
  for (const [level, { tokens }] of trie.levels.entries()) {
    const here = new Float32Array(tokens.length);
    for (let parent = 0; parent < above.length; parent++) {
      const [from, to] = findChildren(trie, level, parent);
      for (let n = from; n < to; n++) here[n] = above[parent]! + scores[level]![tokens[n]!]!;
    }
    above = here;
  }
  const total = logSumExp(above);
  return above.map((value) => value - total);
}

/** All pieces from the one pass in which all are masked; a yield after each pass. */
export async function* decodeIndependently(
  bert: Bert,
  trie: PieceTrie,
  states: State[],
  settings: DecodeSettings,
): AsyncGenerator<undefined, void, void> {
  const rows = states.map((_, target) => ({ target, beginning: ROOT, isFollowed: true }));
  const scores = yield* scoreRows(bert, states, rows, { level: 0, count: trie.k });
  states.forEach((state, n) => {
    const own = scores.slice(n * trie.k, (n + 1) * trie.k);
    state.truth.forEach((piece, j) => state.pieceNats.push(logSumExp(own[j]!) - own[j]![piece]!));
    const logShares = combineLevels(trie, own);
    const place = trie.cells.indexOf(state.target.truth);
    state.nats = place < 0 ? Infinity : -logShares[place]!;
    state.guesses = takeBest(logShares, settings.beam === 0 ? 0 : settings.top).map((leaf) => ({
      cell: trie.cells[leaf]!,
      probability: Math.exp(logShares[leaf]!),
    }));
  });
}
