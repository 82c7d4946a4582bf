import { describe, expect, it } from "vitest";
import { finish } from "../../pace";
import { createRandom } from "../../random";
import { spreadOf } from "./interval";
import { gainOf, type RunOutcome } from "./results";
import { layersOf, type RowName } from "./rows";
import { differencesFromPaper, paperSettings, scaledSettings } from "./settings";
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
    expect(paperSettings(task)).toMatchObject({ seeds: 3, splits: ["random", "block"] });
    const scaled = differencesFromPaper(scaledSettings(task), task, 1500);
    expect(scaled).toContainEqual({ name: "examples", paper: 50_000, here: 1500 });
    expect(scaled.map(({ name }) => name)).toContain("learningRate");
  });

  it("have both parts of a pair read alone, but in the paper's preset", () => {
    const months = { input: "trajectory", source: "paper 2, task 3" } as const;
    const pair = { ...months, isPair: true };
    const poolings = [scaledSettings(pair), scaledSettings(months), paperSettings(pair)].map(
      ({ training }) => training.pooling,
    );
    expect(poolings).toEqual(["pair", "mean", "cls"]);
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
