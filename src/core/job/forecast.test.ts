import { afterAll, beforeAll, expect, test } from "vitest";
import { haversineKm } from "../geo/cells";
import { runJob, type Job } from "../jobs";
import { finish } from "../pace";
import { shortNumber } from "../papers/judgement";
import { joinResults, readResults } from "../papers/results";
import { spokenTo } from "../papers/verdict";
import { openGptFolder, writeGptFolder } from "../model/gpt/folder";
import { runPoints } from "../model/gpt/forward";
import { createGpt } from "../model/gpt/gpt";
import type { FolderReader } from "../model/folder";
import type { DatasetSpec } from "./dataset";
import type { ForecastResult } from "./forecast";
import type { ModelSpec } from "./model";
import { makeWalkers } from "./pretrain.testing";
import { MODEL_FOLDER } from "./run-store";
import type { NamedFile } from "./session";
import { closeSessions, openSession } from "./session.testing";

const DATA: DatasetSpec = { source: "folder", name: "walkers", files: makeWalkers(40) };
const CHANGES = { layers: 1, width: 16, heads: 2, length: 48, batch: 4, learningRate: 1e-2 };
const TRAINED: ModelSpec = { source: "trained", run: "one" };

const session = openSession();
afterAll(closeSessions);

/** A model of the page's own, as its store keeps it. */
async function train(run: string, changes: object = {}): Promise<void> {
  const settings = { family: "gpt", preset: "tiny", changes: { ...CHANGES, ...changes } } as const;
  const budget = { kind: "steps", steps: 12 } as const;
  const job: Job = { kind: "pretrain", dataset: DATA, settings, seed: 123, budget, run };
  await finish(runJob(job, session, new AbortController().signal));
}

const readerOf = (run: string): FolderReader => ({
  name: run,
  read: (path) => session.memory.read(run, `${MODEL_FOLDER}/${path}`),
});

function forecast(model: ModelSpec, change: object = {}): Promise<ForecastResult> {
  const job: Job = { kind: "forecast", dataset: DATA, model, steps: 10, seed: 123, ...change };
  return finish(runJob(job, session, new AbortController().signal));
}

const toFolder = (name: string, files: Iterable<[string, Uint8Array]>): ModelSpec => ({
  source: "folder",
  name,
  files: Array.from(files, ([path, bytes]): NamedFile => {
    return { path: `model/${path}`, blob: new Blob([bytes]) };
  }),
});

beforeAll(() => train("one"));

test("a model of the page goes on from what it knows, beside truth and rules, with the errors of the test windows", async () => {
  const result = await forecast(TRAINED);
  const { known, truth, guesses, scores } = result;
  expect([known.length, truth.length]).toEqual([38, 10]);
  expect(result.windowCount).toBe(8); // a window each of the test people
  const [lng, lat] = known.at(-1)!;
  expect(guesses.persistence.places).toEqual(truth.map(() => [lng, lat]));
  truth.forEach((place, n) => {
    expect(guesses.persistence.km[n]).toBeCloseTo(haversineKm(lat, lng, place[1], place[0]), 3);
  });
  const before = known.at(-2)!;
  expect(guesses.linear.places[3]![1]).toBeCloseTo(lat + 4 * (lat - before[1]), 4);
  expect(scores).toMatchObject({ windows: 8, points: 8 * 47 });
  expect(scores.moves).toBeLessThan(scores.points);
  const [model, staying] = scores.rows;
  expect(model!.ahead).toHaveLength(10);
  expect(staying).toMatchObject({ guesser: "persistence", next: { medianKm: 0 } });
  expect(staying!.moved.medianKm).toBeCloseTo(1.3, 0); // 0.012 degrees of latitude to the next cell
  expect((await forecast(TRAINED, { window: 3, steps: 2 })).window).toBe(3);
});

test("what it comes to 2.5 hours ahead is a file that the verdict reads, or says why it is none", async () => {
  const judged = (...all: ForecastResult[]) => {
    const read = all.map(({ results }) => readResults(JSON.stringify(results), "results.json"));
    return spokenTo(joinResults(read)).map(({ claim, outcome, evidence }) => {
      return { id: claim.id, outcome, evidence };
    });
  };
  const own = await forecast(TRAINED);
  const [model, staying] = own.scores.rows.map(({ ahead }) => shortNumber(ahead[9]!.meanKm));
  const said = `(1 seed, at least 3): ${model} (1 seed); staying where one is ${staying}`;
  expect(judged(own)).toEqual([
    { id: "horizon", outcome: "not-tested", evidence: `too small to tell ${said}` },
  ]);
  expect(judged(own, await forecast(TRAINED))[0]!.evidence).toContain("1 seed, at least 3"); // one model twice
  const short = await forecast(TRAINED, { steps: 4 });
  expect(judged(short)[0]!.evidence).toBe(
    "not comparable: its points are 15 minutes apart and it went on for 4; 2.5 hours are 10 of them",
  );
  expect(judged(short, own)[0]!.evidence).toContain("too small"); // a number counts more than its lack
});

test("the guess is that of `footfall forward`, and a folder comes back to the bit", async () => {
  const folder = await openGptFolder(readerOf("one"));
  const files = writeGptFolder(folder, []);
  const kept = await session.memory.read("one", `${MODEL_FOLDER}/model.safetensors`);
  expect(files.get("model.safetensors")).toEqual(kept);
  const own = await forecast(TRAINED);
  const come = await forecast(toFolder("come back", files));
  expect(come).toEqual({ ...own, model: { ...own.model, name: "come back" }, made: come.made });
  const gpt = createGpt(folder.config, folder.tensors);
  const { next } = await finish(runPoints(gpt, [own.known]));
  gpt.dispose();
  expect(next.slice(-2)).toEqual(Float32Array.from(own.guesses.model.places[0]!));
});

test("refuses a folder with a missing tensor, a wrong shape, another box or another model, each in a sentence", async () => {
  const { config, tensors } = await openGptFolder(readerOf("one"));
  const name = "gpt.decoder.LayerNorm.bias";
  const ask = (change: Partial<typeof config>, without?: string): Promise<ForecastResult> => {
    const some = new Map([...tensors].filter(([one]) => one !== without));
    const files = writeGptFolder({ config: { ...config, ...change }, tensors: some }, []);
    return forecast(toFolder(JSON.stringify([change, without]), files));
  };
  await expect(ask({}, name)).rejects.toThrow(`"${name}" [16] is missing`);
  await expect(ask({ width: 8 })).rejects.toThrow(/is \[32, 2\], config.json asks for \[16, 2\]/);
  await expect(ask({ box: [35, 139, 36, 140] })).rejects.toThrow(
    /know the box 35, 139 to 36, 140, \d+ of the \d+ test points of walkers lie outside it/,
  );
  expect((await ask({ box: [48.82, 2.2, 49, 2.4] })).warning).toContain("lie outside the model’s");
  const bert = [["config.json", new TextEncoder().encode('{"model_type": "bert"}')]] as const;
  await expect(forecast(toFolder("bert", bert as never))).rejects.toThrow("expected footfall-gpt");
  await expect(forecast({ source: "trained", run: "gone" })).rejects.toThrow("no config.json");
});

test("windows that are too short or not there are told", async () => {
  await expect(forecast(TRAINED, { window: 8 })).rejects.toThrow("there are 8, counted from 0");
  await expect(forecast(TRAINED, { steps: 45 })).rejects.toThrow("ask for fewer points ahead");
});
