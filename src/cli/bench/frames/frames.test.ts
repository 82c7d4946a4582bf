import { expect, test } from "vitest";
import { frameLines } from "./lines";
import { countFrames } from "./watch";

test("frames a second, those with a map, and gaps come from when frames began", () => {
  const times = [1020, 1040, 1060, 1160];
  const drawn = [true, false, true, true];
  expect(countFrames({ from: 1000, to: 1200, times, drawn })).toEqual({
    seconds: 0.2,
    perSecond: 20,
    drawnPerSecond: 15,
    longestGap: 100,
    slowGap: 100,
  });
});

test("a page that stood still has one gap as long as that", () => {
  const still = countFrames({ from: 1000, to: 3000, times: [], drawn: [] });
  expect(still).toMatchObject({ perSecond: 0, longestGap: 2000, slowGap: 2000 });
});

test("each row of the table has as many fields as its head", () => {
  const frames = countFrames({ from: 0, to: 40, times: [16, 33], drawn: [true, true] });
  const stretch = { ...frames, workPerFrame: 4.2, longestTask: 62, longTasks: 3, culprit: "" };
  const lines = frameLines({
    engine: "wasm",
    stretches: [
      { name: "before", ...stretch, longTasks: 0 },
      { name: "training", ...stretch },
    ],
    steps: 40,
    tokensPerSecond: "20,000",
  });
  const table = lines.filter((line) => line.startsWith("|"));
  expect(new Set(table.map((line) => line.split("|").length)).size).toBe(1);
  expect(table[2]).toContain("none");
  expect(table[3]).toContain("62 ms (3)");
});
