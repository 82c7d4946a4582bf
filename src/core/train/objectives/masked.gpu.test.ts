import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import type { EngineKind } from "../../gpu/engine";
import type { Banks, Part } from "../../gpu/banks";
import {
  cutPart,
  disposeBanks,
  limitTensors,
  readBanks,
  sizeOfPart,
  uploadBanks,
} from "../../gpu/banks";
import { GradientSink } from "../../gpu/gradient-sink";
import { installTrainingKernels } from "../../gpu/kernels/training/install";
import { installGpuTrainingKernels } from "../../gpu/kernels/webgpu/install";
import { expectAllClose, expectNoLeak, useTestEngine } from "../../gpu/testing";
import { createPace } from "../../pace";
import { loadReference } from "../../model/reference.testing";
import { createLayout, unflattenTensors } from "../layout";
import type { MaskedRows } from "./masked";
import { maskedObjective } from "./masked";
import { Trainer, startState } from "../trainer";
import { runObjective } from "./objective";
import type { TrainingReference } from "../reference.testing";
import { TRAINING_REFERENCES, decodeFloats } from "../reference.testing";

/** float32 here against float64 there; the largest gradients are about 1. */
const GRADIENT_TOLERANCE = 1e-5;
/** After 20 steps of 1e-3; the largest parameters are about 2. */
const PARAMETER_TOLERANCE = 2e-5;

/** The stored rows as the pass wants them; places are filled up to a multiple of 4. */
function toMaskedRows(ids: number[][], labels: number[][]): MaskedRows {
  const flat = labels.flat();
  const places = flat.flatMap((label, n) => (label < 0 ? [] : [n]));
  const M = Math.ceil(places.length / 4) * 4;
  const weights = new Float32Array(M).fill(1 / places.length, 0, places.length);
  const at = (n: number): number => places[n] ?? 0;
  return {
    tokens: Int32Array.from(ids.flat()),
    B: ids.length,
    T: ids[0]!.length,
    places: Int32Array.from({ length: M }, (_, n) => at(n)),
    labels: Int32Array.from({ length: M }, (_, n) => Math.max(0, flat[at(n)]!)),
    weights,
  };
}

async function load(reference: TrainingReference) {
  const { reference: bert, config, tensors } = await loadReference(reference.model);
  const layout = createLayout(config);
  return {
    layout,
    start: startState(layout, tensors),
    rows: toMaskedRows(bert.ids, bert.labels),
  };
}

function meanOf(losses: Float32Array, { weights }: MaskedRows): number {
  return losses.reduce((sum, loss, n) => sum + loss * weights[n]!, 0);
}

function expectSplit(parameters: Banks, words: Part): void {
  expect(parameters.tensors.length).toBeGreaterThan(4);
  expect(cutPart(parameters, words).length).toBeGreaterThan(1);
}

/** Bytes that put half of the words, and each matrix, into a bank of its own. */
const SPLIT = 1000;
const BACKENDS: EngineKind[] = ["cpu", "wasm", "webgpu"];
const CASES = BACKENDS.flatMap((backend) => [
  { backend, bytes: Infinity },
  { backend, bytes: SPLIT },
]);

describe.each(CASES)("training on $backend, in banks of $bytes bytes", ({ backend, bytes }) => {
  useTestEngine(backend, () => {
    limitTensors(bytes);
    if (backend === "wasm") installTrainingKernels();
    if (backend === "webgpu") installGpuTrainingKernels();
  });

  test.each(TRAINING_REFERENCES)(
    "has PyTorch's loss and gradients on $model",
    async (reference) => {
      const { layout, start, rows } = await load(reference);
      const before = tf.memory().numTensors;
      const parameters = uploadBanks(start.parameters, layout.spans);
      if (bytes === SPLIT) expectSplit(parameters, layout.embedding.words);
      const sink = new GradientSink(parameters);
      const losses = await runObjective(
        maskedObjective,
        layout,
        parameters,
        rows,
        createPace(),
        sink,
      );
      const gradients = sink.take();
      const found = await readBanks(gradients);
      expect(meanOf(losses, rows)).toBeCloseTo(reference.loss, 5);
      for (const [name, part] of layout.parts) {
        const values = found.subarray(part.start, part.start + sizeOfPart(part));
        expectAllClose(values, decodeFloats(reference.gradients[name]!), GRADIENT_TOLERANCE);
      }
      [parameters, gradients].forEach(disposeBanks);
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  test("holds no more tensors and no more of the pool after a second pass", async () => {
    const { layout, start, rows } = await load(TRAINING_REFERENCES[0]!);
    const parameters = uploadBanks(start.parameters, layout.spans);
    await expectNoLeak(async () => {
      const sink = new GradientSink(parameters);
      await runObjective(maskedObjective, layout, parameters, rows, createPace(), sink);
      const gradients = sink.take();
      await readBanks(gradients);
      disposeBanks(gradients);
    });
    disposeBanks(parameters);
  });

  test.each(TRAINING_REFERENCES.filter(({ adamw }) => adamw))(
    "has PyTorch's parameters after 20 steps of AdamW on $model",
    async ({ model, adamw, losses, norms, parameters, ...rest }) => {
      const { layout, start, rows } = await load({ model, ...rest });
      const { learningRate, ...constants } = adamw!;
      const trainer = new Trainer(layout, maskedObjective, constants, start);
      for (let step = 1; step <= losses!.length; step++) {
        const { loss, norm } = await trainer.step([rows], { learningRate, step }, createPace());
        expect(loss).toBeCloseTo(losses![step - 1]!, 4);
        expect(norm).toBeCloseTo(norms![step - 1]!, 4);
      }
      const found = unflattenTensors(layout, (await trainer.read()).parameters);
      trainer.dispose();
      for (const [name, { values }] of found) {
        expectAllClose(values, decodeFloats(parameters![name]!), PARAMETER_TOLERANCE);
      }
    },
  );
});
