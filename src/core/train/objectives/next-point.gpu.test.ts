import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import type { EngineKind } from "../../gpu/engine";
import { disposeBanks, limitTensors, readBanks, sizeOfPart, uploadBanks } from "../../gpu/banks";
import { GradientSink } from "../../gpu/gradient-sink";
import { expectAllClose, expectNoLeak, useTestEngine } from "../../gpu/testing";
import type { GptReference } from "../../model/gpt/reference.testing";
import { GPT_REFERENCES, loadGpt, rowsOf } from "../../model/gpt/reference.testing";
import { createPace } from "../../pace";
import { createGptLayout } from "../gpt/layout";
import { unflattenTensors } from "../layout";
import { decodeFloats } from "../reference.testing";
import { Trainer, startState } from "../trainer";
import type { NextPointRows } from "./next-point";
import { nextPointObjective, predictRows } from "./next-point";
import { runObjective } from "./objective";

/** float32 here against float64 there. */
const GRADIENT_TOLERANCE = 1e-5;
/** After 20 steps of 1e-3. */
const PARAMETER_TOLERANCE = 2e-5;

/** The stored windows, each point with the next one as its target. */
function trainingRows(reference: GptReference): NextPointRows {
  const rows = rowsOf(reference);
  const { B, T, lengths } = rows;
  const targets = Float32Array.from(reference.windows.map((window) => window.slice(1)).flat(2));
  const count = Array.from(lengths).reduce((sum, length) => sum + length, 0);
  const weights = new Float32Array(B * T);
  for (let b = 0; b < B; b++) weights.fill(1 / count, b * T, b * T + lengths[b]!);
  return { ...rows, targets, weights };
}

async function load(reference: GptReference) {
  const { config, tensors } = await loadGpt(reference);
  const layout = createGptLayout(config);
  return { layout, start: startState(layout, tensors), rows: trainingRows(reference) };
}

const BACKENDS: EngineKind[] = ["cpu", "wasm", "webgpu"];
/** Bytes of a bank at most; the last put each matrix into one of its own. */
const CASES: { backend: EngineKind; bytes: number }[] = [
  ...BACKENDS.map((backend) => ({ backend, bytes: Infinity })),
  { backend: "webgpu", bytes: 1000 },
];

describe.each(CASES)(
  "training on the next point on $backend, in banks of $bytes bytes",
  ({ backend, bytes }) => {
    useTestEngine(backend, () => limitTensors(bytes));

    test.each(GPT_REFERENCES)("has PyTorch's loss and gradients on $model", async (reference) => {
      const { layout, start, rows } = await load(reference);
      const before = tf.memory().numTensors;
      const flat = uploadBanks(start.parameters, layout.spans);
      const sink = new GradientSink(flat);
      const pace = createPace();
      const losses = await runObjective(nextPointObjective, layout, flat, rows, pace, sink);
      const gradients = sink.take();
      const found = await readBanks(gradients);
      const loss = losses.reduce((sum, one, n) => sum + one * rows.weights[n]!, 0);
      expect(loss).toBeCloseTo(reference.loss, 5);
      for (const [name, part] of layout.parts) {
        const values = found.subarray(part.start, part.start + sizeOfPart(part));
        expectAllClose(values, decodeFloats(reference.gradients[name]!), GRADIENT_TOLERANCE);
      }
      const predicted = await predictRows(layout, flat, rows, pace);
      expectAllClose(predicted, reference.predictions.flat(2), 1e-4);
      [flat, gradients].forEach(disposeBanks);
      expect(tf.memory().numTensors).toBe(before);
    });

    test.each(GPT_REFERENCES)(
      "has PyTorch's parameters after 20 steps on $model",
      async (reference) => {
        const { layout, start, rows } = await load(reference);
        const { adamw, losses, norms, parameters } = reference;
        const trainer = new Trainer(layout, nextPointObjective, adamw, start);
        for (let step = 1; step <= losses.length; step++) {
          const how = { learningRate: adamw.learningRate, step };
          const { loss, norm } = await trainer.step([rows], how, createPace());
          expect(loss).toBeCloseTo(losses[step - 1]!, 4);
          expect(norm).toBeCloseTo(norms[step - 1]!, 4);
        }
        const found = unflattenTensors(layout, (await trainer.read()).parameters);
        for (const [name, { values }] of found) {
          expectAllClose(values, decodeFloats(parameters[name]!), PARAMETER_TOLERANCE);
        }
        trainer.dispose();
      },
    );

    test("holds no more tensors and no more of the pool after a second pass", async () => {
      const { layout, start, rows } = await load(GPT_REFERENCES[0]!);
      const flat = uploadBanks(start.parameters, layout.spans);
      await expectNoLeak(async () => {
        const sink = new GradientSink(flat);
        await runObjective(nextPointObjective, layout, flat, rows, createPace(), sink);
        const gradients = sink.take();
        await readBanks(gradients);
        disposeBanks(gradients);
      });
      disposeBanks(flat);
    });
  },
);
