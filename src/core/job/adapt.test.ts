import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FootfallError } from "../errors";
import { openEngine, type Engine } from "../gpu/engine";
import { runJob, type Job, type ResultOf } from "../jobs";
import { finish } from "../pace";
import { scaledSettings, type TableSettings } from "../task/table/settings";
import { takeLabels } from "../task/tasks/scoring";
import type { AdaptJob, AdaptTable } from "./adapt";
import { knownOf } from "./adapt-known";
import { tableMarkdown } from "./adapt-markdown";
import { AdaptStand } from "./adapt-stand";
import { askRival } from "./area-rivals";
import type { Session } from "./session";
import { runLooking } from "./session.testing";

const PUBLIC = join(import.meta.dirname, "../../../public");
const signal = new AbortController().signal;
let engine: Engine;
let session: Session;
beforeAll(async () => {
  engine = await openEngine({ backend: "wasm" });
  session = {
    readAsset: async (path) => new Uint8Array(await readFile(join(PUBLIC, path))),
    engine: () => Promise.resolve(engine),
    kept: new Map(),
  };
});
afterAll(() => engine.dispose());

/** The session before any table; what it drops stays whole for the others. */
function withoutTables(): Session {
  const others = [...session.kept].filter(([key]) => !key.startsWith("adapted"));
  const kept = others.map(([key, one]): [string, unknown] => {
    const lasts = "dispose" in (one as object) && { dispose: () => undefined };
    return [key, lasts ? { ...(one as object), ...lasts } : one];
  });
  return { ...session, kept: new Map(kept) };
}

const run = <J extends Job>(job: J): Promise<ResultOf<J>> => finish(runJob(job, session, signal));

const scaled = scaledSettings({ input: "region", source: "paper 1, Table 8" });
const settings: TableSettings = {
  ...scaled,
  samples: 200,
  seeds: 2,
  splits: ["random"],
  rows: ["fine-tuned", "random", "constant", "coordinates"],
  training: { ...scaled.training, epochs: 2 },
};
const WORLD = {
  dataset: { source: "simulated", size: "small", seed: 123 },
  model: { source: "shipped", path: "models/japan" },
  seed: 123,
} as const;
const job: AdaptJob = { ...WORLD, kind: "adapt", task: "trees", settings };

