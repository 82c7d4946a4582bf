import type { AdaptTable } from "../../core/job/adapt";
import { compareTables, WHY_NOT } from "../../core/papers/comparison";
import { CLAIMS } from "../../core/papers/claims";
import { fromEvaluation } from "../../core/papers/evaluation-file";
import type { Judgement } from "../../core/papers/judgement";
import { BASELINE_SIZES, publishedCells } from "../../core/papers/published";
import { NO_RESULTS } from "../../core/papers/results";
import { judge } from "../../core/papers/verdict";
import type { Spread } from "../../core/task/table/interval";
import type { Choice, Gain, SplitScores, TableRow } from "../../core/task/table/results";
import type { SplitName } from "../../core/task/tasks/examples";
import { METRICS, type MetricName } from "../../core/task/tasks/metric-names";
import type { TaskFacts } from "../../core/task/tasks/types";
import { formatSigned, formatValue } from "../map/format";
import type { MeasureColumn } from "../steps/measure-column";

/** How the epoch was chosen, in words. */
export const CHOICE_WORDS: Readonly<Record<Choice, string>> = {
  bestOnValidation: "best on validation",
  bestOnTest: "best on test",
  last: "last epoch",
};

/** How test examples were held out, in words. */
export const SPLIT_WORDS: Readonly<Record<SplitName, string>> = {
  random: "random split",
  block: "blocks held out",
};

/** "0.459 ± 0.021": the mean and half of its 95 % interval; "–" where there is nothing. */
export function spreadText(spread: Spread | undefined): string {
  if (spread === undefined) return "–";
  const { mean, high } = spread;
  return high === undefined
    ? formatValue(mean)
    : `${formatValue(mean)} ± ${formatValue(high - mean)}`;
}

const splitOf = ({ splits }: TableRow, name: SplitName): SplitScores | undefined =>
  splits.find(({ split }) => split === name);

interface Asked {
  split: SplitName;
  choice: Choice;
  metric: MetricName;
}

/** A score of a row over its seeds; undefined where it has none. */
export function scoreOf(row: TableRow, { split, choice, metric }: Asked): Spread | undefined {
  return splitOf(row, split)?.scores[choice][metric];
}

/** What the paper prints for a row and a measure of a task; undefined where it has no such number. */
export function paperScore(
  task: Pick<TaskFacts, "name" | "table">,
  row: string,
  metric: MetricName,
): number | undefined {
  return publishedCells().find(
    (cell) =>
      cell.table === task.table &&
      cell.task === task.name &&
      cell.row === row &&
      cell.metric === metric,
  )?.value;
}

/** Why the paper's numbers and ours cannot be compared one by one; undefined where the paper has none. */
export function whyNotComparable({ table }: Pick<TaskFacts, "table">): string | undefined {
  const found = compareTables(NO_RESULTS).find(({ published }) => published.table === table);
  return found && `${WHY_NOT} ${found.whyNot}`;
}

/** What a random split flatters: how much worse a row is where whole blocks are held out. */
export function leakageOf(row: TableRow, metric: MetricName): number | undefined {
  const choice = "bestOnValidation";
  const random = scoreOf(row, { split: "random", choice, metric })?.mean;
  const block = scoreOf(row, { split: "block", choice, metric })?.mean;
  if (random === undefined || block === undefined) return undefined;
  return METRICS[metric].better === "more" ? random - block : block - random;
}

type Column = MeasureColumn<TableRow>;

/** "0.459 ± 0.021" over seeds, "0.459 [0.41, 0.5]" over the test examples of one. */
function cellText(row: TableRow, asked: Asked): string {
  const said = spreadText(scoreOf(row, asked));
  const interval = splitOf(row, asked.split)?.intervals?.[asked.metric];
  if (interval === undefined || asked.choice !== "bestOnValidation") return said;
  return `${said} [${interval.map(formatValue).join(", ")}]`;
}

function spreadColumn(title: string, asked: Asked): Column {
  return {
    title,
    value: (row) => scoreOf(row, asked)?.mean,
    format: (_, row) => cellText(row, asked),
    better: METRICS[asked.metric].better === "more" ? "high" : "low",
  };
}

/** A difference with no more digits than the score that it is one of: 0 where the scores read alike. */
export function differenceText(difference: number, score: number | undefined): string {
  if (score === undefined || score === 0) return formatSigned(difference);
  const step = 10 ** (Math.floor(Math.log10(Math.abs(score))) - 2);
  const rounded = Math.round(difference / step) * step;
  return formatSigned(rounded === 0 ? 0 : rounded);
}

const randomScore = (row: TableRow, metric: MetricName): number | undefined =>
  scoreOf(row, { split: "random", choice: "bestOnValidation", metric })?.mean;

/** What the random split flatters. */
const leakageColumn = (metric: MetricName): Column => ({
  title: "leakage",
  value: (row) => leakageOf(row, metric),
  format: (leakage, row) => differenceText(leakage, randomScore(row, metric)),
  better: "none",
});

