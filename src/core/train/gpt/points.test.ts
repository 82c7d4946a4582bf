import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RAW_BOX, createBoxScale } from "../../data/box";
import { haversineKm } from "../../geo/cells";
import type { Engine, EngineKind } from "../../gpu/engine";
import { openEngine } from "../../gpu/engine";
import { countGptParameters, initialiseGpt } from "../../model/gpt/parameters";
import { createPace, finish } from "../../pace";
import type { Checkpoint } from "../checkpoint";
import { readCheckpoint, writeCheckpoint } from "../checkpoint";
import { runObjective } from "../objectives/objective";
import { nextPointObjective, predictRows } from "../objectives/next-point";
import { disposeBanks } from "../../gpu/banks";
import { uploadTensors } from "../layout";
import { countTargets, readFirst, readTraining, toNextPointRows } from "./batches";
import {
  POINT_PRESETS,
  RAW_PAPER,
  checkPointConfig,
  differencesFromRaw,
  resolvePointConfig,
  toGptConfig,
} from "./config";
import type { PointRunState } from "./course";
import { NextPointCourse } from "./course";
import { GENERATED, generatePoints } from "./generate";
import { createGptLayout } from "./layout";
import { checkMask } from "./mask-check";
import type { PointPretrainOptions, PointResult } from "./pretrain";
import { pretrainPoints } from "./pretrain";
import { POINT_CONFIG, POINT_OPTIONS, makeWindows, runAllPoints } from "./run.testing";
import { PointTally, RAW_HALF_BOX_KM, measurePointBaselines } from "./scores";

describe("configurations of points", () => {
  test("have the sizes of PT-10", () => {
    const millions = Object.values(POINT_PRESETS).map(
      (preset) => Math.round(countGptParameters(toGptConfig(preset)) / 1e5) / 10,
    );
    expect(millions).toEqual([1.1, 5.6, 16, 91.7]);
    for (const preset of Object.values(POINT_PRESETS)) checkPointConfig(preset);
  });

  test("tell what is not RAW's, and refuse what cannot be", () => {
    const box = [35, 139, 36, 140] as const;
    const resolve = (changes: object) => resolvePointConfig({ preset: "raw", changes }, 7, box);
    expect(resolve({})).toMatchObject({ box, seed: 7, layers: 12 });
    expect(differencesFromRaw(resolve({ intervalMin: 10 }))).toEqual([]); // the data are no part of the recipe
    expect(differencesFromRaw(resolve({ batch: 4 }))).toEqual([
      { name: "batch", paper: 15, here: 4 },
    ]);
    expect(() => resolve({ heads: 5 })).toThrow("cannot be shared by 5 heads");
    expect(() => resolve({ box: [36, 139, 35, 140] })).toThrow("is no box");
  });

  test("RAW's learning rate falls in a line over 700,000 steps, however long the run is", () => {
    const config = { ...RAW_PAPER, batch: 1, accumulation: 1 };
    const course = new NextPointCourse({ ...POINT_OPTIONS, config });
    expect(course.rateAt(0.5, 0)).toBe(1e-4);
    expect(course.rateAt(0, 350_000)).toBeCloseTo(0.5e-4, 12);
    expect(course.rateAt(0, 800_000)).toBe(0);
  });
});

describe("scores of points", () => {
  test("RAW's 100 km are 88.8 and 89.9 km: both are told", () => {
    const { toLng, toLat } = createBoxScale(RAW_BOX);
    const eastKm = haversineKm(toLat(0), toLng(0), toLat(0), toLng(1));
    const northKm = haversineKm(toLat(0), toLng(0), toLat(1), toLng(0));
    expect(eastKm).toBeCloseTo(88.8, 0);
    expect(northKm).toBeCloseTo(89.9, 1);
    const tally = new PointTally(RAW_BOX);
    tally.add([1, 0], 0, [0, 0], 0);
    expect(tally.scores.km).toBeCloseTo(eastKm, 6);
    // one coordinate of two is wrong by half the box
    expect(tally.scores).toMatchObject({ mse: 0.5, mae: 0.5, rawKm: RAW_HALF_BOX_KM / 2 });
  });

  test("staying, going on, and the day before", () => {
    const box = [-1, -1, 1, 1] as const; // coordinates are degrees
    const line = { points: Float32Array.of(0, 0, 0.5, 0, 1, 0), moments: Int32Array.of(0, 1, 2) };
    const { persistence, linear, yesterday } = measurePointBaselines([line], box, 720);
    expect(persistence).toMatchObject({ mse: 0.125, mae: 0.25 });
    expect(linear.mse).toBeCloseTo(0.0625, 6); // the first has no point before it
    expect(yesterday.mse).toBeCloseTo((0.25 + 1) / 4, 6); // the first stays, the second goes a day back
    expect(persistence.km).toBeCloseTo(haversineKm(0, 0, 0, 0.5), 2);
  });
});

