import type { TaskName } from "../task/tasks/types";
import { PUBLISHED_TABLES, type PublishedTable } from "./published";
import { findScore, type OurResults, type OurScore } from "./results";
import { SENSITIVE_TASKS } from "./sensitive";

/** A table of paper 1 with ours beside it (AD-22). */
export interface ComparedTable {
  readonly published: PublishedTable;
  /** Ours by row name, one entry for each column; undefined where it has not been run. */
  readonly ours: Readonly<Record<string, readonly (OurScore | undefined)[]>>;
  /** Rows of ours that the paper does not have, such as a linear probe. */
  readonly ownRows: readonly string[];
  /** Why the two cannot be compared number by number. */
  readonly whyNot: string;
  /** True where its labels are about a person’s life (PV-09). */
  readonly isSensitive: boolean;
}

/** What makes every table of ours another one than the paper’s. */
export const WHY_NOT =
  "Theirs are 17 million trajectories of Japan and a BERT of 12 layers, adapted on 50,000 samples with one seed, and the best of 20 epochs by the test set; ours are other people in other places, a smaller model, several seeds, and the epoch that is best on validation examples. What can be compared is the order of the rows and whether pre-training helps.";

const WHY_NOT_OF: Partial<Record<TaskName, string>> = {
  location:
    "Degrees depend on the size of the study area: a smaller one has smaller errors for the same relative precision.",
  population:
    "Theirs are tenths of WorldPop’s counts; in the simulated country people stand where the simulation put them.",
  prefecture: "The number of classes and how they lie decide how hard this is; theirs are 47.",
  region: "Theirs are eight regions of Japan.",
  municipality: "The simulated country has its own rule for cities, towns and villages.",
  "built-up": "In the simulation built-up land follows people by construction.",
  trees: "In the simulation trees follow hills and the absence of people by construction.",
  diversity: "Diversity counts prefectures; another country has other borders.",
  "trip-length":
    "Kilometres depend on how far people go and how often they are seen; MAPE is guarded near zero here.",
  "travel-prefecture":
    "The shares of travellers differ, and with them what a weighted score means.",
  greenery: "The share of trees is the simulation’s, or that of the imported layer.",
};

/** Every result table of paper 1 beside ours. */
export function compareTables({ scores }: OurResults): ComparedTable[] {
  return PUBLISHED_TABLES.map((published) => {
    const tasks = new Set<string>(published.columns.map(({ task }) => task));
    const known = Object.keys(published.rows);
    const found = scores.filter(({ task }) => tasks.has(task)).map(({ row }) => row);
    const ownRows = [...new Set(found)].filter((row) => !known.includes(row));
    const oursOf = (row: string) =>
      published.columns.map(({ task, metric }) =>
        findScore(scores, { task, metric, row, split: "random" }),
      );
    const ours = Object.fromEntries([...known, ...ownRows].map((row) => [row, oursOf(row)]));
    const whyNot = WHY_NOT_OF[published.columns[0]!.task] ?? "";
    const isSensitive = SENSITIVE_TASKS.some((task) => tasks.has(task));
    return { published, ours, ownRows, whyNot, isSensitive };
  });
}
