import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ledgerSteps } from "../../core/data/ledger";
import { ROLES, type Role } from "../../core/data/columns";
import { parseTimeText } from "../../core/data/times";
import { FootfallError } from "../../core/errors";
import { DEFAULT_SEED } from "../../core/random";
import { ShardWriter, type ShardReport } from "../../core/token/shards";
import { UNK, type Tokeniser } from "../../core/token/tokeniser";
import type { Command, CommandInput, CommandOutcome } from "../command";
import { countryOf } from "../country";
import { writeFolder } from "../output";
import { TrajectoryCollector } from "../tokenise/collector";
import { openCountry, openFiles, type PointSource } from "../tokenise/sources";
import {
  createTokeniser,
  readTokeniserSpec,
  type TokeniserSpec,
} from "../tokenise/tokeniser-choice";
import { choiceOf, numberOf, requiredText, textOf } from "../values";

/** The options, read and checked. */
interface TokenisePlan {
  out: string;
  resolution: number;
  windowMin: number;
  minCheckIns: number;
  minCells: number;
  utcOffset: number | undefined;
  split: "user" | "trajectory";
  seed: number;
  tokeniser: TokeniserSpec;
  keepUsers: string | undefined;
}

function readPlan(values: CommandInput["values"]): TokenisePlan {
  return {
    out: requiredText(values, "out", "the folder to write"),
    resolution: numberOf(values, "resolution", { from: 0, to: 12 }) ?? 8,
    windowMin: numberOf(values, "window-min", { from: 0, to: 1440, whole: false }) ?? 10,
    minCheckIns: numberOf(values, "min-check-ins", { from: 1, to: 1e6 }) ?? 10,
    minCells: numberOf(values, "min-cells", { from: 1, to: 1e6 }) ?? 3,
    utcOffset: numberOf(values, "utc-offset", { from: -12, to: 14, whole: false }),
    split: choiceOf(values, "split", ["user", "trajectory"]) ?? "user",
    seed: numberOf(values, "seed", { from: 0, to: 2 ** 32 - 1 }) ?? DEFAULT_SEED,
    tokeniser: readTokeniserSpec(values),
    keepUsers: textOf(values, "keep-users"),
  };
}

/** "user=who,lat=y" as the names of columns. */
function readColumns(text: string | undefined): Partial<Record<Role, string>> {
  const columns: Partial<Record<Role, string>> = {};
  for (const part of text?.split(",") ?? []) {
    const [role, name] = part.split("=", 2);
    const known = ROLES.find((candidate) => candidate === role?.trim());
    if (!known || !name) {
      throw new FootfallError(
        "bad-input",
        `--columns ${text}: expected ${ROLES.map((r) => `${r}=NAME`).join(",")}, or some of these`,
      );
    }
    columns[known] = name.trim();
  }
  return columns;
}

function readOrigin(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const timeMs = parseTimeText(text);
  if (!Number.isNaN(timeMs)) return timeMs;
  throw new FootfallError(
    "bad-input",
    `--time-origin ${text}: expected ISO 8601, such as 2012-04-03`,
  );
}

const DELIMITERS = { csv: ",", tsv: "\t" } as const;

async function openSource(plan: TokenisePlan, input: CommandInput): Promise<PointSource> {
  const { values, positionals, signal } = input;
  const country = countryOf(values, "country", plan.seed);
  if (country && positionals.length > 0) {
    throw new FootfallError("bad-input", "--country makes its own points: give no files beside it");
  }
  if (country) return openCountry(country, input);
  if (positionals.length === 0) {
    throw new FootfallError("bad-input", "no file given; expected FILE... or --country SIZE");
  }
  const format = choiceOf(values, "format", ["csv", "tsv"]);
  const options = {
    resolution: plan.resolution,
    anonymousSeed: plan.keepUsers === undefined ? plan.seed : undefined,
    columns: readColumns(textOf(values, "columns")),
    timeUnit: choiceOf(values, "time-unit", ["seconds", "milliseconds", "microseconds", "minutes"]),
    timeOriginMs: readOrigin(textOf(values, "time-origin")),
    delimiter: format && DELIMITERS[format],
    signal,
  };
  return openFiles(positionals, options, input);
}

interface Collected {
  cell: Uint32Array;
  offsets: Uint32Array;
  parts: Uint8Array;
}

