import {
  measureFacts,
  summarise,
  type MeasureName,
  type Point,
} from "../../task/experiments/readings";
import { EXPERIMENT_WORDS } from "../../task/experiments/names";
import { COUNTRY_NAMES, PRETRAINING } from "../../task/experiments/series";
import { judgeAll, type Verdict } from "../../papers/verdict";
import { findingOf } from "./finding";
import { toResultsFile } from "./our-results";
import type { ExperimentRecord } from "./record";
import { transferChoices, transferMatrix } from "./transfer";
import { pointText } from "./words";

/** One table of an experiment: a row for each setting of a series, a column for each measure. */
export interface ExperimentRows {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const unique = <T>(values: readonly T[]): T[] => [...new Set(values)];

/** Everything that the parts so far come to. */
export function pointsOf({ outcomes }: Pick<ExperimentRecord, "outcomes">): Point[] {
  return summarise(outcomes.flatMap(({ readings }) => readings));
}

/** The points as a table; what was not measured is a dash. */
export function tableOf(record: ExperimentRecord): ExperimentRows {
  const points = pointsOf(record);
  const measures: MeasureName[] = unique(points.map(({ measure }) => measure));
  const { column } = EXPERIMENT_WORDS[record.experiment];
  const rows = unique(points.map(({ series }) => series)).flatMap((series) => {
    const own = points.filter((point) => point.series === series);
    return unique(own.map(({ at }) => at)).map((at) => {
      const cellOf = (measure: MeasureName): string => {
        const point = own.find((one) => one.at === at && one.measure === measure);
        return point ? pointText(measure, point.spread) : "–";
      };
      return [series, at, ...measures.map(cellOf)];
    });
  });
  return { head: ["", column, ...measures.map((name) => measureFacts(name).title)], rows };
}

/** The transfer matrix of everything that was measured, where models were pre-trained in several countries. */
export function matrixOf(record: ExperimentRecord): ExperimentRows | undefined {
  if (record.experiment !== "countries") return undefined;
  const points = pointsOf(record);
  const rows = transferChoices(points).flatMap((of) =>
    transferMatrix(points, of)
      .filter(({ learnt }) => learnt !== "nothing" || of.series === PRETRAINING) // its gain is none
      .map(({ learnt, fields }) => [
        of.title,
        learnt,
        ...fields.map(({ text, side }) => (side ? `${text} ${SIDE_MARKS[side]}` : text)),
      ]),
  );
  return { head: ["", "learnt in", ...COUNTRY_NAMES.map((name) => `asked in ${name}`)], rows };
}

/** Better or worse than no pre-training for certain, in a table without colours. */
const SIDE_MARKS = { 1: "(+)", [-1]: "(−)" } as const;
const SIDE_NOTE = "(+) and (−) are better and worse than no pre-training for certain.";

/** What must be known to read the numbers, one sentence each. */
export function experimentNotes({ experiment, settings, facts }: ExperimentRecord): string[] {
  const { notes, trains } = EXPERIMENT_WORDS[experiment];
  const { seeds, steps } = settings;
  const interval =
    seeds > 1
      ? `Means over up to ${seeds} seeds (of perplexities geometric) with 95 % intervals (Student's t).`
      : "One seed: how much the numbers differ by chance is not known.";
  const budget = `Models are small and trained for ${steps} steps: with more training the numbers may be others.`;
  return [...notes, ...facts, interval, ...(trains ? [budget] : [])];
}

/** The papers' claims that this experiment speaks to, judged by it alone. */
export function verdictsOf(record: ExperimentRecord): Verdict[] {
  return judgeAll(toResultsFile([record])).filter(({ outcome }) => outcome !== "not-tested");
}

/** Parts that came to nothing, and why. */
export const problemsOf = ({ outcomes }: Pick<ExperimentRecord, "outcomes">): string[] =>
  outcomes.flatMap(({ key, problem }) => (problem === undefined ? [] : [`${key}: ${problem}`]));

/** How much ran with what, in one line. */
export function madeText(record: ExperimentRecord): string {
  const { data, model, settings, seed, engine, outcomes, unitCount, savedMs } = record;
  const { seeds, count } = settings;
  const took = outcomes.reduce((sum, { seconds }) => sum + seconds, 0);
  return [
    data.name,
    ...(model === undefined ? [] : [`model ${model}`]),
    `${outcomes.length} of ${unitCount} parts in ${Math.round(took)} s`,
    `${count} questions or examples a part, ${seeds} seeds from ${seed}`,
    engine,
    new Date(savedMs).toISOString().slice(0, 10),
  ].join("; ");
}

const line = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;

/** The report of an experiment, finished or not, as Markdown. */
export function experimentMarkdown(record: ExperimentRecord): string {
  const { title, question } = EXPERIMENT_WORDS[record.experiment];
  const matrix = matrixOf(record);
  const tables = [matrix, tableOf(record)].flatMap((table) => table ?? []);
  const finding = findingOf(record.experiment, pointsOf(record));
  return [
    `## ${title}`,
    "",
    question,
    "",
    ...(finding === undefined ? [] : [`**${finding}**`, ""]),
    ...tables.flatMap(({ head, rows }) => [
      line(head),
      line(head.map((_, column) => (column < 2 ? "---" : "---:"))),
      ...rows.map(line),
      "",
    ]),
    `${madeText(record)}.`,
    "",
    ...[...(matrix ? [SIDE_NOTE] : []), ...experimentNotes(record), ...problemsOf(record)].map(
      (note) => `- ${note}`,
    ),
    "",
  ].join("\n");
}
