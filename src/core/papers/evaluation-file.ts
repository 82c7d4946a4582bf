import { FootfallError } from "../errors";
import type { Gain, TableRow } from "../task/table/results";
import type { OurGain, OurResults, OurScore } from "./results";

/** What is read of the results.json that `footfall evaluate --all` writes. */
interface EvaluationFile {
  readonly model: string;
  readonly data: string;
  readonly tables: Readonly<Record<string, { rows: readonly TableRow[]; gains: readonly Gain[] }>>;
}

/** The epoch that is best on validation examples: the papers' best on the test set flatters. */
const CHOICE = "bestOnValidation";

/** True for a parsed file that says it is one of `evaluate --all`. */
export function isEvaluation(value: object): value is EvaluationFile {
  const { model, data, tables } = value as Partial<Record<keyof EvaluationFile, unknown>>;
  const isNamed = typeof model === "string" && typeof data === "string";
  return isNamed && typeof tables === "object" && tables !== null;
}

function scoresOf(task: string, rows: readonly TableRow[]): OurScore[] {
  return rows.flatMap(({ name: row, splits }) =>
    splits.flatMap(({ split, scores }) =>
      Object.entries(scores[CHOICE]).map(([metric, { mean, low = mean, high = mean, n }]) => {
        return { task, split, row, metric, mean, low, high, seeds: n };
      }),
    ),
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
      scores: all.flatMap(([task, { rows }]) => scoresOf(task, rows)),
      gains: all.flatMap(([task, { gains }]) => gainsOf(task, gains)),
      perplexities: {},
      sweeps: [],
    };
  } catch (cause) {
    throw new FootfallError(
      "bad-file",
      `${name}: expected tables with rows and gains, as footfall evaluate --all writes them`,
      { cause },
    );
  }
}
