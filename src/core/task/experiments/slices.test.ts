import { expect, test } from "vitest";
import { sliceOf, takeSlice, WEEK_SLICES } from "./slices";

test("every hour of the week lies in one part; Friday night is a weekday, Saturday a weekend", () => {
  const counts = new Map(WEEK_SLICES.map((slice) => [slice, 0]));
  for (let hour = 0; hour < 168; hour++) {
    counts.set(sliceOf(hour), counts.get(sliceOf(hour))! + 1);
  }
  expect([...counts.values()]).toEqual([60, 60, 24, 24]);
  expect(sliceOf(7)).toBe("weekday, day");
  expect(sliceOf(6)).toBe("weekday, night");
  expect(sliceOf(4 * 24 + 23)).toBe("weekday, night");
  expect(sliceOf(5 * 24 + 12)).toBe("weekend, day");
  expect(sliceOf(6 * 24 + 19)).toBe("weekend, night");
});

test("a part of the week keeps the order, and trajectories with enough of it", () => {
  const sequences = { offsets: Uint32Array.of(0, 4, 6), cell: Uint32Array.of(1, 2, 3, 4, 5, 6) };
  const hours = [8, 2, 9, 10, 8, 2];
  expect(takeSlice(sequences, hours, "weekday, day", 2)).toEqual({
    offsets: Uint32Array.of(0, 3),
    cell: Uint32Array.of(1, 3, 4),
    of: [0],
  });
});
