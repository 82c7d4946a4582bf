/** Questions about a month of somebody's cells (paper 1, 4.2). */
import { cellsOfTrajectory } from "../../data/trajectories";
import {
  dwellMin,
  findDistricts,
  findTravel,
  homeOf,
  meanShare,
  meanTripKm,
  MOST_DWELL_MIN,
  tripSteps,
  type Travel,
} from "./months";
import { coverageNotes, needClasses, needShares, selectNumbers } from "./truths";
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
    formula: `yes where a check-in of a weekend or national holiday lies outside the home ${what}, which is the ${what} of most check-ins of the trajectory`,
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

const NEAR = "being near trees is not being exposed to them (the paper's own limits)";
const VARIANT = "a variant of paper 1, Table 12";

/** Sums of the shares of each cell; NaN where one is missing. */
function greenShares(data: TaskData, { needs, title }: Pick<TaskFacts, "needs" | "title">) {
  const layers = needs.map((role) => needShares(data, role, title).values);
  return layers[0]!.map((_, cell) => layers.reduce((sum, values) => sum + values[cell]!, 0));
}

/** The mean share of what is green in the cells of a month. */
function greeneryTask(
  facts: Omit<MonthFacts, "metrics">,
  weigh?: (data: TaskData, k: number, i: number) => number,
): Task {
  return numberTask({ ...facts, metrics: ["mae", "rmse", "r2"] }, (data) => {
    const shares = greenShares(data, facts);
    const answer = (k: number): number =>
      meanShare(data, shares, k, weigh && ((i) => weigh(data, k, i)));
    const count = (k: number): number => cellsOfTrajectory(data.trajectories, k).length;
    const explain = (k: number): string =>
      `${facts.needs.join(" and ")} on ${(100 * answer(k)).toFixed(1)} % of the cells of ${count(k)} check-ins${weigh ? ", by the minutes spent there" : ""}`;
    return { answer, explain };
  });
}

/** The tasks of paper 1, 4.2, in its order, and variants of the last one. */
export const TRAJECTORY_TASKS: readonly Task[] = [
  numberTask(
    {
      name: "diversity",
      title: "Geographic diversity",
      unit: "prefectures",
      source: "paper 1, Table 9",
      table: 9,
      formula:
        "number of different prefectures (or districts of the given layer) in the trajectory",
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
  greeneryTask({
    name: "greenery",
    title: "Exposure to greenery",
    unit: "share of trees",
    source: "paper 1, Table 12",
    table: 12,
    formula: `mean share of trees of the cells of all check-ins of the trajectory; trees only, and ${NEAR}`,
    needs: ["trees"],
  }),
  greeneryTask({
    name: "greenery-grass",
    title: "Exposure to greenery, with grass and fields",
    unit: "share of trees, grass and crops",
    source: VARIANT,
    variantOf: "greenery",
    formula: `mean share of trees, grass and crops of the cells of all check-ins of the trajectory (the paper's has trees only); ${NEAR}`,
    needs: ["trees", "crops"],
  }),
  greeneryTask(
    {
      name: "greenery-dwell",
      title: "Exposure to greenery, by time spent",
      unit: "share of trees",
      source: VARIANT,
      variantOf: "greenery",
      formula: `mean share of trees of the cells, each check-in counting for the minutes until the next one, at most ${MOST_DWELL_MIN} (the paper's counts each once); trees only, and ${NEAR}`,
      needs: ["trees"],
    },
    dwellMin,
  ),
];
