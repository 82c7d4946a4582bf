import { afterAll, beforeAll, expect, test } from "vitest";
import type { Engine } from "../gpu/engine";
import { openEngine } from "../gpu/engine";
import { expectAllClose, expectNoLeak } from "../gpu/testing";
import { finish } from "../pace";
import type { Bert } from "./bert";
import { createBert, encode, scoreTokens } from "./bert";
import type { DecodeOptions, Decoded } from "./decode";
import { decodeMasked } from "./decode";
import { decodeFreely } from "./decode-free";
import { hideCheckIn } from "./masked-target";
import { loadReference } from "./reference.testing";
import { logSumExp, measurePerplexities } from "./scores";

/** Three pieces each, from 18 tokens of the 50; cell 4 has two and can never be guessed. */
const CELLS = [
  [5, 20, 30],
  [5, 20, 31],
  [5, 21, 30],
  [6, 20, 33],
  [7, 22],
  [6, 22, 30],
  [7, 20, 30],
  [7, 20, 31],
  [7, 20, 32],
  [8, 23, 34],
];
const pieces = {
  offsets: Uint32Array.from({ length: 11 }, (_, n) => CELLS.slice(0, n).flat().length),
  tokens: Uint16Array.from(CELLS.flat()),
};
const THREE = CELLS.flatMap((cell, n) => (cell.length === 3 ? [n] : []));

let engine: Engine;
let bert: Bert;
beforeAll(async () => {
  engine = await openEngine({ backend: "cpu" });
  const { config, tensors } = await loadReference("bert-half");
  bert = createBert(config, tensors);
});
afterAll(() => {
  bert.dispose();
  engine.dispose();
});

async function decode(target: number, options: DecodeOptions): Promise<Decoded> {
  const masked = hideCheckIn(pieces, [0, 3, 8], { target, maxTokens: 12 });
  const run = decodeMasked(bert, pieces, [masked], options);
  for (;;) {
    const step = await run.next();
    if (step.done === true) return step.value[0]!;
  }
}

/** Vocabulary scores at one position of one row. */
async function scoresAt(row: number[], position: number): Promise<Float32Array> {
  const hidden = encode(
    bert,
    { tokens: Int32Array.from(row), B: 1, T: row.length },
    Int32Array.of(position),
  );
  const logits = scoreTokens(bert, hidden);
  const values = await logits.data<"float32">();
  hidden.dispose();
  logits.dispose();
  return values;
}

/** log p(cell), one piece after the other, by running every cell on its own. */
async function bruteForce(cell: number[]): Promise<{ existing: number; nats: number[] }> {
  const nats: number[] = [];
  let existing = 0;
  for (const [j, piece] of cell.entries()) {
    const open = [...cell.slice(0, j), 4, 4, 4].slice(0, 3);
    const scores = await scoresAt([2, 5, 20, 30, ...open, 7, 20, 32, 3], 4 + j);
    const follows = (other: number[]): boolean =>
      other.length === 3 && other.slice(0, j).every((token, n) => token === cell[n]);
    const siblings = new Set(CELLS.filter(follows).map((other) => other[j]!));
    nats.push(logSumExp(scores) - scores[piece]!);
    existing += logSumExp(Float32Array.from(siblings, (token) => scores[token]!)) - scores[piece]!;
  }
  return { existing, nats };
}

test("gives every existing cell the product of its pieces' probabilities", async () => {
  const { guesses } = await decode(1, { beam: 99, top: 99, minShare: 0 });
  expect(guesses.map(({ cell }) => cell).sort((a, b) => a - b)).toEqual(THREE);
  const expected = await Promise.all(guesses.map(({ cell }) => bruteForce(CELLS[cell]!)));
  expectAllClose(
    guesses.map(({ probability }) => probability),
    expected.map(({ existing }) => Math.exp(-existing)),
    1e-5,
  );
  expect(guesses.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 5);
});

test("judges the true cell alike with and without a beam", async () => {
  const expected = await bruteForce(CELLS[3]!);
  for (const beam of [0, 1, 99]) {
    const decoded = await decode(1, { beam, top: 99, minShare: 0 });
    expectAllClose(decoded.pieceNats, expected.nats, 1e-4);
    expect(decoded.nats).toBeCloseTo(expected.existing, 4);
    if (beam === 0) expect(decoded.guesses).toEqual([]);
    if (beam === 99) expect(decoded.guesses[decoded.rank]!.cell).toBe(3);
  }
});

