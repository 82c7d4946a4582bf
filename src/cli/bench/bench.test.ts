import * as onnx from "onnxruntime-web";
import { expect, test } from "vitest";
import { loadReference, REFERENCE_NAMES } from "../../core/model/reference.testing";
import { median } from "./median";
import { bertToOnnx } from "./onnx-bert";
import { measureTokenise } from "./tokenise";

/** Both sides compute in 32 bits, in other orders. */
const LOGIT_TOLERANCE = 1e-4;

test.each(REFERENCE_NAMES)("%s as an ONNX file gives PyTorch's logits", async (name) => {
  const { reference, config, tensors } = await loadReference(name);
  const [B, T] = [reference.ids.length, reference.ids[0]!.length];
  onnx.env.wasm.numThreads = 1;
  const session = await onnx.InferenceSession.create(bertToOnnx(config, tensors, { B, T }));
  const ids = new onnx.Tensor("int32", Int32Array.from(reference.ids.flat()), [B, T]);
  const { logits } = await session.run({ ids });
  const values = (await logits!.getData()) as Float32Array;
  const V = config.vocabularySize;
  const expected = reference.logits.flat();
  const differences = reference.ids.flat().map((id, n) => {
    if (id === 0) return 0; // what stands at padding means nothing
    return Math.max(...expected[n]!.map((logit, v) => Math.abs(logit - values[n * V + v]!)));
  });
  expect(differences).toHaveLength(B * T);
  expect(Math.max(...differences)).toBeLessThan(LOGIT_TOLERANCE);
});

test("the plain loop and the columns make the same tokens", async () => {
  const bench = { points: 10_000, runs: 1, seed: 123, adapter: undefined };
  const { tokens, ways } = await measureTokenise(bench); // throws where they differ
  expect(tokens).toBeGreaterThan(10_000);
  expect(ways.map(({ way }) => way)).toEqual(["plain", "processor", "whole"]);
  expect(ways.every(({ ratio }) => ratio > 0)).toBe(true);
});

test("the median of an even number of values lies between the two in the middle", () => {
  expect(median([4, 1, 3])).toBe(3);
  expect(median([4, 1, 2, 30])).toBe(3);
});
