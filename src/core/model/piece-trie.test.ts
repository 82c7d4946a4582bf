import fc from "fast-check";
import { expect, test } from "vitest";
import { createPieceTrie, findChildren } from "./piece-trie";

/** Walks every path of a trie: pieces and cell number of each leaf. */
function walk(trie: ReturnType<typeof createPieceTrie>): [pieces: number[], cell: number][] {
  const found: [number[], number][] = [];
  const visit = (level: number, node: number, pieces: number[]): void => {
    if (level === trie.k) found.push([pieces, trie.cells[node]!]);
    else {
      const [from, to] = findChildren(trie, level, node);
      for (let n = from; n < to; n++)
        visit(level + 1, n, [...pieces, trie.levels[level]!.tokens[n]!]);
    }
  };
  visit(0, 0, []);
  return found;
}

function toPieces(cells: number[][]) {
  const offsets = new Uint32Array(cells.length + 1);
  cells.forEach((pieces, n) => (offsets[n + 1] = offsets[n]! + pieces.length));
  return { offsets, tokens: Uint16Array.from(cells.flat()) };
}

test("holds exactly the cells of k pieces, each under its own pieces", () => {
  const cell = fc.array(fc.integer({ min: 5, max: 9 }), { minLength: 1, maxLength: 4 });
  const cells = fc.uniqueArray(cell, { selector: String, maxLength: 40 });
  fc.assert(
    fc.property(cells, fc.integer({ min: 1, max: 4 }), (list, k) => {
      const expected = list.flatMap((pieces, n) => (pieces.length === k ? [[pieces, n]] : []));
      const found = walk(createPieceTrie(toPieces(list), k));
      expect(found.sort(byText)).toEqual(expected.sort(byText));
    }),
  );
});

const byText = (a: unknown, b: unknown): number => (String(a) < String(b) ? -1 : 1);

test("leaves out cells that the tokeniser cannot write", () => {
  const trie = createPieceTrie(
    toPieces([
      [7, 8],
      [1, 1],
      [7, 9],
    ]),
    2,
  );
  expect(Array.from(trie.cells)).toEqual([0, 2]);
  expect(Array.from(trie.levels[0]!.tokens)).toEqual([7]);
});
