import fc from "fast-check";
import { expect, test } from "vitest";
import { hideCheckIn } from "./masked-target";

const CELLS = [[5], [6, 7], [8, 9, 10], [11, 12]];
const pieces = {
  offsets: Uint32Array.of(0, 1, 3, 6, 8),
  tokens: Uint16Array.of(5, 6, 7, 8, 9, 10, 11, 12),
};

test("hides the pieces of the target and of its companions", () => {
  const masked = hideCheckIn(pieces, [1, 2, 0, 3], { target: 1, hidden: [3], maxTokens: 99 });
  expect(masked).toEqual({
    tokens: Int32Array.of(2, 6, 7, 4, 4, 4, 5, 4, 4, 3),
    at: 3,
    k: 3,
    truth: 2,
  });
});

test("cuts a long trajectory between check-ins, around the target", () => {
  const masked = hideCheckIn(pieces, [1, 1, 1, 2, 1, 1, 1], { target: 3, maxTokens: 9 });
  expect(masked.tokens).toEqual(Int32Array.of(2, 6, 7, 4, 4, 4, 6, 7, 3));
});

test("gives all pieces of a check-in its hour, and the ends none", () => {
  const hours = [10, 20, 30, 40];
  const masked = hideCheckIn(pieces, [1, 2, 0, 3], { target: 1, hours, maxTokens: 8 });
  expect(masked.tokens).toEqual(Int32Array.of(2, 6, 7, 4, 4, 4, 5, 3));
  expect(masked.hours).toEqual(Int32Array.of(168, 10, 10, 20, 20, 20, 30, 168));
});

test("keeps the person and the hours in sight, and takes no more room than there is", () => {
  const extended = { ...pieces, extras: { users: 2, times: "week", first: 50 } } as const;
  const hours = [10, 20, 30, 40];
  const hidden = { target: 1, hours, user: 2, maxTokens: 11 };
  const masked = hideCheckIn(extended, [1, 2, 0, 3], hidden);
  expect(masked).toEqual({
    tokens: Int32Array.of(2, 52, 63, 6, 7, 73, 4, 4, 4, 3),
    hours: Int32Array.of(168, 168, 168, 10, 10, 168, 20, 20, 20, 168),
    at: 6,
    k: 3,
    truth: 2,
  });
  const anybody = hideCheckIn(extended, [1, 2, 0, 3], { target: 1, hours, maxTokens: 12 });
  expect(anybody.tokens).toEqual(Int32Array.of(2, 50, 63, 6, 7, 73, 4, 4, 4, 83, 5, 3));
  const bare = hideCheckIn(extended, [1, 2, 0, 3], { target: 1, maxTokens: 99 });
  expect(bare).toEqual(hideCheckIn(pieces, [1, 2, 0, 3], { target: 1, maxTokens: 99 }));
});

test("always shows the whole target and never more than fits", () => {
  const cells = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(cells, fc.nat(), fc.integer({ min: 5, max: 40 }), (list, n, maxTokens) => {
      const target = n % list.length;
      const { tokens, at, k } = hideCheckIn(pieces, list, { target, maxTokens });
      expect(tokens.length).toBeLessThanOrEqual(maxTokens);
      expect(k).toBe(CELLS[list[target]!]!.length);
      const masks = Array.from(tokens, (token, place) => (token === 4 ? place : -1)).filter(
        (p) => p >= 0,
      );
      expect(masks).toEqual(Array.from({ length: k }, (_, j) => at + j));
    }),
  );
});

test("refuses a check-in that is not there", () => {
  expect(() => hideCheckIn(pieces, [0, 1], { target: 2, maxTokens: 9 })).toThrow("(0 to 1)");
});
