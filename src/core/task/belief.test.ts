import fc from "fast-check";
import { expect, test } from "vitest";
import { haversineKm } from "../geo/cells";
import { middleOfBelief } from "./belief";

const line = {
  lat: Float64Array.of(35, 35, 35, 35, 35),
  lng: Float64Array.of(139, 139.1, 139.2, 139.3, 139.4),
};

test("on a line the middle is the weighted median, not the likeliest and not the mean", () => {
  const guesses = [0.3, 0.1, 0.2, 0.15, 0.25].map((probability, cell) => ({ cell, probability }));
  expect(middleOfBelief(guesses, line)).toBe(2);
});

test("a cell with more than half of the belief is the middle", () => {
  const guesses = [0.1, 0.6, 0.1, 0.1, 0.1].map((probability, cell) => ({ cell, probability }));
  expect(middleOfBelief(guesses, line)).toBe(1);
});

test("no other guess has a clearly smaller expected distance", () => {
  const place = fc.tuple(
    fc.double({ min: 34, max: 35, noNaN: true }),
    fc.double({ min: 138, max: 139, noNaN: true }),
  );
  const weighted = fc.tuple(place, fc.integer({ min: 1, max: 100 }));
  fc.assert(
    fc.property(fc.array(weighted, { minLength: 1, maxLength: 30 }), (rows) => {
      const centres = {
        lat: Float64Array.from(rows, ([[lat]]) => lat),
        lng: Float64Array.from(rows, ([[, lng]]) => lng),
      };
      const total = rows.reduce((sum, [, weight]) => sum + weight, 0);
      const guesses = rows.map(([, weight], cell) => ({ cell, probability: weight / total }));
      const expectedKm = (cell: number): number =>
        guesses.reduce(
          (sum, guess) =>
            sum +
            guess.probability *
              haversineKm(
                centres.lat[cell]!,
                centres.lng[cell]!,
                centres.lat[guess.cell]!,
                centres.lng[guess.cell]!,
              ),
          0,
        );
      const best = Math.min(...guesses.map(({ cell }) => expectedKm(cell)));
      // the nearest guess to the median may lie a little behind the best one where guesses are sparse
      expect(expectedKm(middleOfBelief(guesses, centres))).toBeLessThanOrEqual(1.5 * best + 0.1);
    }),
  );
});
