import { cellsOfTrajectory } from "../../data/trajectories";
import { homeOf } from "./months";
import { selectNumbers } from "./truths";
import type { Drawable, Task, TaskData, TaskOptions } from "./types";

/** How many of a trajectory's check-ins are shown: at least one, and never the last. */
export function countShown(checkIns: number, share: number): number {
  return Math.min(checkIns - 1, Math.max(1, Math.floor(share * checkIns)));
}

function drawDestinations(data: TaskData, { shown }: TaskOptions): Drawable {
  const { test, trajectories } = data;
  const cellsOf = (n: number): Uint32Array => cellsOfTrajectory(trajectories, test[n]!);
  return {
    unit: "trajectories",
    count: test.length,
    item(n) {
      const cells = cellsOf(n);
      const parts = [cells.subarray(0, countShown(cells.length, shown))];
      return { parts, home: homeOf(data, test[n]!), of: test[n]! };
    },
    label: (rows) => ({
      kind: "cells",
      cells: Uint32Array.from(rows, (row) => cellsOf(row).at(-1)!),
    }),
    usable: selectNumbers(test.length, (n) => cellsOf(n).length >= 2),
    notes: [],
  };
}

/**
 * The last cell of a month, given how it begins. The answer is written in the tokens of a hidden check-in behind
 * the beginning, by the pre-trained masked-language head: a classification over cells would need an example of
 * each of hundreds of thousands, the pieces of a hash do not.
 */
export const DESTINATION_TASK: Task = {
  name: "destination",
  title: "Destination",
  input: "trajectory",
  answer: "cells",
  unit: "cells",
  source: "paper 2, task 2",
  formula:
    "the cell of the trajectory's last check-in, asked as one hidden check-in behind the first quarter (or the chosen share) of the check-ins",
  needs: [],
  metrics: ["hits1", "hits5", "hits10", "mrr", "km", "medianKm"],
  headline: "mrr",
  prepare: drawDestinations,
};
