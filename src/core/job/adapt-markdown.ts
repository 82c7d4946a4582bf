import { warningOf } from "../papers/sensitive";
import type { Choice, Gain, SplitScores, TableRow } from "../task/table/results";
import type { Spread } from "../task/table/interval";
import { findSignatures } from "../task/table/signatures";
import type { SplitName } from "../task/tasks/examples";
import { METRICS, type MetricName } from "../task/tasks/metric-names";
import type { AdaptTable } from "./adapt";

/** Three significant digits, as the papers have them, and no trailing exponent. */
function digits(value: number): string {
  const text = Math.abs(value) >= 100 ? value.toFixed(0) : Number(value.toPrecision(3)).toString();
  return text.includes("e") ? value.toFixed(4) : text;
}

/** "0.459 ± 0.021", the half of the 95 % interval behind the mean; "" where there is nothing. */
function spreadText(spread: Spread | undefined): string {
  if (!spread) return "";
  const { mean, high } = spread;
  return high === undefined ? digits(mean) : `${digits(mean)} ± ${digits(high - mean)}`;
}

const scoresOf = ({ splits }: TableRow, name: SplitName): SplitScores | undefined =>
  splits.find(({ split }) => split === name);

function cell(row: TableRow, split: SplitName, choice: Choice, metric: MetricName): string {
  const { scores, intervals } = scoresOf(row, split) ?? {};
  const said = spreadText(scores?.[choice][metric]);
  const ends = choice === "bestOnValidation" ? intervals?.[metric] : undefined;
  return ends === undefined ? said : `${said} [${ends.map(digits).join(", ")}]`; // of one seed
}

const line = (texts: readonly string[]): string => `| ${texts.join(" | ")} |`;

/** One line a row: all metrics at random, best on validation; then the headline chosen otherwise and with blocks. */
function rowLine(row: TableRow, { columns, task }: AdaptTable): string {
  const own = columns.map(({ name }) => cell(row, "random", "bestOnValidation", name));
  const others = [
    cell(row, "random", "bestOnTest", task.headline),
    cell(row, "random", "last", task.headline),
    cell(row, "block", "bestOnValidation", task.headline),
  ];
  return line([row.kind === "paper" ? `**${row.title}**` : row.title, ...own, ...others]);
}

const CHOICE_WORDS: Readonly<Record<Choice, string>> = {
  bestOnTest: "best on test",
  bestOnValidation: "best on validation",
  last: "last epoch",
};

function gainText({ split, choice, difference, isSure }: Gain): string {
  const { mean, low, high, n } = difference;
  const sign = mean > 0 ? "+" : "";
  const interval =
    low === undefined ? "one seed" : `${digits(low)} to ${digits(high!)}, ${n} seeds`;
  const verdict =
    isSure === undefined
      ? ""
      : isSure
        ? ", outside the interval"
        : ", **not** outside the interval";
  return `${split}, ${CHOICE_WORDS[choice]}: ${sign}${digits(mean)} (${interval}${verdict})`;
}

function groupLines({ rows }: AdaptTable): string[] {
  const known = rows.flatMap((row) => {
    const groups = scoresOf(row, "random")?.groups;
    return groups ? [{ row, groups }] : [];
  });
  if (known.length === 0) return [];
  const names = Object.keys(known[0]!.groups);
  const body = known.map(({ row, groups }) =>
    line([row.title, ...names.map((name) => spreadText(groups[name]?.accuracy))]),
  );
  return [
    "",
    "Accuracy on each kind of pair:",
    "",
    line(["", ...names]),
    line(["---", ...names.map(() => "---:")]),
    ...body,
  ];
}

function factLines({
  examples,
  settings,
  scaled,
  task,
  gains,
  runs,
  runCount,
}: AdaptTable): string[] {
  const { count, unit, drawnFrom, paperFactor, notes } = examples;
  const { epochs, learningRate, batch } = settings.training;
  const isPapers = task.source.startsWith("paper");
  const beside = isPapers ? ` (the paper has ${digits(paperFactor)} times as many)` : "";
  const least = gains.filter(({ choice }) => choice === "bestOnValidation").map(gainText);
  return [
    `${task.formula}.`,
    "",
    `${count.toLocaleString("en")} of ${drawnFrom.toLocaleString("en")} ${unit}${beside}, ${epochs} ${epochs === 1 ? "epoch" : "epochs"}, learning rate ${learningRate}, batch ${batch}; not the paper's: ${scaled.map(({ name, paper, here }) => `${name} ${here} (${paper})`).join(", ") || "nothing"}.`,
    ...notes.map((note) => `Note: ${note}.`),
    ...findSignatures(task, runs).map(({ sentence }) => `**Warning:** ${sentence}.`),
    ...(runs.length < runCount ? [`**Partial:** ${runs.length} of ${runCount} runs.`] : []),
    ...(least.length > 0
      ? [
          `Fine-tuned better than its random twin (${METRICS[task.headline].title}): ${least.join("; ")}.`,
        ]
      : []),
  ];
}

/** A table as Markdown, with what made it and what must be said about it. */
export function tableMarkdown(table: AdaptTable): string {
  const { task, columns, rows } = table;
  const headline = METRICS[task.headline].title;
  const warning = warningOf(task.name);
  const heads = [
    "",
    ...columns.map(({ title, unit }) => (unit === "km" ? `${title}, km` : title)),
    `${headline}, best on test`,
    `${headline}, last epoch`,
    `${headline}, blocks held out`,
  ];
  return [
    `### ${task.title} (${task.source})`,
    "",
    ...factLines(table),
    "",
    line(heads),
    line(heads.map((_, n) => (n === 0 ? "---" : "---:"))),
    ...rows.map((row) => rowLine(row, table)),
    ...groupLines(table),
    ...(warning === undefined ? [] : ["", `> ${warning}`]),
    ...rows.flatMap(({ title, problems }) => problems.map((one) => `\n${title}: ${one}.`)),
    "",
  ].join("\n");
}
