import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openEngine, type Engine } from "../../gpu/engine";
import { TEST_WASM_PATHS } from "../../gpu/testing";
import { createBert } from "../../model/bert";
import type { BertConfig } from "../../model/config";
import { initialiseBert } from "../../model/parameters";
import { finish } from "../../pace";
import { applyLinear } from "../linear-model";
import { chooseLogistic } from "../strength";
import { drawExamples, splitExamples } from "../tasks/examples";
import { findTask } from "../tasks/registry";
import { likeliestClasses, scoreAnswers, takeLabels } from "../tasks/scoring";
import { classesOf, makePieces, makeTaskData, makeWalks, numbersOf } from "../tasks/tasks.testing";
import type { Labels, TaskData, TaskName } from "../tasks/types";
import { embedSequences } from "./embed-sequences";
import { fillTable, type TableInput } from "./fill-table";
import { planRuns } from "./plan";
import { summariseRuns, type RunOutcome } from "./results";
import { ROW_NAMES, type RowName } from "./rows";
import { scaledSettings, type TableSettings } from "./settings";

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
  const whole = makeTaskData(12, makeWalks(90, 40, CELLS), {
    prefecture: classesOf(
      numbers.map((value) => Math.floor(value * 2.9)),
      ["a", "b", "c"],
    ),
    trees: numbersOf(numbers),
  });

  async function toInput(
    name: TaskName,
    changes: Partial<TableSettings> = {},
    data: TaskData = whole,
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

  it.each(["trees", "prefecture"] as const)(
    "fills %s without a NaN where a truth covers an eighth and all but one cell are alike",
    async (name) => {
      const isOdd = (n: number): boolean => n === 8;
      const sparse = numbers.map((_, n) => (n % 8 > 0 ? NaN : Number(isOdd(n))));
      const classes = sparse.map((value) => (Number.isNaN(value) ? -1 : value));
      const truths = { trees: numbersOf(sparse), prefecture: classesOf(classes, ["a", "b"]) };
      const training = { ...scaledSettings(findTask(name, whole)).training, epochs: 1 };
      const changes = { training, seeds: 2 };
      const input = await toInput(name, changes, makeTaskData(12, [], truths));
      expect(input.examples.notes.join()).toMatch(/59 of 469 cells/);
      const runs = await finish(fillTable(input));
      expect(runs).toHaveLength(planRuns(input.task, input.examples, input).length);
      expect(JSON.stringify([runs, summariseRuns(runs)])).not.toMatch(/null/); // what NaN is in JSON
      for (const { scores, problem } of runs) {
        if (problem === undefined) expect(Object.keys(scores.last)).not.toEqual([]);
        else expect(problem).toMatch(/training rows/);
      }
    },
  );

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

  it("says why a run has no scores, and goes on with the others", async () => {
    const rows = ["fine-tuned", "constant"] as const;
    const input = await toInput("trees", { rows, splits: ["random"] });
    const name = "bert.embeddings.LayerNorm.weight";
    const values = new Float32Array(config.width).fill(NaN);
    const broken = new Map(tensors).set(name, { shape: [config.width], values });
    const model = { ...input.model, tensors: broken };
    const runs = await finish(fillTable({ ...input, model }));
    const wanted = expect.stringMatching(/LayerNorm.weight" hold values that are no numbers/);
    expect(runs.map(({ problem }) => problem)).toEqual([undefined, wanted]);
    const { problem } = runs[1]!;
    expect(summariseRuns(runs)[0]).toMatchObject({ name: "fine-tuned", problems: [problem] });
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

  it("begins pairs as a linear probe of the states that the head looks at", async () => {
    const rows = ["fine-tuned", "zero-shot"] as const;
    const input = await toInput("same-user", { rows, splits: ["random"] });
    const { examples, settings, data, embeddings, task } = input;
    expect(embeddings.model.width).toBe(3 * config.width);
    const { training } = settings;
    const stays = { ...settings, training: { ...training, epochs: 1, learningRate: 0 } };
    const runs = await finish(fillTable({ ...input, settings: stays }));
    const [tuned, blind] = rows.map((row) => runs.find((run) => run.row === row)!);
    const split = splitExamples(examples, data.cells, { name: "random", seed: tuned!.seed });
    const { classes } = examples.labels as Labels & { kind: "classes" };
    const work = chooseLogistic(embeddings.model, Uint8Array.from(classes), 2, split);
    const { searched } = await finish(work);
    const answers = likeliestClasses(applyLinear(searched, embeddings.model, split.test), 2);
    const options = { metrics: task.metrics, centres: data.centres };
    const expected = scoreAnswers(takeLabels(examples.labels, split.test), answers, options);
    expect(tuned!.scores.last).toEqual(expected);
    expect(blind!.scores.last).not.toEqual(expected);
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
