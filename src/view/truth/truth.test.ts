import { describe, expect, test } from "vitest";
import type { LayerPreview, LayerTruth } from "../../core/truth/layer-types";
import type { JoinReport } from "../../core/truth/polygons/joined";
import { CellTableBuilder, cellHash } from "../../core/geo/cells";
import {
  askedOf,
  changeChoice,
  chooseColumn,
  classOptions,
  legendOf,
  readClassTable,
  writeClassTable,
} from "./choice";
import { keyOf } from "./KeyFields";
import { shownAnswer, shownTruth } from "./shown-cells";
import { coveredShare, joinWords, meetingWords, plainFacts, truthFinding } from "./words";

const counts = (values: Record<string, number>) =>
  Object.entries(values).map(([value, count]) => ({ value, count }));

const PREVIEW: LayerPreview = {
  path: "districts.geojson",
  kind: "polygons",
  format: "GeoJSON, 3 features with an area",
  bytes: 100,
  extent: [0, 0, 2, 2],
  system: "degrees",
  columns: [
    { name: "name", kind: "text", examples: ["a"], distinct: counts({ a: 2, b: 1 }) },
    { name: "people", kind: "number", examples: ["5"], distinct: undefined },
    { name: "zone", kind: "number", examples: ["1"], distinct: counts({ 1: 2, 2: 1 }) },
  ],
  preset: undefined,
  groups: [],
  layers: [],
  choice: { kind: "polygons", column: "name", statistic: "class" },
  why: "",
  warnings: [],
};

const COVER: LayerPreview = {
  ...PREVIEW,
  kind: "raster",
  columns: [{ name: "band 1", kind: "number", examples: [], distinct: counts({ 10: 5, 50: 1 }) }],
  preset: { id: "esa-worldcover", why: "" },
  choice: { kind: "raster", statistic: "share", classes: ["built-up"] },
};

describe("what is asked of a layer", () => {
  test("is what the look suggests until something is chosen, and never another kind's", () => {
    expect(askedOf(undefined, PREVIEW)).toBe(PREVIEW.choice);
    const chosen = { kind: "polygons", column: "zone", statistic: "class" } as const;
    expect(askedOf(chosen, PREVIEW)).toBe(chosen);
    expect(askedOf(chosen, COVER)).toBe(COVER.choice);
    expect(askedOf(undefined, undefined)).toBeUndefined();
  });

  test("leaves where a table's rows lie to the layer, which may be told otherwise later", () => {
    const key = { kind: "cell", column: "h3" } as const;
    const choice = { kind: "table", column: "people", key } as const;
    const table: LayerPreview = { ...PREVIEW, kind: "table", choice };
    const asked = askedOf(undefined, table)!;
    expect(changeChoice(asked, { aggregation: "sum" })).toEqual({
      kind: "table",
      column: "people",
      aggregation: "sum",
    });
    expect(chooseColumn(table, "zone")).toEqual({ kind: "table", column: "zone" });
  });

  test("says a key only when it is whole", () => {
    const draft = { kind: "place", column: "", lat: "y", lng: "" } as const;
    expect(keyOf(draft)).toBe("unfinished");
    expect(keyOf({ ...draft, lng: "x" })).toEqual({ kind: "place", lat: "y", lng: "x" });
    expect(keyOf({ ...draft, kind: "cell" })).toBe("unfinished");
    expect(keyOf({ ...draft, kind: "found" })).toBeUndefined();
  });

  test("fits the column: classes of texts and of few numbers, means of many", () => {
    const statistic = (name: string) => chooseColumn(PREVIEW, name);
    expect(statistic("name")).toMatchObject({ column: "name", statistic: "class" });
    expect(statistic("zone")).toMatchObject({ statistic: "class" });
    expect(statistic("people")).toMatchObject({ statistic: "mean" });
    expect(chooseColumn(COVER, "band 1")).toMatchObject({ band: 1, statistic: "majority" });
  });

  test("loses the fields that a change takes away", () => {
    const deciles = changeChoice(COVER.choice!, { statistic: "mean", deciles: true });
    expect(changeChoice(deciles, { deciles: undefined })).not.toHaveProperty("deciles");
  });

  test("offers the classes of the legend, or the values that were seen", () => {
    const texts = (choice: object) =>
      classOptions(COVER, choice as NonNullable<LayerPreview["choice"]>)?.map(({ text }) => text);
    expect(texts(COVER.choice!)).toContain("trees (group)");
    expect(texts(COVER.choice!)).toContain("Mangroves");
    expect(texts({ ...COVER.choice, preset: "none" })).toEqual(["value 10", "value 50"]);
    expect(legendOf(COVER, { kind: "raster", statistic: "share", preset: "esri" })).toBe("esri");
  });

  test("takes a table of classes as lines, values with = in them too", () => {
    const table = readClassTable("forest = trees\n a=b = trees\nnothing\n= empty\nlake =");
    expect(table).toEqual({ forest: "trees", "a=b": "trees" });
    expect(readClassTable(writeClassTable(table))).toEqual(table);
  });
});

