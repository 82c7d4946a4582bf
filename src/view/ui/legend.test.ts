import { expect, test } from "vitest";
import { readableTicks } from "./Legend";

test("ticks that would lie over one another give way to the last one, and to the one before them", () => {
  const ticks = ["0%", "0.0002%", "0.0004%", "0.0006%"].map((text, n) => ({ text, at: 42 * n }));
  expect(readableTicks(ticks).map(({ text }) => text)).toEqual(["0%", "0.0002%", "0.0006%"]);
  const short = [0, 40, 80, 120].map((at) => ({ text: `${at}`, at }));
  expect(readableTicks(short)).toEqual(short);
});
