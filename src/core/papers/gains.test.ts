import { expect, test } from "vitest";
import { computeGains, fitOf, locationGainKm } from "./gains";
import { faultOf, hasTexts, needsTexts } from "./papers.testing";

test("two gains of paper 1's text are marked: 71 km is wrong, 12 % is cut off", () => {
  const gains = computeGains();
  const marked = gains.filter(({ note }) => note !== undefined);
  expect(marked.map(({ id, fit }) => [id, fit])).toEqual([
    ["location-km", "off"],
    ["administrative", "cut"],
  ]);
  expect(gains.filter(({ fit }) => fit === "off")).toHaveLength(1);
});

test("the others are the tables' differences, worked out by hand here", () => {
  const values = Object.fromEntries(
    computeGains().map(({ id, computed }) => [id, computed.map(({ value }) => value)]),
  );
  expect(values["trees"]![0]).toBeCloseTo((100 * (0.573 - 0.415)) / 0.415, 9);
  expect(values["population"]![0]).toBeCloseTo((100 * (0.459 - 0.344)) / 0.344, 9);
  expect(values["administrative"]!.map((value) => Math.round(value * 10) / 10)).toEqual([
    5.6, 8.8, 13,
  ]);
  expect(values["land-cover"]!.map(Math.floor)).toEqual([26, 38]);
  expect(values["greenery"]![0]).toBeCloseTo(40.85, 2);
  expect(values["travel"]![0]).toBeCloseTo(0.266, 9);
  expect(values["trip-length"]![0]).toBeCloseTo(8.528, 9);
});

// The haversine formula in Python, radius 6371.0088: (36, 0) to (36.476, 0.432), and (0, 0) to (0.476, 0.432).
test("the gain in location is 65.6 km in Japan and 71.5 km at the equator", () => {
  expect(locationGainKm(36)).toBeCloseTo(65.5940438, 6);
  expect(locationGainKm(0)).toBeCloseTo(71.47653199, 6);
});

test("a number may be printed rounded or cut, and not otherwise", () => {
  expect(fitOf(0.26, 0.266)).toBe("cut");
  expect(fitOf(0.27, 0.266)).toBe("rounded");
  expect(fitOf(12, 12.95)).toBe("cut");
  expect(fitOf(12, 13.02)).toBe("off");
  expect(fitOf(71, 65.6)).toBe("off");
});

test.skipIf(!hasTexts)(`every gain is printed where it is cited${needsTexts}`, () => {
  const faults = computeGains().map(({ source }) => faultOf(source));
  expect(faults.filter((fault) => fault !== undefined)).toEqual([]);
});
