import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cellHash, checkCell, parentTable } from "../../geo/cells";
import { openEngine, type Engine } from "../../gpu/engine";
import { initialiseBert } from "../../model/parameters";
import { finish } from "../../pace";
import { readResults } from "../../papers/results";
import { judgeAll } from "../../papers/verdict";
import { findTask } from "../../task/tasks/registry";
import { classesOf, makeTaskData, makeWalks } from "../../task/tasks/tasks.testing";
import { createDigits } from "../../token/digits";
import { resolveConfig, toBertConfig } from "../../train/config";
import { WALKERS_MODEL } from "../session.testing";
import type { RunScores, SweepRecord } from "./record";
import { sweepResults } from "./results";
import {
  scoreFinding,
  scoreNotes,
  scorePoints,
  scoreTable,
  summariseScores,
} from "./score-summary";
import { atResolution, measureScores, type ScoreStand } from "./scores";

let engine: Engine;
beforeAll(async () => void (engine = await openEngine({ backend: "wasm" })));
afterAll(() => engine.dispose());

const data = makeTaskData(9, makeWalks(30, 24, 271));
const { parentOf } = parentTable(data.cells, 6);
const names = [...new Set(parentOf)].map((n) => `district ${n}`);
const stand: ScoreStand = {
  data: { ...data, truths: { prefecture: classesOf(parentOf, names) } },
  tasks: [findTask("location", data), findTask("prefecture", data)],
  hours: undefined,
  notes: ["nobody counted people"],
};
const SEED = 7;

async function scoreAt(resolution: number, weightsSeed: number): Promise<RunScores> {
  const cells = atResolution(data.cells, resolution);
  const tokeniser = createDigits({ parents: resolution - 2, groups: [1, 1] }, cells);
  const settings = resolveConfig({ preset: "tiny", changes: WALKERS_MODEL }, SEED);
  const config = toBertConfig(settings, tokeniser.vocabularySize);
  const model = { config, tensors: initialiseBert(config, weightsSeed) };
  const scored = { model, tokeniser, seed: SEED };
  return finish(measureScores(stand, scored, new AbortController().signal));
}

describe("scores of a run", () => {
  test("the twin is the same model with the run's own random weights; others score otherwise", async () => {
    const same = await scoreAt(8, SEED);
    expect(same.probes.map(({ task, split }) => `${task} ${split}`)).toEqual([
      "location random",
      "location block",
      "prefecture random",
      "prefecture block",
    ]);
    for (const { own, twin } of same.probes) expect(own).toBe(twin);
    const other = await scoreAt(8, SEED + 1);
    expect(other.probes.map(({ own }) => own)).not.toEqual(same.probes.map(({ own }) => own));
    expect(other.probes.map(({ twin }) => twin)).toEqual(same.probes.map(({ twin }) => twin));
    expect(other.notes).toEqual(["nobody counted people"]);
  });

  test("a run in coarser cells is asked about the same places, as far as it can tell them apart", async () => {
    const [coarse, fine] = [await scoreAt(6, SEED), await scoreAt(8, SEED)];
    const district = ({ probes }: RunScores) =>
      probes.find(({ task, split }) => task === "prefecture" && split === "random")!.own;
    expect(district(coarse)).toBeGreaterThan(0.95); // the district is the cell that it reads
    expect(district(fine)).toBeLessThan(district(coarse));
  });
});

test("places of another resolution are ancestors, or the descendants in the middle", () => {
  const parents = atResolution(data.cells, 6);
  expect(cellHash(parents, 0)).toBe(checkCell("862e601a7ffffff"));
  const children = atResolution(data.cells, 9);
  expect(cellHash(children, 0)).toBe(checkCell("892e601a5c3ffff"));
  expect(atResolution(children, 8)).toEqual(data.cells);
});

/** A record of two settings, each with some seeds' scores on one task. */
function recordOf(
  over: SweepRecord["over"],
  settings: readonly { name: string; maskRate?: number; gains: number[]; own?: number[] }[],
): SweepRecord {
  const planned = settings.map(({ name, maskRate = 0.2 }, i) => ({
    setting: { name, resolution: 6 + i, tokeniser: "5|3", maskRate, share: 1 },
    vocabularySize: 100 * (i + 1),
  }));
  const runs = settings.flatMap(({ name, gains, own }) =>
    gains.map((gain, seed) => ({
      setting: name,
      seed,
      steps: 1,
      tokens: 1,
      seconds: 1,
      curve: [],
      baselines: undefined,
      scores: {
        probes: [{ task: "population", metric: "f", split: "random", own: 0.2 + gain, twin: 0.2 }],
        ownPerplexity: own?.[seed],
        seconds: 3,
        notes: [],
      },
    })),
  );
  const data = { key: "k", name: "walkers" };
  return { over, data, settings: planned, runs, withScores: true } as unknown as SweepRecord;
}

describe("what scores come to", () => {
  const apart = recordOf("mask-ratio", [
    { name: "10 %", maskRate: 0.1, gains: [0.1, 0.11, 0.12], own: [10, 11, 12] },
    { name: "30 %", maskRate: 0.3, gains: [0.3, 0.31, 0.32], own: [30, 31, 32] },
  ]);

  test("intervals of two seeds stay within what a score can be; a gain may be a loss", () => {
    const wide = recordOf("mask-ratio", [{ name: "10 %", gains: [0, 0.7] }]);
    const { own, gain } = summariseScores(wide)[0]!;
    expect([own.low, own.high]).toEqual([0, 1]);
    expect(gain.low).toBeLessThan(-1);
  });

  test("gains are taken seed by seed, and the best is told where its interval stands apart", () => {
    const rows = summariseScores(apart);
    expect(rows[0]!.gain.mean).toBeCloseTo(0.11, 9);
    const { head } = scoreTable(rows, "hidden");
    expect(new Set(head).size).toBe(head.length); // columns are told apart by their titles
    expect(scorePoints(rows, "random").map(({ at }) => at)).toEqual(["10 %", "30 %"]);
    expect(scorePoints(rows, "block")).toEqual([]);
    expect(scoreFinding(rows)).toContain("most with 30 %");
    const one = recordOf("mask-ratio", [
      { name: "10 %", gains: [0.1] },
      { name: "30 %", gains: [0.3] },
    ]);
    expect(scoreFinding(summariseScores(one))).toContain("cannot be told");
    expect(scoreNotes(apart).join(" ")).toContain("they took 18 s in all");
    expect(scoreNotes({ ...apart, withScores: undefined })).toEqual([
      "No scores on tasks were asked for.",
    ]);
  });

  test("shares of hidden check-ins and vocabularies decide the papers' claims about them", () => {
    const outcomeOf = (record: SweepRecord, id: string) => {
      const read = readResults(JSON.stringify(sweepResults(record)), "x.json");
      return judgeAll(read).find(({ claim }) => claim.id === id)!.outcome;
    };
    expect(outcomeOf(apart, "mask-rate")).toBe("reproduced");
    const vocabularies = recordOf("resolution", [
      { name: "6", gains: [0] },
      { name: "7", gains: [0] },
    ]);
    expect(outcomeOf(vocabularies, "resolution")).toBe("reproduced"); // one seed tells a count
    expect(outcomeOf(vocabularies, "mask-rate")).toBe("not-tested");
  });
});
