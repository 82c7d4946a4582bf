/** `footfall evaluate --all` and `--task`: the papers' tables, run by run, written as they grow. */
import { basename, resolve } from "node:path";
import { FootfallError } from "../../core/errors";
import { knownOf } from "../../core/job/adapt-known";
import type { ExperimentName } from "../../core/task/experiments/names";
import { TASKS } from "../../core/task/tasks/registry";
import type { TaskName } from "../../core/task/tasks/types";
import type { CommandInput, CommandOutcome } from "../command";
import { countryText } from "../country";
import { hashFiles } from "../input";
import { numberOf, textOf } from "../values";
import { Ledger } from "./ledger";
import { readResults, toMarkdown, writeInto, type Results } from "./results-files";
import { isTableChild, serveTables } from "./table-child";
import { openChildWorker, openLocalWorker, type TableWorker } from "./table-crew";
import { manifestLines } from "./table-manifest";
import { readExperiments, readSettings, readTasks } from "./table-plan";
import { shareOut, TableClock, type Failure } from "./table-queue";
import { readTablePlan, type TablePlan } from "./table-stand";
import { nameOf, type TableWork } from "./table-work";

/** What was known of the results before, and the files that they are of. */
async function startResults(plan: TablePlan, signal: AbortSignal): Promise<Results> {
  const { dataset, model, seed, out, files } = plan;
  const facts = {
    model: model.name,
    data: dataset.source === "simulated" ? countryText(dataset) : dataset.name,
    hashes: {
      model: await hashFiles(files.model, signal),
      ...(files.data.length > 0 && { data: await hashFiles(files.data, signal) }),
    },
    seed,
  };
  const earlier = await readResults(out);
  const { studies, experiments } = isOfSame(earlier, facts) ? earlier : {};
  return {
    ...facts,
    engine: "",
    tables: earlier?.tables ?? {}, // their runs have keys of their own
    left: {},
    ...(studies && { studies }),
    ...(experiments && { experiments }),
  };
}

type Facts = Pick<Results, "model" | "data" | "hashes" | "seed">;

const isOfSame = (
  earlier: Results | undefined,
  { model, data, hashes, seed }: Facts,
): earlier is Results =>
  earlier !== undefined &&
  earlier.model === model &&
  earlier.data === data &&
  earlier.seed === seed &&
  JSON.stringify(earlier.hashes) === JSON.stringify(hashes);

/** All pieces. Of several at a time those about months come first: they take longest. Throws "bad-input". */
function planPieces(
  values: CommandInput["values"],
  { tables, studies, experiments = [] }: Results,
  jobs: number,
): TableWork[] {
  const minutes = numberOf(values, "minutes", { from: 0.01, to: 1e6, whole: false });
  const until = minutes === undefined ? {} : { until: Date.now() + 60_000 * minutes };
  const tasks = readTasks(values);
  tasks.forEach((task) => readSettings(values, task)); // refuses what is wrong before anything begins
  const isLong = (name: TaskName): boolean =>
    jobs > 1 && TASKS.some((task) => task.name === name && task.input === "trajectory");
  const inOrder = [...tasks.filter(isLong), ...tasks.filter((task) => !isLong(task))];
  const pieces: TableWork[] = inOrder.map((task) => {
    const table = tables[task];
    return { kind: "table", task, known: table ? knownOf(table) : [], ...until };
  });
  if (values["all"] === true && !studies) pieces.push({ kind: "studies", ...until });
  const most = numberOf(values, "experiment-minutes", { from: 0, to: 1e6, whole: false }) ?? 10;
  const isDone = (name: ExperimentName): boolean =>
    experiments.some((record) => record.experiment === name && record.isFinished);
  for (const name of readExperiments(values).filter((name) => !isDone(name))) {
    pieces.push({ kind: "experiment", name, minutes: most, ...until });
  }
  return pieces;
}

async function openWorkers(
  plan: TablePlan,
  jobs: number,
  input: CommandInput,
): Promise<TableWorker[]> {
  if (jobs === 1) return [await openLocalWorker(plan, input)];
  return Promise.all(Array.from({ length: jobs }, () => openChildWorker(input)));
}

async function fillAll(plan: TablePlan, input: CommandInput): Promise<Results> {
  const { values, signal } = input;
  plan.lacking.forEach((text) => input.note(`Manifest: ${text}.`));
  const start = await startResults(plan, signal);
  const most = numberOf(values, "jobs", { from: 1, to: 64 }) ?? 1;
  const pieces = planPieces(values, start, most);
  const jobs = Math.min(most, Math.max(1, pieces.length));
  const workers = await openWorkers(plan, jobs, input);
  const tables = pieces.filter(({ kind }) => kind === "table").length;
  if (jobs > 1) input.note(`${tables} tables, ${jobs} at a time`);
  const clock = new TableClock(tables, jobs);
  const progress = jobs > 1 ? () => {} : input.progress; // of several at once nobody could read it
  const told = { ...input, progress };
  const ledger = new Ledger({ ...start, engine: workers[0]!.engine }, plan.out, clock, told);
  let failed: Failure[] = [];
  try {
    failed = await shareOut(pieces, workers, (news) => ledger.take(news), signal);
  } finally {
    workers.forEach((worker) => worker.dispose());
    await ledger.close();
  }
  throwFailures(failed);
  return ledger.results;
}

function throwFailures(failed: readonly Failure[]): void {
  const [first] = failed;
  if (!first) return;
  const names = failed.map(({ piece }) => nameOf(piece));
  const { code, message } = first.error;
  throw new FootfallError(code, `${names.join(", ")}: ${message}`, { cause: first.error });
}

/** Throws "no-data" with the reasons where not one table was made: that is no result. */
function checkMade({ tables, left }: Results): void {
  const reasons = Object.entries(left).map(([name, why]) => `${name}: ${why}`);
  if (reasons.length === 0 || Object.keys(tables).length > 0) return;
  throw new FootfallError("no-data", `no table was made; ${reasons.join("; ")}`);
}

/** Fills the tables that the options name. Throws "bad-input", "missing-file", "no-data", "weights-mismatch", "stopped". */
export async function runTables(input: CommandInput): Promise<CommandOutcome> {
  if (isTableChild()) return serveTables(input);
  const plan = await readTablePlan(input.values);
  const results = await fillAll(plan, input);
  if (plan.lacking.length === 0) checkMade(results); // else what a manifest lacks is said instead
  const into = textOf(input.values, "into");
  const text = toMarkdown(results);
  if (into !== undefined) await writeInto(into, basename(resolve(plan.out)), text);
  const lines = [...text.trimEnd().split("\n"), ...manifestLines(input.values, results)];
  return { document: results, lines };
}
