/** One piece of `footfall evaluate --all`: a table, or the questions that have none. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { FootfallError, throwIfStopped } from "../../core/errors";
import type { AdaptJob, AdaptTable } from "../../core/job/adapt";
import type { KnownRun } from "../../core/job/adapt-known";
import { AdaptStand } from "../../core/job/adapt-stand";
import { adaptedFiles } from "../../core/job/adapted-folder";
import type { ExperimentRecord } from "../../core/job/experiment/record";
import type { Progress } from "../../core/pace";
import type { ExperimentName } from "../../core/task/experiments/names";
import type { RunOutcome } from "../../core/task/table/results";
import { planRuns } from "../../core/task/table/plan";
import { isModelRow } from "../../core/task/table/run-model";
import type { TableState } from "../../core/task/table/fill-table";
import type { TaskName } from "../../core/task/tasks/types";
import { writeFolder } from "../output";
import { showing } from "../run";
import { askExperiment } from "./experiments";
import { runStudies, type Studies } from "./studies";
import { readSettings } from "./table-plan";
import type { TableStand } from "./table-stand";

/** What is asked, as plain JSON. */
export type TableWork = {
  /** Nothing begins after this moment, in milliseconds since 1970; absent: no end. */
  readonly until?: number;
} & (
  | {
      readonly kind: "table";
      readonly task: TaskName;
      /** Runs of an earlier call. */
      readonly known: readonly KnownRun[];
    }
  | { readonly kind: "studies" }
  | { readonly kind: "experiment"; readonly name: ExperimentName; readonly minutes: number }
);

/** What a piece is called among those that cannot be had. */
export type WorkName = TaskName | "studies" | ExperimentName;

/** The piece in a word. */
export function nameOf(work: TableWork): WorkName {
  if (work.kind === "table") return work.task;
  return work.kind === "studies" ? work.kind : work.name;
}

/** What is told on the way, as plain JSON. */
export type TableNews =
  | { readonly kind: "progress"; readonly progress: Progress }
  /** The table so far, and the run that ended last, if one did. */
  | {
      readonly kind: "table";
      readonly task: TaskName;
      readonly table: AdaptTable;
      readonly ran?: RunOutcome;
    }
  /** These data or this model cannot have it. */
  | { readonly kind: "left"; readonly name: WorkName; readonly why: string }
  | { readonly kind: "studies"; readonly studies: Studies }
  | { readonly kind: "experiment"; readonly record: ExperimentRecord };

export type Tell = (news: TableNews) => void;

/** One table to its end, or as far as the time goes; told after each run. */
async function fill(
  { task, known, until }: TableWork & { kind: "table" },
  { values, dataset, model, truths, seed, session, out }: TableStand,
  tell: Tell,
  signal: AbortSignal,
): Promise<void> {
  const end = until === undefined ? undefined : performance.now() + until - Date.now();
  const settings = readSettings(values, task);
  const where = { dataset, model, ...(truths && { truths }) };
  const job: AdaptJob = { kind: "adapt", ...where, task, settings, seed };
  const opening = AdaptStand.openFor(job, session, signal);
  let step = await opening.next();
  for (; !step.done; step = await opening.next()) tell({ kind: "progress", progress: step.value });
  const stand = step.value;
  let told: TableState["runs"] | undefined;
  for await (const { state, ...progress } of stand.fill(known, signal, end)) {
    tell({ kind: "progress", progress });
    if (!state || state.runs.length === told?.length) continue;
    const ran = told && state.runs.at(-1);
    tell({ kind: "table", task, table: stand.toTable(state), ...(ran && { ran }) });
    told = state.runs;
  }
  const isLate = end !== undefined && performance.now() > end;
  if (values["models"] === true && !isLate) await writeModels(stand, out, tell, signal);
}

/** The adapted models of the first seed and split; what was not run here is run once more, to the same bits. */
async function writeModels(
  stand: AdaptStand,
  out: string,
  tell: Tell,
  signal: AbortSignal,
): Promise<void> {
  const { task, examples, settings, seed, table } = stand;
  const splits = settings.splits.slice(0, 1);
  const planned = planRuns(task, examples, {
    settings: { ...settings, splits, seeds: 1 },
    seed,
    table,
  });
  for (const { row, split } of planned.filter((run) => isModelRow(run.row))) {
    const progress = (report: Progress): void => tell({ kind: "progress", progress: report });
    const files = adaptedFiles(stand, await showing(stand.open(row, split, signal), progress));
    if (files === undefined) continue; // destinations are guessed by the head for cells
    await writeFolder(join(out, "models", task.name, row), async (folder) => {
      for (const [path, bytes] of files) await writeFile(join(folder, path), bytes);
    });
  }
}

/** True where these data cannot have the table, which is no reason to leave the others out. */
function isLeftOut(thrown: unknown): thrown is FootfallError {
  const codes = ["missing-file", "no-data", "bad-input"];
  return thrown instanceof FootfallError && codes.includes(thrown.code);
}

/** What is asked of the model as it is, without a table. */
async function ask(
  work: Exclude<TableWork, { kind: "table" }>,
  stand: TableStand,
  tell: Tell,
  signal: AbortSignal,
): Promise<void> {
  const until = work.until ?? Infinity;
  if (Date.now() > until) return;
  const progress = (report: Progress): void => tell({ kind: "progress", progress: report });
  if (work.kind === "studies") {
    const { dataset, model, seed, session } = stand;
    const studies = await runStudies({ dataset, model, seed }, session, { progress, signal });
    return tell({ kind: "studies", studies });
  }
  const end = Math.min(until, Date.now() + 60_000 * work.minutes);
  const record = await askExperiment(work.name, stand, { until: end, progress, signal });
  tell({ kind: "experiment", record });
}

/** Does one piece. Throws "weights-mismatch", "stopped". */
export async function doTableWork(
  work: TableWork,
  stand: TableStand,
  tell: Tell,
  signal: AbortSignal,
): Promise<void> {
  throwIfStopped(signal);
  try {
    if (work.kind === "table") await fill(work, stand, tell, signal);
    else await ask(work, stand, tell, signal);
  } catch (thrown) {
    if (!isLeftOut(thrown)) throw thrown;
    tell({ kind: "left", name: nameOf(work), why: thrown.message });
  }
}
