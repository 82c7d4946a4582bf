import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import { gridDisk, latLngToCell } from "h3-js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readNpy } from "../../core/data/columnar/npy";
import { CellTableBuilder } from "../../core/geo/cells";
import { readBertConfig } from "../../core/model/config";
import { writeModelFolder } from "../../core/model/folder";
import { initialiseBert } from "../../core/model/parameters";
import { createDigits } from "../../core/token/digits";
import type { Command } from "../command";
import { command as embed } from "./embed";
import { command as forward } from "./forward";
import { command as predict } from "./predict";

const REFERENCE = join(import.meta.dirname, "../../../test/reference");
const CELLS = gridDisk(latLngToCell(35.68, 139.76, 8), 3);
const FAR = latLngToCell(43.06, 141.35, 8);

let folder = "";
const inFolder = (name: string): string => join(folder, name);

async function writeModel(to = folder, footfall: object = {}): Promise<void> {
  await mkdir(to, { recursive: true });
  const builder = new CellTableBuilder();
  CELLS.forEach((cell) => builder.add(cell));
  const tokeniser = createDigits({}, builder.build());
  const config = readBertConfig({
    vocab_size: tokeniser.vocabulary.length,
    hidden_size: 16,
    num_hidden_layers: 1,
    num_attention_heads: 2,
    intermediate_size: 32,
    max_position_embeddings: 32,
    initializer_range: 0.5,
    footfall,
  });
  const files = writeModelFolder({ config, tensors: initialiseBert(config), tokeniser, log: [] });
  for (const [name, bytes] of files) await writeFile(join(to, name), bytes);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "footfall-model-"));
  await writeModel();
  const { ids } = JSON.parse(await readFile(join(REFERENCE, "bert-padded.json"), "utf8")) as {
    ids: number[][];
  };
  await writeFile(inFolder("ids.json"), JSON.stringify(ids));
  await writeFile(inFolder("cells.csv"), `cell\n${[...CELLS, FAR].join("\n")}\n`);
  await writeFile(inFolder("walk.json"), JSON.stringify({ cells: CELLS.slice(0, 8) }));
});
afterAll(() => rm(folder, { recursive: true }));

async function run(command: Command, values: Record<string, string>) {
  const notes: string[] = [];
  const { document } = await command.run({
    values: { model: folder, backend: "cpu", ...values },
    positionals: [],
    progress: () => undefined,
    note: (line) => notes.push(line),
    signal: new AbortController().signal,
  });
  return { document, notes };
}

describe("forward", () => {
  const model = join(REFERENCE, "bert-padded");

  test("an adapted model gives its own answers, as PyTorch computed them", async () => {
    const text = await readFile(join(REFERENCE, "labels-classes.json"), "utf8");
    const { rows, scores } = JSON.parse(text) as { rows: number[][]; scores: number[] };
    await writeFile(inFolder("rows.json"), JSON.stringify(rows));
    const out = inFolder("adapted");
    const asked = { model: join(REFERENCE, "labels-classes"), input: inFolder("rows.json"), out };
    const { document } = await run(forward, { ...asked, backend: "wasm" });
    expect(document).toMatchObject({
      answers: [5, 3],
      names: ["answer 0", "answer 1", "answer 2"],
    });
    expect(await readdir(out)).toEqual(["answers.npy", "hidden.npy"]);
    const { values } = readNpy(new Uint8Array(await readFile(join(out, "answers.npy"))));
    scores.forEach((score, n) => expect(values[n]).toBeCloseTo(score, 4));
  });

  test.each(["cpu", "wasm"])("writes what PyTorch computed, on %s", async (backend) => {
    const out = inFolder(`out-${backend}`);
    await run(forward, { model, input: inFolder("ids.json"), out, backend });
    const reference = JSON.parse(await readFile(join(REFERENCE, "bert-padded.json"), "utf8")) as {
      hidden: number[][][][];
      logits: number[][][];
    };
    for (const [name, expected] of [
      ["hidden.npy", reference.hidden.at(-1)!],
      ["logits.npy", reference.logits],
    ] as const) {
      const { shape, values } = readNpy(new Uint8Array(await readFile(join(out, name))));
      expect(shape).toEqual([3, 8, expected[0]![0]!.length]);
      expect(values).toBeInstanceOf(Float32Array);
      const worst = expected
        .flat(2)
        .reduce((max, x, n) => Math.max(max, Math.abs(x - values[n]!)), 0);
      expect(worst).toBeLessThan(1e-4);
    }
  });

  test.each([
    ['{"a":1}', "bad-input", "expected rows of token ids"],
    ["[[2,3],7]", "bad-input", "row 1: expected a list of token ids, found 7"],
    ['[[2,"x"]]', "bad-input", 'row 0, position 1: expected a token id, found "x"'],
    [
      "[[2,23]]",
      "token-out-of-range",
      "row 0, position 1: token 23 is outside the vocabulary (0 to 22)",
    ],
    ["[]", "bad-input", "expected rows of token ids"],
    ["[[]]", "bad-input", "there are no tokens to run"],
    [
      `[[${"2,".repeat(40)}3]]`,
      "bad-input",
      "a sequence of 41 tokens is longer than the model's 16 positions",
    ],
    ["[", "bad-file", "is not JSON"],
  ])("refuses %s and writes nothing", async (text, code, sentence) => {
    await writeFile(inFolder("bad.json"), text);
    const before = await readdir(folder);
    const running = run(forward, { model, input: inFolder("bad.json"), out: inFolder("never") });
    await expect(running).rejects.toMatchObject({
      code,
      message: expect.stringContaining(sentence),
    });
    expect(await readdir(folder)).toEqual(before);
  });
});

