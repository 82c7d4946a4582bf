import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ledgerSteps } from "../../core/data/ledger";
import { FootfallError } from "../../core/errors";
import { ShardWriter, type ShardReport } from "../../core/token/shards";
import { UNK, type Tokeniser } from "../../core/token/tokeniser";
import type { CommandInput } from "../command";
import { countryOf } from "../country";
import { choiceOf, textOf } from "../values";
import { TrajectoryCollector } from "./collector";
import { readColumns, readOrigin, type TokenisePlan } from "./plan";
import { openCountry, openFiles, type PointSource } from "./sources";
import { createTokeniser } from "./tokeniser-choice";

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

/** The first batch's points to the last table's row; throws "no-data" where the filters leave nothing. */
async function collect(
  folder: string,
  source: PointSource,
  plan: TokenisePlan,
  input: CommandInput,
): Promise<{ collected: Collected; collector: TrajectoryCollector }> {
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
  if (collected.parts.length > 0) return { collected, collector };
  const rule = collector.ledger.rules.at(-1)?.rule;
  throw new FootfallError(
    "no-data",
    `${source.name}: no trajectory is left after the rule "${rule}"; lower --min-check-ins or --min-cells`,
  );
}

/** Writes everything that `tokenise` promises (docs/data.md) into a folder; the result is report.json. */
export async function tokenise(folder: string, plan: TokenisePlan, input: CommandInput) {
  const startedAt = performance.now();
  const source = await openSource(plan, input);
  const { collected, collector } = await collect(folder, source, plan, input);
  const area = source.area ?? source.cells.build();
  const visits = source.area ? undefined : countTrainingVisits(collected, area.hi.length);
  const tokeniser = await createTokeniser(plan.tokeniser, area, visits, input);
  await writeFile(join(folder, "tokenizer.json"), JSON.stringify(tokeniser.toJson()));
  const tokens = await writeTokens(folder, collected, tokeniser, source);
  const { rowsRead, rejected, more } = source.facts();
  const { rules } = collector.ledger;
  const seconds = (performance.now() - startedAt) / 1000;
  const report = {
    name: source.name,
    simulated: source.simulated,
    ...more,
    seed: plan.seed,
    options: { ...plan, out: undefined },
    utcOffsetHours: collector.utcOffsetHours,
    users: collector.users,
    cells: area.hi.length,
    trajectories: collected.parts.length,
    ledger: { rowsRead, rejected, rules, steps: ledgerSteps(collector.ledger) },
    tokens: {
      ...tokens,
      vocabularySize: tokeniser.vocabulary.length,
      tokeniser: tokeniser.rule,
    },
    seconds: Math.round(seconds * 100) / 100,
    rowsPerSecond: Math.round(rowsRead / seconds),
  };
  await writeFile(join(folder, "report.json"), `${JSON.stringify(report, null, 2)}\n`);
  return report;
}

/** What stands in report.json. */
export type TokeniseReport = Awaited<ReturnType<typeof tokenise>>;
