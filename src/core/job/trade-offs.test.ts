import { expect, test } from "vitest";
import { makeWalkers } from "./pretrain.testing";
import { openSession, runLooking } from "./session.testing";
import { countMasks, MASK_RATES, mergeWithin, WINDOWS_MIN, type TradeOffsJob } from "./trade-offs";

const MINUTE_MS = 60_000;

/** One trajectory for each list of [cell, minute]. */
function walksOf(...walks: [cell: number, minute: number][][]) {
  const offsets = Uint32Array.from([
    0,
    ...walks.map((_, k) => walks.slice(0, k + 1).flat().length),
  ]);
  const all = walks.flat();
  const cell = Uint32Array.from(all, ([one]) => one);
  const startMs = Float64Array.from(all, ([, minute]) => minute * MINUTE_MS);
  return { offsets, checkIns: { cell, startMs } } as Parameters<typeof mergeWithin>[0];
}

test("check-ins in one cell within a window from the first are one; people and returns stay apart", () => {
  const walks = walksOf(
    [
      [1, 0],
      [1, 20],
      [1, 40],
      [2, 50],
      [1, 55],
    ],
    [[1, 56]],
  );
  const of = (minutes: number) => {
    const { offsets, cell } = mergeWithin(walks, minutes * MINUTE_MS);
    return [[...offsets], [...cell]];
  };
  expect(of(10)).toEqual([
    [0, 5, 6],
    [1, 1, 1, 2, 1, 1],
  ]);
  expect(of(30)).toEqual([
    [0, 4, 5],
    [1, 1, 2, 1, 1],
  ]);
  expect(of(60)).toEqual([
    [0, 3, 4],
    [1, 2, 1, 1],
  ]);
});

test("a higher share hides more of the same check-ins, and leaves less around each", () => {
  const cell = Uint32Array.from({ length: 4000 }, (_, i) => Math.floor(i / 2) % 50);
  const walk = { offsets: Uint32Array.from([0, 4000]), cell };
  const found = [0.1, 0.3, 0.6].map((rate) => countMasks(walk, [0], rate, 1));
  for (const { rate, hidden, seen, alone } of found) {
    expect(hidden + seen).toBe(4000);
    expect(hidden / 4000).toBeCloseTo(rate, 1);
    expect(alone).toBeCloseTo(rate ** 2, 1); // both neighbours are hidden
  }
  // every cell stands twice: a copy solves what the other of the pair is seen beside
  const [few, , many] = found;
  expect(few!.copied).toBeGreaterThan(0.85);
  expect(many!.copied).toBeLessThan(few!.copied);
  const all = countMasks(walk, [0], 1.1, 1);
  expect([all.seen, all.alone, all.copied]).toEqual([0, 1, 0]);
});

test("every resolution, window and share of a data set is counted", async () => {
  const session = openSession();
  const job: TradeOffsJob = {
    kind: "trade-offs",
    dataset: { source: "folder", name: "walkers", files: makeWalkers(60) },
    seed: 3,
  };
  const { resolutions, hiddenIn } = await runLooking(job, session);
  const [coarse, fine] = [resolutions[0]!, resolutions.at(-1)!];
  expect(fine.resolution).toBe(8);
  expect(fine.vocabularySize).toBeGreaterThan(coarse.vocabularySize);
  expect(fine.parameters.base).toBeGreaterThan(85e6);
  expect(fine.places).toBeGreaterThan(coarse.places);
  expect(hiddenIn).toBe(12);
  for (const { windows } of resolutions) {
    expect(windows.map(({ windowMin }) => windowMin)).toEqual(WINDOWS_MIN);
    expect(windows[0]!.kept).toBe(1);
    expect(windows.at(-1)!.checkIns).toBeLessThanOrEqual(windows[0]!.checkIns);
    expect(windows[0]!.masks.map(({ rate }) => rate)).toEqual(MASK_RATES);
    expect(windows[0]!.tokens).toBeCloseTo(2 * windows[0]!.checkIns + 2, 6);
  }
}, 60_000);