describe("embed", () => {
  test("writes one row a cell and leaves out those that have no tokens", async () => {
    const out = inFolder("cells.parquet");
    const { document, notes } = await run(embed, { cells: inFolder("cells.csv"), out });
    expect(document).toMatchObject({ cells: CELLS.length, leftOut: 1, width: 16 });
    expect(notes).toEqual(["1 cells are left out: the model has no tokens for them"]);
    const rows = await parquetReadObjects({ file: await asyncBufferFromFile(out) });
    expect(rows.map((row) => row["cell"])).toEqual(CELLS);
    const lengths = rows.map((row) => (row["embedding"] as number[]).length);
    expect(new Set(lengths)).toEqual(new Set([16]));
    expect(new Set(rows.map((row) => String(row["embedding"]))).size).toBe(CELLS.length);
  });
});

describe("predict", () => {
  const values = { mask: "2", top: "3" };

  test("lists the likeliest cells, whose probabilities and the truth's agree", async () => {
    const all = {
      mask: "2",
      top: "40",
      cells: inFolder("cells.csv"),
      trajectory: inFolder("walk.json"),
    };
    const { document } = await run(predict, all);
    const { guesses, truth } = document as {
      guesses: { cell: string; probability: number; km: number }[];
      truth: { cell: string; probability: number };
    };
    expect(guesses).toHaveLength(CELLS.length);
    expect(guesses.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 4);
    const guessed = guesses.find(({ cell }) => cell === CELLS[2])!;
    expect(truth).toEqual({ cell: CELLS[2], probability: expect.closeTo(guessed.probability, 6) });
    expect(guessed.km).toBe(0);
  });

  test("without a file of cells guesses among all that the tokens can write", async () => {
    const { document } = await run(predict, { ...values, trajectory: inFolder("walk.json") });
    expect(document).toMatchObject({ mask: 2, candidates: expect.any(Number) });
    expect((document as { guesses: unknown[] }).guesses).toHaveLength(3);
  });

  test("tells a model that knows times the hour of each check-in", async () => {
    const timed = inFolder("timed");
    await writeModel(timed, { times: true });
    const cells = CELLS.slice(0, 8);
    const guess = async (name: string, times: string[] | undefined, model = timed) => {
      await writeFile(inFolder(name), JSON.stringify({ cells, times }));
      const all = { ...values, model, trajectory: inFolder(name) };
      const { document, notes } = await run(predict, all);
      return { notes, truth: (document as { truth: { probability: number } }).truth.probability };
    };
    const at = (time: string): string[] => cells.map(() => time);
    const [untimed, morning, elsewhere, evening] = [
      await guess("untimed.json", undefined),
      await guess("morning.json", at("2023-05-01T08:10")),
      await guess("elsewhere.json", at("2023-05-08 08:50:00+09:00")),
      await guess("evening.json", at("2023-05-01T20:10")),
    ];
    expect(untimed.notes).toEqual([expect.stringContaining('give "times" beside "cells"')]);
    expect(morning.notes).toEqual([]);
    expect(elsewhere.truth).toBe(morning.truth); // another Monday after eight
    expect(new Set([untimed.truth, morning.truth, evening.truth]).size).toBe(3);
    const deaf = await guess("deaf.json", at("2023-05-01T08:10"), folder);
    expect(deaf.notes).toEqual(['the model knows no times: "times" change nothing']);
    await expect(guess("few.json", ["2023-05-01T08:10"])).rejects.toThrow("as cells, 8, found 1");
    await expect(guess("no.json", at("8 o'clock"))).rejects.toThrow(/check-in 0: .* "8 o'clock"/);
  });

  test("says what is wrong", async () => {
    await writeFile(inFolder("odd.json"), '{"cells":["88","x"]}');
    const odd = run(predict, { ...values, trajectory: inFolder("odd.json") });
    await expect(odd).rejects.toThrow('check-in 0: "88" is not an H3 cell');
    const outside = run(predict, { mask: "8", trajectory: inFolder("walk.json") });
    await expect(outside).rejects.toThrow("--mask 8: expected a whole number from 0 to 7");
    const model = join(REFERENCE, "bert-half");
    const bare = run(predict, { ...values, model, trajectory: inFolder("walk.json") });
    await expect(bare).rejects.toMatchObject({ code: "missing-file" });
  });
});
