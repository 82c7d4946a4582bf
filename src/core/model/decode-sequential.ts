import type { Bert } from "./bert";
import type { Beginning, DecodeSettings, Row, State } from "./decode-rows";
import { scoreRows } from "./decode-rows";
import type { PieceTrie } from "./piece-trie";
import { findChildren } from "./piece-trie";
import { logSumExp, takeBest } from "./scores";

function isBeginningOf(truth: readonly number[], { pieces }: Beginning): boolean {
  return pieces.every((piece, j) => piece === truth[j]);
}

/** Rows of one level: every followed beginning, and the true one where it is not among them. */
function planRows(state: State, index: number, level: number): Row[] {
  const rows = state.beginnings.map((beginning) => ({
    target: index,
    beginning,
    isFollowed: true,
  }));
  if (state.beginnings.some((beginning) => isBeginningOf(state.truth, beginning))) return rows;
  const pieces = state.truth.slice(0, level);
  const beginning = { node: -1, pieces, logShare: -Infinity };
  return [...rows, { target: index, beginning, isFollowed: false }];
}

/** Log share of each child among its siblings that exist, plus that of its beginning. */
function expand(
  trie: PieceTrie,
  level: number,
  beginning: Beginning,
  scores: Float32Array,
): { from: number; logShares: Float32Array } {
  const [from, to] = findChildren(trie, level, beginning.node);
  const { tokens } = trie.levels[level]!;
  const logShares = Float32Array.from({ length: to - from }, (_, n) => scores[tokens[from + n]!]!);
  const base = beginning.logShare - logSumExp(logShares);
  for (let n = 0; n < logShares.length; n++) logShares[n]! += base;
  return { from, logShares };
}

/** The best children of all followed beginnings, best first. */
function selectChildren(
  trie: PieceTrie,
  level: number,
  rows: readonly { beginning: Beginning; scores: Float32Array }[],
  count: number,
): Beginning[] {
  const { tokens } = trie.levels[level]!;
  const candidates = rows.flatMap(({ beginning, scores }) => {
    const { from, logShares } = expand(trie, level, beginning, scores);
    return takeBest(logShares, count).map((n) => ({
      node: from + n,
      pieces: [...beginning.pieces, tokens[from + n]!],
      logShare: logShares[n]!,
    }));
  });
  return candidates.sort((a, b) => b.logShare - a.logShare).slice(0, count);
}

/** Likelihood of the next true piece, over the vocabulary and among the pieces that can follow. */
function judgeTruth(
  trie: PieceTrie,
  state: State,
  level: number,
  row: { beginning: Beginning; scores: Float32Array },
): void {
  const { scores, beginning } = row;
  const piece = state.truth[level]!;
  state.pieceNats.push(logSumExp(scores) - scores[piece]!);
  const node = beginning.node >= 0 ? beginning.node : findNode(trie, beginning.pieces);
  const [from, to] = node < 0 ? [0, 0] : findChildren(trie, level, node);
  const siblings = trie.levels[level]?.tokens.subarray(from, to) ?? new Uint32Array();
  if (!siblings.includes(piece)) state.nats = Infinity;
  else
    state.nats +=
      logSumExp(Float32Array.from(siblings, (token) => scores[token]!)) - scores[piece]!;
}

/** The node of a beginning, -1 where no cell begins so. */
export function findNode(trie: PieceTrie, pieces: readonly number[]): number {
  let node = 0;
  for (const [level, piece] of pieces.entries()) {
    const [from, to] = findChildren(trie, level, node);
    const place = trie.levels[level]?.tokens.subarray(from, to).indexOf(piece) ?? -1;
    if (place < 0) return -1;
    node = from + place;
  }
  return node;
}

/** Reads one level of one target: judges the truth, then keeps what is worth following. */
function advance(
  trie: PieceTrie,
  state: State,
  rows: readonly (Row & { scores: Float32Array })[],
  { level, settings }: { level: number; settings: DecodeSettings },
): void {
  judgeTruth(
    trie,
    state,
    level,
    rows.find(({ beginning }) => isBeginningOf(state.truth, beginning))!,
  );
  const followed = rows.filter(({ isFollowed }) => isFollowed);
  const isLast = level === trie.k - 1;
  const best = selectChildren(trie, level, followed, isLast ? settings.top : settings.beam);
  if (isLast) {
    state.guesses = best.map(({ node, logShare }) => ({
      cell: trie.cells[node]!,
      probability: Math.exp(logShare),
    }));
    return;
  }
  const minimum = Math.log(settings.minShare);
  state.beginnings = best.filter(({ logShare }, n) => n === 0 || logShare >= minimum);
  state.followed = state.beginnings.reduce((sum, { logShare }) => sum + Math.exp(logShare), 0);
}

/** Piece by piece, the earlier ones filled in; a yield after each pass. */
export async function* decodeSequentially(
  bert: Bert,
  trie: PieceTrie,
  states: State[],
  settings: DecodeSettings,
): AsyncGenerator<undefined, void, void> {
  for (let level = 0; level < trie.k; level++) {
    const rows = states.flatMap((state, index) => planRows(state, index, level));
    const scores = yield* scoreRows(bert, states, rows, { level, count: 1 });
    states.forEach((state, index) => {
      const own = rows.flatMap((row, n) =>
        row.target === index ? [{ ...row, scores: scores[n]! }] : [],
      );
      advance(trie, state, own, { level, settings });
    });
  }
}
