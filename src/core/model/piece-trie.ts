import type { CellPieces } from "../token/tokeniser";
import { UNK } from "../token/tokeniser";

/** One level of a trie: node n has token `tokens[n]` and the children `first[n]` to `first[n + 1] - 1` below. */
interface TrieLevel {
  readonly tokens: Uint32Array; // [nodes]
  readonly first: Uint32Array; // [nodes + 1]
}

/**
 * All cells that are written in exactly `k` pieces, as a tree of pieces. Only what it holds can be guessed:
 * a masked check-in shows the model how many pieces are missing, never more.
 */
export interface PieceTrie {
  readonly k: number;
  /** `levels[j]` holds the distinct beginnings of j + 1 pieces. */
  readonly levels: readonly TrieLevel[];
  /** Cell number of each node of the last level. */
  readonly cells: Uint32Array; // [nodes of the last level]
}

/** Stable counting sort of cells by their j-th piece. */
function sortByPiece({ offsets, tokens }: CellPieces, cells: Uint32Array, j: number): Uint32Array {
  const piece = (cell: number): number => tokens[offsets[cell]! + j]!;
  const last = cells.reduce((max, cell) => Math.max(max, piece(cell)), 0);
  const starts = new Uint32Array(last + 2);
  for (const cell of cells) starts[piece(cell) + 1]!++;
  for (let token = 0; token <= last; token++) starts[token + 1]! += starts[token]!;
  const sorted = new Uint32Array(cells.length);
  for (const cell of cells) sorted[starts[piece(cell)]!++] = cell;
  return sorted;
}

/** Cells of k pieces that the tokeniser can write: none of their pieces is [UNK]. */
function findWritable({ offsets, tokens }: CellPieces, k: number): Uint32Array {
  const cells: number[] = [];
  for (let cell = 0; cell + 1 < offsets.length; cell++) {
    const from = offsets[cell]!;
    if (offsets[cell + 1]! - from !== k) continue;
    let isKnown = true;
    for (let j = 0; j < k; j++) isKnown &&= tokens[from + j] !== UNK;
    if (isKnown) cells.push(cell);
  }
  return Uint32Array.from(cells);
}

/** Where, in sorted cells, a beginning of `length` pieces differs from the one before. */
function findBeginnings(pieces: CellPieces, cells: Uint32Array, length: number): number[] {
  const { offsets, tokens } = pieces;
  const starts: number[] = [];
  for (let n = 0; n < cells.length; n++) {
    const here = offsets[cells[n]!]!;
    const before = n === 0 ? -1 : offsets[cells[n - 1]!]!;
    let isSame = n > 0;
    for (let j = 0; isSame && j < length; j++) isSame = tokens[here + j] === tokens[before + j];
    if (!isSame) starts.push(n);
  }
  return starts;
}

/** Builds the tree of all cells of `k` pieces, in a few passes over them. */
export function createPieceTrie(pieces: CellPieces, k: number): PieceTrie {
  let cells = findWritable(pieces, k);
  for (let j = k - 1; j >= 0; j--) cells = sortByPiece(pieces, cells, j);
  const starts = Array.from({ length: k }, (_, j) => findBeginnings(pieces, cells, j + 1));
  const levels = starts.map((own, j) => {
    const below = starts[j + 1] ?? own;
    const first = new Uint32Array(own.length + 1).fill(below.length);
    let child = 0;
    own.forEach((start, node) => {
      while (below[child]! < start) child++;
      first[node] = child;
    });
    const tokens = Uint32Array.from(own, (n) => pieces.tokens[pieces.offsets[cells[n]!]! + j]!);
    return { tokens, first };
  });
  return { k, levels, cells };
}

/** Children of a node of level `level - 1`, as a range of nodes of `level`; all roots for level 0. */
export function findChildren(
  trie: PieceTrie,
  level: number,
  node: number,
): [from: number, to: number] {
  if (level === 0) return [0, trie.levels[0]?.tokens.length ?? 0];
  const { first } = trie.levels[level - 1]!;
  return [first[node]!, first[node + 1]!];
}
