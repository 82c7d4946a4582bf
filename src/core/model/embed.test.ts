import { afterAll, beforeAll, expect, test } from "vitest";
import type { Engine } from "../gpu/engine";
import { openEngine } from "../gpu/engine";
import { expectAllClose, expectNoLeak } from "../gpu/testing";
import type { Progress } from "../pace";
import type { Bert } from "./bert";
import { createBert, encode } from "./bert";
import { embedCells } from "./embed";
import { loadReference } from "./reference.testing";

/** One, two and three pieces, mixed. */
const CELLS = [[5, 20], [7], [6, 21, 33], [5, 22], [9], [5, 20]];
const pieces = {
  offsets: Uint32Array.of(0, 2, 3, 6, 8, 9, 11),
  tokens: Uint16Array.from(CELLS.flat()),
};

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

async function embed(options: Parameters<typeof embedCells>[2] = {}) {
  const work = embedCells(bert, pieces, options);
  const reports: Progress[] = [];
  for (;;) {
    const step = await work.next();
    if (step.done === true) return { vectors: step.value, reports };
    reports.push(step.value);
  }
}

/** The mean over a cell's pieces of a row run on its own. */
async function alone(cell: number[]): Promise<number[]> {
  const tokens = Int32Array.of(2, ...cell, 3);
  const hidden = encode(bert, { tokens, B: 1, T: tokens.length });
  const values = await hidden.data<"float32">();
  hidden.dispose();
  const C = bert.config.width;
  return Array.from({ length: C }, (_, c) => {
    const sum = cell.reduce((total, _piece, j) => total + values[(1 + j) * C + c]!, 0);
    return sum / cell.length;
  });
}

test("a cell is the mean of its pieces in the last layer, whatever its number of pieces", async () => {
  const { vectors, reports } = await embed();
  const expected = await Promise.all(CELLS.map(alone));
  expectAllClose(vectors, expected.flat(), 1e-5);
  expect(reports.at(-1)).toMatchObject({ done: 6, total: 6, unit: "cells" });
});

test("wanted cells come in the order in which they are wanted", async () => {
  const { vectors } = await embed({ cells: [2, 1, 2] });
  const expected = await Promise.all([2, 1, 2].map((cell) => alone(CELLS[cell]!)));
  expectAllClose(vectors, expected.flat(), 1e-5);
});

test("leaks nothing and stops when asked", async () => {
  await expectNoLeak(() => embed());
  await expect(embed({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "stopped" });
});

test("refuses a cell without pieces", async () => {
  const empty = { offsets: Uint32Array.of(0, 0), tokens: new Uint16Array() };
  await expect(embedCells(bert, empty).next()).rejects.toThrow("a cell of 0 pieces");
});
