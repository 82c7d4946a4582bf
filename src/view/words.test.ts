import { expect, test } from "vitest";
import { asSentence, formatBytes, formatMoment, formatProbability, formatSeconds } from "./words";

test("seconds read like a person says them", () => {
  expect([0.04, 9.96, 12.4, 59.6, 185, 7800].map(formatSeconds)).toEqual([
    "0.0 s",
    "10 s",
    "12 s",
    "1 min 0 s",
    "3 min 5 s",
    "2 h 10 min",
  ]);
});

test("small probabilities do not read as zero", () => {
  expect([0.125, 0.0076, 0.0003, 0.00001].map(formatProbability)).toEqual([
    "12.5%",
    "0.76%",
    "0.03%",
    "under 0.01%",
  ]);
});

test("a message becomes a sentence, and a file keeps its name", () => {
  expect(
    ["the folder is empty", "points.csv is empty", "data/a is cut.", "KML_1: none"].map(asSentence),
  ).toEqual(["The folder is empty.", "points.csv is empty.", "data/a is cut.", "KML_1: none."]);
});

test("bytes are decimal", () => {
  expect(formatBytes(2_400_000)).toBe("2.4 MB");
});

test("a moment is told by the clock of its place", () => {
  const noonUtc = Date.UTC(2023, 4, 2, 12, 0);
  expect(formatMoment(noonUtc, 139.7)).toContain("21:00");
  expect(formatMoment(noonUtc, -74)).toContain("07:00");
});
