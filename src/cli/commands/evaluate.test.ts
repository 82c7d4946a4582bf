import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gridDisk } from "h3-js";
import { afterAll, beforeAll, expect, it } from "vitest";
import { cellHash, CellTableBuilder } from "../../core/geo/cells";
import { bertConfigToJson, readBertConfig } from "../../core/model/config";
import { initialiseBert } from "../../core/model/parameters";
import { writeSafetensors } from "../../core/model/safetensors";
import { createRandom } from "../../core/random";
import { BASELINE_NAMES } from "../../core/task/baselines";
import { createDigits } from "../../core/token/digits";
import { ShardWriter } from "../../core/token/shards";
import { readTokenFolder } from "../evaluate/token-folder";
import { command } from "./evaluate";

const builder = new CellTableBuilder();
gridDisk("882e601a5dfffff", 9).forEach((hash) => builder.add(hash));
const cells = builder.build();
const N = cells.hi.length; // 271
const tokeniser = createDigits({ parents: 5 }, cells);
const random = createRandom(1, "steps");
const trajectories = Array.from({ length: 60 }, () =>
  Uint32Array.from({ length: 5 }, () => random.integer(N)),
);
let folder = "";

/** A folder of tokens, a model of the same vocabulary that has learnt nothing, and a truth. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "footfall-evaluate-"));
  await mkdir(join(folder, "tokens"));
  const V = tokeniser.vocabulary.length;
  const writer = new ShardWriter({
    vocabularySize: V,
    write: (name, bytes) => writeFile(join(folder, "tokens", name), bytes),
  });
  const pieces = tokeniser.encodeCells(cells);
  for (const [k, one] of trajectories.entries())
    await writer.add(k % 3, { cells: one, hours: new Uint8Array(one.length), user: 0 }, pieces);
  const tokens = { splits: await writer.finish(), vocabularySize: V };
  const config = readBertConfig({
    model_type: "bert",
    vocab_size: V,
    hidden_size: 8,
    num_hidden_layers: 1,
    num_attention_heads: 2,
    intermediate_size: 16,
    max_position_embeddings: 16,
  });
  const truth = Array.from({ length: N }, (_, n) => `${cellHash(cells, n)},${n % 5 ? n : ""}`);
  const kinds = Array.from(
    { length: N },
    (_, n) => `${cellHash(cells, n)},${n % 3 ? "shop" : "park"}`,
  );
  const own = Array.from({ length: N }, (_, n) => [cellHash(cells, n), n % 3, n % 7].join("\t"));
  const files = {
    "report.json": JSON.stringify({ name: "test", simulated: false, tokens }),
    "config.json": JSON.stringify(bertConfigToJson(config)),
    "model.safetensors": writeSafetensors(initialiseBert(config)),
    "tokenizer.json": JSON.stringify(tokeniser.toJson()),
    "truth.csv": ["cell,value", ...truth].join("\n"),
    "kinds.csv": ["cell,kind", ...kinds].join("\n"),
    "own.tsv": own.join("\n"),
  };
  for (const [name, data] of Object.entries(files)) await writeFile(join(folder, name), data);
});
afterAll(() => rm(folder, { recursive: true }));

const run = (values: Record<string, string>) =>
  command.run({
    values: { model: folder, tokens: folder, backend: "cpu", count: "10", ...values },
    positionals: [],
    progress: () => undefined,
    note: () => undefined,
    signal: new AbortController().signal,
  });

it("reads the shards back as the cells that went in", async () => {
  const read = await readTokenFolder(folder, tokeniser);
  const hashes = Array.from(read.test.cell, (n) => cellHash(read.cells, n));
  const wanted = trajectories.filter((_, k) => k % 3 === 2).flatMap((one) => [...one]);
  expect(hashes).toEqual(wanted.map((n) => cellHash(cells, n)));
  expect(Array.from(read.test.offsets.subarray(0, 3))).toEqual([0, 5, 10]);
  expect(read.visits.reduce((a, b) => a + b, 0)).toBe(100);
  expect(read.cells.hi.length).toBe(new Set(trajectories.flatMap((one) => [...one])).size);
});

interface Document {
  masked: { name: string }[];
  perplexityAsTrained: Record<"model" | "twin", { perToken: number }>;
  geography: unknown;
  probe: { splits: { split: string; rows: { name: string }[] }[] };
}

it("puts the model beside its baselines, twin and coordinates", async () => {
  const { document, lines } = await run({ truth: join(folder, "truth.csv") });
  const { masked, perplexityAsTrained, geography, probe } = document as Document;
  const names = masked.map(({ name }) => name);
  expect(names).toEqual(["the model", "the model, middle of its belief", ...BASELINE_NAMES]);
  const { model, twin } = perplexityAsTrained;
  expect(model.perToken).toBeCloseTo(twin.perToken, 6); // the model is its own twin here
  expect(geography).toMatchObject({ places: expect.any(Number) });
  const { splits } = probe;
  expect(splits.map(({ split }) => split)).toEqual(["random", "block"]);
  expect(splits[0]!.rows.map(({ name }) => name)).toEqual([
    "pre-trained",
    "randomly initialised twin",
    "coordinates alone",
    "mean",
    "coordinates, other way",
  ]);
  expect(lines.join("\n")).toMatch(/middle of the neighbours/);
});

it("asks for classes, and beside the model embeddings of another program", async () => {
  const truth = join(folder, "kinds.csv");
  const { document } = await run({ truth, embeddings: join(folder, "own.tsv") });
  const { probe } = document as {
    probe: { as: string; splits: { rows: { name: string; scores: { f: number } }[] }[] };
  };
  expect(probe.as).toBe("classes");
  const { rows } = probe.splits[0]!;
  expect(rows[2]!.name).toMatch(/embeddings of 2 numbers from own.tsv/);
  expect(rows[2]!.scores.f).toBeGreaterThan(rows[0]!.scores.f);
  expect(rows.map(({ name }) => name)).toContain("most frequent class");
});

it("says what is wrong in one sentence", async () => {
  await expect(run({ tokens: tmpdir() })).rejects.toThrow(/no report.json/);
  await expect(run({ truth: "population" })).rejects.toThrow(/real people/);
  const other = createDigits({ parents: 6 }, cells);
  await expect(readTokenFolder(folder, other)).rejects.toMatchObject({ code: "weights-mismatch" });
});
