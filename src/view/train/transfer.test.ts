import { expect, test } from "vitest";
import { findTask, TASKS } from "../../core/task/tasks/registry";
import type { KeptSweep, KeptTable } from "../page-context";
import {
  CLOSENESS,
  closenessOf,
  gapText,
  markedRows,
  measuredOf,
  saidAt,
  stopsOf,
} from "./transfer";

const curve = [{ cellPerplexity: 42, perplexity: 4, sequentialCellPerplexity: 42 }];
const settings = [0.1, 1].map((share) => ({
  setting: { name: `${100 * share} %`, share },
  trajectories: 1000 * share,
  cellKm2: 1,
}));
const probes = [
  { task: "water", metric: "f", split: "random", own: 0.5, twin: 0.5 },
  { task: "population", metric: "f", split: "block", own: 0.6, twin: 0.5 },
];
const run = { seed: 1, curve, seconds: 1, tokens: 1, steps: 300, scores: { probes, notes: [] } };
const SWEEP = {
  over: "data",
  data: { key: "k" },
  config: { layers: 2, width: 64 },
  steps: 300,
  settings,
  runs: [{ ...run, setting: "10 %" }],
} as unknown as KeptSweep;

const gain = { row: "fine-tuned", against: "random", split: "random", choice: "bestOnValidation" };
const TABLE = {
  data: "k",
  model: "japan",
  table: {
    task: findTask("destination", { truths: {} }),
    shape: { width: 128 },
    layers: { "fine-tuned": 4 },
    gains: [{ ...gain, metric: "mrr", difference: { mean: 0.25, n: 1 } }],
  },
} as unknown as KeptTable;

const measured = measuredOf({ sweeps: [SWEEP], tables: [TABLE] }, "k");
const stops = stopsOf(measured);
const at = (data: number, size: number, closeness: number, heldOut = 0) =>
  saidAt(measured, stops, { data, size, closeness, heldOut }).map(({ text }) => text);

test("every task has a place in the order, and only water stands at its far end", () => {
  const places = TASKS.map((task) => closenessOf(task));
  expect(new Set(places)).toEqual(new Set([1, 2, 3, 4]));
  expect(TASKS.filter((task) => closenessOf(task) === CLOSENESS.length - 1)).toHaveLength(1);
  expect(closenessOf(findTask("trip-length", { truths: {} }))).toBe(2);
});

test("finished runs and tables stand where they were measured and nowhere else", () => {
  expect(stops).toEqual({
    trajectories: [100], // the other share never came to its end
    sizes: [
      { layers: 2, width: 64 },
      { layers: 4, width: 128 },
    ],
  });
  expect(at(0, 0, 0)).toEqual([expect.stringContaining("perplexity 42.0 per check-in (")]);
  expect(at(0, 0, 3)).toEqual([expect.stringMatching(/^Population, block split: .* gains 0\.100/)]);
  expect(at(0, 0, 4)).toEqual([expect.stringMatching(/^Water, random split: .* gains 0\.000/)]);
  expect([1, 2].map((heldOut) => at(0, 0, 3, heldOut).length)).toEqual([0, 1]); // of blocks alone
  expect([1, 2].map((heldOut) => at(0, 0, 0, heldOut).length)).toEqual([1, 1]); // nothing is held out
  expect(at(0, 1, 0)).toEqual([]);
  expect(at(0, 0, 2)).toEqual([]);
  expect(gapText(stops, { data: 0, size: 1, closeness: 2, heldOut: 0 })).toBe(
    "Nothing was measured here: a model of 4 × 128 that learnt from 100 trajectories was not asked about “a whole month”. Between measured points nothing is guessed.",
  );
  expect(gapText(stops, { data: 0, size: 1, closeness: 2, heldOut: 2 })).toContain(
    "“a whole month”, held out whole blocks.",
  );
  expect(markedRows(measured, stops, { data: 0, size: 1, closeness: 3, heldOut: 0 })).toEqual([
    ["2 × 64", "● 1"],
    ["4 × 128", "[–]"],
  ]);
});

test("a table counts by its task's headline, and says that its model's data are not noted", () => {
  expect(at(0, 1, 1)).toEqual([
    "Destination, random split: fine-tuned better than the random twin by 0.250 in MRR (table, model japan, whose data it does not note)",
  ]);
  expect(measuredOf({ sweeps: [SWEEP], tables: [TABLE] }, "other")).toEqual([]);
});
