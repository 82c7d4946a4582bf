import { gridDisk } from "h3-js";
import { afterAll, beforeAll, expect, it } from "vitest";
import { cellCentres, CellTableBuilder } from "../geo/cells";
import { openEngine, type Engine } from "../gpu/engine";
import { createBert, type Bert } from "../model/bert";
import { readBertConfig } from "../model/config";
import { initialiseBert } from "../model/parameters";
import { finish } from "../pace";
import { createRandom } from "../random";
import { createDigits } from "../token/digits";
import { BASELINE_NAMES, countVisits, createBaselines } from "./baselines";
import { evaluateMasked, measureTrainingPerplexity, type MaskedData } from "./masked-evaluation";

const builder = new CellTableBuilder();
gridDisk("882e601a5dfffff", 4).forEach((hash) => builder.add(hash));
const cells = builder.build();
const N = cells.hi.length; // 61
const tokeniser = createDigits({ parents: 6 }, cells);
const pieces = tokeniser.encodeCells(cells);
const random = createRandom(1, "steps");
const sequences = {
  offsets: Uint32Array.from({ length: 41 }, (_, k) => 6 * k),
  cell: Uint32Array.from({ length: 240 }, () => random.integer(N)),
};
const visits = countVisits(sequences, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], N);
const data: MaskedData = {
  centres: cellCentres(cells),
  sequences,
  visits,
  guessers: createBaselines({ table: cells, sequences, visits }),
  test: Array.from({ length: 30 }, (_, k) => 10 + k),
};

let engine: Engine;
let bert: Bert;
beforeAll(async () => {
  engine = await openEngine({ backend: "cpu" });
  const config = readBertConfig({
    model_type: "bert",
    vocab_size: tokeniser.vocabulary.length,
    hidden_size: 8,
    num_hidden_layers: 1,
    num_attention_heads: 2,
    intermediate_size: 16,
    max_position_embeddings: 32,
  });
  bert = createBert(config, initialiseBert(config));
});
afterAll(() => {
  bert.dispose();
  engine.dispose();
});

it("puts a model that knows nothing beside its baselines", async () => {
  const model = { name: "untrained", bert, pieces };
  const options = { count: 20, seed: 5 };
  const rows = await finish(evaluateMasked(data, [model], options));
  expect(rows.map(({ name }) => name)).toEqual([
    "untrained",
    "untrained, middle of its belief",
    ...BASELINE_NAMES,
  ]);
  expect(rows.every(({ scores }) => scores.count === 20)).toBe(true);
  const rowOf = (name: string): (typeof rows)[0] => rows.find((row) => row.name === name)!;
  const [untrained, visits] = [rowOf("untrained"), rowOf("most visited cells")];
  // near uniform over the vocabulary for a piece, and over the 61 cells for a cell
  const V = tokeniser.vocabulary.length;
  expect(untrained.perplexities!.perToken! / V).toBeCloseTo(1, 1);
  expect(untrained.perplexities!.perExistingCell).toBeGreaterThan(N * 0.8);
  expect(untrained.scores.top5).toBeLessThan(0.4);
  expect(visits.perplexities!.perCell).toBeGreaterThan(N * 0.6);
  expect(rowOf("previous place").perplexities).toBeUndefined();
  expect(await finish(evaluateMasked(data, [model], options))).toEqual(rows);
});

it("measures perplexity under the rule of pre-training", async () => {
  const model = { name: "untrained", bert, pieces };
  const perplexities = await finish(measureTrainingPerplexity(data, model, { count: 20, seed: 5 }));
  expect(perplexities.perToken / tokeniser.vocabulary.length).toBeCloseTo(1, 1);
  expect(perplexities.perCell).toBeCloseTo(perplexities.perToken ** 2, 3); // two pieces a cell
});
