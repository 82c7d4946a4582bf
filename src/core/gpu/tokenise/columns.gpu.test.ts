import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findCheckIns, type CheckIns } from "../../data/check-ins";
import { locatePoints, type Points } from "../../data/points";
import { runSlices } from "../../data/slices";
import { cellHash, CellTableBuilder } from "../../geo/cells";
import { createRandom } from "../../random";
import { createDigits } from "../../token/digits";
import { withExtras } from "../../token/extras";
import { createFlat } from "../../token/flat";
import { toCheckIns, type ColumnOptions } from "./columns";
import { GpuTokeniser, type GpuTokeniserOptions } from "./gpu-tokeniser";
import { openTestDevice } from "./testing";
import { tokeniseColumns } from "./tokenise-columns";

let device: GPUDevice;
beforeAll(async () => {
  device = await openTestDevice();
});
afterAll(() => device.destroy());

const MINUTE_MS = 60_000;

/** People who stay, go on and come back, some for longer than a window; many points of one moment. */
function walkers(count: number, perUser: number, seed = 1): Points {
  const { uniform, integer, normal } = createRandom(seed, "walkers");
  const points: Points = {
    users: Array.from({ length: Math.ceil(count / perUser) }, (_, u) => `walker ${u}`),
    user: Uint32Array.from({ length: count }, (_, i) => Math.floor(i / perUser)),
    timeMs: new Float64Array(count),
    lat: new Float64Array(count),
    lng: new Float64Array(count),
  };
  let [timeMs, lat, lng] = [0, 35.7, 139.7];
  for (let i = 0; i < count; i++) {
    if (i % perUser === 0) timeMs = 1.7e12 + integer(1e6);
    timeMs += [0, 1, MINUTE_MS, 3 * MINUTE_MS, 10 * MINUTE_MS, 1e11][integer(6)]! * integer(2);
    if (uniform() < 0.3) [lat, lng] = [lat + 0.003 * normal(), lng + 0.003 * normal()];
    points.timeMs[i] = timeMs;
    points.lat[i] = lat;
    points.lng[i] = lng;
  }
  return points;
}

/** Cells by their hashes: the numbers depend on the order in which cells come. */
function withHashes({ cells, cell, ...columns }: CheckIns): object {
  return { ...columns, hashes: Array.from(cell, (n) => cellHash(cells, n)) };
}

async function onGpu(points: Points, options: GpuTokeniserOptions) {
  const tokeniser = await GpuTokeniser.open(device, { worthATile: 1, ...options });
  try {
    return await tokeniser.tokenise(points);
  } finally {
    tokeniser.dispose();
  }
}

async function expectEqual(points: Points, options: ColumnOptions, batch = 1000): Promise<void> {
  const found = await onGpu(points, { ...options, batch });
  expect(found).toEqual(runSlices(tokeniseColumns(points, options)));
}

describe("check-ins are those of the rules", () => {
  test.each([1, 255, 256, 257, 1000, 1023, 1024, 1025, 3001])("%i points", async (count) => {
    const points = walkers(count, 700);
    const found = await onGpu(points, { batch: 1024 });
    const ours = toCheckIns(found, new CellTableBuilder(8));
    expect(withHashes(ours)).toEqual(withHashes(findCheckIns(points)));
  });

  test.each([0, 1, 10 * MINUTE_MS, 1e9])(
    "a window of %i ms, in batches of 50",
    async (windowMs) => {
      // batches end inside of check-ins, and some check-ins take several batches
      await expectEqual(walkers(1200, 500), { windowMs }, 50);
    },
  );

  test("one who never moves takes all batches and is one check-in", async () => {
    const points = walkers(500, 500);
    points.lat.fill(35.7);
    points.lng.fill(139.7);
    points.timeMs.forEach((_, i) => (points.timeMs[i] = 1000 * i));
    const { first } = await onGpu(points, { batch: 100 });
    expect([...first]).toEqual([0]);
  });

  test("none of no points", async () => {
    await expectEqual(walkers(0, 1), {});
  });

  test("rows in any order give what sorted rows give", async () => {
    const points = walkers(900, 300);
    const order = Uint32Array.from({ length: 900 }, (_, i) => (i * 7) % 900);
    const taken = {
      users: points.users,
      user: order.map((row) => points.user[row]!),
      timeMs: Float64Array.from(order, (row) => points.timeMs[row]!),
      lat: Float64Array.from(order, (row) => points.lat[row]!),
      lng: Float64Array.from(order, (row) => points.lng[row]!),
    };
    const { first, hi, lo } = await onGpu(taken, {});
    const sorted = await onGpu(points, {});
    expect({ first, hi, lo }).toEqual({ first: sorted.first, hi: sorted.hi, lo: sorted.lo });
  });
});

