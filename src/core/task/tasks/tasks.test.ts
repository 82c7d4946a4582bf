import fc from "fast-check";
import { greatCircleDistance, cellToLatLng } from "h3-js";
import { describe, expect, it } from "vitest";
import { cellHash } from "../../geo/cells";
import { drawExamples, splitExamples } from "./examples";
import { findTravel } from "./months";
import { findTask, TASKS } from "./registry";
import { scoreAnswers } from "./scoring";
import { classesOf, makePieces, makeTaskData, makeWalks, numbersOf } from "./tasks.testing";
import type { TaskData, TaskName } from "./types";

const OPTIONS = { shown: 0.25, seed: 7 };
const RINGS = 12;
const CELLS = 1 + 3 * RINGS * (RINGS + 1); // 469
const DRAW = { ...OPTIONS, samples: 200, maxPositions: 64 };
const pieces = makePieces(CELLS);
const halves = classesOf(
  Array.from({ length: CELLS }, (_, n) => (n < 200 ? 0 : 1)),
  ["west", "east"],
);

/** The labels of all examples that have one. */
function labelsOf(name: TaskName, data: TaskData) {
  const drawable = findTask(name, data).prepare(data, OPTIONS);
  return drawable.label(drawable.usable);
}

describe("labels of cells", () => {
  it("are degrees from the middle of the area", () => {
    const data = makeTaskData(2, []);
    const labels = labelsOf("location", data);
    if (labels.kind !== "numbers") throw new Error("location asks for numbers");
    const [lat, lng] = cellToLatLng(cellHash(data.cells, 3));
    expect(labels.targets[6]! + labels.centre![0]).toBeCloseTo(lat, 5);
    expect(labels.targets[7]! + labels.centre![1]).toBeCloseTo(lng, 5);
  });

  it("leave out cells without a truth, and say so where most have none", () => {
    const values = Array.from({ length: CELLS }, (_, n) => (n < 46 ? n / CELLS : NaN));
    const data = makeTaskData(RINGS, [], { trees: numbersOf(values) });
    const drawable = findTask("trees", data).prepare(data, OPTIONS);
    expect(drawable.usable.length).toBe(46);
    expect(drawable.notes).toEqual([expect.stringContaining("only 46 of 469 cells")]);
  });

  it("follow the layer that is given: classes, deciles or numbers", () => {
    const values = Array.from({ length: CELLS }, (_, n) => n);
    const kinds = [halves, numbersOf(values, true), numbersOf(values)].map((layer) => {
      const data = makeTaskData(RINGS, [], { layer });
      const { answer, metrics } = findTask("layer", data);
      return [answer, metrics.includes("deciles"), labelsOf("layer", data).kind];
    });
    expect(kinds).toEqual([
      ["classes", false, "classes"],
      ["classes", true, "classes"],
      ["numbers", false, "numbers"],
    ]);
  });
});

