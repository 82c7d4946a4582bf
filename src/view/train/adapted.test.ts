import { expect, test } from "vitest";
import type { AdaptTable } from "../../core/job/adapt";
import { gainOf, summariseRuns, type RunOutcome } from "../../core/task/table/results";
import { factsOf, findTask } from "../../core/task/tasks/registry";
import type { KeptTable } from "../page-context";
import { adaptedOf } from "./adapted";

function outcome(row: RunOutcome["row"], seed: number, km: number): RunOutcome {
  const scores = { bestOnTest: { km: 1 }, bestOnValidation: { km }, last: { km: 99 } };
  const rest = { key: `${row} ${seed}`, epochs: [], method: "", train: 1, test: 1, seconds: 1 };
  return { ...rest, row, seed, split: "random", scores };
}

function tableOf(runs: readonly RunOutcome[]): KeptTable {
  const pair = { row: "fine-tuned", against: "random", split: "random", metric: "km" } as const;
  const gains = [gainOf(runs, { ...pair, choice: "bestOnValidation" })!];
  const table = { task: factsOf(findTask("location", { truths: {} })), rows: summariseRuns(runs) };
  const kept = { name: "t", data: "d", model: "m", savedMs: 0 };
  return { ...kept, table: { ...table, gains } as unknown as AdaptTable };
}

test("an adapted run shows its task, both rows and the gain, best on validation", () => {
  const one = [outcome("fine-tuned", 1, 10), outcome("random", 1, 14)];
  expect(adaptedOf([tableOf(one)])).toEqual([
    {
      task: "Geographic location",
      metric: "Mean distance",
      split: "random split",
      tuned: "10",
      twin: "14",
      gain: "+4",
    },
  ]);
  const two = [...one, outcome("fine-tuned", 2, 10), outcome("random", 2, 15)];
  expect(adaptedOf([tableOf(two)])[0]!.gain).toMatch(/^\+4\.5 ± \d/);
});