describe("a table as a job", { timeout: 120_000 }, () => {
  it("streams its rows, estimate first, and ends with all of them", async () => {
    const tables: AdaptTable[] = [];
    const work = runJob(job, session, signal);
    let result;
    for (;;) {
      const { done, value } = await work.next();
      if (done) {
        result = value;
        break;
      }
      if (value.partial) tables.push(value.partial as AdaptTable);
    }
    expect(tables[0]).toMatchObject({ rows: [], runCount: 8, layerFactor: 4 / 12 });
    expect(tables[0]!.secondsLeft).toBeGreaterThan(0);
    expect(tables.some(({ running }) => running?.epochs.length === 2)).toBe(true);
    expect(tables.map(({ runs }) => runs.length)).toEqual(
      tables.map(({ runs }) => runs.length).toSorted((a, b) => a - b),
    );
    expect(result.rows.map(({ name }) => name)).toEqual([
      "random",
      "fine-tuned",
      "constant",
      "coordinates",
    ]);
    expect(result.gains.map(({ choice }) => choice)).toEqual([
      "bestOnTest",
      "bestOnValidation",
      "last",
    ]);
    expect(result.scaled.map(({ name }) => name)).toContain("learningRate");
    expect(tableMarkdown(result)).toMatch(/\| \*\*BERT, pre-trained, fine-tuned\*\* \| [\d.]+ ± /);
  });

  it("goes on with runs that are known, where the session has forgotten them", async () => {
    const table = await run({ ...job, settings: { ...settings, rows: ["constant"] } });
    const { runs } = table;
    const again = await finish(runJob({ ...job, known: knownOf(table) }, withoutTables(), signal));
    expect(again.runs.slice(0, 2)).toEqual(runs);
    expect(again.runs).toHaveLength(8);
  });

  it("goes on over the loss of the device, without the run under which it was lost", async () => {
    let current = engine;
    const lossy = { ...withoutTables(), engine: () => Promise.resolve(current) };
    const counts: number[] = [];
    let before: AdaptTable["runs"] = [];
    const wanted = {
      ...job,
      settings: { ...settings, rows: ["constant", "coordinates"] as const },
    };
    const result = await runLooking<AdaptTable, AdaptJob>(wanted, lossy, ({ runs }) => {
      counts.push(runs.length);
      if (runs.length !== 2 || current !== engine) return;
      before = runs;
      current = { ...engine };
      for (const key of lossy.kept.keys()) if (key.startsWith("adapted")) lossy.kept.delete(key);
    });
    expect(counts.toSorted((a, b) => a - b)).toEqual(counts);
    expect(result.runs.slice(0, 2)).toEqual(before);
    expect(result.runs.map(({ scores }) => scores)).toEqual(
      (await run(wanted)).runs.map(({ scores }) => scores),
    );
    expect(result.examples.notes.at(-1)).toMatch(/taken away after 2 of 4 runs; .* went on/);
  });

  it("keeps no run under which the graphics card refused something", async () => {
    let isFull = false;
    const fault = new FootfallError("out-of-memory", "the graphics card has no room");
    const refusing = { ...engine, takeFault: () => (isFull ? fault : undefined) };
    const own = { ...withoutTables(), engine: () => Promise.resolve(refusing) };
    const wanted = { ...job, settings: { ...settings, rows: ["constant"] as const } };
    const counts: number[] = [];
    const work = runLooking<AdaptTable, AdaptJob>(wanted, own, ({ runs }) => {
      isFull = counts.push(runs.length) > 1;
    });
    await expect(work).rejects.toBe(fault);
    expect([counts.at(-1), own.kept.size]).toEqual([1, 0]);
  });

  it("leaves out runs of other weights under the same key, and says so", async () => {
    const wanted = { ...job, settings: { ...settings, rows: ["constant" as const] } };
    const table = await run(wanted);
    const model = { name: "models/japan", hash: "weights of before" };
    const before = {
      origin: { ...table.origin!, model },
      runs: table.runs.map((one) => ({ ...one, method: "as of before" })),
    };
    const again = await finish(
      runJob({ ...wanted, known: knownOf(before) }, withoutTables(), signal),
    );
    expect(again.runs.map(({ key }) => key)).toEqual(table.runs.map(({ key }) => key));
    expect(again.runs.map(({ method }) => method)).toEqual(table.runs.map(({ method }) => method));
    expect(again.examples.notes.at(-1)).toBe(
      "2 kept runs were made with other weights of models/japan and left out",
    );
    const { origin: _, ...old } = before; // of an earlier version: nobody knows its weights
    const taken = await finish(runJob({ ...wanted, known: knownOf(old) }, session, signal));
    expect(taken.runs[0]!.method).toBe("as of before");
    expect(taken.examples.notes.join()).not.toMatch(/left out/);
  });

  it("says what every row answers, on the test cells and on a map", async () => {
    const { kind: _, ...table } = job;
    const map = {
      kind: "adapt-map",
      table,
      split: "random",
      rows: ["fine-tuned", "random"],
    } as const;
    const test = await run({ ...map, rows: ["fine-tuned", "coordinates"] });
    expect(test.cells.hi.length).toBe(40);
    expect(test.part.every((part) => part === 1)).toBe(true);
    expect([test.extent, test.beside]).toEqual(["test", undefined]);
    const wide = await run({ ...map, extent: "first" });
    expect(wide.extent).toBe("part");
    expect(wide.beside!.map(({ title }) => title)).toEqual([
      "Population",
      "Built-up land",
      "Water",
    ]);
    expect(wide.beside![0]!.values).toHaveLength(wide.truth.length);
    expect(wide.answers.map(({ row }) => row)).toEqual(["fine-tuned", "random"]);
    expect(wide.answers[0]!.values.length).toBe(wide.truth.length);
    expect(wide.truth.length).toBeGreaterThan(5000);
  });

  it("opens a map of classes on all of the area where the part has one class only", async () => {
    const rows = ["constant"] as const;
    const table = { ...WORLD, task: "region", settings: { ...settings, rows } } as const;
    const map = { kind: "adapt-map", table, split: "random", rows } as const;
    const part = await run({ ...map, extent: "part" });
    expect(new Set(part.truth).size).toBe(1);
    const first = await run({ ...map, extent: "first" });
    expect(first.extent).toBe("whole");
    expect(new Set(first.truth).size).toBeGreaterThan(4);
    expect(first.beside).toBeUndefined();
  });

  it("asks rivals about an area as it asks them about the test cells", async () => {
    const rows = ["coordinates", "linear-probe", "twin-probe", "constant"] as const;
    const wanted = { ...WORLD, task: "prefecture", settings: { ...settings, rows } } as const;
    const stand = await finish(AdaptStand.openFor(wanted, session, signal));
    const { homes, labels } = stand.examples;
    for (const row of rows) {
      const done = await finish(stand.open(row, "random", signal));
      const { test } = done.split;
      const asked = {
        cells: Uint32Array.from(test, (n) => homes[n]!),
        labels: takeLabels(labels, test),
      };
      const answers = await finish(askRival(row, stand, done, asked, signal));
      if (answers.kind !== "classes" || done.answers.kind !== "classes") throw new Error("classes");
      expect([row, ...Array.from(answers.classes)]).toEqual([
        row,
        ...Array.from(done.answers.classes),
      ]);
      Array.from(answers.confidence!).forEach((value, n) => {
        expect(value).toBeCloseTo((done.answers as typeof answers).confidence![n]!, 5);
      });
    }
  });

  it("asks for the layer that real data lack", async () => {
    const asked = { ...job, task: "layer" } as const;
    await expect(run(asked)).rejects.toThrow(/no layer is given/);
  });
});

