import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { SENSITIVE_INFERENCE } from "../papers/sensitive";
import type { CardData } from "./card-layout";
import { modelCard, withCard, type CardFacts } from "./model-card";

const SHIPPED = join(import.meta.dirname, "../../../public/models/japan");
const REFERENCE = join(import.meta.dirname, "../../../test/reference");
const toBytes = (value: unknown): Uint8Array =>
  new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value));

const recipe = {
  preset: "tiny",
  learningRate: 0.002,
  seed: 77,
  budget: { kind: "steps", steps: 9 },
};
const baselines = { frequency: { perplexity: 12.5, cellPerplexity: 2000 }, generationKm: 3 };
const footfall = { recipe, steps: 9, tokens: 4321, seconds: 5, engine: "wasm: SIMD", baselines };
const sizes = { num_hidden_layers: 2, hidden_size: 64, num_attention_heads: 4 };
const log = [
  { step: 0, split: "validation", loss: 9, perplexity: 8103, cellPerplexity: 65_650_000 },
  { step: 3, split: "train", loss: 1, perplexity: 2.5 },
  { step: 6, split: "validation", loss: 2, perplexity: 7.389, cellPerplexity: 54.6 },
  { step: 9, split: "validation", loss: 3, perplexity: 20.09, cellPerplexity: 403.4 },
];
const REAL: CardData = {
  name: "/home/ann/secret/walks.csv",
  isSimulated: false,
  period: { from: "2008-10-23", to: "2009-07-05" },
  rareCells: { k: 5, cells: 1234 },
};
const training = { trajectories: 1000, tokens: 56_789, hash: "0badcafe" };

function cardOf(config: object, rows: readonly object[], data: CardData): string {
  const files = new Map([
    ["config.json", toBytes(config)],
    ["training.jsonl", toBytes(rows.map((one) => `${JSON.stringify(one)}\n`).join(""))],
  ]);
  const written = withCard(files, data, training);
  expect([...written.keys()]).toEqual(["config.json", "training.jsonl", "README.md"]);
  return new TextDecoder().decode(written.get("README.md"));
}

describe("the card of a model", () => {
  it("says data, training and scores of a BERT in a head that Hugging Face reads", () => {
    const card = cardOf({ model_type: "bert", ...sizes, footfall }, log, REAL);
    const [, head] = card.split("---\n");
    expect(head).toContain("pipeline_tag: fill-mask\ntags:\n- bert\n- h3\n");
    expect(head).not.toMatch(/^license/m); // the owner's to choose
    expect(card).toContain("2 layers of 64 with 4 heads, pre-trained from nothing");
    expect(card).toContain(
      "- Name: walks.csv\n- People: real\n- Licence: that of whoever gave the data",
    );
    expect(card).toContain("\n- Period: 2008-10-23 to 2009-07-05 (UTC)\n");
    expect(card).not.toContain("/home");
    expect(card).toContain(
      "1,000 trajectories, 56,789 tokens\n- Hash of the training tokens: `0badcafe`",
    );
    expect(card).toMatch(/9 steps, 4,321 tokens seen, 5 s, seed 77; Footfall [\d.]+, wasm: SIMD/);
    expect(card).toContain("| learningRate | 0.002 |");
    expect(card).toContain("| Validation, before training | 0 | 8,103 | 65,650,000 |");
    expect(card).toContain(
      "| Validation, lowest loss | 6 | 7.389 | 54.6 |\n| Validation, last | 9 | 20.09 | 403.4 |",
    );
    expect(card).toContain("| Without a model: frequency |  | 12.5 | 2,000 |");
    expect(card).toContain(SENSITIVE_INFERENCE);
    expect(card).toMatch(/k is 5: .* fewer than 5 people visited \(1,234 cells of these data\)/);
    expect(card).not.toMatch(/undefined|NaN|null/);
  });

  it("says of a model with tokens for people that it knows them", () => {
    const cardWith = (userTokens: number): string =>
      cardOf(
        { model_type: "bert", ...sizes, footfall: { recipe: { ...recipe, userTokens } } },
        log,
        REAL,
      );
    expect(cardWith(1200)).toContain("knows 1,200 people by number");
    expect(cardWith(0)).not.toContain("by number");
  });

  it("says errors of a GPT on points, beside staying", () => {
    const stay = { persistence: { mse: 0.5, km: 7 } };
    const notes = { recipe, steps: 9, points: 4321, engine: "cpu", baselines: stay };
    const rows = [{ step: 0, split: "validation", loss: 0.25, km: 4.125, generationKm: 12 }];
    const config = { model_type: "footfall-gpt", ...sizes, footfall: notes };
    const card = cardOf(config, rows, { isSimulated: true });
    expect(card).toContain("library_name: footfall\ntags:\n- gpt\n");
    expect(card).toContain("# GPT on points");
    expect(card).toContain("| Validation, before training | 0 | 0.25 | 4.125 | 12 |");
    expect(card).toContain("| Without a model: persistence |  | 0.5 | 7 |  |");
    expect(card).toContain("simulated, nobody real");
    expect(card).not.toMatch(/undefined|NaN|fewer than/);
  });

  it("is what scale/card.py writes of a run of PyTorch", async () => {
    const asked = JSON.parse(await readFile(join(REFERENCE, "card-scale.json"), "utf8")) as Omit<
      CardFacts,
      "data"
    > & { data: CardData & { simulated: boolean } };
    const { simulated: isSimulated, ...data } = asked.data;
    const card = modelCard({ ...asked, data: { ...data, isSimulated } });
    await expect(card).toMatchFileSnapshot(join(REFERENCE, "card-scale.md")); // test_scale.py reads it
  });

  it("ships with the model of the first page, made from its own files", async () => {
    const read = async (name: string): Promise<string> => readFile(join(SHIPPED, name), "utf8");
    const lines = (await read("training.jsonl")).trim().split("\n");
    const card = modelCard({
      config: JSON.parse(await read("config.json")) as Record<string, unknown>,
      log: lines.map((text) => JSON.parse(text) as Record<string, unknown>),
      data: {
        name: "simulated country, large, 300000 residents, seed 123", // docs/model.md
        isSimulated: true,
        period: { from: "2023-04-30", to: "2023-05-31" }, // May in Japan
      },
      training: { trajectories: 210_095, tokens: 25_757_214, hash: "43b94689" },
      program: "scale/train.py with PyTorch, 3 processes",
    });
    await expect(card).toMatchFileSnapshot(join(SHIPPED, "README.md"));
    expect(card).toMatch(/\| Test \| 8,807 \| 17.91 \| 320.9 \|/);
  });
});
