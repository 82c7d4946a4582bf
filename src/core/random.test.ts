import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandom, shuffle } from "./random";
import type { Random } from "./random";

const take = (random: Random, count: number): number[] =>
  Array.from({ length: count }, () => random.uniform());

describe("named streams", () => {
  it("give the same numbers on every machine", () => {
    const random = createRandom(123, "test");
    expect(Array.from({ length: 4 }, () => random.integer(2 ** 32))).toEqual([
      755463862, 232773661, 435497964, 236133082,
    ]);
  });

  it("differ by seed and by every name, and join no names", () => {
    const streams = [
      createRandom(1, "a"),
      createRandom(2, "a"),
      createRandom(1, "b"),
      createRandom(1, "a", 0),
      createRandom(1, "a", 1),
      createRandom(1, "a", 11),
      createRandom(1, "a1", 1),
      createRandom(1),
    ].map((random) => take(random, 3).join());
    expect(new Set(streams).size).toBe(streams.length);
  });

  it("do not repeat over a hundred thousand residents", () => {
    const starts = new Set<number>();
    for (let k = 0; k < 100_000; k++) starts.add(createRandom(123, "resident", k).integer(2 ** 32));
    expect(starts.size).toBeGreaterThan(99_990); // one pair in 4 billion / (100,000^2 / 2) is expected
  });
});

describe("draws", () => {
  it("are uniform in [0, 1)", () => {
    const bins = Array.from({ length: 20 }, () => 0);
    const random = createRandom(5, "uniform");
    for (let k = 0; k < 100_000; k++) bins[Math.floor(random.uniform() * 20)]!++;
    const chiSquare = bins.reduce((sum, count) => sum + (count - 5000) ** 2 / 5000, 0);
    expect(chiSquare).toBeLessThan(43.8); // 19 degrees of freedom, one in a thousand
  });

  it("are integers below n", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 2 ** 31 }), (seed, n) => {
        const value = createRandom(seed, "integer").integer(n);
        return Number.isInteger(value) && value >= 0 && value < n;
      }),
    );
  });

  it("are normal with mean 0 and deviation 1", () => {
    const random = createRandom(5, "normal");
    const values = Array.from({ length: 50_000 }, () => random.normal());
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
    const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length;
    const tail = values.filter((x) => Math.abs(x) > 1.96).length / values.length;
    expect(Math.abs(mean)).toBeLessThan(0.015);
    expect(Math.abs(variance - 1)).toBeLessThan(0.025);
    expect(Math.abs(tail - 0.05)).toBeLessThan(0.004);
  });
});

describe("shuffle", () => {
  it("keeps every item", () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.integer(), (items, seed) => {
        const shuffled = shuffle([...items], createRandom(seed, "shuffle"));
        expect(shuffled.sort((a, b) => a - b)).toEqual([...items].sort((a, b) => a - b));
      }),
    );
  });

  it("puts each item in each place equally often", () => {
    const random = createRandom(1, "shuffle");
    const counts = Array.from({ length: 9 }, () => 0);
    for (let k = 0; k < 9000; k++)
      shuffle([0, 1, 2], random).forEach((item, at) => counts[item * 3 + at]!++);
    for (const count of counts) expect(Math.abs(count - 3000)).toBeLessThan(200);
  });
});
