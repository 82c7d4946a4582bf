import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRandom } from "../../random";
import { drawQuestions, shuffleOrder, windowAround, type Question } from "./questions";
import { compare, findPoint, summarise, type MeasureName } from "./readings";

const question: fc.Arbitrary<Question> = fc.integer({ min: 2, max: 60 }).chain((count) =>
  fc.record({
    cells: fc.constant(Uint32Array.from({ length: count }, (_, i) => 1000 + i)),
    target: fc.integer({ min: 0, max: count - 1 }),
    hidden: fc.subarray([...Array(count).keys()]),
  }),
);

describe("questions", () => {
  test("a window holds its place and as many check-ins as there are room and trajectory for", () => {
    const numbers = fc.tuple(fc.nat(200), fc.nat(200), fc.integer({ min: 1, max: 80 }));
    fc.assert(
      fc.property(numbers, ([place, rest, most]) => {
        const length = place + rest + 1;
        const [from, to] = windowAround(place, length, most);
        expect(from).toBeGreaterThanOrEqual(0);
        expect(place >= from && place < to).toBe(true);
        expect(to - from).toBe(Math.min(most, length));
      }),
    );
  });

  test("the same check-ins are there and hidden in any order", () => {
    fc.assert(
      fc.property(question, fc.double({ min: 0, max: 1, noNaN: true }), (asked, share) => {
        const other = shuffleOrder(asked, share, createRandom(1, "order"));
        expect(new Set(other.cells)).toEqual(new Set(asked.cells));
        expect(other.cells[other.target]).toBe(asked.cells[asked.target]);
        const cellsOf = ({ cells, hidden }: Question) => hidden.map((place) => cells[place]!);
        expect(cellsOf(other)).toEqual(cellsOf(asked));
      }),
    );
  });

  test("no share moves nothing, a half about a half, all nearly all", () => {
    const asked = { cells: Uint32Array.from({ length: 60 }, (_, i) => i), target: 3, hidden: [] };
    const movedBy = (share: number): number =>
      shuffleOrder(asked, share, createRandom(1, "order")).cells.filter((cell, i) => cell !== i)
        .length;
    expect(movedBy(0)).toBe(0);
    expect(movedBy(0.5)).toBeGreaterThan(18);
    expect(movedBy(0.5)).toBeLessThan(42);
    expect(movedBy(1)).toBeGreaterThan(52);
  });

  test("are drawn by seed, one from each trajectory", () => {
    const sequences = {
      offsets: Uint32Array.of(0, 30, 60, 90),
      cell: Uint32Array.from({ length: 90 }, (_, i) => i),
    };
    const draw = (seed: number) =>
      drawQuestions(sequences, [0, 1, 2], { count: 3, seed, most: 10, share: 0.2 });
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    const owners = draw(1).map(({ cells, target }) => Math.floor(cells[target]! / 30));
    expect(new Set(owners)).toEqual(new Set([0, 1, 2]));
    for (const { cells, target, hidden } of draw(1)) {
      expect(cells).toHaveLength(10);
      expect(hidden).not.toContain(target);
    }
  });
});

describe("readings", () => {
  const reading = (at: string, seed: number, value: number) =>
    ({ series: "a", at, measure: "perplexity", seed, value }) as const;

  test("intervals of few seeds stay within what a measure can be", () => {
    const ends = (measure: MeasureName, values: readonly number[]) => {
      const readings = values.map((value, seed) => ({ ...reading("0 %", seed, value), measure }));
      const { low, high } = summarise(readings)[0]!.spread;
      return [low, high].map((end) => Number(end!.toFixed(1)));
    };
    expect(ends("hits", [0.1, 0.9])).toEqual([0, 1]);
    expect(ends("km", [1, 9])).toEqual([0, 55.8]);
    expect(ends("gain", [1, 9])).toEqual([-45.8, 55.8]); // a loss is a gain below nothing
  });

  test("perplexities have geometric means, and are compared seed by seed", () => {
    const points = summarise([
      reading("0 %", 1, 10),
      reading("0 %", 2, 1000),
      reading("100 %", 1, 20),
      reading("100 %", 2, 2000),
      reading("100 %", 3, Number.NaN),
    ]);
    const of = (at: string) => findPoint(points, { series: "a", at, measure: "perplexity" });
    expect(of("0 %")!.spread.mean).toBeCloseTo(100, 6);
    expect(of("0 %")!.spread.low).toBe(1); // whose logarithms reach to -24.6, as no perplexity does
    expect(of("100 %")!.spread.n).toBe(2);
    const times = compare(of("100 %"), of("0 %"))!;
    expect([times.low, times.mean, times.high].map((one) => one!.toFixed(6))).toEqual([
      "2.000000",
      "2.000000",
      "2.000000",
    ]);
  });
});
