/** One piece of `footfall evaluate --all`: a table, or the questions that have none. */
import { FootfallError, throwIfStopped } from "../../core/errors";
import type { AdaptJob, AdaptTable } from "../../core/job/adapt";
import { AdaptStand } from "../../core/job/adapt-stand";
import type { Progress } from "../../core/pace";
import type { RunOutcome } from "../../core/task/table/results";
import type { TableState } from "../../core/task/table/fill-table";
import type { TaskName } from "../../core/task/tasks/types";
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
      readonly known: readonly RunOutcome[];
    }
  | { readonly kind: "studies" }
);

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
  /** These data or this model cannot have the table. */
  | { readonly kind: "left"; readonly task: TaskName; readonly why: string }
  | { readonly kind: "studies"; readonly studies: Studies };

export type Tell = (news: TableNews) => void;

/** One table to its end, or as far as the time goes; told after each run. */
async function fill(
  { task, known, until }: TableWork & { kind: "table" },
  { values, dataset, model, truths, seed, session }: TableStand,
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
}

/** True where these data cannot have the table, which is no reason to leave the others out. */
function isLeftOut(thrown: unknown): thrown is FootfallError {
  const codes = ["missing-file", "no-data", "bad-input"];
  return thrown instanceof FootfallError && codes.includes(thrown.code);
}

/** Does one piece. Throws "weights-mismatch", "stopped". */
export async function doTableWork(
  work: TableWork,
  stand: TableStand,
  tell: Tell,
  signal: AbortSignal,
): Promise<void> {
  throwIfStopped(signal);
  if (work.kind === "studies") {
    if (Date.now() > (work.until ?? Infinity)) return;
    const progress = (report: Progress): void => tell({ kind: "progress", progress: report });
    const { dataset, model, seed, session } = stand;
    const studies = await runStudies({ dataset, model, seed }, session, { progress, signal });
    return tell({ kind: "studies", studies });
  }
  try {
    await fill(work, stand, tell, signal);
  } catch (thrown) {
    if (!isLeftOut(thrown)) throw thrown;
    tell({ kind: "left", task: work.task, why: thrown.message });
  }
}
