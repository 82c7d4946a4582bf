import { expect, test } from "vitest";
import { bertConfigToJson, readBertConfig } from "./config";
import { bertShapes, countParameters, initialiseBert } from "./parameters";

const config = readBertConfig({
  vocab_size: 2566,
  hidden_size: 128,
  num_hidden_layers: 4,
  num_attention_heads: 4,
  intermediate_size: 512,
  max_position_embeddings: 128,
});

test("has the tensors of a BertForMaskedLM", () => {
  const shapes = new Map(bertShapes(config));
  expect(shapes.size).toBe(5 + 4 * 16 + 5);
  expect(shapes.get("bert.encoder.layer.3.intermediate.dense.weight")).toEqual([512, 128]);
  expect(shapes.get("cls.predictions.transform.LayerNorm.bias")).toEqual([128]);
  expect(countParameters(config)).toBe(1_157_766);
});

test("the twin is drawn from N(0, 0.02), the same for the same seed and different for another", () => {
  const twin = initialiseBert(config);
  const words = twin.get("bert.embeddings.word_embeddings.weight")!.values;
  const mean = words.reduce((sum, x) => sum + x, 0) / words.length;
  const deviation = Math.sqrt(words.reduce((sum, x) => sum + (x - mean) ** 2, 0) / words.length);
  expect(Math.abs(mean)).toBeLessThan(4 * (0.02 / Math.sqrt(words.length)));
  expect(deviation).toBeCloseTo(0.02, 4);
  const small = { ...config, vocabularySize: 9, width: 4, layerCount: 1, innerWidth: 8 };
  expect(initialiseBert(small, 123)).toEqual(initialiseBert(small));
  expect(initialiseBert(small, 124)).not.toEqual(initialiseBert(small));
});

test("biases start at 0, normalisations at 1 and 0", () => {
  for (const [name, { values }] of initialiseBert(config)) {
    if (name.endsWith("LayerNorm.weight")) expect(new Set(values)).toEqual(new Set([1]));
    else if (name.endsWith("bias")) expect(new Set(values)).toEqual(new Set([0]));
  }
});

test("positions start as sines and cosines of the same strength as the other weights", () => {
  const name = "bert.embeddings.position_embeddings.weight";
  const { values } = initialiseBert(config).get(name)!;
  expect(values.slice(0, 4)).toEqual(Float32Array.of(0, 0.02 * Math.SQRT2, 0, 0.02 * Math.SQRT2));
  expect(values[3 * 128]).toBeCloseTo(0.02 * Math.SQRT2 * Math.sin(3), 7);
  const power = values.reduce((sum, x) => sum + x * x, 0) / values.length;
  expect(Math.sqrt(power)).toBeCloseTo(0.02, 7);
  const recipe = { recipe: { positions: "normal" } }; // as scale/ writes it
  const json = { ...bertConfigToJson(config), footfall: recipe };
  expect(initialiseBert(readBertConfig(json)).get(name)!.values).not.toEqual(values);
});
