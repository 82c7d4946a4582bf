import { describe, expect, test } from "vitest";
import { RAW_BOX, boundsOf, checkBox, chooseBox, countOutside, createBoxScale } from "./box";

describe("the box of coordinates", () => {
  test("its corners are -1 and 1, and the way back is the same", () => {
    const { toX, toY, toLng, toLat } = createBoxScale(RAW_BOX);
    const [south, west, north, east] = RAW_BOX;
    const corners = [toX(west), toX(east), toY(south), toY(north)];
    [-1, 1, -1, 1].forEach((one, n) => expect(corners[n]).toBeCloseTo(one, 12));
    expect(toLng(toX(116.4))).toBeCloseTo(116.4, 12);
    expect(toLat(toY(39.9))).toBeCloseTo(39.9, 12);
  });

  test("Beijing has RAW's box, a tenth outside or not; other data have their own", () => {
    const beijing = Array.from({ length: 9 }, () => [116.4, 39.9]).flat();
    expect(chooseBox([...beijing, NaN, NaN, 2.3, 48.9])).toBe(RAW_BOX);
    expect(countOutside([...beijing, NaN, NaN, 2.3, 48.9], RAW_BOX)).toEqual({
      count: 10,
      outside: 1,
    });
    expect(chooseBox([139, 35, 140, 36, NaN, NaN])).toEqual([35, 139, 36, 140]);
    expect(boundsOf([139, 35])).toEqual([34.999, 138.999, 35.001, 139.001]);
    expect(() => chooseBox([NaN, NaN])).toThrow("no places");
  });

  test("what spans nothing is refused", () => {
    expect(() => checkBox([1, 2, 3, 2])).toThrow("1, 2, 3, 2 is no box");
    expect(() => checkBox([NaN, 2, 3, 4])).toThrow("is no box");
  });
});
