/** `footfall evaluate --all` and `--task`: the papers' tables, run by run, written as they grow. */
import { basename, resolve } from "node:path";
import { FootfallError } from "../../core/errors";
import type { RunOutcome } from "../../core/task/table/results";
import { TASK_NAMES, TASKS } from "../../core/task/tasks/registry";
import type { TaskFacts, TaskName } from "../../core/task/tasks/types";
import type { CommandInput, CommandOutcome } from "../command";
import { hashFiles } from "../input";
import { numberOf, textOf } from "../values";
import { readResults, toMarkdown, writeInto, writeResults, type Results } from "./results-files";
import { isTableChild, serveTables } from "./table-child";
import { openChildWorker, openLocalWorker, type TableWorker } from "./table-crew";
import { readSettings, readTasks } from "./table-plan";
import { shareOut, TableClock, type Failure } from "./table-queue";
import { readTablePlan, type TablePlan } from "./table-stand";
import type { TableNews, TableWork } from "./table-work";

/** What was known of the results before, and the files that they are of. */
async function startResults(plan: TablePlan, signal: AbortSignal): Promise<Results> {
  const { dataset, model, seed, out, files } = plan;
  const facts = {
    model: model.name,
    data: dataset.source === "simulated" ? `simulated country, ${dataset.size}` : dataset.name,
    hashes: {
      model: await hashFiles(files.model, signal),
      ...(files.data.length > 0 && { data: await hashFiles(files.data, signal) }),
    },
    seed,
  };
  const earlier = await readResults(out);
  const studies = isOfSame(earlier, facts) ? earlier?.studies : undefined;
  const tables = earlier?.tables ?? {}; // their runs have keys of their own
  return { ...facts, engine: "", tables, left: {}, ...(studies && { studies }) };
}

type Facts = Pick<Results, "model" | "data" | "hashes" | "seed">;

const isOfSame = (earlier: Results | undefined, { model, data, hashes, seed }: Facts): boolean =>
  earlier !== undefined &&
  earlier.model === model &&
  earlier.data === data &&
  earlier.seed === seed &&
  JSON.stringify(earlier.hashes) === JSON.stringify(hashes);

function runWords(ran: RunOutcome, { headline }: TaskFacts): string {
  const value = ran.scores.bestOnValidation[headline];
  const score = `${headline} ${value === undefined ? "none" : value.toPrecision(3)}`;
  return `${ran.row}, ${ran.split}, seed ${ran.seed}: ${ran.problem ?? score}, ${ran.seconds.toFixed(1)} s`;
}

/** The results as they grow, written after each run, one writing after the other. */
class Ledger {
  readonly #out: string;
  readonly #clock: TableClock;
  readonly #input: CommandInput;
  #writing: Promise<void> = Promise.resolve();
  results: Results;

  constructor(start: Results, out: string, clock: TableClock, input: CommandInput) {
    this.results = start;
    this.#out = out;
    this.#clock = clock;
    this.#input = input;
  }

  take(news: TableNews): void {
    switch (news.kind) {
      case "progress":
        return this.#input.progress(news.progress);
      case "table": {
        const { task, table, ran } = news;
        this.#clock.add(task, table, ran);
        if (ran) this.#input.note(`${task}: ${runWords(ran, table.task)}; ${this.#clock.words()}`);
        return this.#change({ tables: { ...this.results.tables, [task]: table } });
      }
      case "left":
        this.#clock.leave();
        this.#input.note(`${news.task}: ${news.why}`);
        return this.#change({ left: { ...this.results.left, [news.task]: news.why } });
      case "studies":
        return this.#change({ studies: news.studies });
      default:
        throw news satisfies never;
    }
  }

  #change(change: Partial<Results>): void {
    this.results = inOrder({ ...this.results, ...change });
    const write = (): Promise<void> => writeResults(this.#out, this.results);
    this.#writing = this.#writing.then(write, write); // the next one makes good what failed
    this.#writing.catch(() => {}); // the last one is waited for in `close`
  }

  /** Resolves once everything is written; throws what the last writing threw. */
  async close(): Promise<void> {
    this.#change({});
    await this.#writing;
  }
}

/** Tables in the order of the tasks, whichever came first. */
function inOrder(results: Results): Results {
  const sort = <T>(of: Partial<Record<TaskName, T>>): Partial<Record<TaskName, T>> =>
    Object.fromEntries(TASK_NAMES.flatMap((name) => (of[name] ? [[name, of[name]]] : [])));
  return { ...results, tables: sort(results.tables), left: sort(results.left) };
}

/** All pieces. Of several at a time those about months come first: they take longest. Throws "bad-input". */
function planPieces(
  values: CommandInput["values"],
  { tables, studies }: Results,
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
    return { kind: "table", task, known: tables[task]?.runs ?? [], ...until };
  });
  if (values["all"] === true && !studies) pieces.push({ kind: "studies", ...until });
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
  const names = failed.map(({ piece }) => (piece.kind === "table" ? piece.task : piece.kind));
  const { code, message } = first.error;
  throw new FootfallError(code, `${names.join(", ")}: ${message}`, { cause: first.error });
}

/** Fills the tables that the options name. Throws "bad-input", "missing-file", "weights-mismatch", "stopped". */
export async function runTables(input: CommandInput): Promise<CommandOutcome> {
  if (isTableChild()) return serveTables(input);
  const plan = await readTablePlan(input.values);
  const results = await fillAll(plan, input);
  const into = textOf(input.values, "into");
  const text = toMarkdown(results);
  if (into !== undefined) await writeInto(into, basename(resolve(plan.out)), text);
  return { document: results, lines: text.trimEnd().split("\n") };
}
