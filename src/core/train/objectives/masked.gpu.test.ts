import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import type { EngineKind } from "../../gpu/engine";
import { GradientSink, sizeOfPart } from "../../gpu/gradient-sink";
import { installTrainingKernels } from "../../gpu/kernels/training/install";
import { installGpuTrainingKernels } from "../../gpu/kernels/webgpu/install";
import { expectAllClose, expectNoLeak, useTestEngine } from "../../gpu/testing";
import { sumOfSquares } from "../../gpu/training/squares";
import { createPace } from "../../pace";
import { loadReference } from "../../model/reference.testing";
import type { AdamwState } from "../adamw";
import { stepAdamw } from "../adamw";
import { createLayout, flattenTensors, unflattenTensors } from "../layout";
import type { MaskedRows } from "./masked";
import { maskedObjective } from "./masked";
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
    flat: flattenTensors(layout, tensors),
    rows: toMaskedRows(bert.ids, bert.labels),
  };
}

function meanOf(losses: Float32Array, { weights }: MaskedRows): number {
  return losses.reduce((sum, loss, n) => sum + loss * weights[n]!, 0);
}

function zeros(size: number): tf.Tensor1D {
  return tf.tensor1d(new Float32Array(size));
}

const BACKENDS: EngineKind[] = ["cpu", "wasm", "webgpu"];

describe.each(BACKENDS)("training on %s", (backend) => {
  useTestEngine(backend, () => {
    if (backend === "wasm") installTrainingKernels();
    if (backend === "webgpu") installGpuTrainingKernels();
  });

  test.each(TRAINING_REFERENCES)(
    "has PyTorch's loss and gradients on $model",
    async (reference) => {
      const { layout, flat, rows } = await load(reference);
      const before = tf.memory().numTensors;
      const parameters = tf.tensor1d(flat);
      const sink = new GradientSink(layout.size);
      const losses = await runObjective(
        maskedObjective,
        layout,
        parameters,
        rows,
        createPace(),
        sink,
      );
      const gradients = sink.take();
      const found = await gradients.data<"float32">();
      expect(meanOf(losses, rows)).toBeCloseTo(reference.loss, 5);
      for (const [name, part] of layout.parts) {
        const values = found.subarray(part.start, part.start + sizeOfPart(part));
        expectAllClose(values, decodeFloats(reference.gradients[name]!), GRADIENT_TOLERANCE);
      }
      tf.dispose([parameters, gradients]);
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  test("holds no more tensors and no more of the pool after a second pass", async () => {
    const { layout, flat, rows } = await load(TRAINING_REFERENCES[0]!);
    const parameters = tf.tensor1d(flat);
    await expectNoLeak(async () => {
      const sink = new GradientSink(layout.size);
      await runObjective(maskedObjective, layout, parameters, rows, createPace(), sink);
      const gradients = sink.take();
      await gradients.data();
      gradients.dispose();
    });
    parameters.dispose();
  });

  test.each(TRAINING_REFERENCES.filter(({ adamw }) => adamw))(
    "has PyTorch's parameters after 20 steps of AdamW on $model",
    async ({ model, adamw, losses, norms, parameters, ...rest }) => {
      const { layout, flat, rows } = await load({ model, ...rest });
      const { clip, learningRate, ...constants } = adamw!;
      const { size, decayed } = layout;
      const state: AdamwState = {
        parameters: tf.tensor1d(flat),
        means: zeros(size),
        squares: zeros(size),
      };
      const sink = new GradientSink(size);
      for (let step = 1; step <= losses!.length; step++) {
        const loss = await runObjective(
          maskedObjective,
          layout,
          state.parameters,
          rows,
          createPace(),
          sink,
        );
        const gradients = sink.take();
        const total = sumOfSquares(gradients);
        const norm = Math.sqrt((await total.data())[0]!);
        expect(meanOf(loss, rows)).toBeCloseTo(losses![step - 1]!, 4);
        expect(norm).toBeCloseTo(norms![step - 1]!, 4);
        const scale = Math.min(1, clip / (norm + 1e-6));
        stepAdamw(state, gradients, constants, { learningRate, step, scale, decayed });
        tf.dispose([gradients, total]);
      }
      const found = unflattenTensors(layout, await state.parameters.data<"float32">());
      for (const [name, { values }] of found) {
        expectAllClose(values, decodeFloats(parameters![name]!), PARAMETER_TOLERANCE);
      }
      tf.dispose([state.parameters, state.means, state.squares]);
    },
  );
});
