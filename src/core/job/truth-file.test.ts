import { parquetReadObjects } from "hyparquet";
import { expect, test } from "vitest";
import { toTable } from "../truth/truth.testing";
import type { LayerTruth } from "../truth/layer-types";
import { columnsToCsv, columnsToParquet, truthColumns } from "./truth-file";

const CELLS = toTable(["882f5aadabfffff", "882f5aada3fffff", "882f5aada1fffff"]);

const TRUTH: LayerTruth = {
  title: "side",
  scale: "class",
  unit: "side",
  values: Float32Array.of(1, NaN, 0),
  classes: ['north, "upper"', "south"],
  columns: [
    { name: "by_area", values: Float64Array.of(0, 2, NaN), classes: ["x", "y", "only by area"] },
    { name: "share", values: Float64Array.of(0.5, 0.25, NaN) },
  ],
  report: { cells: 3, withValue: 2, facts: [], method: "", warnings: [] },
};

test("a truth is written by the names of its classes, each column's own, and quoted where it must be", () => {
  expect(columnsToCsv(truthColumns(CELLS, TRUTH))).toBe(
    [
      "cell,value,by_area,share",
      "882f5aadabfffff,south,x,0.5",
      "882f5aada3fffff,,only by area,0.25",
      '882f5aada1fffff,"north, ""upper""",,',
      "",
    ].join("\n"),
  );
});

test("the same as Parquet, with nothing where there is nothing", async () => {
  const bytes = await columnsToParquet(truthColumns(CELLS, TRUTH));
  expect(await parquetReadObjects({ file: bytes.slice().buffer })).toEqual([
    { cell: "882f5aadabfffff", value: "south", by_area: "x", share: 0.5 },
    { cell: "882f5aada3fffff", value: null, by_area: "only by area", share: 0.25 },
    { cell: "882f5aada1fffff", value: 'north, "upper"', by_area: null, share: null },
  ]);
});