describe("batches of points", () => {
  const windows = makeWindows(3, "batch");

  test("windows that are too long begin anywhere, the same for one seed and epoch", () => {
    const one = readTraining(windows, 1, 4, POINT_CONFIG);
    expect(one.moments).toHaveLength(32);
    expect(readTraining(windows, 1, 4, POINT_CONFIG)).toEqual(one);
    const starts = Array.from({ length: 20 }, (_, epoch) =>
      readTraining(windows, 1, epoch, POINT_CONFIG).moments.at(0),
    );
    expect(new Set(starts).size).toBeGreaterThan(3);
    expect(readFirst(windows, 1, POINT_CONFIG).moments[0]).toBe(0);
  });

  test("each point is followed by its target, and what fills up counts nothing", () => {
    const long = readFirst(windows, 0, { ...POINT_CONFIG, length: 10 });
    const short = readFirst(windows, 1, { ...POINT_CONFIG, length: 4 });
    const rows = toNextPointRows([long, short], 1 / countTargets([long, short]), 32);
    expect([rows.B, rows.T, ...Array.from(rows.lengths)]).toEqual([2, 12, 9, 3]);
    expect(rows.targets.slice(0, 16)).toEqual(rows.points.slice(2, 18));
    expect(rows.weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1);
    expect(Array.from(rows.weights.slice(12), Math.sign)).toEqual([1, 1, 1, ...Array(9).fill(0)]);
  });
});

/** A checkpoint as it comes back from files. */
async function throughFiles(checkpoint: Checkpoint<PointRunState>) {
  const files = new Map(writeCheckpoint(checkpoint).map(({ path, bytes }) => [path, bytes]));
  return (await readCheckpoint<PointRunState>((path) => Promise.resolve(files.get(path))))!;
}

/** Stops a run at its first report with at least so many steps and keeps the checkpoint. */
async function stopAfter(steps: number, options: PointPretrainOptions) {
  const stop = new AbortController();
  let checkpoint: Checkpoint<PointRunState> | undefined;
  await expect(async () => {
    for await (const report of pretrainPoints({ ...options, signal: stop.signal })) {
      if (report.kind === "step" && report.row.step >= steps) stop.abort();
      if (report.kind === "checkpoint") ({ checkpoint } = report);
    }
  }).rejects.toMatchObject({ code: "stopped" });
  return checkpoint!;
}

function withoutClock({ checkpoint }: PointResult) {
  return checkpoint.state.log.map((row) => ({ ...row, seconds: 0 }));
}

const BACKENDS: EngineKind[] = ["cpu", "wasm"];