describe("labels of months", () => {
  // 24 check-ins a day: day 2 is free
  const home = (count: number): number[] => Array.from({ length: count }, () => 10);
  const stays = home(72);
  const goesOnWorkday = [...home(24), 300, ...home(47)];
  const goesOnFreeDay = [...home(60), 300, 301, ...home(10)];
  const truths = {
    prefecture: halves,
    region: halves,
    trees: numbersOf(Array.from({ length: CELLS }, (_, n) => n / 1000)),
  };
  const data = makeTaskData(RINGS, [stays, goesOnWorkday, goesOnFreeDay], truths);

  it("count the districts", () => {
    expect(labelsOf("diversity", data)).toMatchObject({ targets: Float32Array.of(1, 2, 2) });
    const drawable = findTask("diversity", data).prepare(data, OPTIONS);
    expect(drawable.explain!(1)).toBe("west, east");
  });

  it("call somebody a traveller who is away from the home district on a free day", () => {
    expect(labelsOf("travel-prefecture", data)).toMatchObject({ classes: Int32Array.of(0, 0, 1) });
    const drawable = findTask("travel-prefecture", data).prepare(data, OPTIONS);
    expect(drawable.explain!(2)).toBe("home: west; away on 1970-01-03 (weekend)");
    expect(drawable.explain!(1)).toBe("home: west; never away on a free day");
    expect(findTravel(data, halves.values, 2)).toEqual({
      home: 0,
      days: [{ day: 2, kind: "weekend" }],
      places: [60, 61],
    });
  });

  it("measure the way between the centres of successive cells", () => {
    const [a, b] = [10, 300].map((cell) => cellToLatLng(cellHash(data.cells, cell)));
    const km = (2 * greatCircleDistance(a!, b!, "km")) / 71;
    const labels = labelsOf("trip-length", data);
    if (labels.kind !== "numbers") throw new Error("trip length is a number");
    expect(labels.targets[0]).toBe(0);
    const said = findTask("trip-length", data).prepare(data, OPTIONS).explain!(1);
    expect(said).toMatch(/^\(0\.00 \+ 0\.00 \+ 0\.00 \+ … .*\) \/ 71 = [\d.]+ \/ 71 = [\d.]+ km$/);
    expect(said).toContain(`= ${km.toFixed(2)} km`);
    expect(labels.targets[1]).toBeCloseTo(km, 5);
  });

  it("average the trees over all check-ins", () => {
    const labels = labelsOf("greenery", data);
    if (labels.kind !== "numbers") throw new Error("greenery asks for numbers");
    expect(labels.targets[1]).toBeCloseTo((71 * 0.01 + 0.3) / 72, 5);
  });

  it("add grass and fields, or count the minutes of each stay, with the limits and the cap said", () => {
    const CELLS = 37;
    const walks = makeWalks(60, 12, CELLS);
    const [trees, crops] = [0.01, 0.002].map((step) =>
      Array.from({ length: CELLS }, (_, cell) => step * cell),
    );
    const plain = makeTaskData(3, walks, { trees: numbersOf(trees!), crops: numbersOf(crops!) });
    const { trajectories } = plain;
    const startMs = trajectories.checkIns.startMs.slice();
    startMs.subarray(11, 12).fill(startMs[10]! + 72 * 3_600_000); // the first person's last gap: three days
    const checkIns = { ...trajectories.checkIns, startMs };
    const data = { ...plain, trajectories: { ...trajectories, checkIns } };
    const targets = (name: "greenery-grass" | "greenery-dwell"): Float32Array => {
      const labels = findTask(name, data).prepare(data, { seed: 1, shown: 0.25 }).label(data.test);
      if (labels.kind !== "numbers") throw new Error("greenery asks for numbers");
      return labels.targets;
    };
    const [walk] = walks;
    const mean = walk!.reduce((sum, cell) => sum + 0.012 * cell, 0) / 12;
    expect(targets("greenery-grass")[0]).toBeCloseTo(mean, 5);
    const minutes = walk!.map((_, i) => (i < 10 ? 60 : i === 10 ? 480 : 0));
    const weighed = walk!.reduce((sum, cell, i) => sum + minutes[i]! * 0.01 * cell, 0);
    expect(targets("greenery-dwell")[0]).toBeCloseTo(weighed / (600 + 480), 5);
    for (const name of ["greenery", "greenery-grass", "greenery-dwell"] as const) {
      const { formula } = findTask(name, data);
      expect(formula).toContain("being near trees is not being exposed to them");
      expect(formula).toMatch(/trees only/);
    }
    expect(findTask("greenery-dwell", data).formula).toContain("at most 480");
  });
});

describe("pairs", () => {
  const data = makeTaskData(RINGS, makeWalks(120, 48, CELLS));

  it.each(["follows", "same-user"] as const)(
    "are balanced and have their hard kinds: %s",
    (name) => {
      const task = findTask(name, data);
      const { labels, groups, sequences } = drawExamples(task, data, pieces, DRAW);
      if (labels.kind !== "classes") throw new Error("pairs are classes");
      const yes = labels.classes.filter((k) => k === 1).length;
      expect(yes).toBe(60);
      const kinds = new Set(groups!.of);
      expect(kinds.size).toBe(groups!.names.length);
      labels.classes.forEach((k, n) => expect(groups!.of[n] === 0).toBe(k === 1));
      expect(sequences.every((tokens) => tokens.filter((t) => t === 3).length === 2)).toBe(true);
    },
  );

  it("need two people", () => {
    const alone = makeTaskData(RINGS, makeWalks(1, 48, CELLS));
    expect(() => findTask("same-user", alone).prepare(alone, OPTIONS)).toThrow(
      /1 person, expected two/,
    );
  });
});

