import type { CalendarSpec } from "../data/holidays";
import type { SplitOptions } from "../data/splits";
import { DEFAULT_RULES, type TrajectoryRules } from "../data/rules";

/** Whose holidays count: those of the country where the points lie, nobody's, or a list of one's own. */
export type CalendarChoice = "guess" | "none" | CalendarSpec;

/** What becomes of the points of an import: plain data, as the page's controls have it. */
export interface ImportRules extends TrajectoryRules {
  /** H3 resolution of the cells. */
  resolution: number;
  /** Why the people keep the ids of the file; undefined replaces them (DI-25). */
  keepUsers?: string | undefined;
  /** Default none, and nothing is said of days off. */
  calendar?: CalendarChoice | undefined;
}

/** Of fewer people than this one part may get nobody; their trajectories are parted one by one (paper 1, A.1.2). */
const FEW_USERS = 50;

/** How an import of so many people is split. */
export const splitOf = (users: number, seed: number): Required<SplitOptions> => ({
  by: users < FEW_USERS ? "trajectory" : "user",
  seed,
});

/** The rules of paper 1, A.1.1. */
export const DEFAULT_IMPORT: ImportRules = { ...DEFAULT_RULES, resolution: 8 };