describe("questions about trajectories", { timeout: 120_000 }, () => {
  const ask = async (question: (Job & { kind: "trajectory-study" })["question"]) => {
    const { answer } = await run({ ...WORLD, kind: "trajectory-study", question });
    return answer;
  };

  it("fills gaps within the rings, the routes' probabilities summing to 1", async () => {
    const answer = await ask({ ask: "impute", missing: 2, rings: 8, beam: 3, trajectories: 6 });
    if (answer.ask !== "impute") throw new Error("another answer");
    for (const { routes, truth } of answer.gaps) {
      expect(truth).toHaveLength(2);
      expect(routes[0]!.cells).toHaveLength(2);
      expect(routes.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 9);
    }
    const [own, twin] = answer.scores;
    expect(own!.km).toBeLessThan(twin!.km);
  });

  it("ranks what it did not expect", async () => {
    const answer = await ask({ ask: "surprise", trajectories: 5, each: 4 });
    if (answer.ask !== "surprise") throw new Error("another answer");
    const perplexities = answer.ranking.map(({ perplexity }) => perplexity);
    expect(perplexities).toEqual(perplexities.toSorted((a, b) => b - a));
    expect(answer.ranking[0]!.checkIns).toHaveLength(4);
  });

  it("finds who moves alike better than chance, and links halves of months", async () => {
    const alike = await ask({ ask: "similar", query: 3, count: 5 });
    if (alike.ask !== "similar") throw new Error("another answer");
    expect(alike.byWarping.map(({ km }) => km)).toEqual(
      alike.byWarping.map(({ km }) => km).toSorted((a, b) => a - b),
    );
    expect(alike.byEmbedding).toHaveLength(5);
    const linked = await ask({ ask: "link", people: 100 });
    if (linked.ask !== "link") throw new Error("another answer");
    expect(linked.rows.map(({ people }) => people)).toEqual([100, 100, 100]);
    expect(linked.rows[2]!.hits1).toBeGreaterThan(0.5);
    const [before, , coarse] = linked.protections;
    expect([before!.name, before!.kept, coarse!.name]).toEqual([
      "nothing",
      1,
      "cells of resolution 6",
    ]);
    expect(coarse!.places.hits1).toBeLessThan(before!.places.hits1);
  });
});
