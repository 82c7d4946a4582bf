import { readFileSync } from "node:fs";
import { cellToChildren, latLngToCell } from "h3-js";
import { expect, test } from "vitest";
import { CellTableBuilder } from "../geo/cells";
import { createDigits } from "../token/digits";
import { createFlat } from "../token/flat";
import { UNK } from "../token/tokeniser";
import { measureTokenLengths } from "../token/token-lengths";
import { countVisits, unigramPerplexity, type PlaceSequences } from "./baselines";
import {
  backOffUnigram,
  cellUnigram,
  checkInsOf,
  countingPerplexity,
  pieceUnigram,
  slotSizes,
  stayShare,
  unseenShare,
} from "./counting-models";

interface Reference {
  pieces: number[][];
  sizes: number[];
  parents: number[];
  trajectories: number[][];
  train: number[];
  test: number[];
  unseen: number;
  row: number;
  expected: Record<string, number>;
}

// made by test/reference/make_token_counts_reference.py
const file = new URL("../../../test/reference/token-counts.json", import.meta.url);
const reference = JSON.parse(readFileSync(file, "utf8")) as Reference;
const { expected } = reference;

function toPlaces(trajectories: readonly number[][]): PlaceSequences {
  const offsets = [0];
  for (const cells of trajectories) offsets.push(offsets.at(-1)! + cells.length);
  return { offsets: Uint32Array.from(offsets), cell: Uint32Array.from(trajectories.flat()) };
}

const places = toPlaces(reference.trajectories);
const N = reference.pieces.length;
const visits = countVisits(places, reference.train, N);
const pieces = {
  offsets: Uint32Array.from({ length: N + 1 }, (_, n) => 2 * n),
  tokens: Uint16Array.from(reference.pieces.flat()),
};
const asked = () => checkInsOf(places, reference.test);

test("pieces alone, the previous place and the parents give the perplexities of plain Python", () => {
  const chances = pieceUnigram(pieces, visits, { sizes: reference.sizes, vocabularySize: 18 });
  const stay = stayShare(places, reference.train);
  expect(stay).toBeCloseTo(expected["stay"]!, 12);
  expect(countingPerplexity(places, asked(), { chances })).toBeCloseTo(expected["unigram"]!, 8);
  expect(countingPerplexity(places, asked(), { chances, stay })).toBeCloseTo(
    expected["previous"]!,
    8,
  );
  const backOff = backOffUnigram(visits, {
    parentOf: Uint32Array.from(reference.parents),
    parentCount: 6,
    unseen: reference.unseen,
  });
  expect(countingPerplexity(places, asked(), { chances: backOff })).toBeCloseTo(
    expected["backOff"]!,
    8,
  );
});

test("lengths and what a row cuts off are those of plain Python", () => {
  const { mean, perCheckIn, truncated } = measureTokenLengths(places, pieces, [reference.row]);
  expect(mean).toBeCloseTo(expected["meanTokens"]!, 10);
  expect(perCheckIn).toBe(2);
  expect(truncated[0]!.trajectories).toBeCloseTo(expected["truncatedTrajectories"]!, 10);
  expect(truncated[0]!.checkIns).toBeCloseTo(expected["truncatedCheckIns"]!, 10);
});

test("whole cells by pieces, by visits and by the score's own count are one and the same", () => {
  const table = new CellTableBuilder();
  for (const hash of cellToChildren(latLngToCell(35, 137, 6), 8).slice(0, N)) table.add(hash);
  const flat = createFlat(table.build());
  const { vocabularySize } = flat;
  const byPieces = pieceUnigram(flat.encodeCells(table.build()), visits, {
    sizes: slotSizes(flat),
    vocabularySize,
  });
  const byVisits = cellUnigram(visits, N);
  byVisits.forEach((log, n) => expect(byPieces[n]).toBeCloseTo(log, 12));
  const hidden = Array.from(asked(), ({ at }) => places.cell[at]!);
  expect(countingPerplexity(places, asked(), { chances: byVisits })).toBeCloseTo(
    unigramPerplexity(visits, hidden),
    8,
  );
});

test("chances sum to one: of digits over all cells below the parents, of back-off over the area", () => {
  const parent = latLngToCell(35, 137, 5);
  const table = new CellTableBuilder();
  for (const hash of cellToChildren(parent, 8)) table.add(hash); // all 343
  const cells = table.build();
  const some = Uint32Array.from(cells.hi, (_, n) => (n % 5 === 0 ? n : 0));
  for (const groups of [[3], [1, 2], [1, 1, 1]]) {
    const digits = createDigits({ parents: 5, groups }, cells);
    const { vocabularySize } = digits;
    const sizes = slotSizes(digits);
    const chances = pieceUnigram(digits.encodeCells(cells), some, { sizes, vocabularySize });
    expect(chances.reduce((sum, log) => sum + Math.exp(log), 0)).toBeCloseTo(1, 10);
  }
  const parentOf = Uint32Array.from(cells.hi, (_, n) => Math.floor(n / 49));
  const backOff = backOffUnigram(some, { parentOf, parentCount: 7, unseen: 0.4 });
  expect(backOff.reduce((sum, log) => sum + Math.exp(log), 0)).toBeCloseTo(1, 10);
});

test("what cannot be written has no chance, and then there is no perplexity", () => {
  const broken = { ...pieces, tokens: pieces.tokens.map((token) => (token === 5 ? UNK : token)) };
  const chances = pieceUnigram(broken, visits, { sizes: reference.sizes, vocabularySize: 18 });
  expect(chances[0]).toBeNaN();
  expect(countingPerplexity(places, asked(), { chances })).toBeUndefined();
});

test("the share of unseen cells counts visits, not cells, and is never 0 or 1", () => {
  expect(unseenShare([3, 0, 1], [10, 5, 0])).toBeCloseTo(6 / 17, 12);
  expect(unseenShare([1], [4])).toBeGreaterThan(0);
});
