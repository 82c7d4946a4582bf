import { beforeAll, describe, expect, test } from "vitest";
import { limitTensors } from "../gpu/banks";
import { openEngine } from "../gpu/engine";
import { expectAllClose, expectNoLeak, useTestEngine } from "../gpu/testing";
import type { Progress } from "../pace";
import type { Bert } from "./bert";
import { createBert } from "./bert";
import { decodeMasked } from "./decode";
import { embedCells } from "./embed";
import { runForward } from "./forward";
import { hideCheckIn } from "./masked-target";
import { loadReference } from "./reference.testing";

/** Two pieces each. */
const pieces = {
  offsets: Uint32Array.of(0, 2, 4, 6, 8, 10),
  tokens: Uint16Array.of(5, 20, 5, 21, 6, 20, 6, 22, 7, 23),
};
const TOLERANCE = 1e-4;

async function finish<T>(work: AsyncGenerator<Progress, T>): Promise<T> {
  for (;;) {
    const step = await work.next();
    if (step.done === true) return step.value;
  }
}

async function runAll(bert: Bert): Promise<Record<string, number[]>> {
  const { reference } = await loadReference("bert-half");
  const { hidden, logits } = await finish(runForward(bert, reference.ids.slice(0, 3)));
  const targets = [0, 1, 2].map((target) =>
    hideCheckIn(pieces, [3, 0, 4], { target, maxTokens: 12 }),
  );
  const decoded = await finish(decodeMasked(bert, pieces, targets, { minShare: 0 }));
  return {
    hidden: [...hidden],
    logits: [...logits],
    cells: [...(await finish(embedCells(bert, pieces)))],
    nats: decoded.flatMap(({ nats, pieceNats }) => [nats, ...pieceNats]),
    shares: decoded.flatMap(({ guesses }) => guesses.map(({ probability }) => probability)),
  };
}

let expected: Record<string, number[]>;
async function withBert<T>(body: (bert: Bert) => Promise<T>): Promise<T> {
  const { config, tensors } = await loadReference("bert-half");
  const bert = createBert(config, tensors);
  try {
    return await body(bert);
  } finally {
    bert.dispose();
  }
}

beforeAll(async () => {
  const engine = await openEngine({ backend: "cpu" });
  expected = await withBert(runAll);
  engine.dispose();
});

const CASES = (["wasm", "webgpu"] as const).flatMap((backend) => [
  { backend, bytes: Infinity },
  { backend, bytes: 5000 }, // words in two tensors, 25 rows of scores at a time
]);

describe.each(CASES)("batches on $backend, $bytes bytes a tensor", ({ backend, bytes }) => {
  useTestEngine(backend, () => limitTensors(bytes));

  test("forward, embed and decode give what plain JavaScript gives", async () => {
    const found = await withBert(runAll);
    expect(Object.keys(found)).toEqual(Object.keys(expected));
    for (const [name, values] of Object.entries(found))
      expectAllClose(values, expected[name]!, TOLERANCE);
  });

  test("a second run takes no more memory than the first", async () => {
    await expectNoLeak(() => withBert(runAll));
  });
});
