import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openEngine, type Engine } from "../../gpu/engine";
import { TEST_WASM_PATHS } from "../../gpu/testing";
import { createBert } from "../../model/bert";
import type { BertConfig } from "../../model/config";
import { initialiseBert } from "../../model/parameters";
import { finish } from "../../pace";
import { createRandom } from "../../random";
import { drawExamples } from "../tasks/examples";
import { findTask } from "../tasks/registry";
import { classesOf, makePieces, makeTaskData, makeWalks, numbersOf } from "../tasks/tasks.testing";
import type { TaskName } from "../tasks/types";
import { embedSequences } from "./embed-sequences";
import { fillTable, type TableInput } from "./fill-table";
import { spreadOf } from "./interval";
import { gainOf, summariseRuns, type RunOutcome } from "./results";
import { layersOf, ROW_NAMES, type RowName } from "./rows";
import {
  differencesFromPaper,
  paperSettings,
  scaledSettings,
  type TableSettings,
} from "./settings";
import { runSmallNetwork } from "./small-network";

describe("spreadOf", () => {
  it("is SciPy's interval of Student's t", () => {
    // scipy.stats.t.interval(0.95, 2, loc=2, scale=scipy.stats.sem([1, 2, 3]))
    expect(spreadOf([1, 2, 3])).toEqual({
      mean: 2,
      n: 3,
      low: expect.closeTo(-0.48413771175, 5),
      high: expect.closeTo(4.48413771175, 5),
    });
    expect(spreadOf([4])).toEqual({ mean: 4, n: 1 });
    expect(spreadOf([])).toBeUndefined();
  });
});

describe("settings", () => {
  it("are the paper's, and say what was scaled", () => {
    const task = { input: "region", source: "paper 1, Table 2" } as const;
    expect(paperSettings(task).training).toMatchObject({
      epochs: 20,
      learningRate: 2e-5,
      weightDecay: 0.1,
      batch: 1024,
    });
    expect(differencesFromPaper(paperSettings(task), task, 50_000)).toEqual([]);
    const scaled = differencesFromPaper(scaledSettings(task), task, 1500);
    expect(scaled).toContainEqual({ name: "examples", paper: 50_000, here: 1500 });
    expect(scaled.map(({ name }) => name)).toContain("learningRate");
  });

  it("scale the three Transformers by the model's layers over twelve", () => {
    const layers = (count: number): number[] =>
      (["transformer-small", "transformer-medium", "transformer-large", "random"] as const).map(
        (row) => layersOf(row, count),
      );
    expect(layers(12)).toEqual([3, 6, 9, 12]);
    expect(layers(4)).toEqual([1, 2, 3, 4]);
    expect(layers(2)).toEqual([1, 1, 2, 2]);
  });
});

const outcome = (row: RowName, seed: number, f: number): RunOutcome => {
  const scores = { f };
  return {
    key: `${row} ${seed}`,
    row,
    split: "random",
    seed,
    scores: { bestOnTest: scores, bestOnValidation: scores, last: scores },
    epochs: [],
    method: "",
    train: 1,
    test: 1,
    seconds: 1,
  };
};

describe("gainOf", () => {
  const gain = {
    row: "fine-tuned",
    against: "random",
    split: "random",
    choice: "last",
    metric: "f",
  } as const;

  it("pairs the seeds, so that a spread that both share does not hide it", () => {
    const runs = [0.1, 0.5, 0.9].flatMap((base, seed) => [
      outcome("random", seed, base),
      outcome("fine-tuned", seed, base + 0.05 + seed / 1000),
    ]);
    expect(gainOf(runs, gain)).toMatchObject({ isSure: true, difference: { n: 3 } });
    expect(gainOf(runs.slice(0, 2), gain)).not.toHaveProperty("isSure");
    expect(gainOf([], gain)).toBeUndefined();
  });

  it("is above 0 where less is better and there is less", () => {
    const runs = [outcome("random", 1, 0), outcome("fine-tuned", 1, 0)];
    runs.forEach((run, i) => Object.assign(run.scores.last, { km: 10 - i }));
    expect(gainOf(runs, { ...gain, metric: "km" })!.difference.mean).toBe(1);
  });
});

describe("runSmallNetwork", () => {
  const random = createRandom(3, "ring");
  const points = Array.from({ length: 400 }, () => [random.normal(), random.normal()] as const);
  const inputs = { data: Float64Array.from(points.flat()), width: 2 };
  const rows = (from: number, to: number): Uint32Array =>
    Uint32Array.from({ length: to - from }, (_, n) => from + n);
  const parts = { train: rows(0, 250), validation: rows(250, 320), seed: 1 };

  it("learns a ring, which no line can part", async () => {
    const classes = points.map(([x, y]) => Number(x * x + y * y > 1.4));
    const target = { kind: "classes", classes, count: 2 } as const;
    const logits = await finish(runSmallNetwork(inputs, target, parts));
    const right = Array.from(rows(320, 400)).filter(
      (n) => Number(logits[2 * n + 1]! > logits[2 * n]!) === classes[n],
    );
    expect(right.length).toBeGreaterThan(70);
  });

  it("learns numbers in their own unit, the same for the same seed", async () => {
    const data = Float64Array.from(points, ([x, y]) => 1000 + 100 * x * y);
    const target = { kind: "numbers", values: { data, width: 1 } } as const;
    const answers = await finish(runSmallNetwork(inputs, target, parts));
    const error = rows(320, 400).reduce((sum, n) => sum + Math.abs(answers[n]! - data[n]!), 0) / 80;
    expect(error).toBeLessThan(25);
    expect(await finish(runSmallNetwork(inputs, target, parts))).toEqual(answers);
  });
});