const paperColumn = (task: TaskFacts, metric: MetricName): Column => ({
  title: "the paper’s",
  value: (row) => paperScore(task, row.name, metric),
  format: formatValue,
  better: METRICS[metric].better === "more" ? "high" : "low",
});

/** How much better a row looks where its epoch is chosen on the test examples (paper 1, A.3.2). */
export function flatteryOf(row: TableRow, metric: MetricName): number | undefined {
  const asked = { split: "random", metric } as const;
  const honest = scoreOf(row, { ...asked, choice: "bestOnValidation" })?.mean;
  const flattered = scoreOf(row, { ...asked, choice: "bestOnTest" })?.mean;
  if (honest === undefined || flattered === undefined) return undefined;
  return METRICS[metric].better === "more" ? flattered - honest : honest - flattered;
}

const flatteryColumn = (metric: MetricName): Column => ({
  title: "its gain",
  value: (row) => flatteryOf(row, metric),
  format: (flattery, row) => differenceText(flattery, randomScore(row, metric)),
  better: "none",
});

/** One measure: three choices of the epoch, both splits, the leakage between them, and the paper's. */
export function measureColumns({ task, settings }: AdaptTable, metric: MetricName): Column[] {
  const random = { split: "random", metric } as const;
  const block = { split: "block", metric, choice: "bestOnValidation" } as const;
  const hasBlocks = settings.splits.includes("block");
  const hasPaper = paperScore(task, "fine-tuned", metric) !== undefined;
  return [
    spreadColumn("random split, best on validation", { ...random, choice: "bestOnValidation" }),
    spreadColumn("best on test (the paper’s way)", { ...random, choice: "bestOnTest" }),
    flatteryColumn(metric),
    spreadColumn("last epoch", { ...random, choice: "last" }),
    ...(hasBlocks ? [spreadColumn("blocks held out", block), leakageColumn(metric)] : []),
    ...(hasPaper ? [paperColumn(task, metric)] : []),
  ];
}

/** All measures of one split and choice, the paper's value behind each of ours. */
export function allColumns(
  { columns, task }: AdaptTable,
  asked: { split: SplitName; choice: Choice },
): Column[] {
  return columns.map(({ name, title, unit }) => {
    const column = spreadColumn(unitTitle(title, unit, task), { ...asked, metric: name });
    return {
      ...column,
      format: (value, row) => {
        const paper = paperScore(task, row.name, name);
        const own = column.format(value, row);
        return paper === undefined ? own : `${own} (${formatValue(paper)})`;
      },
    };
  });
}

/** A measure with its unit. */
export function unitTitle(title: string, unit: string | undefined, task: TaskFacts): string {
  const said = unit === "target" ? task.unit : unit;
  return said === undefined || said === "" ? title : `${title}, ${said}`;
}

/** The gain of the pre-trained model over its random twin, in a sentence. */
export function gainSentence({ split, choice, metric, difference, isSure }: Gain): string {
  const { mean, low, high, n } = difference;
  const interval =
    low === undefined || high === undefined
      ? "one seed, so no interval"
      : `95% interval ${formatSigned(low)} to ${formatSigned(high)} over ${n} seeds`;
  const verdict =
    isSure === undefined ? "" : isSure ? "; the interval leaves out 0" : "; the interval holds 0";
  return `${SPLIT_WORDS[split]}, ${CHOICE_WORDS[choice]}: ${METRICS[metric].title} ${formatSigned(mean)} (${interval}${verdict})`;
}

/** What the verdict says of a negative control beside tables of other tasks; undefined of what is no control. */
export function judgeControl(
  table: AdaptTable,
  others: readonly AdaptTable[],
): Judgement | undefined {
  const { task } = table;
  const claim = CLAIMS.find(({ test }) => test.kind === "gains-nothing" && test.task === task.name);
  if (claim === undefined || table.rows.length === 0) return undefined;
  const tables = Object.fromEntries([...others, table].map((one) => [one.task.name, one]));
  const file = { model: "", data: "", tables };
  return judge(claim, fromEvaluation(file, task.title));
}

/** What all models of a table share, beside the paper's baselines (Table 13); "" for a table of an earlier version. */
export function shapeSentence({ shape }: Pick<AdaptTable, "shape">): string {
  if (shape === undefined) return "";
  const paper = BASELINE_SIZES[0]!;
  const parts = [
    ["heads", shape.headCount, paper.heads],
    ["width", shape.width, paper.inputWidth],
    ["inner width", shape.innerWidth, paper.hiddenWidth],
  ] as const;
  const said = parts.map(([what, here, theirs]) => {
    return `${what} ${here}, ${formatValue(here / theirs)} times the paper’s ${theirs}`;
  });
  return ` All models here share ${said.join("; ")} (Table 13).`;
}

/** Every value that is not the paper's, with the paper's. */
export function scaledSentence({ scaled }: Pick<AdaptTable, "scaled">): string {
  if (scaled.length === 0) return "All settings are the paper’s.";
  const said = scaled.map(({ name, here, paper }) => `${settingWords(name)} ${here} (${paper})`);
  return `Not the paper’s, whose value stands in brackets: ${said.join(", ")}.`;
}

/** "learningRate" as "learning rate". */
const settingWords = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
