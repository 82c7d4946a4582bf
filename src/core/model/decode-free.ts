import { piecesEnd } from "../token/extras";
import type { Progress } from "../pace";
import { createPace } from "../pace";
import type { CellPieces } from "../token/tokeniser";
import type { Bert } from "./bert";
import type { Row, State } from "./decode-rows";
import { ROOT, scoreRows } from "./decode-rows";
import { findNode } from "./decode-sequential";
import type { MaskedTarget } from "./masked-target";
import { createPieceTrie, type PieceTrie } from "./piece-trie";
import { takeBest } from "./scores";

const toState = (target: MaskedTarget): State => {
  return { target, truth: [], beginnings: [], guesses: [], pieceNats: [], nats: 0, followed: 1 };
};

/** The next piece of each row: the likeliest of the vocabulary below `end`, whatever came before. */
async function* nextPieces(
  bert: Bert,
  states: readonly State[],
  written: readonly number[][],
  { rows, end }: { rows: readonly number[]; end: number },
): AsyncGenerator<undefined, void, void> {
  const level = written[rows[0]!]!.length;
  const asked = rows.map((target): Row => {
    return { target, beginning: { ...ROOT, pieces: written[target]! }, isFollowed: true };
  });
  const scores = yield* scoreRows(bert, states, asked, { level, count: 1 });
  rows.forEach((target, n) => written[target]!.push(takeBest(scores[n]!.subarray(0, end), 1)[0]!));
}

/**
 * What a model writes for hidden check-ins where nothing keeps its pieces together: piece after piece the likeliest
 * of the whole vocabulary but its extra tokens (TK-13; `decodeMasked` allows existing cells alone).
 * @returns a cell of the table for each target, -1 where the pieces are none. Throws "stopped"
 */
export async function* decodeFreely(
  bert: Bert,
  pieces: CellPieces,
  targets: readonly MaskedTarget[],
  signal?: AbortSignal,
): AsyncGenerator<Progress, number[], void> {
  const pace = createPace(signal);
  const states = targets.map(toState);
  const written: number[][] = targets.map(() => []);
  const { vocabularySize } = bert.config;
  const end = piecesEnd({ extras: pieces.extras, vocabularySize });
  const total = targets.reduce((most, { k }) => Math.max(most, k), 0);
  for (let level = 0; level < total; level++) {
    const open = [...targets.keys()].filter((n) => targets[n]!.k > level);
    for await (const _ of nextPieces(bert, states, written, { rows: open, end })) {
      if (pace.due()) await pace.rest();
    }
    yield { phase: "guess without a rule", done: level + 1, total, unit: "pieces" };
  }
  const tries = new Map<number, PieceTrie>();
  return targets.map(({ k }, n) => {
    const trie = tries.get(k) ?? createPieceTrie(pieces, k);
    tries.set(k, trie);
    return trie.cells[findNode(trie, written[n]!)] ?? -1;
  });
}
