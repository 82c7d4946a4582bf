import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Engine, EngineKind } from "../gpu/engine";
import { openEngine } from "../gpu/engine";
import { limitTensors } from "../gpu/banks";
import { installGpuKernels } from "../gpu/kernels/webgpu/install";
import { expectAllClose, expectNoLeak, readAndDispose, useTestEngine } from "../gpu/testing";
import type { Bert, TokenRows } from "./bert";
import { createBert, encode, readScores, scoreTokens } from "./bert";
import { REFERENCE_NAMES, loadReference } from "./reference.testing";

/** Weights rounded to halves (a share of 2^-12 each, at most), as the logits of our references show it. */
const HALF_TOLERANCE = 0.02;
/** float32 here against float64 there, erf by an approximation good to 1.5e-7; logits reach about 20. */
const TOLERANCE = 1e-4;

function toRows(ids: number[][]): TokenRows {
  return { tokens: Int32Array.from(ids.flat()), B: ids.length, T: ids[0]!.length };
}

const BACKENDS: EngineKind[] = ["cpu", "wasm", "webgpu"];
/** Bytes of a tensor at most; the second cut the tables of all references. */
const CASES = BACKENDS.flatMap((backend) => [
  { backend, bytes: Infinity },
  { backend, bytes: 1000 },
]);

describe.each(CASES)("BERT on $backend, $bytes bytes a tensor", ({ backend, bytes }) => {
  const engine = useTestEngine(backend, () => limitTensors(bytes));

  async function withBert(name: string, body: (bert: Bert) => Promise<void>): Promise<void> {
    const { config, tensors } = await loadReference(name);
    const bert = createBert(config, tensors);
    expect(bert.words.length > 1).toBe(bytes < Infinity);
    await body(bert);
    bert.dispose();
  }

  test("is the engine that was asked for", () => {
    expect(engine().kind).toBe(backend);
    expect(tf.getBackend()).toBe(backend);
  });

  test.each(REFERENCE_NAMES)("equals PyTorch on %s", async (name) => {
    const { reference } = await loadReference(name);
    await withBert(name, async (bert) => {
      const hidden = encode(bert, toRows(reference.ids));
      const logits = await readScores(bert, hidden);
      expectAllClose(logits, reference.logits.flat(3), TOLERANCE);
      expectAllClose(await readAndDispose(hidden), reference.hidden.at(-1)!.flat(3), TOLERANCE);
    });
  });

  test("gives the same states for some positions as for all", async () => {
    const { reference } = await loadReference("bert-half");
    await withBert("bert-half", async (bert) => {
      const rows = toRows(reference.ids);
      const kept = Int32Array.of(rows.T + 4, 0, 3 * rows.T + 1);
      const C = bert.config.width;
      const some = await readAndDispose(encode(bert, rows, kept));
      const all = reference.hidden.at(-1)!.flat(2);
      expectAllClose(
        some,
        [...kept].flatMap((n) => all.slice(n * C, (n + 1) * C)),
        TOLERANCE,
      );
    });
  });

  test("does not let padding change a row", async () => {
    const { reference } = await loadReference("bert-padded");
    await withBert("bert-padded", async (bert) => {
      const short = reference.ids[1]!.filter((id) => id !== 0);
      const alone = await readAndDispose(encode(bert, toRows([short])));
      expectAllClose(alone, reference.hidden.at(-1)![1]!.slice(0, short.length).flat(), TOLERANCE);
    });
  });

  test("frees what it made", async () => {
    const { config, tensors, reference } = await loadReference("bert-padded");
    await expectNoLeak(async () => {
      const bert = createBert(config, tensors);
      const hidden = encode(bert, toRows(reference.ids), Int32Array.of(1, 4));
      await readAndDispose(scoreTokens(bert, hidden));
      hidden.dispose();
      bert.dispose();
    });
  });

  test("refuses tokens outside the vocabulary and sequences without positions", async () => {
    await withBert("bert-padded", async (bert) => {
      expect(() => encode(bert, toRows([[2, 23, 3]]))).toThrow("row 0, position 1: token 23");
      expect(() => encode(bert, toRows([[2, -1, 3]]))).toThrow("outside the vocabulary (0 to 22)");
      expect(() => encode(bert, toRows([Array(17).fill(5)]))).toThrow("16 positions");
    });
  });
});

describe("weights of half precision", () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openEngine({ backend: "webgpu" });
    installGpuKernels({ hasHalf: true }); // the software adapter has no halves, and does not need them here
  });
  afterAll(() => engine.dispose());

  test.each(REFERENCE_NAMES)(
    "are half as large on %s, and give nearly PyTorch's logits",
    async (name) => {
      const { config, tensors, reference } = await loadReference(name);
      const bert = createBert(config, tensors);
      const { weight, bias } = bert.layers[0]!.projection;
      expect([weight.dtype, weight.size]).toEqual(["int32", (config.width * bias.size) / 2]);
      const hidden = encode(bert, toRows(reference.ids));
      const found = await readAndDispose(scoreTokens(bert, hidden));
      tf.dispose(hidden);
      bert.dispose();
      expectAllClose(found, reference.logits.flat(3), HALF_TOLERANCE);
    },
  );
});
