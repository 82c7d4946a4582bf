import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { fileLines, measureFile } from "../files";
import { importLines } from "./lines";
import { writeWalks } from "./make-walks";
import type { ImportNumbers } from "./measure";

const folder = mkdtempSync(join(tmpdir(), "footfall-bench-test-"));
afterAll(() => rmSync(folder, { recursive: true }));
const signal = new AbortController().signal;

const hashOf = (path: string): string =>
  createHash("sha256").update(readFileSync(path)).digest("hex");

test("a made file has the size that was asked for, is the same each time, and is read whole", async () => {
  const [path, again] = [join(folder, "walks.csv"), join(folder, "again.csv")];
  const made = writeWalks(path, 600_000, 123);
  expect(made.bytes).toBe(statSync(path).size);
  expect(Math.abs(made.bytes - 600_000)).toBeLessThan(100_000); // whole people
  writeWalks(again, 600_000, 123);
  expect(hashOf(again)).toBe(hashOf(path));
  const read = await measureFile(path, { isLayer: false, signal });
  expect(read).toMatchObject({ format: "csv", rows: made.rows, rejected: 0, users: made.users });
  expect(read.problem).toBeUndefined();
  expect(read.peakBytes).toBeGreaterThan(1e7);
});

test("a layer is asked for the cells of its box; what cannot be read has its reason", async () => {
  const layer = join(folder, "town.geojson");
  const ring = [
    [139, 35],
    [139.2, 35],
    [139.2, 35.2],
    [139, 35.2],
    [139, 35],
  ];
  const geometry = { type: "Polygon", coordinates: [ring] };
  const feature = { type: "Feature", properties: { name: "A" }, geometry };
  writeFileSync(layer, JSON.stringify({ type: "FeatureCollection", features: [feature] }));
  const read = await measureFile(layer, { isLayer: true, signal });
  expect(read).toMatchObject({ asked: "class name", resolution: 8 });
  expect(read.cells).toBeGreaterThan(400);
  expect(read.withValue).toBe(read.cells);
  const empty = join(folder, "empty.csv");
  writeFileSync(empty, "");
  const refused = await measureFile(empty, { isLayer: false, signal });
  expect(refused.problem).toContain("empty.csv is empty");
  const lines = fileLines([read, refused], true);
  expect(lines).toHaveLength(4);
  expect(new Set(lines.map((line) => line.split("|").length)).size).toBe(1);
});

test("the tables of an import have as many fields in each row as in their heads", () => {
  const waits = { longestTask: 0, longTasks: 0, longestGap: 9, culprit: "" };
  const numbers: ImportNumbers = {
    bytes: 1e8,
    rows: 2e6,
    users: 500,
    previewSeconds: 0.1,
    rulesSeconds: 1,
    seconds: 10,
    ownBytes: undefined,
    phases: [{ name: "Read the file", seconds: 4, workerPeak: 9e7, ...waits }],
    waits: { before: waits, during: waits, after: waits },
    memory: {
      workerBefore: 5e7,
      workerPeak: 9e7,
      processBefore: undefined,
      processPeak: undefined,
      processorSeconds: undefined,
    },
    stops: [{ phase: "Read the file", seconds: 0.1, left: [] }],
  };
  const tables = importLines([numbers]).join("\n").split("\n\n");
  const widths = tables
    .filter((table) => table.startsWith("|"))
    .map(
      (table) =>
        new Set(
          table
            .trim()
            .split("\n")
            .map((line) => line.split("|").length),
        ),
    );
  expect(widths.map(({ size }) => size)).toEqual([1, 1, 1]);
});