describe("where a layer lies", () => {
  test("is told as a share of the data's box, across the antimeridian too", () => {
    expect(coveredShare([0, 0, 1, 2], [0, 0, 2, 2])).toBeCloseTo(0.5);
    expect(coveredShare([170, -10, 190, 10], [-180, -10, -170, 10])).toBeCloseTo(1);
    expect(coveredShare([5, 5, 6, 6], [0, 0, 2, 2])).toBe(0);
  });

  test("is loud with both places where they do not meet", () => {
    const apart = meetingWords([5, 5, 6, 6], [0, 0, 2, 2]);
    expect(apart).toMatchObject({ isLoud: true });
    expect(apart?.text).toContain("the layer lies at 5.000° N 5.000° E");
    expect(apart?.text).toContain("the data at 0.000° N");
    expect(meetingWords([0, 0, 2, 2], [0, 0, 2, 2])?.text).toContain("all of the data’s");
    expect(meetingWords(undefined, [0, 0, 2, 2])).toBeUndefined();
  });
});

const JOIN: JoinReport = {
  cells: 10,
  withCentre: 5,
  withArea: 7,
  differ: 1,
  onlyCentre: 0,
  onlyArea: 2,
  overlapping: 0,
};

test("both joins are told with the number of cells where they differ", () => {
  expect(joinWords(JOIN)).toBe(
    "By centre 5 cells have a value, by area 7; they differ in 1 cell (0 by centre only, 2 by area only).",
  );
  expect(joinWords({ ...JOIN, differ: 0 })).toContain("where both have one they agree");
  expect(joinWords({ ...JOIN, overlapping: 3 })).toContain("3 cells in polygons of two values");
});

const cells = (() => {
  const builder = new CellTableBuilder();
  for (const hash of ["882f5aadabfffff", "882f5aada3fffff", "882f5aada1fffff"]) builder.add(hash);
  return builder.build();
})();

const TRUTH: LayerTruth = {
  title: "people",
  scale: "decile",
  unit: "decile of people",
  values: Float32Array.of(900, NaN, 5),
  edges: [1, 2, 3, 4, 5, 6, 7, 8, 9],
  columns: [{ name: "decile", values: Float64Array.of(9, NaN, 4) }],
  report: {
    cells: 3,
    withValue: 2,
    facts: [
      { name: "pixels with data", value: 7 },
      { name: "cells of forest", value: 1 },
    ],
    method: "sum of the pixels",
    warnings: [],
  },
};

test("a map shows cells with a value that enough people visited, as deciles where these are asked", () => {
  const all = shownTruth({ cells, truth: TRUTH });
  expect(Array.from(all.values)).toEqual([9, 4]);
  const people = Uint32Array.of(4, 9, 5);
  const some = shownTruth({ cells, truth: TRUTH, people });
  expect(Array.from(some.values)).toEqual([4]);
  expect(cellHash(some.cells, 0)).toBe(cellHash(cells, 2));
  expect(some.hidden).toBe(1);
  expect(shownTruth({ cells, truth: TRUTH, people }, 1).hidden).toBe(0);
});

test("maps of an answer leave out cells of few real people, and nothing of simulated ones", () => {
  const [truth, predicted] = [Float32Array.of(1, 2, 3), Float32Array.of(3, 2, 1)];
  const people = Uint32Array.of(4, 9, 5);
  const some = shownAnswer({ cells, truth, predicted, people }, 5);
  expect([[...some.truth], [...some.predicted], some.hidden]).toEqual([[2, 3], [2, 1], 1]);
  expect(cellHash(some.cells, 0)).toBe(cellHash(cells, 1));
  const all = shownAnswer({ cells, truth, predicted }, 5);
  expect([all.truth, all.hidden]).toEqual([truth, 0]);
});

test("the finding counts the cells, and the facts leave classes to their own table", () => {
  expect(truthFinding({ truth: TRUTH })).toBe("2 of 3 cells have a value: sum of the pixels.");
  expect(plainFacts(TRUTH.report).map(({ name }) => name)).toEqual(["pixels with data"]);
});