test("cells alone come in the order of the rows, whoever's and whenever they are", async () => {
  const sorted = walkers(2500, 500);
  const order = Uint32Array.from({ length: 2500 }, (_, i) => (i * 3) % 2500);
  const take = (column: Float64Array): Float64Array =>
    Float64Array.from(order, (row) => column[row]!);
  const points: Points = {
    users: sorted.users,
    user: order.map((row) => sorted.user[row]!),
    timeMs: take(sorted.timeMs),
    lat: take(sorted.lat),
    lng: take(sorted.lng),
  };
  const tokeniser = await GpuTokeniser.open(device, { batch: 700, worthATile: 1 });
  const cells = new CellTableBuilder(8);
  const cell = await tokeniser.locate(points, cells);
  tokeniser.dispose();
  const expected = runSlices(locatePoints(points, new CellTableBuilder(8)));
  expect({ cell, cells: cells.build() }).toEqual({ cell: expected.cell, cells: expected.cells });
});

const RULES = [
  { resolution: 8, parents: 5, groups: [3] },
  { resolution: 8, parents: 4, groups: [2, 2] },
  { resolution: 9, parents: 0, groups: [1, 1, 1, 1, 1, 1, 1, 1, 1] },
  { resolution: 7, parents: 7, groups: [] },
  { resolution: 10, parents: 6, groups: [4] },
];

describe.each(RULES)("tokens of digits $resolution: $parents|$groups", (rule) => {
  const points = walkers(1500, 500);
  const tokeniser = createDigits(rule, findCheckIns(walkers(700, 500), rule).cells);

  test("are those of the tokeniser, strangers too", async () => {
    const { hi, lo, tokens, pieces } = await onGpu(points, { tokeniser, batch: 1000 });
    const table = { resolution: rule.resolution, hi, lo };
    expect(pieces).toBe(1 + rule.groups.length);
    expect(tokens).toEqual(tokeniser.encodeCells(table).tokens);
  });

  test.each(["bert", "mask"] as const)("are masked as on the processor (%s)", async (replace) => {
    const masking = { seed: 123, rate: 0.4, replace };
    await expectEqual(points, { tokeniser, masking }, 400);
  });
});

test("a vocabulary with extra tokens gives the same, masked as on the processor", async () => {
  const points = walkers(800, 200);
  const tokeniser = createDigits({}, findCheckIns(points).cells);
  const extended = withExtras(tokeniser, { users: 300, times: "week" });
  const masking = { seed: 3, rate: 0.6 };
  await expectEqual(points, { tokeniser: extended, masking }, 400);
  expect(await onGpu(points, { tokeniser: extended, masking })).toEqual(
    await onGpu(points, { tokeniser, masking }),
  );
});

test("everything or nothing can be masked", async () => {
  const points = walkers(400, 200);
  const tokeniser = createDigits({}, findCheckIns(points).cells);
  for (const rate of [0, 1]) {
    const { masked, first } = await onGpu(points, { tokeniser, masking: { seed: 1, rate } });
    expect(masked!.hashes).toBe(rate * first.length);
  }
});

describe("a tokeniser on the device", () => {
  test("keeps its memory, and gives the same again", async () => {
    const points = walkers(3000, 500);
    const tokeniser = await GpuTokeniser.open(device, { batch: 1000, worthATile: 1 });
    const once = await tokeniser.tokenise(points);
    const { bytes } = tokeniser;
    expect(await tokeniser.tokenise(points)).toEqual(once);
    expect(tokeniser.bytes).toBe(bytes);
    tokeniser.dispose();
    expect(tokeniser.bytes).toBe(0);
  });

  test("holds after a hundred runs what it held after one", async () => {
    const tokeniser = await GpuTokeniser.open(device, { batch: 64 });
    await tokeniser.tokenise(walkers(100, 500));
    const { bytes } = tokeniser;
    for (let n = 0; n < 100; n++) {
      await tokeniser.tokenise(walkers(100, 500));
      expect(tokeniser.bytes).toBe(bytes);
    }
    tokeniser.dispose();
  }, 60_000);

  test("stops when it is told to", async () => {
    const tokeniser = await GpuTokeniser.open(device, { batch: 100 });
    const stop = new AbortController();
    const work = tokeniser.tokenise(walkers(1000, 500), stop.signal);
    stop.abort();
    await expect(work).rejects.toMatchObject({ code: "stopped" });
    tokeniser.dispose();
  });

  test("says in a sentence that its device is gone", async () => {
    const other = await openTestDevice();
    const tokeniser = await GpuTokeniser.open(other, { batch: 100 });
    const work = tokeniser.tokenise(walkers(1000, 500));
    other.destroy();
    await expect(work).rejects.toMatchObject({ code: "device-lost" });
  });

  test.each([
    ["resolution 11", { resolution: 11 }, "finer than"],
    ["a window of 50 days", { windowMs: 50 * 86_400_000 }, "0 to 49 days"],
    ["a window that ends before it begins", { windowMs: -1 }, "0 to 49 days"],
    ["flat tokens", { tokeniser: createFlat(findCheckIns(walkers(9, 9)).cells) }, "digits"],
  ])("refuses %s in one sentence", async (_, options, words) => {
    const work = GpuTokeniser.open(device, options);
    await expect(work).rejects.toMatchObject({ code: "bad-input" });
    await expect(GpuTokeniser.open(device, options)).rejects.toThrow(words);
  });

  test("refuses parts of a millisecond", async () => {
    const points = walkers(20, 20);
    points.timeMs[0]! -= 0.5;
    await expect(onGpu(points, {})).rejects.toMatchObject({ code: "bad-input" });
  });
});
