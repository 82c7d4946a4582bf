import type { CellTable } from "../geo/cells";
import { METRICS } from "../task/tasks/metric-names";
import { CLAIMS } from "./claims";
import { WHY_NOT } from "./comparison";
import { computeErrata, type CheckedErratum } from "./errata";
import { FACTS, LIMITS, REGISTER, RELATED } from "./facts";
import { computeGains } from "./gains";
import { withUnit } from "./judgement";
import { defineMetrics } from "./metric-definitions";
import { PAPER_MAP } from "./paper-map";
import {
  BASELINE_SIZES,
  HYPER_PARAMETERS,
  PUBLISHED_TABLES,
  ROW_NAMES,
  type PublishedTable,
} from "./published";
import { answerChecks } from "./quick-checks";
import { SENSITIVE_INFERENCE } from "./sensitive";
import { PAPERS, sourceWords } from "./sources";

type Text = string | number | boolean;

function table(head: readonly string[], rows: readonly (readonly Text[])[]): string {
  const line = (cells: readonly Text[]): string =>
    `| ${cells.map((cell) => String(cell).replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function publishedTable({ table: number, title, section, line, columns, rows }: PublishedTable) {
  const isOneTask = new Set(columns.map(({ task }) => task)).size === 1;
  const titles = columns.map(({ task, metric }) =>
    isOneTask ? METRICS[metric].title : `${METRICS[metric].title}, ${task}`,
  );
  const body = ROW_NAMES.map((row) => [row, ...rows[row]]);
  return `### Table ${number}: ${title}\n\nSection ${section}, from line ${line}.\n\n${table(["model", ...titles], body)}`;
}

function settings(): string {
  const sizes = BASELINE_SIZES.map(({ row, layers, heads, inputWidth, hiddenWidth }) => [
    row,
    layers,
    heads,
    inputWidth,
    hiddenWidth,
  ]);
  const values = HYPER_PARAMETERS.map(({ name, preTraining, trajectory, region }) => [
    name,
    ...[preTraining, trajectory, region].map((value) =>
      typeof value === "boolean" ? (value ? "yes" : "–") : value,
    ),
  ]);
  return [
    "### Table 13: Baselines",
    table(["baseline", "layers", "heads", "input width", "hidden width"], sizes),
    "### Table 14: Hyper-parameters",
    table(["", "pre-training", "trajectory", "region"], values),
  ].join("\n\n");
}

function gains(): string {
  const rows = computeGains().map(({ what, printed, unit, computed, fit, note, source }) => [
    what,
    printed.map((value) => withUnit(value, unit)).join(", "),
    computed.map(({ of, value }) => `${withUnit(value, unit, 4)} (${of})`).join(", "),
    note === undefined ? fit : `**${fit}.** ${note}`,
    sourceWords(source),
  ]);
  return table(["gain", "printed", "from the tables", "fit", "where"], rows);
}

function erratum({
  number,
  title,
  statement,
  finding,
  reading,
  mark,
  sources,
  rows,
}: CheckedErratum) {
  const where = sources.map(sourceWords).join("; ");
  const computed = rows.map(({ what, value, unit }) => `- ${what}: ${withUnit(value, unit, 4)}`);
  const parts = [`### ${number}. ${title}`, statement, `**${finding}** ${reading}`];
  if (computed.length > 0) parts.push(computed.join("\n"));
  return [...parts, `${mark}; ${where}.`].join("\n\n");
}

function register(): string {
  const rows = REGISTER.map(({ section, item, found, mark, source, here }) => [
    section,
    item,
    found,
    mark,
    sourceWords(source),
    here,
  ]);
  return table(["", "detail", "what is known", "mark", "where", "here"], rows);
}

function linkWords({ notebook, step }: { notebook: string; step: string }): string {
  return `${notebook}: ${step}`;
}

const HEAD = `# The papers

Made from \`src/core/papers\` by \`npx vitest run --project unit src/core/papers/pages -u\`; do not edit by hand.
The page shows the same at \`?notebook=papers\`, with our results beside them.

Marks: FOUND-P read in the paper or the authors' code, FOUND-S in somebody's notes on it, COMPUTED worked out here,
INFERRED a reading of the evidence, NOT FOUND looked for and absent. Lines are those of the texts that were read.`;

/** docs/papers.md: everything that is kept of the papers. `land` are the cells of resolution 8 of Japan's shape. */
export function papersPage(land: CellTable): string {
  const parts = [
    HEAD,
    table(
      ["", "paper", "year", "read"],
      PAPERS.map(({ number, title, year, link, read }) => [
        number,
        `[${title}](${link})`,
        year,
        read,
      ]),
    ),
    `## What they print\n\n${WHY_NOT}`,
    ...PUBLISHED_TABLES.map(publishedTable),
    settings(),
    `## Gains, recomputed\n\n${gains()}`,
    `## Facts\n\n${table(
      ["paper", "what", "value", "mark", "where"],
      FACTS.map(({ paper, what, value, unit, mark, source }) => [
        paper,
        what,
        typeof value === "number" ? withUnit(value, unit) : value,
        mark,
        sourceWords(source),
      ]),
    )}`,
    "## Errata",
    ...computeErrata(land).map(erratum),
    `## Claims\n\nWhat the verdict judges.\n\n${table(
      ["paper", "claim", "printed", "where"],
      CLAIMS.map(({ paper, claim, printed, source }) => [
        paper,
        claim,
        printed,
        sourceWords(source),
      ]),
    )}`,
    `## Found, inferred, unknown\n\n${register()}`,
    `## Limits\n\n${table(
      ["paper", "limit", "where", "here", "see"],
      LIMITS.map(({ paper, limit, source, addressed, link }) => [
        paper,
        limit,
        sourceWords(source),
        addressed,
        linkWords(link),
      ]),
    )}`,
    `## What must not be done with it\n\n${SENSITIVE_INFERENCE}`,
    `## Related work\n\n${table(
      ["work", "year", "kind", "what", "known from"],
      RELATED.map(({ name, year, kind, what, link, source, note }) => [
        link === undefined ? name : `[${name}](${link})`,
        year,
        kind,
        note === undefined ? what : `${what}. ${note}`,
        source,
      ]),
    )}`,
    `## Questions that readers are asked\n\n${table(
      ["paper", "question", "answer", "where"],
      answerChecks().map(({ paper, question, answer, source }) => [
        paper,
        question,
        answer,
        sourceWords(source),
      ]),
    )}`,
    `## Paper map\n\n${table(
      ["paper", "kind", "what", "shown", "step"],
      PAPER_MAP.map(({ paper, kind, name, shown, link }) => [
        paper,
        kind,
        name,
        shown,
        link === undefined ? "–" : linkWords(link),
      ]),
    )}`,
  ];
  return `${parts.join("\n\n")}\n`;
}

/** The last section of docs/metrics.md: every measure with its worked example. */
export function examplesSection(): string {
  const rows = defineMetrics().map(({ name, formula, better, example, value, unit }) => [
    name,
    formula,
    better,
    example,
    withUnit(value, unit),
  ]);
  return `## Worked examples

Made from \`src/core/papers/metric-definitions.ts\`; the last column is what the app's own function gives.

${table(["measure", "formula", "better", "example by hand", "value"], rows)}
`;
}
