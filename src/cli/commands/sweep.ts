import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { FootfallError } from "../../core/errors";
import type { Engine } from "../../core/gpu/engine";
import type { DatasetSpec } from "../../core/job/dataset";
import { toLadder } from "../../core/job/sweep/ladder";
import { sweepMarkdown } from "../../core/job/sweep/markdown";
import { queueSeconds } from "../../core/job/sweep/plan";
import { readSweepRecord, SWEEP_FILE, type SweepBudget } from "../../core/job/sweep/record";
import { summariseSweep } from "../../core/job/sweep/summary";
import { sweepResults } from "../../core/job/sweep/results";
import { summariseScores } from "../../core/job/sweep/score-summary";
import { runSweep, type SweepJob, type SweepStatus } from "../../core/job/sweep/sweep";
import { readValues } from "../../core/job/sweep/values";
import { MOST_SEEDS, SWEEPS } from "../../core/job/sweep/words";
import type { Session } from "../../core/job/session";
import { PRESETS } from "../../core/train/config";
import type { Command, CommandInput, CommandOutcome } from "../command";
import { SHAPE_OPTION, simulatedOf } from "../country";
import { ENGINE_OPTIONS, openNodeEngine, readEnginePlan } from "../engine";
import { readTruths } from "../evaluate/table-truths";
import { openSourceFiles } from "../input";
import { writeWholeFile } from "../output";
import { CONFIG_OPTIONS, readConfig } from "../pretrain/options";
import { readAsset } from "../root";
import { openFolderRuns } from "../sweep/folder-runs";
import { choiceOf, numberOf, requiredText, textOf } from "../values";

/** The simulated country of `--country`, or the folder of `--data`. */
async function readData(values: CommandInput["values"], seed: number): Promise<DatasetSpec> {
  const country = simulatedOf(values, seed);
  const data = textOf(values, "data");
  if (country && data === undefined) return country;
  if (country === undefined && data !== undefined) {
    const files = await openSourceFiles([data]);
    return { source: "folder", name: basename(resolve(data)), files };
  }
  throw new FootfallError(
    "bad-input",
    "expected either --data with a folder that footfall tokenise wrote or --country with a size",
  );
}

const DEFAULT_MINUTES = 10;

function readBudget(values: CommandInput["values"]): SweepBudget {
  const steps = numberOf(values, "steps", { from: 1, to: 1e7 });
  const minutes = numberOf(values, "minutes", { from: 0.01, to: 1e5, whole: false });
  const hours = numberOf(values, "hours", { from: 0.001, to: 1e4, whole: false });
  if ([steps, minutes, hours].filter((one) => one !== undefined).length > 1) {
    throw new FootfallError("bad-input", "expected one of --steps, --minutes and --hours");
  }
  if (steps !== undefined) return { kind: "steps", steps };
  const asMinutes = hours === undefined ? minutes : 60 * hours;
  return { kind: "minutes", minutes: asMinutes ?? DEFAULT_MINUTES };
}

/** Throws "bad-input" or "missing-file" where --resume and the folder do not go together. */
function checkFolder(out: string, resumes: boolean): void {
  const holds = existsSync(join(out, SWEEP_FILE));
  if (holds === resumes) return;
  throw resumes
    ? new FootfallError("missing-file", `${out} has no ${SWEEP_FILE} to resume from`)
    : new FootfallError(
        "bad-input",
        `${out} holds a sweep already; --resume goes on with it, or give another folder`,
      );
}

/** The job; of a sweep that goes on, its own plan counts and only the data are looked at. */
async function readJob(values: CommandInput["values"], out: string): Promise<SweepJob> {
  const bytes = await openFolderRuns(out).read("", SWEEP_FILE);
  const earlier = bytes && readSweepRecord(bytes);
  const over = choiceOf(values, "over", SWEEPS) ?? earlier?.over;
  if (over === undefined) {
    throw new FootfallError("bad-input", `--over is missing; expected ${SWEEPS.join(", ")}`);
  }
  readValues(over, textOf(values, "values") ?? ""); // before anything is opened
  const config = readConfig(values, earlier?.config ?? PRESETS.tiny);
  return {
    kind: "sweep",
    dataset: await readData(values, config.seed),
    over,
    values: textOf(values, "values"),
    settings: { preset: config.preset, changes: config },
    budget: readBudget(values),
    seeds: numberOf(values, "seeds", { from: 1, to: MOST_SEEDS }) ?? 1,
    seed: config.seed,
    sweep: earlier?.id ?? "sweep",
    withScores: values["no-scores"] !== true,
    truths: await readTruths(values),
  };
}

async function writeReport(out: string, status: SweepStatus): Promise<void> {
  const text = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
  const files = {
    "report.md": sweepMarkdown(status),
    "report.json": text(documentOf(out, status)),
    "results.json": text(sweepResults(status)),
  };
  for (const [path, content] of Object.entries(files)) {
    await writeWholeFile(join(out, path), (file) => writeFile(file, content));
  }
}

