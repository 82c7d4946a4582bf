import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CellTableBuilder } from "../geo/cells";
import { createFlat } from "../token/flat";
import type { FolderReader } from "./folder";
import { openModelFolder, tokeniserOf, writeModelFolder } from "./folder";
import { initialiseBert } from "./parameters";
import { readBertConfig } from "./config";
import { readSafetensors, writeSafetensors } from "./safetensors";

const REFERENCE = join(import.meta.dirname, "../../../test/reference/bert-half");

function onDisk(folder: string): FolderReader {
  return { name: folder, read: (path) => readFile(join(folder, path)).catch(() => undefined) };
}

/** A folder in memory, from the files of another with some replaced. */
async function altered(
  changes: Record<string, string | Uint8Array | undefined>,
): Promise<FolderReader> {
  const disk = onDisk(REFERENCE);
  const encode = (file: string | Uint8Array | undefined): Uint8Array | undefined =>
    typeof file === "string" ? new TextEncoder().encode(file) : file;
  return {
    name: "my-model",
    read: async (path) => (path in changes ? encode(changes[path]) : disk.read(path)),
  };
}

async function configText(changes: object): Promise<string> {
  const text = await readFile(join(REFERENCE, "config.json"), "utf8");
  return JSON.stringify({ ...(JSON.parse(text) as object), ...changes });
}

describe("openModelFolder", () => {
  test("reads a folder that PyTorch wrote at half precision", async () => {
    const { config, tensors, tokeniser, log } = await openModelFolder(onDisk(REFERENCE));
    expect(config).toMatchObject({ vocabularySize: 50, width: 32, layerCount: 3, headCount: 4 });
    expect(tensors.get("bert.embeddings.word_embeddings.weight")!.shape).toEqual([50, 32]);
    expect([tokeniser, log]).toEqual([undefined, []]);
  });

  test.each([
    [{ "config.json": undefined }, "missing-file", "my-model has no config.json"],
    [{ "model.safetensors": undefined }, "missing-file", "my-model has no model.safetensors"],
    [{ "config.json": "{" }, "bad-file", "my-model/config.json is not JSON"],
    [{ "config.json": "{}" }, "weights-mismatch", '"vocab_size" must be a whole number'],
    [{ "config.json": '{"model_type":"gpt2"}' }, "weights-mismatch", '"model_type" is "gpt2"'],
    [{ "model.safetensors": "nonsense, longer than 8" }, "bad-file", "the header should take"],
    [{ "tokenizer.json": "[" }, "bad-file", "my-model/tokenizer.json is not JSON"],
    [{ "training.jsonl": '{"step":1}\n{"loss":2}\n' }, "bad-file", 'line 2 has no "step"'],
  ])("refuses %o", async (changes, code, sentence) => {
    const opening = openModelFolder(await altered(changes));
    await expect(opening).rejects.toMatchObject({
      code,
      message: expect.stringContaining(sentence),
    });
  });

  test("refuses weights of another shape than the configuration says", async () => {
    const opening = openModelFolder(
      await altered({ "config.json": await configText({ vocab_size: 51 }) }),
    );
    await expect(opening).rejects.toThrow(
      '"bert.embeddings.word_embeddings.weight" is [50, 32], config.json asks for [51, 32]',
    );
  });

  test("refuses a folder whose weights lack a layer", async () => {
    const opening = openModelFolder(
      await altered({ "config.json": await configText({ num_hidden_layers: 4 }) }),
    );
    await expect(opening).rejects.toThrow("layer.3.attention.self.query.weight");
  });

  test("refuses a weight that is no number, with its name and place", async () => {
    const weights = await readFile(join(REFERENCE, "model.safetensors"));
    const tensors = new Map(readSafetensors(weights, "there"));
    const name = "bert.encoder.layer.1.output.dense.bias";
    const { shape, values } = tensors.get(name)!;
    tensors.set(name, { shape, values: values.with(3, NaN) });
    const opening = openModelFolder(
      await altered({ "model.safetensors": writeSafetensors(tensors) }),
    );
    await expect(opening).rejects.toMatchObject({
      code: "bad-file",
      message: expect.stringContaining(
        `my-model/model.safetensors: "${name}" holds NaN at place 3; expected numbers only`,
      ),
    });
  });

  test("refuses a weights file that is cut short", async () => {
    const weights = await readFile(join(REFERENCE, "model.safetensors"));
    const opening = openModelFolder(
      await altered({ "model.safetensors": weights.subarray(0, 60_000) }),
    );
    await expect(opening).rejects.toThrow("cut short");
  });

  test("refuses tokens that the weights were not made for", async () => {
    const cells = new CellTableBuilder();
    cells.add("882e601a5dfffff");
    const tokens = JSON.stringify(createFlat(cells.build()).toJson());
    const opening = openModelFolder(await altered({ "tokenizer.json": tokens }));
    await expect(opening).rejects.toMatchObject({
      code: "weights-mismatch",
      message: expect.stringContaining("has 6 tokens, the weights were made for 50"),
    });
  });

  test("says so when the meaning of the tokens is asked for and unknown", async () => {
    const folder = await openModelFolder(onDisk(REFERENCE));
    expect(() => tokeniserOf(folder)).toThrow("nobody knows which cells");
  });
});

test("a written folder reads back as it was", async () => {
  const config = readBertConfig({
    vocab_size: 6,
    hidden_size: 8,
    num_hidden_layers: 1,
    num_attention_heads: 2,
    intermediate_size: 12,
    max_position_embeddings: 10,
    footfall: { seed: 7 },
  });
  const cells = new CellTableBuilder();
  cells.add("882e601a5dfffff");
  const tokeniser = createFlat(cells.build());
  const row = {
    step: 3,
    seconds: 1.5,
    tokens: 96,
    split: "train",
    loss: 2,
    perplexity: 7.4,
  } as const;
  const model = { config, tensors: initialiseBert(config), tokeniser, log: [row] };
  const files = writeModelFolder(model);
  const read = await openModelFolder({ name: "written", read: async (path) => files.get(path) });
  expect(read.config).toEqual({ ...config, notes: { seed: 7, positions: "sinusoidal" } });
  expect(read.tensors).toEqual(model.tensors);
  expect(read.tokeniser!.vocabulary).toEqual(tokeniser.vocabulary);
  expect(read.log).toEqual([row]);
});
