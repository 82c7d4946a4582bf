/** Questions about a month of somebody's cells (paper 1, 4.2). */
import { cellsOfTrajectory } from "../../data/trajectories";
import {
  findDistricts,
  findTravel,
  homeOf,
  meanShare,
  meanTripKm,
  tripSteps,
  type Travel,
} from "./months";
import { coverageNotes, needClasses, needTruth, selectNumbers } from "./truths";
import type { Drawable, Labels, Task, TaskData, TaskFacts, TruthRole } from "./types";

/** The test months that have an answer, with the answer of each. */
function drawMonths(
  data: TaskData,
  answers: Float64Array, // [test], NaN for none
  toLabels: (picked: Float64Array) => Labels,
  explain: (k: number) => string, // of a trajectory
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
    explain: (n) => explain(test[n]!),
    notes: coverageNotes(usable.length, test.length, "trajectories"),
  };
}

type MonthFacts = Omit<TaskFacts, "input" | "answer" | "headline">;

/** A number for each month. */
function numberTask(
  facts: MonthFacts,
  prepare: (data: TaskData) => {
    answer: (k: number) => number; // of a trajectory
    explain: (k: number) => string;
  },
): Task {
  return {
    ...facts,
    input: "trajectory",
    answer: "numbers",
    headline: "r2",
    prepare(data) {
      const { answer, explain } = prepare(data);
      const answers = Float64Array.from(data.test, answer);
      const toLabels = (picked: Float64Array): Labels => {
        return { kind: "numbers", targets: Float32Array.from(picked), names: [facts.title] };
      };
      return drawMonths(data, answers, toLabels, explain);
    },
  };
}

const dateText = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);

/** Which days made somebody a traveller. */
function explainTravel({ home, days }: Travel, names: readonly string[]): string {
  const away = days.map(({ day, kind }) => `${dateText(day)} (${kind})`);
  return `home: ${names[home] ?? "none"}; ${away.length > 0 ? `away on ${away.join(", ")}` : "never away on a free day"}`;
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
      const { values: districts, classes: names } = needClasses(data, role, facts.title);
      const answers = Float64Array.from(data.test, (k) => {
        const { home, days } = findTravel(data, districts, k);
        return Number.isNaN(home) ? NaN : Number(days.length > 0);
      });
      const toLabels = (picked: Float64Array): Labels => {
        const classes = Int32Array.from(picked);
        return { kind: "classes", classes, names: ["stays", "travels"], isOrdered: false };
      };
      const explain = (k: number): string => explainTravel(findTravel(data, districts, k), names);
      const drawable = drawMonths(data, answers, toLabels, explain);
      return { ...drawable, notes: [...drawable.notes, `free days: ${data.calendarWords}`] };
    },
  };
}

/** So many steps of a trip are written out at each of its ends. */
const WRITTEN_STEPS = 3;

/** The formula with the numbers of one month. */
function explainTrip(steps: Float64Array): string {
  const km = (value: number): string => value.toFixed(2);
  const texts = Array.from(steps, km);
  const isLong = texts.length > 2 * WRITTEN_STEPS;
  const written = isLong
    ? [...texts.slice(0, WRITTEN_STEPS), "…", ...texts.slice(-WRITTEN_STEPS)]
    : texts;
  const sum = steps.reduce((total, value) => total + value, 0);
  const mean = km(sum / steps.length);
  return `(${written.join(" + ")}) / ${steps.length} = ${km(sum)} / ${steps.length} = ${mean} km`;
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
      const { values, classes } = needClasses(data, "prefecture", "Geographic diversity");
      const find = (k: number): number[] => findDistricts(data, values, k);
      const explain = (k: number): string =>
        find(k)
          .map((n) => classes[n]!)
          .join(", ");
      return { answer: (k) => find(k).length || NaN, explain };
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
    (data) => {
      const answer = (k: number): number => meanTripKm(data, k);
      return { answer, explain: (k) => explainTrip(tripSteps(data, k)) };
    },
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
      const answer = (k: number): number => meanShare(data, values, k);
      const count = (k: number): number => cellsOfTrajectory(data.trajectories, k).length;
      const explain = (k: number): string =>
        `trees on ${(100 * answer(k)).toFixed(1)} % of the cells of ${count(k)} check-ins`;
      return { answer, explain };
    },
  ),
];