describe("examples", () => {
  const data = makeTaskData(RINGS, makeWalks(120, 40, CELLS), { prefecture: halves });

  it("hide the destination behind the share that is shown, whatever the share", () => {
    const task = findTask("destination", data);
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 0.9, noNaN: true }), (shown) => {
        const { masked, labels, cellsOf } = drawExamples(task, data, pieces, {
          ...DRAW,
          maxPositions: 128,
          shown,
        });
        if (labels.kind !== "cells") throw new Error("destinations are cells");
        expect(cellsOf(0).length).toBe(Math.floor(shown * 40));
        expect(masked![0]!.truth).toBe(labels.cells[0]);
        expect(masked![0]!.at).toBe(1 + 2 * Math.floor(shown * 40));
      }),
      { numRuns: 20 },
    );
  });

  it("say how many are longer than the model reads", () => {
    const task = findTask("trip-length", data);
    const notesAt = (maxPositions: number): readonly string[] =>
      drawExamples(task, data, pieces, { ...DRAW, maxPositions }).notes;
    expect(notesAt(81)).toEqual([
      expect.stringMatching(/^120 of 120 trajectories are longer than the 81 tokens .* beginning/),
    ]);
    expect(notesAt(82)).toEqual([]); // 40 check-ins of two pieces, [CLS] and [SEP]
  });

  it("are the same for the same seed, and a fifth of them is tested", () => {
    const task = findTask("prefecture", data);
    const first = drawExamples(task, data, pieces, DRAW);
    expect(drawExamples(task, data, pieces, DRAW)).toEqual({
      ...first,
      cellsOf: expect.any(Function),
    });
    const { train, validation, test, few } = splitExamples(first, data.cells, {
      name: "random",
      seed: 1,
    });
    expect([train.length, validation.length, test.length, few.length]).toEqual([128, 32, 40, 64]);
    expect(new Set([...train, ...validation, ...test]).size).toBe(200);
    expect(few.every((n) => train.includes(n))).toBe(true);
  });

  it("cut people per cell into tenths, whether the layer says so or not", () => {
    const people = Float64Array.from({ length: CELLS }, (_, cell) => (cell % 7 ? cell : NaN));
    const labelsOf = (deciles: boolean) => {
      const own = makeTaskData(RINGS, [], { population: numbersOf(people, deciles) });
      return drawExamples(findTask("population", own), own, pieces, DRAW).labels;
    };
    expect(labelsOf(false)).toEqual(labelsOf(true));
    expect(labelsOf(false)).toMatchObject({ kind: "classes", isOrdered: true });
  });

  it.each<[string, TaskName, TaskData, RegExp]>([
    ["a missing truth", "trees", data, /Tree cover: .* give a land-cover layer/],
    [
      "12 samples",
      "destination",
      makeTaskData(RINGS, makeWalks(12, 40, CELLS)),
      /12 trajectories .* at least 50/,
    ],
    [
      "one class only",
      "prefecture",
      makeTaskData(RINGS, [], { prefecture: classesOf(new Float64Array(CELLS), ["all"]) }),
      /same class \(all\)/,
    ],
    [
      "constant targets",
      "trees",
      makeTaskData(RINGS, [], { trees: numbersOf(new Float64Array(CELLS).fill(0.5)) }),
      /is 0.5 for all 200 examples/,
    ],
    [
      "numbers for districts",
      "region",
      makeTaskData(RINGS, [], { region: numbersOf(new Float64Array(CELLS)) }),
      /expected classes/,
    ],
    [
      "classes for a share",
      "trees",
      makeTaskData(RINGS, [], { trees: classesOf(new Float64Array(CELLS), ["all"]) }),
      /"made up" has classes, expected shares of the cell, 0 to 1/,
    ],
    [
      "per cent for a share",
      "greenery",
      makeTaskData(RINGS, makeWalks(60, 20, CELLS), {
        trees: numbersOf(Float64Array.from({ length: CELLS }, (_, cell) => cell % 101)),
      }),
      /has numbers from 0 to 100, expected shares/,
    ],
  ])("refuse %s in a sentence", (_, name, bad, sentence) => {
    expect(() => drawExamples(findTask(name, bad), bad, pieces, DRAW)).toThrow(sentence);
  });
});

describe("scores of a table", () => {
  const centres = makeTaskData(1, []).centres;

  it("leave out what cannot be told", () => {
    const labels = { kind: "numbers", targets: Float32Array.of(2, 2), names: ["x"] } as const;
    const options = { metrics: ["mae", "r2"] as const, centres };
    expect(scoreAnswers(labels, { kind: "numbers", values: [1, 3] }, options)).toEqual({ mae: 1 });
  });

  it("take the distance at the true latitude", () => {
    const labels = {
      kind: "numbers",
      targets: Float32Array.of(0, 0),
      names: ["latitude", "longitude"],
      centre: [60, 0],
    } as const;
    const answers = { kind: "numbers", values: [0, 1] } as const;
    const { km, lngMae } = scoreAnswers(labels, answers, { metrics: ["lngMae", "km"], centres });
    expect(lngMae).toBe(1);
    expect(km).toBeCloseTo(greatCircleDistance([60, 0], [60, 1], "km"), 1);
  });

  it("has a title and a source for every task", () => {
    expect(TASKS.filter(({ table }) => table !== undefined).map(({ table }) => table)).toEqual([
      2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 11, 12,
    ]);
    expect(new Set(TASKS.map(({ name }) => name)).size).toBe(TASKS.length);
  });
});
