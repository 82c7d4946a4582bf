import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { calibrateClasses, calibrateNumbers, calibrationError } from "./calibration";

const reference = JSON.parse(
  readFileSync(new URL("../../../test/reference/calibration.json", import.meta.url), "utf8"),
);

/** Sums of a few dozen doubles in another order. */
const TOLERANCE = 12;

const expectClose = (ours: readonly number[], theirs: readonly number[]): void => {
  expect(ours).toHaveLength(theirs.length);
  ours.forEach((value, i) => expect(value).toBeCloseTo(theirs[i]!, TOLERANCE));
};

test("confidence and share of right answers are scikit-learn's calibration_curve, edges and empty bins too", () => {
  const { confidence, right, said, found, error } = reference.classes;
  const bins = calibrateClasses(confidence, (n) => right[n] === 1);
  expectClose(
    bins.map((bin) => bin.said),
    said,
  );
  expectClose(
    bins.map((bin) => bin.found),
    found,
  );
  expect(calibrationError(bins)).toBeCloseTo(error, TOLERANCE);
  expect(bins.map(({ from }) => from)).not.toContain(0.1);
  expect(bins.flatMap(({ places }) => places)).toHaveLength(confidence.length);
});

test("tenths of the guesses are those of NumPy, and places without a number are passed over", () => {
  const { truth, guess, said, found } = reference.numbers;
  const bins = calibrateNumbers([NaN, ...guess], [1, ...truth]);
  expectClose(
    bins.map((bin) => bin.said),
    said,
  );
  expectClose(
    bins.map((bin) => bin.found),
    found,
  );
  expect(bins.map(({ places }) => places.length)).toEqual([8, 8, 8, 7, 7, 7, 7, 7, 7, 7]);
  expect(calibrateNumbers([2, 1, NaN], [3, 4, 5]).map(({ places }) => places)).toEqual([[1], [0]]);
  expect(calibrateClasses([NaN, 0.5], () => true)).toHaveLength(1);
});
