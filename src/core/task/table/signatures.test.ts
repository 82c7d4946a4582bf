import { describe, expect, it } from "vitest";
import { factsOf, TASKS } from "../tasks/registry";
import type { MetricValues } from "../tasks/metric-names";
import type { TaskName } from "../tasks/types";
import type { EpochScores, RunOutcome } from "./results";
import type { RowName } from "./rows";
import { findSignatures } from "./signatures";

const taskOf = (name: TaskName) => factsOf(TASKS.find((task) => task.name === name)!);

/** Epochs with these validation scores and losses; the first is before any training. */
function epochs(validation: number[], losses: number[], trainLosses: number[]): EpochScores[] {
  return validation.map((score, epoch) => ({
    epoch,
    validation: score,
    ...(epoch > 0 && { validationLoss: losses[epoch - 1]!, trainLoss: trainLosses[epoch - 1]! }),
  }));
}

const SOUND = epochs([0.1, 0.4, 0.5, 0.55], [0.9, 0.7, 0.65], [1, 0.8, 0.7]);

function run(row: RowName, scores: MetricValues, changes: Partial<RunOutcome> = {}): RunOutcome {
  return {
    key: row,
    row,
    split: "random",
    seed: 1,
    scores: { bestOnTest: scores, bestOnValidation: scores, last: scores },
    epochs: SOUND,
    method: "",
    train: 96,
    test: 24,
    seconds: 1,
    ...changes,
  };
}

const kinds = (task: TaskName, ...runs: RunOutcome[]): string[] =>
  findSignatures(taskOf(task), runs).map(({ kind }) => kind);

describe("signatures of adapting", () => {
  it("a sound table shows none, nor one without the fine-tuned row", () => {
    const majority = run("constant", { accuracy: 0.5, mae: 2 });
    expect(kinds("travel-region", run("fine-tuned", { accuracy: 0.8 }), majority)).toEqual([]);
    expect(kinds("trees", run("fine-tuned", { mae: 1 }), majority)).toEqual([]);
    expect(kinds("prefecture", run("fine-tuned", { accuracy: 0.3 }))).toEqual([]); // 47 to choose from
    expect(kinds("trees", run("random", { mae: 3 }, { epochs: [] }), majority)).toEqual([]);
  });

  it("a score that no epoch lifts is told, in shares and in kilometres", () => {
    const still = epochs([0.12, 0.115, 0.12, 0.125], [0.9, 0.8, 0.7], [1, 0.9, 0.8]);
    const flat = (seed: number) => run("fine-tuned", {}, { epochs: still, seed });
    expect(kinds("prefecture", flat(1), flat(2))).toEqual(["flat"]);
    expect(kinds("prefecture", flat(1), run("fine-tuned", {}, { seed: 2 }))).toEqual([]);
    const far = epochs([500, 499, 498, 501], [0.9, 0.8, 0.7], [1, 0.9, 0.8]);
    expect(kinds("location", run("fine-tuned", { km: 498 }, { epochs: far }))).toEqual(["flat"]);
    const nearer = epochs([500, 480, 450, 440], [0.9, 0.8, 0.7], [1, 0.9, 0.8]);
    expect(kinds("location", run("fine-tuned", { km: 440 }, { epochs: nearer }))).toEqual([]);
  });

  it("people are told apart in less than 60 %, or no better than by the commonest answer", () => {
    const told = (accuracy: number, commonest: number) =>
      findSignatures(taskOf("travel-region"), [
        run("fine-tuned", { accuracy }),
        run("constant", { accuracy: commonest }),
      ]);
    expect(told(0.58, 0.5)).toMatchObject([{ kind: "low-accuracy", split: "random" }]);
    expect(told(0.58, 0.5)[0]!.sentence).toContain("0.58 (0.5 for the commonest answer), is below");
    expect(told(0.7, 0.72)[0]!.sentence).toContain("not above that of the commonest answer");
    expect(told(0.73, 0.72)).toEqual([]);
  });

  it("an error of regions that is no smaller than that of the mean is large", () => {
    const blind = run("constant", { mae: 0.2 });
    expect(kinds("trees", run("fine-tuned", { mae: 0.21 }), blind)).toEqual(["large-error"]);
    const elsewhere = run("constant", { mae: 0.2 }, { split: "block" });
    expect(kinds("trees", run("fine-tuned", { mae: 0.21 }), elsewhere)).toEqual([]);
  });

  it("a validation that drops sharply while training goes on is told with how far", () => {
    const learnt = epochs([0.1, 0.5, 0.45, 0.4], [0.5, 0.7, 0.9], [0.6, 0.3, 0.1]);
    const found = findSignatures(taskOf("prefecture"), [run("fine-tuned", {}, { epochs: learnt })]);
    expect(found).toMatchObject([{ kind: "gap" }]);
    expect(found[0]!.sentence).toContain("1.8 times as high as at its best");
    const both = epochs([0.1, 0.5, 0.45, 0.4], [0.5, 0.7, 0.9], [0.6, 0.8, 0.9]); // it unlearns both
    expect(kinds("prefecture", run("fine-tuned", {}, { epochs: both }))).toEqual([]);
  });
});
