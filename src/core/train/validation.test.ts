import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Engine } from "../gpu/engine";
import { openEngine } from "../gpu/engine";
import { createBert, encode, scoreTokens } from "../model/bert";
import { initialiseBert } from "../model/parameters";
import { createPace } from "../pace";
import { createRandom } from "../random";
import { IGNORED } from "../token/masking";
import type { Corpus } from "../token/read-shards";
import { MASK } from "../token/tokeniser";
import { measureBaselines } from "./baselines";
import type { PretrainConfig } from "./config";
import { PRESETS, toBertConfig } from "./config";
import { disposeBanks } from "../gpu/banks";
import { createLayout, uploadTensors } from "./layout";
import { chooseValidationRows, validate } from "./validation";

const V = 20;
const CONFIG: PretrainConfig = {
  ...PRESETS.tiny,
  width: 16,
  heads: 2,
  innerWidth: 32,
  maxLength: 16,
  maskRate: 0.4,
};

/** Trajectories given as cells, each two pieces: 5 to 9, and 10 to 19. */
function corpusOf(rows: number[][]): Corpus {
  const pieces = (cell: number): [number, number] => [5 + (cell % 5), 10 + (cell % 10)];
  const offsets = rows.map(({ length }) => 2 * length);
  for (let k = 1; k < offsets.length; k++) offsets[k]! += offsets[k - 1]!;
  const tokens = Uint16Array.from(rows.flat().flatMap(pieces));
  return {
    tokens,
    starts: Uint8Array.from(tokens, (_, n) => 1 - (n % 2)),
    offsets: Uint32Array.from([0, ...offsets]),
  };
}

const random = createRandom(2, "rows");
const ROWS = Array.from({ length: 20 }, () =>
  Array.from({ length: 3 + random.integer(4) }, () => random.integer(10)),
);

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine({ backend: "cpu" });
});
afterAll(() => engine.dispose());

/** -log p of the true token at each masked place by the model that only runs forward. */
async function lossesByForward(
  tokens: number[],
  labels: number[],
  tensors: ReturnType<typeof initialiseBert>,
) {
  const bert = createBert(toBertConfig(CONFIG, V), tensors);
  const scores = tf.tidy(() => {
    const rows = { tokens: Int32Array.from(tokens), B: 1, T: tokens.length };
    return tf.log(tf.softmax(scoreTokens(bert, encode(bert, rows)))); // [T, V]
  });
  const logs = await scores.data<"float32">();
  tf.dispose(scores);
  bert.dispose();
  return labels.map((label, at) => (label === IGNORED ? 0 : -logs[at * V + label]!));
}

test("perplexities are those of the forward pass, place by place and piece by piece", async () => {
  const config = toBertConfig(CONFIG, V);
  const tensors = new Map(initialiseBert(config));
  for (const [name, { shape, values }] of tensors) {
    if (shape.length === 2) tensors.set(name, { shape, values: values.map((value) => 15 * value) });
  }
  const rows = chooseValidationRows(corpusOf(ROWS), CONFIG, V, 6);
  const layout = createLayout(config);
  const flat = uploadTensors(layout, tensors);
  const scores = await validate(layout, flat, rows, createPace());
  disposeBanks(flat);
  let [independent, sequential, pieces, cells] = [0, 0, 0, 0];
  for (const { tokens, labels, ordinals } of rows) {
    const [seen, truth] = [Array.from(tokens), Array.from(labels)];
    const losses = await lossesByForward(seen, truth, tensors);
    const filled = seen.map((token, at) => (ordinals[at] === 0 ? truth[at]! : token));
    const later = await lossesByForward(filled, truth, tensors);
    truth.forEach((label, at) => {
      if (label === IGNORED) return;
      expect(seen[at]).toBe(MASK);
      pieces++;
      if (ordinals[at] === 0) cells++;
      independent += losses[at]!;
      sequential += ordinals[at] === 0 ? losses[at]! : later[at]!;
    });
  }
  expect(pieces).toBe(2 * cells);
  expect(scores.maskedCells).toBe(cells);
  expect(scores.perplexity).toBeCloseTo(Math.exp(independent / pieces), 2);
  expect(scores.cellPerplexity / Math.exp(independent / cells)).toBeCloseTo(1, 3);
  expect(scores.sequentialCellPerplexity / Math.exp(sequential / cells)).toBeCloseTo(1, 3);
  expect(sequential).not.toBeCloseTo(independent, 2);
});

test("baselines: frequency counts with one added, persistence knows who stays", async () => {
  const train = corpusOf([
    [1, 1, 1, 1],
    [2, 2, 2, 2],
    [1, 1, 3],
  ]);
  const validation = corpusOf([[1, 1, 1, 1, 1]]);
  const [row] = chooseValidationRows(validation, { ...CONFIG, maskRate: 0.2 }, V, 1);
  const { frequency, persistence } = await measureBaselines(train, [row!], V, createPace());
  expect(frequency.cellPerplexity).toBeCloseTo((11 + 4) / (6 + 1)); // 6 visits of 11, 3 cells and one for the rest
  expect(frequency.perplexity).toBeCloseTo((22 + V) / 7); // pieces 6 and 11 stand 6 times among 22
  expect(persistence.cellPerplexity).toBeLessThan(1.3);
  const moved = corpusOf([[3, 1, 2, 3, 2, 1, 3, 1, 2]]);
  const rows = chooseValidationRows(moved, CONFIG, V, 1);
  const there = await measureBaselines(train, rows, V, createPace());
  expect(there.persistence.cellPerplexity).toBeGreaterThan(2);
});