test("follows only beginnings worth it and says how much that covers", async () => {
  const all = await decode(1, { beam: 99, top: 99, minShare: 0 });
  const some = await decode(1, { beam: 1, top: 99 });
  expect(all.followed).toBeCloseTo(1, 5);
  expect(some.followed).toBeLessThan(1);
  const kept = some.guesses.map(({ cell }) => CELLS[cell]!.slice(0, 2).join());
  expect(new Set(kept).size).toBe(1);
});

test("multiplies the pieces of one pass when they are drawn independently", async () => {
  const { guesses, pieceNats } = await decode(1, { way: "independent", top: 99 });
  const row = [2, 5, 20, 30, 4, 4, 4, 7, 20, 32, 3];
  const scores = await Promise.all([4, 5, 6].map((position) => scoresAt(row, position)));
  const log = THREE.map((cell) =>
    CELLS[cell]!.reduce((sum, piece, j) => sum + scores[j]![piece]!, 0),
  );
  const total = logSumExp(Float32Array.from(log));
  guesses.forEach(({ cell, probability }) => {
    expect(probability).toBeCloseTo(Math.exp(log[THREE.indexOf(cell)]! - total), 5);
  });
  expectAllClose(
    pieceNats,
    CELLS[3]!.map((piece, j) => logSumExp(scores[j]!) - scores[j]![piece]!),
    1e-4,
  );
});

test("guesses cells of as many pieces as are masked", async () => {
  const masked = hideCheckIn(pieces, [0, 4, 8], { target: 1, maxTokens: 12 });
  const run = decodeMasked(bert, pieces, [masked]);
  let step = await run.next();
  while (step.done !== true) step = await run.next();
  expect(step.value[0]!.guesses).toEqual([{ cell: 4, probability: 1 }]);
});

test("keeps the order of targets with different numbers of pieces, and leaks nothing", async () => {
  await expectNoLeak(async () => {
    const options = { maxTokens: 12 };
    const targets = [4, 0, 4, 9].map((cell) =>
      hideCheckIn(pieces, [cell, 1], { target: 0, ...options }),
    );
    const run = decodeMasked(bert, pieces, targets, { beam: 2 });
    let step = await run.next();
    while (step.done !== true) step = await run.next();
    expect(step.value.map(({ pieceNats }) => pieceNats.length)).toEqual([2, 3, 2, 3]);
    expect(measurePerplexities(step.value).perCell).toBeGreaterThan(1);
  });
});

test("stops when asked", async () => {
  const masked = hideCheckIn(pieces, [0, 3], { target: 1, maxTokens: 12 });
  const run = decodeMasked(bert, pieces, [masked], { signal: AbortSignal.abort() });
  await expect(run.next()).rejects.toMatchObject({ code: "stopped" });
});

test.each([
  { of: "all", end: 50 },
  { of: "those in front of the extra tokens", end: 20 },
])(
  "without the rule each piece is the likeliest of $of, and what is no cell is told",
  async ({ end }) => {
    const targets = [0, 1, 2].map((target) =>
      hideCheckIn(pieces, [0, 4, 8], { target, maxTokens: 12 }),
    );
    const best = (scores: Float32Array): number =>
      scores.indexOf(Math.max(...scores.subarray(0, end)));
    const expected: number[][] = [];
    for (const { tokens, at, k } of targets) {
      const row = [...tokens];
      for (let j = 0; j < k; j++) row[at + j] = best(await scoresAt(row, at + j));
      expected.push(row.slice(at, at + k));
    }
    const run = async (cells: number[][]): Promise<number[]> => {
      const table = {
        offsets: Uint32Array.from({ length: cells.length + 1 }, (_, n) =>
          cells.slice(0, n).reduce((sum, { length }) => sum + length, 0),
        ),
        tokens: Uint16Array.from(cells.flat()),
        extras: { users: 1, times: "none", first: end } as const,
      };
      return finish(decodeFreely(bert, table, targets));
    };
    expect(await run(CELLS)).toEqual([-1, -1, -1]); // of random weights nothing is a cell
    expect(await run([CELLS[0]!, ...expected])).toEqual([1, 2, 3]);
  },
);
