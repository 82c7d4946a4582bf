import { FootfallError } from "../errors";
import { clampSpread } from "../task/table/interval";
import type { Gain, RunOutcome, TableRow } from "../task/table/results";
import { metricRange } from "../task/tasks/metric-names";
import type { OurGain, OurResults, OurScore } from "./results";

/** What is read of the results.json that `footfall evaluate --all` writes. */
interface EvaluationFile {
  readonly model: string;
  readonly data: string;
  readonly tables: Readonly<Record<string, EvaluatedTable>>;
}

/** What is read of a table. */
export interface EvaluatedTable {
  readonly rows: readonly TableRow[];
  readonly gains: readonly Gain[];
  /** Say how many examples were tested. */
  readonly runs: readonly Pick<RunOutcome, "row" | "split" | "test" | "problem">[];
}

/** The epoch that is best on validation examples: the papers' best on the test set flatters. */
const CHOICE = "bestOnValidation";

/** True for a parsed file that says it is one of `evaluate --all`. */
export function isEvaluation(value: object): value is EvaluationFile {
  const { model, data, tables } = value as Partial<Record<keyof EvaluationFile, unknown>>;
  const isNamed = typeof model === "string" && typeof data === "string";
  return isNamed && typeof tables === "object" && tables !== null;
}

function scoresOf(task: string, { rows, runs }: EvaluatedTable): OurScore[] {
  return rows.flatMap(({ name: row, splits }) =>
    splits.flatMap(({ split, scores }) => {
      const done = runs.filter((run) => run.row === row && run.split === split && !run.problem);
      const test = Math.min(...done.map((run) => run.test));
      return Object.entries(scores[CHOICE]).map(([metric, spread]) => {
        const within = clampSpread(spread, metricRange(metric));
        const { mean, low = mean, high = mean, n: seeds } = within;
        return { task, split, row, metric, mean, low, high, seeds, test };
      });
    }),
  );
}

function gainsOf(task: string, gains: readonly Gain[]): OurGain[] {
  return gains
    .filter(({ choice }) => choice === CHOICE)
    .map(({ row, against, split, metric, difference }) => {
      const { mean, low = mean, high = mean, n } = difference;
      return { task, split, row, against, metric, mean, low, high, seeds: n };
    });
}

/** The tables of `footfall evaluate --all` as results of ours. Throws "bad-file" for a table without its parts. */
export function fromEvaluation({ model, data, tables }: EvaluationFile, name: string): OurResults {
  const all = Object.entries(tables);
  try {
    return {
      about: `${model} on ${data}`,
      scores: all.flatMap(([task, table]) => scoresOf(task, table)),
      gains: all.flatMap(([task, { gains }]) => gainsOf(task, gains)),
      perplexities: {},
      sweeps: [],
    };
  } catch (cause) {
    throw new FootfallError(
      "bad-file",
      `${name}: expected tables with rows, gains and runs, as footfall evaluate --all writes them`,
      { cause },
    );
  }
}
