import { writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { FootfallError } from "../../core/errors";
import type { Engine } from "../../core/gpu/engine";
import {
  planExperiment,
  runExperiment,
  type ExperimentStatus,
} from "../../core/job/experiment/experiment";
import { findingOf } from "../../core/job/experiment/finding";
import { toResultsFile } from "../../core/job/experiment/our-results";
import {
  experimentFile,
  readExperiment,
  type ExperimentRecord,
} from "../../core/job/experiment/record";
import { experimentMarkdown, pointsOf } from "../../core/job/experiment/report";
import type { ExperimentChoice } from "../../core/job/experiment/work";
import type { ModelSpec } from "../../core/job/model";
import type { Session } from "../../core/job/session";
import { DEFAULT_SEED } from "../../core/random";
import {
  EXPERIMENT_WORDS,
  EXPERIMENTS,
  SETTING_BOUNDS,
  type ExperimentName,
  type ExperimentSettings,
} from "../../core/task/experiments/names";
import type { Command, CommandInput, CommandOutcome } from "../command";
import { SHAPE_OPTION } from "../country";
import { openNodeEngine, readEnginePlan } from "../engine";
import { readData } from "../evaluate/table-plan";
import { hashFiles, openSourceFiles, type DiskFile } from "../input";
import { MODEL_OPTIONS } from "../model";
import { writeWholeFile } from "../output";
import { readAsset } from "../root";
import { showing } from "../run";
import { openFolderRuns } from "../sweep/folder-runs";
import { numberOf, textOf } from "../values";

type Values = CommandInput["values"];

function readNames(positionals: readonly string[]): ExperimentName[] {
  const known = (text: string): ExperimentName => {
    const name = EXPERIMENTS.find((one) => one === text);
    if (name !== undefined) return name;
    throw new FootfallError(
      "bad-input",
      `"${text}" is no experiment; expected ${EXPERIMENTS.join(", ")}`,
    );
  };
  if (positionals.length > 0) return positionals.map(known);
  throw new FootfallError(
    "bad-input",
    `expected the name of an experiment: ${EXPERIMENTS.join(", ")}`,
  );
}

function readSettings(values: Values, name: ExperimentName): ExperimentSettings {
  const standard = EXPERIMENT_WORDS[name].settings;
  const read = (setting: keyof ExperimentSettings): number => {
    const [from, to] = SETTING_BOUNDS[setting];
    return numberOf(values, setting, { from, to }) ?? standard[setting];
  };
  return { seeds: read("seeds"), count: read("count"), steps: read("steps") };
}

/** What is asked of each experiment, and which files it is asked of. */
async function readPlan(input: CommandInput, names: readonly ExperimentName[]) {
  const { values } = input;
  const seed = numberOf(values, "seed", { from: 0, to: 2 ** 32 - 1 }) ?? DEFAULT_SEED;
  const { spec: dataset, files: data } = await readData(values, seed);
  const path = textOf(values, "model");
  const missing = names.find((name) => !EXPERIMENT_WORDS[name].trains && path === undefined);
  if (missing !== undefined) {
    throw new FootfallError("bad-input", `--model is missing: "${missing}" asks a model`);
  }
  const files = path === undefined ? [] : await openSourceFiles([path]);
  const model: ModelSpec = { source: "folder", name: basename(resolve(path ?? "")), files };
  const weights = files.filter((file) => file.path.endsWith(".safetensors"));
  const choices = names.map((experiment): ExperimentChoice => {
    const isAsked = !EXPERIMENT_WORDS[experiment].trains;
    const settings = readSettings(values, experiment);
    return { experiment, dataset, ...(isAsked && { model }), settings, seed };
  });
  return { choices, source: await sourceText(input, { model: weights, data }) };
}

/** All experiments whose records lie in the folder. */
async function readRecords(out: string): Promise<ExperimentRecord[]> {
  const store = openFolderRuns(out);
  const all = await Promise.all(EXPERIMENTS.map((name) => store.read("", experimentFile(name))));
  return all.flatMap((bytes) => (bytes && readExperiment(bytes)) ?? []);
}

/** Which files were read, in one line. */
async function sourceText(
  { values, signal }: CommandInput,
  { model, data }: Record<"model" | "data", readonly DiskFile[]>,
): Promise<string> {
  const said: string[] = [];
  for (const [what, path, files] of [
    ["model", textOf(values, "model"), model],
    ["data", textOf(values, "tokens"), data],
  ] as const) {
    if (path === undefined) continue;
    const hash = await hashFiles(files, signal);
    said.push(`${what} ${basename(resolve(path))}, SHA-256 ${hash.slice(0, 16)}`);
  }
  return said.length === 0 ? "No files were read." : `Read: ${said.join("; ")}.`;
}

/** results.json for the verdict on the papers' claims, and report.md for people. */
async function writeReports(out: string, source: string): Promise<void> {
  const records = await readRecords(out);
  const files = {
    "results.json": `${JSON.stringify(toResultsFile(records), null, 1)}\n`,
    "report.md": [`${source}\n`, ...records.map(experimentMarkdown)].join("\n"),
  };
  for (const [path, text] of Object.entries(files)) {
    await writeWholeFile(join(out, path), (file) => writeFile(file, text));
  }
}

async function runOne(
  choice: ExperimentChoice,
  session: Session,
  { progress, note, signal }: CommandInput,
): Promise<ExperimentStatus> {
  const plan = await showing(planExperiment(choice, session, signal), progress);
  const parts = plan.known > 0 ? `${plan.units - plan.known} more parts` : `${plan.units} parts`;
  note(`${choice.experiment}: ${parts}, about ${Math.ceil(plan.seconds)} s on ${plan.engine}`);
  const reports = runExperiment(choice, session, signal);
  let told = plan.known;
  for (;;) {
    const { done, value } = await reports.next();
    if (done) return value;
    progress(value);
    const { outcomes } = (value.partial as ExperimentStatus | undefined) ?? { outcomes: [] };
    for (const { key, seconds, problem } of outcomes.slice(told)) {
      note(`${choice.experiment}: ${key}: ${problem ?? `${seconds.toFixed(1)} s`}`);
    }
    told = Math.max(told, outcomes.length);
  }
}

async function work(engine: Engine, input: CommandInput): Promise<ExperimentRecord[]> {
  const names = readNames(input.positionals);
  const out = textOf(input.values, "out");
  const session: Session = {
    readAsset,
    engine: () => Promise.resolve(engine),
    kept: new Map(),
    ...(out !== undefined && { runs: () => Promise.resolve(openFolderRuns(out)) }),
  };
  const records: ExperimentRecord[] = [];
  const { choices, source } = await readPlan(input, names);
  for (const choice of choices) {
    const { secondsLeft: _, notice: __, ...record } = await runOne(choice, session, input);
    records.push(record);
    if (out !== undefined) await writeReports(out, source);
  }
  return records;
}

async function run(input: CommandInput): Promise<CommandOutcome> {
  const engine = await openNodeEngine(readEnginePlan(input.values));
  if (engine.reason !== undefined) input.note(engine.reason);
  try {
    const records = await work(engine, input);
    const experiments = records.map((record) => {
      const points = pointsOf(record).map(({ values, ...point }) => ({
        ...point,
        values: Object.fromEntries(values),
      }));
      return { ...record, finding: findingOf(record.experiment, pointsOf(record)), points };
    });
    const lines = records.flatMap((record) => experimentMarkdown(record).trimEnd().split("\n"));
    return { document: { experiments }, lines };
  } finally {
    engine.dispose();
  }
}

export const command: Command = {
  summary: "Runs the papers' open questions as experiments, with intervals over seeds.",
  usage: `NAME... (--tokens DIR | --country SIZE) [--model DIR] [--out DIR]`,
  options: {
    ...MODEL_OPTIONS,
    tokens: { type: "string", value: "DIR", help: "folder that tokenise wrote" },
    country: {
      type: "string",
      value: "SIZE",
      help: "or the simulated one: small, medium or large",
    },
    shape: SHAPE_OPTION,
    out: {
      type: "string",
      value: "DIR",
      help: "gets each experiment part by part, report.md and results.json; goes on there",
    },
    seeds: { type: "string", value: "N", help: "runs with other chance, for an interval" },
    count: { type: "string", value: "N", help: "hidden check-ins, or examples of each task" },
    steps: { type: "string", value: "N", help: "of each pre-training run" },
    seed: { type: "string", value: "N", help: "the first", default: String(DEFAULT_SEED) },
  },
  run,
};
