import { cellToLatLng, gridDisk, latLngToCell } from "h3-js";
import { describe, expect, it } from "vitest";
import { cellHash, CellTableBuilder, takeCells } from "../../core/geo/cells";
import type { AdaptMapResult } from "../../core/job/adapt";
import { calibrationOf, confusionOf, residualBars } from "./answer-errors";
import { answerFigure, readAnswer } from "./answer-maps";
import { DISTANCE, onlyThose, toShown, unitOf, withoutRarePlaces } from "./shown-answers";
import { taskFacts } from "./tasks";

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
    expect([0.6, -0.5].map(panels[0]!.format!)).toEqual(["60%", "−50%"]);
    expect([0.6, -0.5].map(panels[3]!.format!)).toEqual(["+60%", "−50%"]); // as the maps beside it read
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
  });

  it("set right and wrong against confidence where classes have no order", () => {
    const truth = [0, 1, 2, 0, 1, 2, 0];
    const own = [0, 1, 2, 0, 1, 0, 1]; // the last two are wrong
    const plain = answers("region", truth, own, truth.toReversed());
    const without = answerFigure(plain, toShown(plain, "fine-tuned", 0), { isPaired: true });
    expect(without.pairs).toEqual([]); // nobody says how sure
    const [twin, row] = plain.answers;
    const confidence = Float32Array.from([0.9, 0.8, 0.5, 0.4, 0.2, 0.9, 0.2]);
    const result = { ...plain, answers: [twin!, { ...row!, confidence }] };
    const all = toShown(result, "fine-tuned", 0);
    const { panels, pairs, twin: table } = answerFigure(result, all, { isPaired: true });
    expect(panels.slice(4).map(({ id }) => id)).toEqual(["both-own"]);
    const [pair] = pairs;
    expect([...pair!.counts]).toEqual([1, 0, 1, 0, 0, 0, 2, 2, 1]);
    expect(pair!.summary).toBe(
      "Right and sure: own: 71.4% of 7 places right; wrong with high confidence 14.3%, right with low confidence 28.6%.",
    );
    expect(table.summary).toContain(pair!.summary);
    expect(pair!.panel.format!(2)).toBe("wrong, confidence high");
    const few = onlyThose(all, (n) => n === 5);
    const left = answerFigure(result, few, { isPaired: true }).pairs[0]!;
    expect(left.axes[1].thirds).toEqual(pair!.axes[1].thirds);
    expect([...left.counts]).toEqual([0, 0, 1, 0, 0, 0, 0, 0, 0]);
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
    const bars = residualBars(shown);
    expect(bars[0]!.from).toBe(0); // no distance is below nothing
    expect(bars.flatMap(({ places }) => places)).toHaveLength(6);
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
