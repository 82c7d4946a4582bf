import { describe, expect, test } from "vitest";
import { readResults } from "../../papers/results";
import { EXPERIMENTS, EXPERIMENT_WORDS } from "../../task/experiments/names";
import type { MeasureName, Reading } from "../../task/experiments/readings";
import { summarise } from "../../task/experiments/readings";
import {
  NEAR_MEAN,
  PRETRAINING,
  transferText,
  WITH_HOURS,
  WITHOUT_HOURS,
} from "../../task/experiments/series";
import { WEEK_SLICES } from "../../task/experiments/slices";
import { gainOf } from "./downstream";
import { findingOf } from "./finding";
import { toResultsFile } from "./our-results";
import type { ExperimentRecord } from "./record";
import { experimentMarkdown, verdictsOf } from "./report";
import { transferChoices, transferMatrix } from "./transfer";

type Row = [
  series: string,
  at: string,
  measure: MeasureName,
  values: number[],
  x?: number | undefined,
];

function readingsOf(rows: readonly Row[]): Reading[] {
  return rows.flatMap(([series, at, measure, values, x]) =>
    values.map((value, seed) => ({
      series,
      at,
      measure,
      seed,
      value,
      ...(x !== undefined && { x }),
    })),
  );
}

function recordOf(
  experiment: ExperimentRecord["experiment"],
  rows: readonly Row[],
): ExperimentRecord {
  return {
    id: "e",
    experiment,
    data: { key: "k", name: "walkers" },
    settings: { seeds: 3, count: 500, steps: 50 },
    seed: 0,
    engine: "wasm",
    facts: [],
    unitCount: 1,
    outcomes: [{ key: "one", seconds: 1, readings: readingsOf(rows) }],
    startedMs: 0,
    savedMs: 0,
    isFinished: true,
  };
}

const verdictOf = (record: ExperimentRecord, id: string): string | undefined =>
  verdictsOf(record).find(({ claim }) => claim.id === id)?.outcome;

describe("what an experiment tells the verdict", () => {
  test("gain by tokens decides the claim about scale, with the interval", () => {
    const rising: Row[] = [
      [NEAR_MEAN, "10 steps", "gain", [0, 0.01, 0.02], 0.25],
      [NEAR_MEAN, "40 steps", "gain", [0.2, 0.21, 0.22], 1],
    ];
    const record = recordOf("tokens", rising);
    expect(verdictOf(record, "scale")).toBe("reproduced");
    expect(findingOf("tokens", summarise(readingsOf(rising)))).toContain(
      "more pre-training gains more.",
    );
    const one = rising.map(([a, b, c, [value], x]): Row => [a, b, c, [value!], x]);
    expect(verdictOf(recordOf("tokens", one), "scale")).toBeUndefined(); // one seed tells nothing
    expect(findingOf("tokens", summarise(readingsOf(one)))).toContain("cannot be told from chance");
  });

  test("times are compared with the same rows without, seed by seed", () => {
    const rows: Row[] = [
      ["diversity", WITHOUT_HOURS, "score", [0.1, 0.4, 0.7]],
      ["diversity", WITH_HOURS, "score", [0.15, 0.45, 0.75]],
    ];
    const file = toResultsFile([recordOf("times", rows)]);
    const { scores, gains } = readResults(JSON.stringify(file), "x.json");
    expect(scores.map(({ row }) => row)).toEqual(["fine-tuned-times", "fine-tuned"]);
    expect(gains[0]!.low).toBeCloseTo(0.05, 6); // though the means overlap
    expect(verdictOf(recordOf("times", rows), "time")).toBe("reproduced");
  });
});

test("gains are differences of F, and shares of an error that are gone", () => {
  expect(gainOf("f", 0.6, 0.5)).toBeCloseTo(0.1, 9);
  expect(gainOf("km", 30, 40)).toBeCloseTo(0.25, 9);
  expect(gainOf("r2", 0.75, 0)).toBeCloseTo(0.5, 9);
  expect(gainOf("r2", -1000, -1000)).toBeCloseTo(0, 9);
});

