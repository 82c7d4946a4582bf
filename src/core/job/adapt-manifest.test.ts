import { describe, expect, it } from "vitest";
import { summariseRuns, type RunOutcome } from "../task/table/results";
import { scaledSettings } from "../task/table/settings";
import { factsOf, findTask } from "../task/tasks/registry";
import { makeTaskData, makeWalks } from "../task/tasks/tasks.testing";
import type { AdaptTable } from "./adapt";
import { compareWithManifest, readManifest, toManifest } from "./adapt-manifest";
import type { TableOrigin } from "./adapt-origin";

const run = (row: RunOutcome["row"], r2: number): RunOutcome => {
  const scores = { bestOnTest: { r2 }, bestOnValidation: { r2 }, last: { r2 } };
  const key = `trip-length 1f ${row} random 123`;
  const sizes = { train: 80, test: 20, seconds: 1 };
  return { key, row, split: "random", seed: 123, scores, epochs: [], method: "as ever", ...sizes };
};

const task = factsOf(findTask("trip-length", makeTaskData(12, makeWalks(4, 12, 19), {})));
const runs = [run("constant", 0), run("fine-tuned", 0.5)];
const table: AdaptTable = {
  task,
  columns: [],
  rows: summariseRuns(runs),
  gains: [],
  runs,
  runCount: 2,
  secondsLeft: 0,
  examples: { count: 100, unit: "trajectories", drawnFrom: 200, paperFactor: 500, notes: [] },
  settings: scaledSettings(task),
  scaled: [],
  layerFactor: 1,
  layers: {},
  origin: {
    seed: 123,
    data: { name: "walks", hash: "d1" },
    model: { name: "models/small", hash: "m1" },
    engine: "webgpu: a card",
    versions: { footfall: "0.1.0", tfjs: "4" },
  },
};
const text = JSON.stringify(toManifest(table, "may hurt people"));

describe("the manifest of a table", () => {
  it("says what made it, and gives the same task and settings back", () => {
    const manifest = readManifest(text, "trips.json");
    expect(manifest).toMatchObject({ task: "trip-length", origin: table.origin });
    expect(manifest.settings).toEqual(table.settings);
    expect(manifest.warning).toBe("may hurt people");
    const { origin: _, ...old } = table;
    expect(toManifest(old, undefined)).toBeUndefined();
  });

  it("tells a table that was filled again from one with other numbers, other data or none of its runs", () => {
    const manifest = readManifest(text, "trips.json");
    expect(compareWithManifest(manifest, table)).toEqual([
      "2 of the manifest’s 2 runs are here, all with the same numbers, to the last digit",
    ]);
    const other = { ...table, runs: [run("constant", 0), run("fine-tuned", 0.51)] };
    expect(compareWithManifest(manifest, other)[0]).toContain(
      "1 with the same numbers, 1 with others",
    );
    const origin = { ...table.origin!, data: { name: "walks", hash: "d2" } };
    const strange = compareWithManifest(manifest, { ...table, runs: [], origin });
    expect(strange).toEqual([
      "the data differ: d1 there, d2 (walks) here",
      "no run here is one of the manifest’s: nothing can be compared",
    ]);
  });

  it("knows a run again under another key, and names settings that were changed", () => {
    const manifest = readManifest(text, "trips.json");
    const moved = runs.map((one) => ({ ...one, key: `trip-length 2e ${one.row} random 123` }));
    const [same] = compareWithManifest(manifest, { ...table, runs: moved });
    expect(same).toContain("all with the same");
    const settings = { ...table.settings, samples: 99 };
    const [first] = compareWithManifest(manifest, { ...table, settings });
    expect(first).toMatch(/^the settings differ/);
  });

  it("names a truth that is another one, is asked otherwise or is not there", () => {
    const choice = { kind: "table", column: "half", aggregation: "majority" } as const;
    const trees = { title: "half", files: ["halves.csv"], hash: "t1", choice };
    const withTruths = (truths: TableOrigin["truths"]): AdaptTable => {
      return { ...table, origin: { ...table.origin!, ...(truths && { truths }) } };
    };
    const written = JSON.stringify(toManifest(withTruths({ trees }), undefined));
    const manifest = readManifest(written, "trips.json");
    expect(manifest.origin.truths).toEqual({ trees });
    const firstOf = (truths: TableOrigin["truths"]): string | undefined =>
      compareWithManifest(manifest, withTruths(truths))[0];
    expect(firstOf({ trees })).toMatch(/^2 of the manifest/);
    expect(firstOf({ trees: { ...trees, files: ["x.csv"] } })).toMatch(/^2 of the manifest/);
    expect(firstOf({ trees: { ...trees, hash: "t2" } })).toBe(
      "the truths for trees differ: t1 (half) there, t2 (half) here",
    );
    const mean = { ...choice, aggregation: "mean" } as const;
    expect(firstOf({ trees: { ...trees, choice: mean } })).toMatch(
      /^what is asked of the truth for trees differs: .*majority.* there, .*mean.* here$/,
    );
    expect(firstOf({})).toBe("the truths for trees differ: t1 (half) there, the data’s own here");
    const old = readManifest(text, "trips.json"); // of an earlier version: it names no truths
    expect(compareWithManifest(old, withTruths({ trees }))[0]).toMatch(/^2 of the manifest/);
  });

  it("refuses what is none in a sentence", () => {
    const wrong = (change: object): string => JSON.stringify({ ...JSON.parse(text), ...change });
    const strange = (truths: object): string => wrong({ origin: { ...table.origin, truths } });
    expect(() => readManifest(strange({ moon: { hash: "a", files: [] } }), "x.json")).toThrow(
      /x\.json: the truth "moon": expected one of population, /,
    );
    expect(() => readManifest(strange({ trees: { files: [] } }), "x.json")).toThrow(/its hash/);
    for (const bad of ["", "[]", "{}", wrong({ task: "poems" }), wrong({ origin: {} })]) {
      expect(() => readManifest(bad, "x.json")).toThrow(
        /x\.json: expected the manifest of a table/,
      );
    }
    const settings = { ...table.settings, seeds: 0 };
    expect(() => readManifest(wrong({ settings }), "x.json")).toThrow(/seeds is 0/);
  });
});