/** Visits of each cell in the training part: what word pieces are learnt from. */
function countTrainingVisits({ cell, offsets, parts }: Collected, N: number): Uint32Array {
  const visits = new Uint32Array(N);
  parts.forEach((part, k) => {
    if (part !== 0) return;
    for (const n of cell.subarray(offsets[k], offsets[k + 1])) visits[n]!++;
  });
  return visits;
}

async function writeTokens(
  folder: string,
  collected: Collected,
  tokeniser: Tokeniser,
  source: PointSource,
): Promise<{ splits: ShardReport; unknownCells: number; tokensPerCell: number }> {
  const { cell, offsets, parts } = collected;
  const pieces = tokeniser.encodeCells(source.cells.build());
  await mkdir(join(folder, "tokens"));
  const writer = new ShardWriter({
    vocabularySize: tokeniser.vocabulary.length,
    write: (name, bytes) => writeFile(join(folder, "tokens", name), bytes),
  });
  for (let k = 0; k < parts.length; k++) {
    await writer.add(parts[k]!, cell.subarray(offsets[k], offsets[k + 1]), pieces);
  }
  let unknownCells = 0;
  for (const n of cell) if (pieces.tokens[pieces.offsets[n]!] === UNK) unknownCells++;
  const splits = await writer.finish();
  const tokens = splits.train.tokens + splits.validation.tokens + splits.test.tokens;
  return { splits, unknownCells, tokensPerCell: tokens / cell.length };
}

async function tokenise(folder: string, plan: TokenisePlan, input: CommandInput) {
  const startedAt = performance.now();
  const source = await openSource(plan, input);
  const collector = new TrajectoryCollector({
    folder,
    resolution: plan.resolution,
    windowMs: plan.windowMin * 60_000,
    minCheckIns: plan.minCheckIns,
    minCells: plan.minCells,
    utcOffsetHours: plan.utcOffset ?? source.utcOffsetHours,
    split: { by: plan.split, seed: plan.seed },
    cells: source.cells,
  });
  const quiet = source.area ? { ...input, progress: () => undefined } : input; // it reports by itself
  for await (const { points, names } of source.batches) await collector.add(points, names, quiet);
  const collected = await collector.finish();
  const trajectories = collected.parts.length;
  if (trajectories === 0) {
    const [last] = collector.ledger.rules.slice(-1);
    throw new FootfallError(
      "no-data",
      `${source.name}: no trajectory is left after the rule "${last?.rule}"; lower --min-check-ins or --min-cells`,
    );
  }
  const area = source.area ?? source.cells.build();
  const visits = source.area ? undefined : countTrainingVisits(collected, area.hi.length);
  const tokeniser = await createTokeniser(plan.tokeniser, area, visits, input);
  await writeFile(join(folder, "tokenizer.json"), JSON.stringify(tokeniser.toJson()));
  const tokens = await writeTokens(folder, collected, tokeniser, source);
  const facts = source.facts();
  const seconds = (performance.now() - startedAt) / 1000;
  const report = {
    name: source.name,
    simulated: source.simulated,
    ...facts.more,
    seed: plan.seed,
    options: { ...plan, out: undefined },
    utcOffsetHours: collector.utcOffsetHours,
    users: collector.users,
    cells: area.hi.length,
    trajectories,
    ledger: {
      rowsRead: facts.rowsRead,
      rejected: facts.rejected,
      rules: collector.ledger.rules,
      steps: ledgerSteps(collector.ledger),
    },
    tokens: {
      ...tokens,
      vocabularySize: tokeniser.vocabulary.length,
      tokeniser: tokeniser.rule,
    },
    seconds: Math.round(seconds * 100) / 100,
    rowsPerSecond: Math.round(facts.rowsRead / seconds),
  };
  await writeFile(join(folder, "report.json"), `${JSON.stringify(report, null, 2)}\n`);
  return report;
}

type TokeniseReport = Awaited<ReturnType<typeof tokenise>>;

const inWords = (count: number | undefined): string => (count ?? 0).toLocaleString("en");

