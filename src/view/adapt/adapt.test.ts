import { describe, expect, it } from "vitest";
import type { AdaptTable } from "../../core/job/adapt";
import { summariseRuns, type RunOutcome } from "../../core/task/table/results";
import { paperSettings, scaledSettings } from "../../core/task/table/settings";
import { METRICS } from "../../core/task/tasks/metric-names";
import { taskLosses } from "./loss-curves";
import {
  allColumns,
  differenceText,
  flatteryOf,
  judgeControl,
  leakageOf,
  measureColumns,
  paperScore,
  scaledSentence,
  shapeSentence,
  spreadText,
} from "./scores";
import { againstPaper, againstPaperWords, ADAPT_SETTINGS } from "./settings";
import { toCsv, toJson, toLatex, toMarkdown } from "./table-files";
import { changeOfTask, taskFacts, TASK_OPTIONS } from "./tasks";

/** A run whose only score is R2, the same by all choices of the epoch but for the test's own. */
function run(
  row: RunOutcome["row"],
  split: "random" | "block",
  seed: number,
  r2: number,
): RunOutcome {
  const scores = { bestOnTest: { r2: r2 + 0.1 }, bestOnValidation: { r2 }, last: { r2 } };
  const epochs = [
    { epoch: 0, validationLoss: 1 },
    { epoch: 1, trainLoss: 0.8 - 0.1 * seed, validationLoss: 0.5 },
  ];
  const method = "as ever";
  return {
    key: `${row} ${split} ${seed}`,
    row,
    split,
    seed,
    scores,
    epochs,
    method,
    train: 96,
    test: 24,
    seconds: 1,
  };
}

const runs = [1, 2].flatMap((seed) => [
  run("fine-tuned", "random", seed, 0.4 + 0.02 * seed),
  run("fine-tuned", "block", seed, 0.3),
  run("random", "random", seed, 0.2),
  run("constant", "random", seed, 0),
]);

function tableOf(task: Parameters<typeof taskFacts>[0]): AdaptTable {
  const facts = taskFacts(task);
  return {
    task: facts,
    columns: facts.metrics.map((name) => ({ name, ...METRICS[name] })),
    rows: summariseRuns(runs),
    gains: [],
    runs,
    runCount: 10,
    secondsLeft: 2,
    examples: { count: 120, unit: "cells", drawnFrom: 500, paperFactor: 400, notes: [] },
    settings: scaledSettings(facts),
    scaled: [],
    layerFactor: 1 / 3,
    layers: {},
    origin: {
      seed: 123,
      data: { name: "simulated country", hash: "d1" },
      model: { name: "models/japan", hash: "m1" },
      engine: "wasm",
      versions: { footfall: "0.1.0", tfjs: "4" },
    },
  };
}

const trees = tableOf("trees");
const rowOf = (name: string) => trees.rows.find((row) => row.name === name)!;