function documentOf(out: string, status: SweepStatus): unknown {
  const { current: _, secondsLeft: __, isKept: ___, ...record } = status;
  const summary = summariseSweep(status);
  const scores = summariseScores(status).map(({ gains, ...row }) => {
    return { ...row, gains: Object.fromEntries(gains) };
  });
  return {
    out,
    ...record,
    summary,
    scores,
    ...(status.over === "size" && { ladder: toLadder(summary) }),
  };
}

function tellPlan({ settings, steps, seeds, engine }: SweepStatus, note: (line: string) => void) {
  const fitting = settings.filter(({ obstacle }) => obstacle === undefined);
  const minutes = queueSeconds(fitting, { steps, seeds }) / 60;
  const time =
    minutes < 120 ? `${minutes.toFixed(1)} minutes` : `${(minutes / 60).toFixed(1)} hours`;
  note(`${seeds * fitting.length} runs of ${steps} steps, about ${time} on ${engine}`);
}

/** Says what came of the runs that are new, and keeps the report as it stands. */
async function tellRuns(
  out: string,
  status: SweepStatus,
  told: number,
  note: (line: string) => void,
): Promise<void> {
  for (const { setting, seed, curve, seconds, problem, scores } of status.runs.slice(told)) {
    const end = curve.at(-1);
    const found = end && `perplexity ${end.cellPerplexity.toFixed(1)} a check-in`;
    const scored = scores === undefined ? "" : ` and ${Math.round(scores.seconds)} s of scores`;
    note(`${setting}, seed ${seed}: ${problem ?? found}, ${Math.round(seconds)} s${scored}`);
  }
  await writeReport(out, status);
}

async function work(job: SweepJob, out: string, engine: Engine, input: CommandInput) {
  const session: Session = {
    readAsset,
    engine: () => Promise.resolve(engine),
    kept: new Map(),
    runs: () => Promise.resolve(openFolderRuns(out)),
  };
  const reports = runSweep(job, session, input.signal);
  let told: number | undefined;
  for (;;) {
    const { done, value } = await reports.next();
    if (done) {
      await tellRuns(out, value, told ?? 0, input.note);
      return value;
    }
    input.progress(value);
    const status = value.partial as SweepStatus | undefined;
    if (status?.runs === undefined || status.runs.length === told) continue;
    if (told === undefined) tellPlan(status, input.note);
    await tellRuns(out, status, told ?? 0, input.note);
    told = status.runs.length;
  }
}

async function run(input: CommandInput): Promise<CommandOutcome> {
  const { values } = input;
  const out = requiredText(values, "out", "the folder of the sweep");
  const plan = readEnginePlan(values);
  checkFolder(out, values["resume"] === true);
  const job = await readJob(values, out);
  const engine = await openNodeEngine(plan);
  if (engine.reason !== undefined) input.note(engine.reason);
  try {
    const status = await work(job, out, engine, input);
    return {
      document: documentOf(out, status),
      lines: sweepMarkdown(status).trimEnd().split("\n"),
    };
  } finally {
    engine.dispose();
  }
}

export const command: Command = {
  summary: "Trains one small model after another, and sets them side by side in a report.",
  usage: `(--data DIR | --country SIZE) --over ${SWEEPS.join("|")} --out DIR`,
  options: {
    data: { type: "string", value: "DIR", help: "folder that tokenise wrote" },
    country: {
      type: "string",
      value: "SIZE",
      help: "or the simulated one: small, medium or large",
    },
    shape: SHAPE_OPTION,
    over: { type: "string", value: "WHAT", help: SWEEPS.join(", ") },
    values: {
      type: "string",
      value: "LIST",
      help: "its values with commas between, such as 1x32,2x64,6x256 (sizes) or 10,40 (percent); default the usual ones",
    },
    out: {
      type: "string",
      value: "DIR",
      help: "gets report.md, report.json, sweep.json and results.json",
    },
    minutes: {
      type: "string",
      value: "N",
      help: "of the whole queue; every run takes the same number of steps",
      default: String(DEFAULT_MINUTES),
    },
    hours: { type: "string", value: "N", help: "or hours of it" },
    steps: { type: "string", value: "N", help: "or of every run, which can be repeated" },
    "no-scores": {
      type: "boolean",
      help: "leave out what each run’s frozen states know of places, beside its random twin",
    },
    truths: {
      type: "string",
      value: "FILE",
      help: "JSON as of evaluate: layers for population, prefecture and builtUp of real places",
    },
    seeds: {
      type: "string",
      value: "N",
      help: "runs of each setting, for an interval",
      default: "1",
    },
    preset: { type: "string", value: "NAME", help: "tiny, small or base", default: "tiny" },
    ...ENGINE_OPTIONS,
    resume: { type: "boolean", help: "go on with the queue in --out where it stood" },
    ...CONFIG_OPTIONS,
  },
  run,
};
