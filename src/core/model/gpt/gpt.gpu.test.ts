import { describe, expect, test } from "vitest";
import type { EngineKind } from "../../gpu/engine";
import { expectAllClose, expectNoLeak, readAndDispose, useTestEngine } from "../../gpu/testing";
import type { Gpt } from "./gpt";
import { createGpt, encodePoints, predictNext } from "./gpt";
import type { GptReference } from "./reference.testing";
import { GPT_REFERENCES, loadGpt, rowsOf } from "./reference.testing";

const TOLERANCE = 1e-4;

const BACKENDS: EngineKind[] = ["cpu", "wasm", "webgpu"];

describe.each(BACKENDS)("GPT on points on %s", (backend) => {
  useTestEngine(backend);

  async function withGpt(reference: GptReference, body: (gpt: Gpt) => Promise<void>) {
    const { config, tensors } = await loadGpt(reference);
    const gpt = createGpt(config, tensors);
    await body(gpt);
    gpt.dispose();
  }

  test.each(GPT_REFERENCES)("equals PyTorch layer by layer on $model", async (reference) => {
    await withGpt(reference, async (gpt) => {
      const rows = rowsOf(reference);
      for (const [layer, expected] of reference.hidden.slice(0, -1).entries()) {
        const states = await readAndDispose(encodePoints(gpt, rows, layer));
        expectAllClose(states, expected.flat(2), TOLERANCE);
      }
      const hidden = encodePoints(gpt, rows);
      const next = await readAndDispose(predictNext(gpt, hidden));
      expectAllClose(await readAndDispose(hidden), reference.hidden.at(-1)!.flat(2), TOLERANCE);
      expectAllClose(next, reference.predictions.flat(2), TOLERANCE);
    });
  });

  test("lets no point see a later one, unless the mask is off", async () => {
    for (const reference of GPT_REFERENCES) {
      await withGpt(reference, async (gpt) => {
        const rows = rowsOf(reference);
        const before = await readAndDispose(encodePoints(gpt, rows));
        const last = rows.points.length / rows.B - 1; // of the first, whole window
        const points = rows.points.with(last, 0.9);
        const after = await readAndDispose(encodePoints(gpt, { ...rows, points }));
        const width = gpt.config.width * (rows.T - 1);
        const [a, b] = [before.slice(0, width), after.slice(0, width)];
        if (gpt.config.isCausal) expect(b).toEqual(a);
        else expect(b).not.toEqual(a);
      });
    }
  });

  test("frees what it made", async () => {
    const [reference] = GPT_REFERENCES;
    const { config, tensors } = await loadGpt(reference!);
    await expectNoLeak(async () => {
      const gpt = createGpt(config, tensors);
      const hidden = encodePoints(gpt, rowsOf(reference!));
      await readAndDispose(predictNext(gpt, hidden));
      hidden.dispose();
      gpt.dispose();
    });
  });

  test("refuses windows that are too long and values that are no numbers", async () => {
    const [reference] = GPT_REFERENCES;
    await withGpt(reference!, async (gpt) => {
      const rows = rowsOf(reference!);
      const broken = { ...rows, points: rows.points.with(2 * rows.T + 3, NaN) };
      expect(() => encodePoints(gpt, broken)).toThrow("window 1, point 1 is NaN");
      const T = gpt.config.maxPositions + 1;
      const long = { points: new Float32Array(2 * T), lengths: [T], B: 1, T };
      expect(() => encodePoints(gpt, long)).toThrow(`the model's ${T - 1} positions`);
      expect(() => encodePoints(gpt, { ...rows, B: 1 })).toThrow("cannot be 1 windows");
    });
  });
});
