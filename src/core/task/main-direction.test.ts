import { expect, test } from "vitest";
import { createRandom } from "../random";
import { alongMainDirection } from "./main-direction";

test("rows along a line are told apart by their place on it", () => {
  const random = createRandom(123, "rows along a line");
  const places = Float64Array.from({ length: 300 }, () => 5 * random.normal());
  const direction = [0.6, 0, -0.8];
  const data = Float32Array.from({ length: 900 }, (_, i) => {
    const noise = 0.01 * random.normal();
    return 100 + places[Math.floor(i / 3)]! * direction[i % 3]! + noise;
  });
  const along = alongMainDirection({ data, width: 3 });
  const middle = places.reduce((sum, place) => sum + place, 0) / 300;
  // the largest weight is made positive: -0.8 turns the line around
  const wrong = along.map((value, n) => Math.abs(value + places[n]! - middle));
  expect(Math.max(...wrong)).toBeLessThan(0.05);
});

test("rows that are all alike lie in one place", () => {
  const along = alongMainDirection({ data: new Float32Array(12).fill(7), width: 3 });
  expect(Array.from(along)).toEqual([0, 0, 0, 0]);
});
