/** Questions about a month of somebody's cells (paper 1, 4.2). */
import { cellsOfTrajectory } from "../../data/trajectories";
import { countDistricts, findTravel, homeOf, meanShare, meanTripKm } from "./months";
import { coverageNotes, needClasses, needTruth, selectNumbers } from "./truths";
import type { Drawable, Labels, Task, TaskData, TaskFacts, TruthRole } from "./types";

/** The test months that have an answer, with the answer of each. */
function drawMonths(
  data: TaskData,
  answers: Float64Array, // [test], NaN for none
  toLabels: (picked: Float64Array) => Labels,
): Drawable {
  const { test, trajectories } = data;
  const usable = selectNumbers(test.length, (n) => !Number.isNaN(answers[n]!));
  return {
    unit: "trajectories",
    count: test.length,
    item: (n) => ({
      parts: [cellsOfTrajectory(trajectories, test[n]!)],
      home: homeOf(data, test[n]!),
      of: test[n]!,
    }),
    label: (rows) => toLabels(Float64Array.from(rows, (row) => answers[row]!)),
    usable,
    notes: coverageNotes(usable.length, test.length, "trajectories"),
  };
}

type MonthFacts = Omit<TaskFacts, "input" | "answer" | "headline">;

/** A number for each month. */
function numberTask(
  facts: MonthFacts,
  prepare: (data: TaskData) => (k: number) => number, // to the answer of a trajectory
): Task {
  return {
    ...facts,
    input: "trajectory",
    answer: "numbers",
    headline: "r2",
    prepare(data) {
      const answer = prepare(data);
      const answers = Float64Array.from(data.test, answer);
      return drawMonths(data, answers, (picked) => {
        return { kind: "numbers", targets: Float32Array.from(picked), names: [facts.title] };
      });
    },
  };
}

/** Whether somebody was away from the home district on a free day. */
function travelTask(role: TruthRole, what: string, facts: Pick<TaskFacts, "name" | "title">): Task {
  return {
    ...facts,
    input: "trajectory",
    answer: "classes",
    unit: "",
    source: "paper 1, Table 11",
    table: 11,
    formula: `yes where a check-in of a weekend or national holiday lies outside the home ${what}, which is the ${what} of most check-ins of the month`,
    needs: [role],
    metrics: ["accuracy", "balancedAccuracy", "precision", "recall", "f"],
    headline: "f",
    prepare(data) {
      const districts = needClasses(data, role, facts.title).values;
      const answers = Float64Array.from(data.test, (k) => {
        const { home, days } = findTravel(data, districts, k);
        return Number.isNaN(home) ? NaN : Number(days.length > 0);
      });
      const drawable = drawMonths(data, answers, (picked) => {
        const classes = Int32Array.from(picked);
        return { kind: "classes", classes, names: ["stays", "travels"], isOrdered: false };
      });
      return { ...drawable, notes: [...drawable.notes, `free days: ${data.calendarWords}`] };
    },
  };
}

/** The tasks of paper 1, 4.2, in its order. */
export const TRAJECTORY_TASKS: readonly Task[] = [
  numberTask(
    {
      name: "diversity",
      title: "Geographic diversity",
      unit: "prefectures",
      source: "paper 1, Table 9",
      table: 9,
      formula: "number of different prefectures (or districts of the given layer) in the month",
      needs: ["prefecture"],
      metrics: ["mae", "mape", "rmse", "r2"],
    },
    (data) => {
      const { values } = needClasses(data, "prefecture", "Geographic diversity");
      return (k) => countDistricts(data, values, k);
    },
  ),
  numberTask(
    {
      name: "trip-length",
      title: "Trip length",
      unit: "km",
      source: "paper 1, Table 10",
      table: 10,
      formula: "mean of the great-circle distances between the centres of successive cells, in km",
      needs: [],
      metrics: ["mae", "mape", "rmse", "r2"],
    },
    (data) => (k) => meanTripKm(data, k),
  ),
  travelTask("prefecture", "prefecture", {
    name: "travel-prefecture",
    title: "Cross-prefecture travel",
  }),
  travelTask("region", "region", { name: "travel-region", title: "Cross-region travel" }),
  numberTask(
    {
      name: "greenery",
      title: "Exposure to greenery",
      unit: "share of trees",
      source: "paper 1, Table 12",
      table: 12,
      formula:
        "mean share of trees of the cells of all check-ins of the month; trees only, and being near trees is not being exposed to them (the paper's own limits)",
      needs: ["trees"],
      metrics: ["mae", "rmse", "r2"],
    },
    (data) => {
      const { values } = needTruth(data, "trees", "Exposure to greenery");
      return (k) => meanShare(data, values, k);
    },
  ),
];
