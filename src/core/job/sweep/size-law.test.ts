import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRandom } from "../../random";
import { fitSizeLaw, LARGEST, lossAt, sizeBand, type SizePoint } from "./size-law";

const SIZES = [4e4, 8e4, 2e5, 5e5, 1.5e6, 6e6];

const pointsOf = (floor: number, b: number, c: number, noise = 0, seed = 1): SizePoint[] => {
  const random = createRandom(seed, "noise");
  return SIZES.map((parameters) => {
    const loss = floor + b * parameters ** -c;
    return { parameters, loss: loss + noise * random.normal() };
  });
};

const widthAt1B = (points: readonly SizePoint[]): number => {
  const end = sizeBand(points, fitSizeLaw(points)!).at(-1)!;
  return end.high - end.low;
};

describe("the law of size", () => {
  test("a known law is recovered, and followed to a billion", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 3, noNaN: true }),
        fc.double({ min: 0.5, max: 4, noNaN: true }),
        fc.double({ min: 0.1, max: 0.8, noNaN: true }),
        (floor, fall, c) => {
          const b = fall * SIZES[0]! ** c; // of the smallest
          const points = pointsOf(floor, b, c);
          const law = fitSizeLaw(points)!;
          expect(law.floor).toBeCloseTo(floor, 2);
          expect(law.exponent).toBeCloseTo(c, 2);
          const { parameters, loss, low, high } = sizeBand(points, law).at(-1)!;
          expect(parameters).toBe(LARGEST);
          expect(loss).toBeCloseTo(floor + b * LARGEST ** -c, 2);
          expect(high - low).toBeLessThan(0.02);
        },
      ),
      { numRuns: 12, seed: 123 },
    );
  });

  test("noise widens the band, and the more the farther from what was run", () => {
    const [exact, some, more] = [0, 0.01, 0.1].map((noise) => pointsOf(1, 200, 0.4, noise)) as [
      SizePoint[],
      SizePoint[],
      SizePoint[],
    ];
    expect(widthAt1B(some)).toBeGreaterThan(10 * widthAt1B(exact));
    expect(widthAt1B(more)).toBeGreaterThan(2 * widthAt1B(some));
    const band = sizeBand(more, fitSizeLaw(more)!);
    const within = band.filter(({ parameters }) => parameters < SIZES.at(-1)!);
    const widest = Math.max(...within.slice(within.length / 2).map(({ low, high }) => high - low));
    expect(widthAt1B(more)).toBeGreaterThan(widest);
  });

  test("a floor below 0 is none", () => {
    const points = SIZES.map((parameters) => ({
      parameters,
      loss: 12 - 0.7 * Math.log(parameters),
    }));
    const law = fitSizeLaw(points)!;
    expect(law.floor).toBe(0);
    expect(lossAt(law, LARGEST)).toBeGreaterThan(0);
  });

  test("three sizes leave the floor open: no gain at all lies in the band, too", () => {
    const points = pointsOf(1, 200, 0.4).slice(0, 3);
    const { loss, low, high } = sizeBand(points, fitSizeLaw(points)!).at(-1)!;
    expect(loss).toBeCloseTo(1 + 200 * LARGEST ** -0.4, 1);
    expect(low).toBeLessThan(0.6 * loss);
    expect(high).toBeGreaterThanOrEqual(points[2]!.loss);
  });

  test("no law for fewer than three sizes, for losses that rise, nor for those that turn", () => {
    const falling = pointsOf(1, 200, 0.4);
    expect(fitSizeLaw(falling.slice(0, 2))).toBeUndefined();
    const rising = falling.map(({ parameters }, i) => ({ parameters, loss: 1 + i }));
    expect(fitSizeLaw(rising)).toBeUndefined();
    const turning = SIZES.map((parameters, i) => ({
      parameters,
      loss: [4, 3, 2, 2.5, 3, 3.5][i]!,
    }));
    expect(fitSizeLaw(turning)).toBeUndefined();
    const level = SIZES.map((parameters) => ({ parameters, loss: 2 }));
    expect(fitSizeLaw(level)).toBeUndefined();
    const order = falling.toReversed();
    expect(fitSizeLaw(order)).toEqual(fitSizeLaw(falling));
  });
});
