import type { TaskName } from "../tasks/types";

/** What is far from pre-training: nobody walks on water (paper 1, 4.1). */
export const FAR_TASK: TaskName = "water";

/** Near ones: where a cell is, what is there, and a month. */
export const NEAR_TASKS: readonly TaskName[] = [
  "location",
  "population",
  "prefecture",
  "trip-length",
];

/** The mean over the near tasks. */
export const NEAR_MEAN = "mean of the near tasks";

/** What a run of pre-training is called among the series. */
export const PRETRAINING = "pre-training";

/** The two settings of paired runs with and without times (PT-22). */
export const WITHOUT_HOURS = "without hours";
export const WITH_HOURS = "with hours";

/** The two simulated countries (AD-27). */
export const COUNTRY_NAMES = ["A", "B"] as const;
export type CountryName = (typeof COUNTRY_NAMES)[number];

/** Where models were pre-trained, "nothing" for the random twin: the rows of the transfer matrix. */
export const LEARNT = [...COUNTRY_NAMES, "nothing"] as const;
export type Learnt = (typeof LEARNT)[number];

/** What a model of one country was asked in another one. */
export const transferText = (learnt: Learnt, asked: CountryName): string =>
  learnt === "nothing"
    ? `learnt nothing, asked in ${asked}`
    : `learnt in ${learnt}, asked in ${asked}`;
