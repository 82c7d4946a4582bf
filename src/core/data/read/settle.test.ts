import { expect, test } from "vitest";
import { FootfallError } from "../../errors";
import { finish } from "../../pace";
import { importPoints } from "./import-points";
import type { PointSink } from "./source";

const LINES = Array.from({ length: 1000 }, (_, n) => `a,${1.6e9 + n},35.5,139.5`);
const FILE = { path: "a.csv", blob: new Blob([`user,time,lat,lng\n${LINES.join("\n")}\n`]) };

const sinkOf = (settle: PointSink["settle"] & {}): PointSink => ({
  beginFile: () => undefined,
  add: () => undefined,
  reject: () => undefined,
  label: () => undefined,
  settle,
});

test("what a sink does with many rows is awaited while a file is read", async () => {
  let settled = 0;
  await finish(
    importPoints(
      [FILE],
      {},
      sinkOf(() => Promise.resolve(void settled++)),
    ),
  );
  expect(settled).toBeGreaterThan(0);
});

test("its failure is its own, not the file's", async () => {
  const lost = new FootfallError("device-lost", "the card is gone");
  const reading = importPoints(
    [FILE],
    {},
    sinkOf(() => Promise.reject(lost)),
  );
  await expect(finish(reading)).rejects.toBe(lost);
});