describe("findings", () => {
  test("say nothing before there is something to compare", () => {
    for (const name of EXPERIMENTS) expect(findingOf(name, [])).toBeUndefined();
  });

  test("count the models that a part of the week surprises more than its own", () => {
    const [first, second] = WEEK_SLICES;
    const rows: Row[] = [
      [`learnt ${first}`, first, "perplexity", [100, 101, 102]],
      [`learnt ${second}`, first, "perplexity", [300, 301, 302]],
      [`learnt ${first}`, second, "perplexity", [100, 200, 150]],
      [`learnt ${second}`, second, "perplexity", [200, 100, 150]],
    ];
    const said = findingOf("time-slices", summarise(readingsOf(rows)))!;
    expect(said).toContain(`${first}: of 1 models of other parts 1 are more surprised`);
    expect(said).toContain(`${second}: of 1 models of other parts 0 are more surprised`);
    expect(said).toContain("1 not told from it");
  });

  const TRANSFER: Row[] = (["A", "B"] as const).flatMap((at) => [
    [NEAR_MEAN, transferText("A", at), "probeGain", [0.5, 0.51, 0.52]],
    [NEAR_MEAN, transferText("B", at), "probeGain", [-0.1, 0.01, 0.12]],
    [PRETRAINING, transferText("A", at), "adaptedPerplexity", [50, 51, 52]],
    [PRETRAINING, transferText("B", at), "adaptedPerplexity", [90, 205, 100]],
    [PRETRAINING, transferText("nothing", at), "adaptedPerplexity", [100, 102, 104]],
  ]);

  test("say what a model of another country is worth beside one from home and one from nothing", () => {
    const said = findingOf("countries", summarise(readingsOf(TRANSFER)))!;
    const [toB, toA] = said.split("From B to A");
    expect(toB).toContain(
      "what was learnt of movement comes along one way only, what near tasks gain comes along one way only",
    );
    expect(toB).toContain("is 0.5 times that of one without pre-training (less)");
    expect(toB).toContain(
      "0.51 [0.485, 0.535] by a linear probe (better than nothing; at home 0.01 [",
    );
    expect(toA).toContain("without pre-training (not told apart)");
    expect(toA).toContain("(not told from nothing; at home 0.51 [0.485, 0.535], more)");
  });

  test("stand in a matrix of where models learnt by where they are asked", () => {
    const points = summarise(readingsOf(TRANSFER));
    const [perplexity, gain] = transferChoices(points);
    const sides = (of: typeof gain) =>
      transferMatrix(points, of!).map(({ fields }) => fields.map(({ side }) => side));
    expect(sides(perplexity)).toEqual([
      [1, 1],
      [0, 0],
      [undefined, undefined],
    ]);
    expect(sides(gain)[0]).toEqual([1, 1]);
    expect(transferMatrix(points, gain!)[2]!.fields[0]!.text).toBe("0");
    const early = summarise(readingsOf(TRANSFER.slice(2, 4))); // learnt in A and B, asked in A; the twin comes later
    const [unmeasured] = transferChoices(early);
    const asked = transferMatrix(early, unmeasured!).flatMap(({ fields }) => fields);
    expect(asked.map(({ side }) => side)).toEqual(Array.from({ length: 6 }, () => undefined));
    expect(findingOf("countries", early)).not.toContain("To another geography");
    expect(experimentMarkdown(recordOf("countries", TRANSFER))).toContain(
      "| perplexity, adapted | A | 51 [",
    );
  });

  test("set the twin's rise beside the model's for each kind of noise", () => {
    const rise = (series: string, values: readonly number[]): Reading[] =>
      [
        { at: "as they are", group: "", x: 0 },
        { at: "moved by 1 km", group: "metres of noise", x: 1000 },
        { at: "80 % missing", group: "share missing", x: 0.8 },
      ].flatMap((setting, n) =>
        [1, 2, 3].map((seed) => {
          const value = values[n]! * (100 + seed);
          return { ...setting, series, measure: "perplexity", seed, value };
        }),
      );
    const own = rise("pre-trained", [1, 4, 9]);
    const twin = rise("random twin", [50, 50, 55]);
    const both = findingOf("noise", summarise([...own, ...twin]))!;
    expect(both).toContain("4 times as high with check-ins moved by 1 km");
    expect(both).toContain("(first told from chance: moved by 1 km; the random twin’s 1 times)");
    expect(both).toContain("(first told from chance: 80 % missing; the random twin’s 1.1 times)");
    expect(findingOf("noise", summarise(own))).not.toContain("twin’s"); // before it was asked
  });

  test("stand in the report with the question, the settings and the notes", () => {
    for (const name of EXPERIMENTS) {
      const text = experimentMarkdown(recordOf(name, []));
      expect(text).toContain(EXPERIMENT_WORDS[name].question);
      expect(text).not.toContain("undefined");
    }
  });
});
