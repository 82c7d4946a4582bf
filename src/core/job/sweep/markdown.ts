import { ladderFinding, toLadder } from "./ladder";
import type { SweepRecord } from "./record";
import { scoreFinding, scoreNotes, scoreTable, summariseScores } from "./score-summary";
import { summariseSweep, type SettingSummary, type Spread } from "./summary";
import { SWEEP_WORDS } from "./words";

const LOCALE = "en-GB";

const count = (value: number): string => Math.round(value).toLocaleString(LOCALE);

function measure(value: number): string {
  const digits = value < 10 ? 2 : value < 100 ? 1 : 0;
  return value.toLocaleString(LOCALE, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

function spreadText(spread: Spread | undefined): string {
  if (spread === undefined) return "–";
  const { mean, interval } = spread;
  return interval === undefined
    ? measure(mean)
    : `${measure(mean)} [${measure(interval[0])}, ${measure(interval[1])}]`;
}

type Column = readonly [title: string, value: (row: SettingSummary) => string];

const optional = (value: number | undefined, text: (value: number) => string): string =>
  value === undefined ? "–" : text(value);

const COLUMNS: readonly Column[] = [
  ["vocabulary", ({ planned }) => count(planned.vocabularySize)],
  ["parameters", ({ planned }) => count(planned.parameters)],
  ["tokens a trajectory", ({ planned }) => measure(planned.tokensPerTrajectory)],
  ["tokens seen", ({ tokens }) => optional(tokens, count)],
  ["seconds", ({ seconds }) => optional(seconds, measure)],
  ["of scores", ({ scoreSeconds }) => optional(scoreSeconds, measure)],
  ["per token", ({ perplexity }) => spreadText(perplexity)],
  ["**per check-in**", ({ cellPerplexity }) => `**${spreadText(cellPerplexity)}**`],
  ["piece by piece", (row) => spreadText(row.sequentialCellPerplexity)],
  ["as an area, km²", ({ km2 }) => spreadText(km2)],
  ["frequency", ({ frequency }) => spreadText(frequency)],
  ["persistence", ({ persistence }) => spreadText(persistence)],
];

/** What only a ladder of sizes needs. */
const SIZE_COLUMNS: readonly Column[] = [
  ["loss", ({ loss }) => optional(loss, (value) => value.toFixed(3))],
  ["operations", ({ operations }) => optional(operations, (value) => value.toExponential(2))],
];

/** What only shares of hidden check-ins have. */
const MASK_COLUMNS: readonly Column[] = [
  ["its own share hidden", ({ ownPerplexity }) => spreadText(ownPerplexity)],
];

function columnsOf(over: SweepRecord["over"]): readonly Column[] {
  if (over === "mask-ratio") return [...COLUMNS, ...MASK_COLUMNS];
  return over === "size" ? [...COLUMNS, ...SIZE_COLUMNS] : COLUMNS;
}

const line = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;

function table(over: SweepRecord["over"], rows: readonly SettingSummary[]): string[] {
  const columns = columnsOf(over);
  return [
    line([SWEEP_WORDS[over].column, ...columns.map(([title]) => title)]),
    line(["---", ...columns.map(() => "---:")]),
    ...rows.map((row) =>
      line([row.planned.setting.name, ...columns.map(([, value]) => value(row))]),
    ),
  ];
}

/** What the runs score on tasks, where they do. */
function scoreSection(record: SweepRecord): string[] {
  const rows = summariseScores(record);
  if (rows.length === 0) return [];
  const { head, rows: cells } = scoreTable(rows, SWEEP_WORDS[record.over].column);
  const finding = scoreFinding(rows);
  return [
    "## What frozen states know of places",
    "",
    ...(finding === undefined ? [] : [`**${finding}**`, ""]),
    line(head),
    line(head.map((_, column) => (column < 2 ? "---" : "---:"))),
    ...cells.map(line),
    "",
  ];
}

function problemsOf(rows: readonly SettingSummary[]): string[] {
  return rows.flatMap(({ planned, problems }) =>
    problems.map((problem) => `- ${planned.setting.name}: ${problem}`),
  );
}

const SIMULATED_AT_9 =
  "The simulated people’s points lie within about 100 m of the middle of a resolution-8 cell: resolution 9 shows what a finer vocabulary costs, not finer places.";

/** What must be known to read the numbers, one sentence each. */
export function sweepNotes(record: SweepRecord): string[] {
  const { over, data, config, seeds, steps, runs } = record;
  const isSimulated = over === "resolution" && data.key.startsWith("simulated");
  const shape = over === "size" ? "" : `: ${config.layers} layers of width ${config.width}`;
  const hidden = runs.at(-1)?.curve.at(-1)?.maskedCells;
  return [
    SWEEP_WORDS[over].note,
    ...(isSimulated ? [SIMULATED_AT_9] : []),
    `All runs learn from the same people with the same settings (${config.preset}${shape}), ${count(steps)} steps of ${config.batch * config.accumulation} stretches each, and are validated on the same ones with the same masks${hidden === undefined ? "" : ` (${count(hidden)} hidden check-ins)`}.`,
    "Perplexity per check-in is that of guessing the whole cell, so it can be compared over tokenisers; per token it cannot, because tokens mean different things. Frequency and persistence are guesses per check-in that need no model, on the same hidden check-ins; they count all places that the training part never visits as one, which flatters them, the more the fewer people there are.",
    seeds > 1
      ? `Values are geometric means over up to ${seeds} seeds, with 95 % intervals (Student's t on the logarithms).`
      : "One seed a setting: how much the numbers differ by chance is not known.",
    ...scoreNotes(record),
    "A small model and a short budget: the order of the settings may be another with more training.",
  ];
}

/** The report of a sweep, finished or not, as Markdown. */
export function sweepMarkdown(record: SweepRecord): string {
  const { over, data, engine, runs, settings, seeds, savedMs } = record;
  const rows = summariseSweep(record);
  const all = seeds * settings.filter(({ obstacle }) => obstacle === undefined).length;
  const problems = problemsOf(rows);
  return [
    `# ${SWEEP_WORDS[over].title}`,
    "",
    `${data.name}; ${runs.length} of ${all} runs; ${engine}; ${new Date(savedMs).toISOString().slice(0, 10)}.`,
    "",
    ...table(over, rows),
    "",
    ...(over === "size" ? [ladderFinding(toLadder(rows)), ""] : []),
    ...scoreSection(record),
    ...(problems.length > 0 ? [...problems, ""] : []),
    ...sweepNotes(record).map((note) => `- ${note}`),
    "",
  ].join("\n");
}
