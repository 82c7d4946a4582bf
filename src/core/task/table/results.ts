/** What runs come to: rows of a table with means and intervals. Everything here is plain JSON. */
import { METRICS, type MetricName, type MetricValues } from "../tasks/metric-names";
import { SPLIT_NAMES, type SplitName } from "../tasks/examples";
import { spreadOf, type Spread } from "./interval";
import { ROW_NAMES, rowFacts, type RowFacts, type RowName } from "./rows";
import type { TestIntervals } from "./test-intervals";

/** Which epoch's scores count: the paper's way, the honest way, or the end of the training. */
export const CHOICES = ["bestOnTest", "bestOnValidation", "last"] as const;
export type Choice = (typeof CHOICES)[number];

/** What is known after one epoch; epoch 0 is before the first step. */
export interface EpochScores {
  readonly epoch: number;
  /** Mean over the training examples while they were learnt from; absent for epoch 0. */
  readonly trainLoss?: number;
  readonly validationLoss?: number;
  readonly testLoss?: number;
  /** The task's headline on the validation and the test examples. */
  readonly validation?: number;
  readonly test?: number;
}

/** One row, one split, one seed. */
export interface RunOutcome {
  /** Says the same for the same run of the same table. */
  readonly key: string;
  readonly row: RowName;
  readonly split: SplitName;
  readonly seed: number;
  /** The same three times for rows that are not trained in epochs. */
  readonly scores: Readonly<Record<Choice, MetricValues>>;
  readonly epochs: readonly EpochScores[];
  /** Of the scores best on validation, by drawing the test examples again; absent where there are several seeds. */
  readonly intervals?: TestIntervals;
  /** Scores of kinds of examples apart, such as hard negatives, best on validation. */
  readonly groups?: Readonly<Record<string, MetricValues>>;
  /** How it answered, in words, with what was chosen on validation examples. */
  readonly method: string;
  /** Why there are no scores, in a sentence: it diverged, or there was nothing to learn on this split. */
  readonly problem?: string;
  readonly train: number;
  readonly test: number;
  readonly seconds: number;
}

/** Scores of one row in one split over the seeds that are there. */
export interface SplitScores {
  readonly split: SplitName;
  readonly scores: Readonly<Record<Choice, Readonly<Partial<Record<MetricName, Spread>>>>>;
  readonly groups?: Readonly<Record<string, Readonly<Partial<Record<MetricName, Spread>>>>>;
  /** Of the scores best on validation, where there is one seed. */
  readonly intervals?: TestIntervals;
  readonly seconds: number;
}

/** A row of a table; a split that has not run yet is absent. */
export interface TableRow extends RowFacts {
  readonly splits: readonly SplitScores[];
  readonly method: string;
  /** Sentences of runs without scores, each once. */
  readonly problems: readonly string[];
}

type Spreads = Partial<Record<MetricName, Spread>>;

function spreadEach(values: readonly MetricValues[]): Spreads {
  const names = Object.keys(METRICS) as MetricName[];
  const spreads: Spreads = {};
  for (const name of names) {
    const known = values.flatMap((one) => (one[name] === undefined ? [] : [one[name]]));
    const spread = spreadOf(known);
    if (spread) spreads[name] = spread;
  }
  return spreads;
}

function summariseGroups(runs: readonly RunOutcome[]): { groups?: Record<string, Spreads> } {
  const names = new Set(runs.flatMap(({ groups = {} }) => Object.keys(groups)));
  if (names.size === 0) return {};
  const spreads = [...names].map((name) => {
    const values = runs.flatMap(({ groups }) => (groups?.[name] ? [groups[name]] : []));
    return [name, spreadEach(values)] as const;
  });
  return { groups: Object.fromEntries(spreads) };
}

function summariseSplit(split: SplitName, runs: readonly RunOutcome[]): SplitScores {
  const choice = (name: Choice): Spreads => spreadEach(runs.map(({ scores }) => scores[name]));
  const intervals = runs.length === 1 ? runs[0]!.intervals : undefined;
  return {
    split,
    scores: {
      bestOnTest: choice("bestOnTest"),
      bestOnValidation: choice("bestOnValidation"),
      last: choice("last"),
    },
    ...summariseGroups(runs),
    ...(intervals && { intervals }),
    seconds: runs.reduce((sum, { seconds }) => sum + seconds, 0),
  };
}

/** The rows of a table from whatever runs are there, in the order of the tables. */
export function summariseRuns(runs: readonly RunOutcome[]): TableRow[] {
  const present = ROW_NAMES.filter((name) => runs.some(({ row }) => row === name));
  return present.map((name) => {
    const own = runs.filter(({ row }) => row === name);
    const splits = SPLIT_NAMES.flatMap((split) => {
      const there = own.filter((run) => run.split === split);
      return there.length > 0 ? [summariseSplit(split, there)] : [];
    });
    const problems = [...new Set(own.flatMap(({ problem }) => problem ?? []))];
    return { ...rowFacts(name), splits, method: own[0]!.method, problems };
  });
}

/** How much better one row is than another, seed by seed on the same examples. */
export interface Gain {
  readonly row: RowName;
  readonly against: RowName;
  readonly split: SplitName;
  readonly choice: Choice;
  readonly metric: MetricName;
  /** Above 0 is better, whichever way the metric counts. */
  readonly difference: Spread;
  /** True where the interval leaves out 0; undefined for fewer than two seeds. */
  readonly isSure?: boolean;
}

/** The paired gain of a row over another; undefined where they have no seed in common. */
export function gainOf(
  runs: readonly RunOutcome[],
  { row, against, split, choice, metric }: Omit<Gain, "difference" | "isSure">,
): Gain | undefined {
  const find = (name: RowName, seed: number): number | undefined =>
    runs.find((run) => run.row === name && run.split === split && run.seed === seed)?.scores[
      choice
    ][metric];
  const sign = METRICS[metric].better === "more" ? 1 : -1;
  const seeds = [...new Set(runs.map(({ seed }) => seed))];
  const differences = seeds.flatMap((seed) => {
    const [a, b] = [find(row, seed), find(against, seed)];
    return a === undefined || b === undefined ? [] : [sign * (a - b)];
  });
  const difference = spreadOf(differences);
  if (!difference) return undefined;
  const { low, high } = difference;
  const isSure = low === undefined || high === undefined ? undefined : low > 0 || high < 0;
  return {
    row,
    against,
    split,
    choice,
    metric,
    difference,
    ...(isSure !== undefined && { isSure }),
  };
}