describe("fillTable", () => {
  const CELLS = 469;
  const pieces = makePieces(CELLS);
  const config: BertConfig = {
    vocabularySize: pieces.vocabularySize,
    width: 16,
    layerCount: 2,
    headCount: 2,
    innerWidth: 32,
    maxPositions: 64,
    typeCount: 2,
    layerNormEpsilon: 1e-12,
    initializerRange: 0.02,
    activation: "gelu",
    isTied: true,
    positions: "normal",
    notes: {},
  };
  const tensors = initialiseBert(config, 9);
  let engine: Engine;
  beforeAll(async () => {
    engine = await openEngine({ backend: "wasm", wasmPaths: TEST_WASM_PATHS });
  });
  afterAll(() => engine.dispose());

  const numbers = Array.from({ length: CELLS }, (_, n) => Math.floor(n / 32) / 15);
  const data = makeTaskData(12, makeWalks(90, 40, CELLS), {
    prefecture: classesOf(
      numbers.map((value) => Math.floor(value * 2.9)),
      ["a", "b", "c"],
    ),
    trees: numbersOf(numbers),
  });

  async function toInput(
    name: TaskName,
    changes: Partial<TableSettings> = {},
  ): Promise<TableInput> {
    const task = findTask(name, data);
    const scaled = scaledSettings(task);
    const training = { ...scaled.training, epochs: 12, learningRate: 2e-2, batch: 16 };
    const settings = { ...scaled, samples: 120, seeds: 1, training, ...changes };
    const options = { samples: 120, seed: 1, shown: 0.25, maxPositions: 64 };
    const examples = drawExamples(task, data, pieces, options);
    const bert = createBert(config, tensors);
    const features = await finish(embedSequences(bert, examples.sequences));
    bert.dispose();
    const embeddings = { model: features, twin: features, seconds: 1 };
    const model = { config, tensors, pieces };
    return { task, data, examples, model, embeddings, settings, seed: 1, table: name };
  }

  it("fills all rows of classes, estimate first, and tells no NaN", async () => {
    const input = await toInput("prefecture");
    const work = fillTable(input);
    const first = await work.next();
    expect(first.value).toMatchObject({ state: { runs: [], secondsLeft: expect.any(Number) } });
    const runs = await finish(work);
    const rows = summariseRuns(runs);
    expect(rows.map(({ name }) => name)).toEqual(ROW_NAMES.slice(0, 13));
    expect(JSON.stringify(rows)).not.toMatch(/null/); // what NaN is in JSON
    const f = (name: RowName): number =>
      rows.find((row) => row.name === name)!.splits[0]!.scores.bestOnTest.f!.mean;
    expect(f("random")).toBeGreaterThan(f("zero-shot"));
    expect(f("coordinates")).toBeGreaterThan(f("constant"));
    const trained = runs.find(({ row }) => row === "random")!;
    expect(trained.epochs.map(({ epoch }) => epoch)).toEqual(
      Array.from({ length: 13 }, (_, n) => n),
    );
    expect(trained.epochs[12]!.trainLoss).toBeLessThan(trained.epochs[1]!.trainLoss!);
  });

  it("can be stopped, and goes on to the same bits", async () => {
    const rows = ["constant", "random", "few-shot"] as const;
    const input = await toInput("trees", { rows, splits: ["random"] });
    const whole = await finish(fillTable(input));
    const known = whole.slice(0, 2);
    const rest = await finish(fillTable({ ...input, known }));
    const plain = (runs: readonly RunOutcome[]) => runs.map((run) => ({ ...run, seconds: 0 }));
    expect(plain(rest)).toEqual(plain(whole));
    expect(await finish(fillTable({ ...input, until: 0 }))).toEqual([]);
    const signal = AbortSignal.abort();
    await expect(finish(fillTable({ ...input, signal }))).rejects.toMatchObject({
      code: "stopped",
    });
  });

  it("names cells, beside rules that only remember", async () => {
    const input = await toInput("destination", { splits: ["random"] });
    const runs = await finish(fillTable(input));
    const last = runs.find(({ row }) => row === "most-visited")!;
    // every third check-in is at home
    expect(last.scores.last.hits5).toBeGreaterThan(0.1);
    expect(runs.map(({ row }) => row)).toContain("fine-tuned");
    for (const { scores } of runs) expect(Object.keys(scores.last)).toContain("mrr");
  });

  it("scores hard pairs apart", async () => {
    const input = await toInput("same-user", { rows: ["rule"], splits: ["random"] });
    const [run] = await finish(fillTable(input));
    expect(Object.keys(run!.groups!)).toEqual([
      "true pairs",
      "another person",
      "the person who lives nearest",
    ]);
    expect(run!.scores.last.f).toBeGreaterThan(0.6); // neighbours share cells, chance is 0.5
  });
});