describe.each(BACKENDS)("pre-training on points on %s", (backend) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openEngine({ backend });
  });
  afterAll(() => engine.dispose());

  test("goes on from a checkpoint as if it had never stopped", async () => {
    const options = { ...POINT_OPTIONS, reportEvery: 1 };
    const { result } = await runAllPoints(options);
    const checkpoint = await throughFiles(await stopAfter(5, options));
    expect(checkpoint.state.step).toBeLessThan(12);
    const resumed = await runAllPoints({ ...options, checkpoint });
    expect(resumed.result.checkpoint.tensors).toEqual(result.checkpoint.tensors);
    expect(withoutClock(resumed.result)).toEqual(withoutClock(result));
    const other = { ...options, config: { ...POINT_CONFIG, width: 8 }, checkpoint };
    await expect(runAllPoints(other)).rejects.toThrow("was made with the config");
  });

  test("windows side by side with shorter ones have the loss that they have alone", async () => {
    const windows = makeWindows(2, "padding");
    const [long, short] = [
      readFirst(windows, 0, POINT_CONFIG),
      readFirst(windows, 1, { ...POINT_CONFIG, length: 9 }),
    ];
    for (const isCausal of [true, false]) {
      const layout = createGptLayout(toGptConfig({ ...POINT_CONFIG, isCausal }));
      const flat = uploadTensors(layout, initialiseGpt(layout.config));
      const run = (some: (typeof long)[]) =>
        runObjective(nextPointObjective, layout, flat, toNextPointRows(some, 1, 32), createPace());
      const [together, alone] = [await run([long, short]), await run([short])];
      const T = together.length / 2;
      for (let t = 0; t < 8; t++) expect(together[T + t]).toBeCloseTo(alone[t]!, 5);
      disposeBanks(flat);
    }
  });
});

describe("learning on points", () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openEngine({ backend: "wasm" });
  });
  afterAll(() => engine.dispose());

  test("goes on by itself as step by step, each guess seen by the next, windows of any length together", async () => {
    const layout = createGptLayout(toGptConfig(POINT_CONFIG));
    const flat = uploadTensors(layout, initialiseGpt(layout.config));
    const windows = makeWindows(2, "generate");
    const prefixes = [12, 9].map(
      (length, row) => readFirst(windows, row, { ...POINT_CONFIG, length }).points,
    );
    const guesses = await generatePoints(layout, flat, prefixes, createPace());
    for (const [n, prefix] of prefixes.entries()) {
      let known = [...prefix];
      for (let step = 0; step < GENERATED; step++) {
        const T = known.length / 2;
        const rows = { points: Float32Array.from(known), lengths: [T], B: 1, T };
        const next = (await predictRows(layout, flat, rows, createPace())).slice(-2);
        expect(guesses[n]![2 * step]).toBeCloseTo(next[0]!, 4);
        expect(guesses[n]![2 * step + 1]).toBeCloseTo(next[1]!, 4);
        known = [...known, ...next];
      }
    }
    disposeBanks(flat);
  });

  test("holds as much memory after many steps as after few", async () => {
    const held: { tensors: number; bytes: number }[] = [];
    const options = { ...POINT_OPTIONS, budget: { kind: "steps", steps: 60 } } as const;
    for await (const report of pretrainPoints({ ...options, reportEvery: 10, validations: 1 })) {
      const { numTensors, numBytes } = tf.memory();
      if (report.kind === "step") held.push({ tensors: numTensors, bytes: numBytes });
    }
    expect(held.length).toBeGreaterThan(4);
    for (const one of held) expect(one).toEqual(held[0]);
  });

  test("beats staying where there is something to learn", async () => {
    const { reports, result } = await runAllPoints({
      ...POINT_OPTIONS,
      config: { ...POINT_CONFIG, width: 32 },
      budget: { kind: "steps", steps: 400 },
      reportEvery: 50,
    });
    const last = result.checkpoint.state.log.findLast(({ split }) => split === "validation")!;
    const baselines = reports.find((report) => report.kind === "baselines")!.scores;
    expect(last.loss).toBeLessThan(0.5 * baselines.persistence.mse);
  });

  test("without the mask the loss collapses, and going on by itself gains nothing", async () => {
    const { runs, staying } = await finish(checkMask(123));
    const [masked, open] = runs.map(({ log }) => log.at(-1)!);
    expect(Math.abs(masked!.loss / staying.mse - 1)).toBeLessThan(0.15); // as good as can be
    expect(open!.loss).toBeLessThan(0.2 * staying.mse);
    expect(open!.generationKm).toBeGreaterThan(0.8 * staying.generationKm);
  }, 180_000); // two runs of 900 steps

  test("frees everything, however it ends", async () => {
    const before = tf.memory().numTensors;
    await runAllPoints(POINT_OPTIONS);
    await stopAfter(2, { ...POINT_OPTIONS, reportEvery: 1 });
    for await (const report of pretrainPoints(POINT_OPTIONS)) {
      if (report.kind === "validation") break;
    }
    expect(tf.memory().numTensors).toBe(before);
  });
});
