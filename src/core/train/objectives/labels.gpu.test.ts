import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import type { EngineKind } from "../../gpu/engine";
import { disposeBanks, limitTensors, readBanks, sizeOfPart } from "../../gpu/banks";
import { GradientSink } from "../../gpu/gradient-sink";
import { expectAllClose, useTestEngine } from "../../gpu/testing";
import { createPace, finish } from "../../pace";
import { PAPER_ADAPTATION } from "../adapt-config";
import { fineTune } from "../fine-tune";
import { LABELS_REFERENCES, loadLabels } from "../labels.testing";
import { createLabelLayout, uploadTensors, unflattenTensors } from "../layout";
import { predictLabels } from "../predict-labels";
import { decodeFloats } from "../reference.testing";
import { Trainer, installKernels, startState } from "../trainer";
import { labelObjective } from "./labels";
import { runObjective } from "./objective";

/** float32 here against float64 there; the largest gradients are about 1. */
const GRADIENT_TOLERANCE = 1e-5;
/** After 20 steps of 1e-3; the largest parameters are about 2. */
const PARAMETER_TOLERANCE = 2e-5;

/** Those without dropout. */
const PLAIN = LABELS_REFERENCES.filter(({ dropout }) => dropout === undefined);

const BACKENDS: EngineKind[] = ["cpu", "wasm", "webgpu"];
/** Bytes of a bank at most; the last put each matrix into one of its own. */
const CASES: { backend: EngineKind; bytes: number }[] = [
  ...BACKENDS.map((backend) => ({ backend, bytes: Infinity })),
  { backend: "webgpu", bytes: 1000 },
];

describe.each(CASES)("adaptation on $backend, in banks of $bytes bytes", ({ backend, bytes }) => {
  useTestEngine(backend, () => {
    installKernels();
    limitTensors(bytes);
  });

  test.each(PLAIN)("answers as PyTorch does on $model", async (reference) => {
    const { folder, asked } = await loadLabels(reference);
    const before = tf.memory().numTensors;
    const scale = folder.scale && { means: [0, 0], deviations: [1, 1] }; // as PyTorch's logits
    const answers = await finish(predictLabels({ ...folder, scale }, asked));
    expectAllClose(answers, reference.scores, 5e-6);
    expect(tf.memory().numTensors).toBe(before);
  });

  test.each(LABELS_REFERENCES)("has PyTorch's loss and gradients on $model", async (reference) => {
    const { folder, pass } = await loadLabels(reference);
    const layout = createLabelLayout(folder.config, folder.task.count, folder.pooling);
    const before = tf.memory().numTensors;
    const parameters = uploadTensors(layout, folder.tensors); // [P]
    const sink = new GradientSink(parameters);
    const losses = await runObjective(
      labelObjective,
      layout,
      parameters,
      pass,
      createPace(),
      sink,
      reference.dropout,
    );
    const loss = losses.reduce((sum, one, n) => sum + one * pass.weights[n]!, 0);
    const gradients = sink.take(); // [P]
    const found = await readBanks(gradients);
    expect(loss).toBeCloseTo(reference.loss, 5);
    for (const [name, part] of layout.parts) {
      const values = found.subarray(part.start, part.start + sizeOfPart(part));
      expectAllClose(values, decodeFloats(reference.gradients[name]!), GRADIENT_TOLERANCE);
    }
    [parameters, gradients].forEach(disposeBanks);
    expect(tf.memory().numTensors).toBe(before);
  });

  test.each(PLAIN)("takes PyTorch's 20 steps of AdamW on $model", async (reference) => {
    const { folder, pass } = await loadLabels(reference);
    const layout = createLabelLayout(folder.config, folder.task.count, folder.pooling);
    const { learningRate, ...constants } = reference.adamw!;
    const before = tf.memory().numTensors;
    const start = startState(layout, folder.tensors);
    const trainer = new Trainer(layout, labelObjective, constants, start);
    for (const [n, expected] of reference.losses!.entries()) {
      const step = n + 1;
      const { loss, norm } = await trainer.step([pass], { learningRate, step }, createPace());
      expect(loss).toBeCloseTo(expected, 4);
      expect(norm).toBeCloseTo(reference.norms![n]!, 4);
    }
    const { parameters } = await trainer.read();
    trainer.dispose();
    expect(tf.memory().numTensors).toBe(before);
    if (reference.parameters === undefined) return;
    for (const [name, { values }] of unflattenTensors(layout, parameters)) {
      const expected = decodeFloats(reference.parameters[name]!);
      expectAllClose(values, expected, PARAMETER_TOLERANCE);
    }
  });

  test.each(PLAIN)("repeats to the bit on $model, with dropout", async (reference) => {
    const { folder: model, asked } = await loadLabels(reference);
    const rows = { ...asked, labels: reference.labels };
    const { pooling } = model;
    const short = { epochs: 2, batch: 3, learningRate: 1e-3, pooling };
    const config = { ...PAPER_ADAPTATION.trajectory, ...short };
    const run = () =>
      finish(fineTune({ model, task: model.task, train: rows, evaluate: { rows }, config }));
    const before = tf.memory().numTensors;
    const [first, second] = [await run(), await run()];
    expect(second.tensors).toEqual(first.tensors);
    expect(tf.memory().numTensors).toBe(before);
  });
});
