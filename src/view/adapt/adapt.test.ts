import { cellToLatLng, gridDisk, latLngToCell } from "h3-js";
import { describe, expect, it } from "vitest";
import { cellHash, CellTableBuilder, takeCells } from "../../core/geo/cells";
import type { AdaptMapResult, AdaptTable } from "../../core/job/adapt";
import { summariseRuns, type RunOutcome } from "../../core/task/table/results";
import { paperSettings, scaledSettings } from "../../core/task/table/settings";
import { METRICS } from "../../core/task/tasks/metric-names";
import { calibrationOf, confusionOf, residualBars } from "./answer-errors";
import { answerFigure, readAnswer } from "./answer-maps";
import { DISTANCE, onlyThose, toShown, unitOf, withoutRarePlaces } from "./shown-answers";
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

  it("says of the control alone whether it did nothing, as the verdict would", () => {
    const water = (fine: number, seeds = 3, test = 120) => {
      const all = Array.from({ length: seeds }, (_, n) => n).flatMap((seed) => [
        { ...run("fine-tuned", "random", seed, fine + 0.001 * seed), test },
        { ...run("random", "random", seed, 0.1), test },
      ]);
      return judgeControl({ ...tableOf("water"), runs: all, rows: summariseRuns(all) })?.outcome;
    };
    expect([water(0.1), water(0.5)]).toEqual(["reproduced", "not"]);
    expect([water(0.1, 1), water(0.1, 3, 30)]).toEqual(["not-tested", "not-tested"]);
    expect(judgeControl(trees)).toBeUndefined();
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
    const { rows, epochs, most } = taskLosses(trees);
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

const [lat, lng] = [35.68, 139.7];
const builder = new CellTableBuilder();
const hashes = gridDisk(latLngToCell(lat, lng, 8), 1).filter((hash) => cellToLatLng(hash)[0] > 0);
for (const hash of hashes) builder.add(hash);

function answers(
  task: "region" | "trees",
  truth: number[],
  own: number[],
  twin: number[],
): AdaptMapResult {
  return {
    task: taskFacts(task),
    cells: builder.build(),
    place: "here",
    extent: "part",
    width: 1,
    truth: Float32Array.from(truth),
    part: new Uint8Array(7),
    answers: [
      { row: "random", title: "twin", values: Float32Array.from(twin) },
      { row: "fine-tuned", title: "own", values: Float32Array.from(own) },
    ],
    names: ["a", "b", "c"],
    made: { seed: 1, data: "d", seconds: 1 },
  };
}

describe("maps of a row", () => {
  it("show truth and both models on one scale, and the difference around zero", () => {
    const result = answers(
      "trees",
      [0, 0.2, 0.4, 0.6, 0.8, 1, 0.5],
      [0.1, 0.2, 0.4, 0.6, 0.8, 0.5, 0.5],
      [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5],
    );
    const { panels } = answerFigure(result, toShown(result, "fine-tuned", 0));
    expect(panels.map(({ id }) => id)).toEqual(["truth", "twin", "own", "difference"]);
    expect(panels[1]!.scale).toBe(panels[0]!.scale);
    expect(panels[2]!.scale).toBe(panels[0]!.scale);
    expect(panels[3]!.values![5]).toBeCloseTo(-0.5, 6);
    const bars = residualBars(toShown(result, "fine-tuned", 0));
    expect(bars.flatMap(({ places }) => [...places]).toSorted((a, b) => a - b)).toEqual([
      0, 1, 2, 3, 4, 5, 6,
    ]);
    expect(bars[0]!.places).toEqual([5]);
  });

  it("set truth against both models in one map each where asked for, by thirds of the whole truth", () => {
    const truth = [0, 0.2, 0.4, 0.6, 0.8, 1, 0.5];
    const result = answers("trees", truth, truth.toReversed(), truth);
    const all = toShown(result, "fine-tuned", 0);
    const { panels, pairs, twin } = answerFigure(result, all, { isPaired: true });
    expect(panels.slice(4).map(({ id }) => id)).toEqual(["both-twin", "both-own"]);
    expect(pairs[0]!.summary).toContain("100% of 7 places alike");
    expect(twin.summary).toContain(pairs[1]!.summary);
    const few = onlyThose(all, (n) => n === 3);
    const { pairs: left } = answerFigure(result, few, { isPaired: true });
    expect(left[0]!.axes[0].thirds).toEqual(pairs[0]!.axes[0].thirds);
    const deciles = { ...result, task: taskFacts("population") };
    const names = Array.from({ length: 10 }, (_, k) => `decile ${k + 1}`);
    expect(toShown({ ...deciles, names }, "fine-tuned", 0).thirds).toEqual([2, 6]);
    const classes = answers("region", [0, 1], [0, 1], [0, 1]);
    const asked = answerFigure(classes, toShown(classes, "fine-tuned", 0), { isPaired: true });
    expect(asked.pairs).toEqual([]);
  });

  it("say of a location how many kilometres both models are off, at the true latitude", () => {
    const degrees = (values: readonly number[]) => [
      ...values,
      ...Array.from({ length: 12 - values.length }, () => 0),
    ];
    const result: AdaptMapResult = {
      ...answers("trees", degrees([]), degrees([0, 1]), degrees([1, 0])),
      width: 2,
      names: ["latitude", "longitude"],
      centre: [60, 10],
    };
    const shown = toShown(result, "fine-tuned", DISTANCE);
    expect(shown.own[0]).toBeCloseTo(55.6, 1); // half of what it is at the equator
    expect(shown.twin[0]).toBeCloseTo(111.2, 1);
    const { panels } = answerFigure(result, shown);
    expect(panels.map(({ id }) => id)).toEqual(["twin", "own", "difference"]);
    expect(panels[2]!.values![0]).toBeCloseTo(-55.6, 1);
    expect(unitOf(result, shown)).toBe("km");
    expect(calibrationOf(result.task, shown).bins).toEqual([]);
  });

  it("say of a destination the cells and how far off they are, not their numbers", () => {
    const cells = builder.build();
    const wanted = takeCells(cells, Uint32Array.of(0, 1, 2));
    const guesses = [Float32Array.of(1, 1, NaN), Float32Array.of(0, 1, 3)];
    const result: AdaptMapResult = {
      ...answers("trees", [0, 1, 2], [0, 1, 3], [1, 1, NaN]),
      task: taskFacts("destination"),
      wanted,
      answers: (["random", "fine-tuned"] as const).map((row, i) => ({
        row,
        title: row,
        values: guesses[i]!,
        guessed: takeCells(
          cells,
          Uint32Array.from(guesses[i]!, (cell) => cell || 0),
        ),
      })),
    };
    const shown = toShown(result, "fine-tuned", 0);
    expect(shown.own[0]).toBe(0);
    expect(shown.twin[0]).toBeGreaterThan(0.5); // a neighbour at resolution 8
    expect(shown.twin[0]).toBeLessThan(1.2);
    expect(shown.twin[2]).toBeNaN();
    const figure = answerFigure(result, shown);
    expect(figure.panels.map(({ id }) => id)).toEqual(["twin", "own", "difference"]);
    const [first, second] = [cellHash(cells, 0), cellHash(cells, 1)];
    expect(readAnswer(figure, shown, "truth", 0)).toBe(first);
    expect(readAnswer(figure, shown, "own", 0)).toBe(`${first}, a hit`);
    expect(readAnswer(figure, shown, "twin", 0)).toMatch(new RegExp(`^${second}, .* km off$`));
    expect(readAnswer(figure, shown, "twin", 2)).toBe("no value");
    const people = { ...result, people: Uint32Array.of(9, 1, 9) };
    const { result: left } = withoutRarePlaces(people, 5);
    expect(toShown(left, "fine-tuned", 0).own).toHaveLength(2);
  });

  it("set another truth of the same cells beside, with thirds of its own", () => {
    const truth = [0, 0.2, 0.4, 0.6, 0.8, 1, NaN];
    const values = Float32Array.of(5000, 4000, 90, 60, 8, 2, 1);
    const people = { title: "Population", unit: "people per cell", values };
    const result = answers("trees", truth, truth, truth);
    const beside = answerFigure(result, toShown(result, "fine-tuned", 0), { beside: people });
    expect(beside.panels.slice(4).map(({ id }) => id)).toEqual(["beside", "both-truths"]);
    const [pair] = beside.pairs;
    expect(pair!.panel.title).toBe("Tree cover and population");
    expect([...pair!.counts]).toEqual([0, 0, 2, 0, 2, 0, 2, 0, 0]);
    expect(pair!.summary).toContain("population lower than tree cover in 33.3%");
  });

  it("count what was taken for what, and leave only those places where one is chosen", () => {
    const result = answers(
      "region",
      [0, 0, 1, 1, 2, 2, 2],
      [0, 1, 1, 1, 2, 0, 2],
      [0, 0, 0, 0, 0, 0, 0],
    );
    const shown = toShown(result, "fine-tuned", 0);
    expect([...confusionOf(shown, 3)]).toEqual([1, 1, 0, 0, 2, 0, 1, 0, 2]);
    const left = onlyThose(shown, (n) => shown.truth[n] === 2 && shown.own[n] === 0);
    expect([...left.truth.keys()].filter((n) => !Number.isNaN(left.truth[n]))).toEqual([5]);
    const { panels, entries } = answerFigure(result, shown);
    expect(panels.map(({ id }) => id)).toEqual(["truth", "twin", "predicted", "agreement"]);
    expect(entries).toHaveLength(3);
  });
});

describe("calibration of a row", () => {
  const truth = [0, 0, 1, 1, 2, 2, 2];
  const own = [0, 1, 1, 1, 2, 0, 2];
  const confidence = Float32Array.of(0.95, 0.35, 0.99, 0.91, 0.39, 0.38, 0.92);
  const classes = answers("region", truth, own, truth);
  const result: AdaptMapResult = {
    ...classes,
    answers: classes.answers.map((one) => ({ ...one, confidence })),
    people: Uint32Array.of(9, 9, 9, 9, 9, 9, 1),
  };

  it("holds confidence against what was right, and names the places of a bin", () => {
    const { bins, error } = calibrationOf(result.task, toShown(result, "fine-tuned", 0));
    expect(bins.map(({ places, found }) => [places, found])).toEqual([
      [[1, 4, 5], 1 / 3],
      [[0, 2, 3, 6], 1],
    ]);
    expect(error).toBeCloseTo((3 * (1.12 / 3 - 1 / 3) + 4 * (1 - 3.77 / 4)) / 7, 6);
    const { result: left } = withoutRarePlaces(result, 5);
    const kept = calibrationOf(left.task, toShown(left, "fine-tuned", 0));
    expect(kept.bins[1]!.places).toEqual([0, 2, 3]);
  });

  it("has tenths for numbers, and nothing for rules that do not say how sure they are", () => {
    const numbers = answers("trees", [0, 1, 2, 3, 4, 5, 6], [6, 5, 4, 3, 2, 1, 0], truth);
    const { bins, error } = calibrationOf(numbers.task, toShown(numbers, "fine-tuned", 0));
    expect(bins.map(({ said, found }) => [said, found])[0]).toEqual([0, 6]);
    expect(error).toBeUndefined();
    expect(calibrationOf(classes.task, toShown(classes, "fine-tuned", 0)).bins).toEqual([]);
  });
});

describe("maps of real people's places", () => {
  it("leave out those that fewer than k visited, from every column", () => {
    const numbers = [0, 1, 2, 3, 4, 5, 6];
    const whole: AdaptMapResult = {
      ...answers("trees", numbers, numbers, numbers),
      part: Uint8Array.from(numbers),
      trajectories: Uint32Array.from(numbers, (n) => 10 * n),
      reasons: numbers.map(String),
      people: Uint32Array.of(9, 4, 5, 1, 5, 0, 8),
    };
    const { result, hidden } = withoutRarePlaces(whole, 5);
    expect(hidden).toBe(3);
    const left = [0, 2, 4, 6];
    expect([...result.truth]).toEqual(left);
    expect(result.answers.map(({ values }) => [...values])).toEqual([left, left]);
    expect([...result.part]).toEqual(left);
    expect([...result.trajectories!]).toEqual([0, 20, 40, 60]);
    expect(result.reasons).toEqual(left.map(String));
    expect(left.map((_, n) => cellHash(result.cells, n))).toEqual(
      left.map((n) => cellHash(whole.cells, n)),
    );
  });

  it("keep both numbers of a place together, and all places of simulated people", () => {
    const whole: AdaptMapResult = {
      ...answers("trees", [0, 1, 2, 3], [0, 1, 2, 3], [0, 1, 2, 3]),
      width: 2,
      people: Uint32Array.of(1, 7),
    };
    expect([...withoutRarePlaces(whole, 5).result.truth]).toEqual([2, 3]);
    const { people: _, ...simulated } = whole;
    expect(withoutRarePlaces(simulated, 5)).toEqual({ result: simulated, hidden: 0 });
  });
});
