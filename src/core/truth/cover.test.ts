import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { coverPixels, polygonArea } from "./cover";

const collect = (polygon: number[]): Record<string, number> => {
  const shares: Record<string, number> = {};
  coverPixels(polygon, (column, row, share) => (shares[`${column},${row}`] = share));
  return shares;
};

/** A hexagon-like convex polygon: points of an ellipse at rising angles. */
const convexPolygon = fc
  .tuple(
    fc.double({ min: -3, max: 3, noNaN: true }),
    fc.double({ min: -3, max: 3, noNaN: true }),
    fc.double({ min: 0.01, max: 6, noNaN: true }),
    fc.double({ min: 0.01, max: 6, noNaN: true }),
    fc.uniqueArray(fc.integer({ min: 0, max: 359 }), { minLength: 3, maxLength: 8 }),
  )
  .map(([x, y, width, height, angles]) =>
    angles
      .sort((a, b) => a - b)
      .flatMap((angle) => [
        x + width * Math.cos((angle * Math.PI) / 180),
        y + height * Math.sin((angle * Math.PI) / 180),
      ]),
  );

describe("coverPixels", () => {
  it("knows a triangle by heart", () => {
    const shares = collect([0, 0, 2, 0, 0, 2]);
    expect(shares).toEqual({ "0,0": 1, "1,0": 0.5, "0,1": 0.5 });
  });

  it("visits whole pixels once and knows sides that fall on their edges", () => {
    expect(collect([1, 1, 3, 1, 3, 2, 1, 2])).toEqual({ "1,1": 1, "2,1": 1 });
    expect(collect([0.25, 0.25, 0.75, 0.25, 0.75, 0.5, 0.25, 0.5])).toEqual({ "0,0": 0.125 });
  });

  it("gives shares that add up to the area", () => {
    fc.assert(
      fc.property(convexPolygon, (polygon) => {
        const shares = Object.values(collect(polygon));
        const sum = shares.reduce((a, b) => a + b, 0);
        expect(sum).toBeCloseTo(polygonArea(polygon), 9);
        expect(shares.every((share) => share > 0 && share < 1 + 1e-9)).toBe(true);
      }),
    );
  });
});