describe("a table on the page", () => {
  it("tells means with their intervals, what blocks take away, and the paper's own number", () => {
    const fine = rowOf("fine-tuned");
    const titles = measureColumns(trees, "r2").map(({ title }) => title);
    expect(titles).toEqual([
      "random split, best on validation",
      "best on test (the paper’s way)",
      "its gain",
      "last epoch",
      "blocks held out",
      "leakage",
      "the paper’s",
    ]);
    expect(spreadText({ mean: 0.43, low: 0.3, high: 0.56, n: 2 })).toBe("0.43 ± 0.13");
    expect(leakageOf(fine, "r2")).toBeCloseTo(0.13, 9);
    expect(leakageOf(rowOf("random"), "r2")).toBeUndefined();
    expect(flatteryOf(fine, "r2")).toBeCloseTo(0.1, 9);
    expect(flatteryOf(fine, "mae")).toBeUndefined();
    expect(paperScore(trees.task, "fine-tuned", "r2")).toBe(0.573);
    expect(paperScore(taskFacts("water"), "fine-tuned", "r2")).toBeUndefined();
  });

  it("says of the control whether it did nothing, as the verdict would", () => {
    const measured = (task: "water" | "trees", fine: number, seeds = 3, test = 120) => {
      const all = Array.from({ length: seeds }, (_, n) => n).flatMap((seed) => [
        { ...run("fine-tuned", "random", seed, fine + 0.001 * seed), test },
        { ...run("random", "random", seed, 0.1), test },
      ]);
      return { ...tableOf(task), runs: all, rows: summariseRuns(all) };
    };
    const gains = measured("trees", 0.5);
    const water = (...how: [fine: number, seeds?: number, test?: number]) =>
      judgeControl(measured("water", ...how), [gains])?.outcome;
    expect([water(0.1), water(0.5)]).toEqual(["reproduced", "not"]);
    expect(judgeControl(measured("water", 0.1), [])?.evidence).toMatch(
      /^too small to tell \(no other/,
    );
    expect([water(0.1, 1), water(0.1, 3, 30)]).toEqual(["not-tested", "not-tested"]);
    expect(judgeControl(trees, [])).toBeUndefined();
  });

  it("shows of one seed what its test examples leave open, best on validation, and of several their spread", () => {
    const alone = { ...runs[0]!, intervals: { r2: [0.31, 0.52] } as const };
    const one = summariseRuns([alone]);
    const columns = measureColumns(trees, "r2");
    const texts = (rows: typeof one) => columns.map(({ format }) => format(0.42, rows[0]!));
    expect(texts(one).slice(0, 4)).toEqual(["0.42 [0.31, 0.52]", "0.52", "+0.42", "0.42"]);
    expect(texts(summariseRuns([alone, { ...runs[4]!, intervals: {} }]))[0]).toContain("±");
  });

  it("shows what the networks share and what was scaled, each with the paper's value", () => {
    const scaled = [{ name: "learningRate", paper: 2e-5, here: 3e-4 }];
    expect(scaledSentence({ scaled })).toContain("learning rate 0.0003 (0.00002)");
    expect(scaledSentence({ scaled: [] })).toBe("All settings are the paper’s.");
    const shape = { headCount: 2, width: 128, innerWidth: 512 };
    expect(shapeSentence({ shape })).toContain("width 128, 0.167 times the paper’s 768");
    expect(shapeSentence({})).toBe("");
  });

  it("marks the best of a column, but no leakage as the best one", () => {
    const columns = measureColumns(trees, "r2");
    expect(columns.find(({ title }) => title === "leakage")!.better).toBe("none");
    expect(columns[0]!.better).toBe("high");
    const mae = measureColumns(trees, "mae");
    expect(mae[0]!.better).toBe("low");
  });

  it("tells differences with no more digits than their scores", () => {
    expect(differenceText(-0.000017, 0.9512)).toBe("0");
    expect(differenceText(0.01234, 0.9512)).toBe("+0.012");
    expect(differenceText(-3.21, 45.6)).toBe("−3.2");
    expect(differenceText(0.00012, undefined)).toBe("+0.00012");
  });

  it("goes into files with the paper's numbers, and with a warning where it is about people", () => {
    expect(toMarkdown(trees)).toContain("### Tree cover (paper 1, Table 8)");
    expect(toCsv(trees)).toMatch(/^trees,fine-tuned,random,bestOnValidation,r2,0\.43.*,2,0\.573$/m);
    expect(toLatex(trees)).toContain("R2 \\\\\n\\midrule");
    expect(toLatex(trees)).toMatch(/fine-tuned & .*0\.43 \$\\pm\$ /);
    for (const write of [toMarkdown, toCsv, toLatex, toJson]) {
      expect(write(trees)).not.toContain("mental health");
      expect(write(tableOf("greenery"))).toContain("mental health");
    }
  });

  it("has the paper's value behind each of ours where all measures stand", () => {
    const asked = { split: "random", choice: "bestOnValidation" } as const;
    const r2 = allColumns(trees, asked).find(({ title }) => title === "R2")!;
    expect(r2.format(0.43, rowOf("fine-tuned"))).toMatch(/^0\.43 ± .* \(0\.573\)$/);
  });

  it("draws the mean loss of the seeds, every row on the same axes", () => {
    const { measure, rows, epochs, most } = taskLosses(trees);
    expect(measure).toBe("squared error of standardised targets");
    expect(rows.map(({ title }) => title)).toContain("BERT, pre-trained, fine-tuned");
    expect(rows[0]!.points.find(({ part }) => part === "training")!.loss).toBeCloseTo(0.65, 9);
    expect([epochs, most]).toEqual([1, 1]);
    const rowCalled = (part: string) => rows.find(({ title }) => title.includes(part))!;
    const twin = rowCalled("randomly initialised").points.filter(
      ({ part }) => part === "validation",
    );
    expect(rowCalled("fine-tuned").beside).toEqual(twin); // TT-06
    expect(rows.filter(({ beside }) => beside)).toHaveLength(1);
  });

  it("keeps settings where the next task asks of the same, but not between months and pairs", () => {
    const settings = scaledSettings(taskFacts("same-user"));
    const spec = { task: "same-user", settings } as const;
    expect(changeOfTask(spec, "follows").settings).toBe(settings);
    expect(changeOfTask(spec, "diversity").settings).toBeUndefined();
  });

  it("marks what is not the paper's, and offers every task with its place in the papers", () => {
    const batch = ADAPT_SETTINGS.find(({ label }) => label === "Batch size")!;
    const marked = againstPaper(batch, trees.settings, trees.task);
    expect(marked).toEqual({ paper: 1024, mark: "scaled down" });
    const pairs = taskFacts("same-user");
    const protocol = ADAPT_SETTINGS.map((one) => {
      return [one.label, againstPaper(one, paperSettings(pairs), pairs).paper];
    });
    expect(protocol.slice(0, 4)).toEqual([
      ["Examples", 20_000],
      ["Seeds", undefined],
      ["Training epochs", 10],
      ["Learning rate", undefined],
    ]);
    expect(againstPaperWords({ paper: undefined, mark: "unknown" })).toContain("not known");
    expect(TASK_OPTIONS.map(({ value }) => value)).toEqual(
      expect.arrayContaining(["location", "diversity", "destination", "same-user", "layer"]),
    );
  });
});