function describe(report: TokeniseReport, out: string): string[] {
  const { ledger, tokens } = report;
  const rejected = ledger.rejected.map(
    ({ reason, count, firstLines }) =>
      `  rejected ${inWords(count)}: ${reason} (line ${firstLines.join(", ")})`,
  );
  const rules = ledger.rules.map((rule) => {
    const counts = (["points", "checkIns", "trajectories", "users"] as const)
      .filter((key) => rule[key] !== undefined)
      .map((key) => `${inWords(rule[key])} ${key === "checkIns" ? "check-ins" : key}`);
    return `  ${rule.rule}: ${counts.join(", ")}`;
  });
  const splits = Object.entries(tokens.splits).map(
    ([split, { trajectories, tokens: count }]) =>
      `  ${split}: ${inWords(trajectories)} trajectories, ${inWords(count)} tokens`,
  );
  return [
    report.name,
    `rows read: ${inWords(ledger.rowsRead)}`,
    ...rejected,
    ...rules,
    `tokens: vocabulary ${inWords(tokens.vocabularySize)}, ${tokens.tokensPerCell.toFixed(2)} a check-in`,
    ...splits,
    `written to ${out} in ${report.seconds} s (${inWords(report.rowsPerSecond)} rows/s)`,
  ];
}

/** Warns where over half of the trajectories fell to the filters (DI-15), and where a part is empty. */
function warnings({ ledger, tokens, trajectories }: TokeniseReport): string[] {
  const all = ledger.rules.find(({ rule }) => rule.startsWith("one trajectory"))?.trajectories ?? 0;
  const dropped = all - trajectories;
  const empty = Object.entries(tokens.splits).filter(([, split]) => split.trajectories === 0);
  return [
    ...(dropped * 2 > all
      ? [`warning: the filters dropped ${inWords(dropped)} of ${inWords(all)} trajectories`]
      : []),
    ...empty.map(([split]) => `warning: the ${split} part is empty; try --split trajectory`),
  ];
}

async function run(input: CommandInput): Promise<CommandOutcome> {
  const plan = readPlan(input.values);
  const report = await writeFolder(plan.out, (folder) => tokenise(folder, plan, input));
  warnings(report).forEach(input.note);
  return { document: report, lines: describe(report, plan.out) };
}

export const command: Command = {
  summary: "Turns points into check-ins, monthly trajectories and token shards.",
  usage: "FILE... --out DIR | --country SIZE --out DIR",
  options: {
    out: { type: "string", value: "DIR", help: "folder to write" },
    country: {
      type: "string",
      value: "SIZE",
      help: "the simulated country instead of files: small, medium, large",
    },
    residents: { type: "string", value: "N", help: "residents of the country", default: "by size" },
    format: { type: "string", value: "NAME", help: "csv or tsv", default: "guessed" },
    columns: {
      type: "string",
      value: "LIST",
      help: "user=NAME,time=NAME,lat=NAME,lng=NAME, or some",
      default: "guessed",
    },
    "time-unit": {
      type: "string",
      value: "UNIT",
      help: "seconds, milliseconds, microseconds, minutes",
      default: "guessed",
    },
    "time-origin": {
      type: "string",
      value: "TIME",
      help: "zero of a numeric time column",
      default: "1970-01-01",
    },
    resolution: { type: "string", value: "N", help: "H3 resolution", default: "8" },
    "window-min": {
      type: "string",
      value: "N",
      help: "minutes in which points of a cell are one check-in",
      default: "10",
    },
    "min-check-ins": {
      type: "string",
      value: "N",
      help: "shorter trajectories are dropped",
      default: "10",
    },
    "min-cells": {
      type: "string",
      value: "N",
      help: "trajectories of fewer cells are dropped",
      default: "3",
    },
    "utc-offset": {
      type: "string",
      value: "HOURS",
      help: "local clock that says where a month begins",
      default: "by longitude",
    },
    split: {
      type: "string",
      value: "BY",
      help: "70/15/15 by user, or by trajectory as the paper",
      default: "user",
    },
    tokeniser: {
      type: "string",
      value: "NAME",
      help: 'digits, "digits:4|2|2", wordpiece, flat',
      default: "digits",
    },
    vocabulary: {
      type: "string",
      value: "N",
      help: "largest vocabulary of wordpiece",
      default: "30000",
    },
    "keep-users": {
      type: "string",
      value: "REASON",
      help: "keep the users' own names, and say why",
      default: "random ids",
    },
    seed: { type: "string", value: "N", help: "seed of splits, names and country", default: "123" },
  },
  run,
};
