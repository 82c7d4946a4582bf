/** The papers' open questions that ask a model as it is, beside its tables. */
import { experimentMarkdown } from "../../core/job/experiment/report";
import { runExperiment, type ExperimentStatus } from "../../core/job/experiment/experiment";
import type { ExperimentRecord } from "../../core/job/experiment/record";
import type { Made } from "../../core/job/session";
import type { Progress } from "../../core/pace";
import {
  EXPERIMENT_WORDS,
  EXPERIMENTS,
  type ExperimentName,
} from "../../core/task/experiments/names";
import type { TableStand } from "./table-stand";

/** Those that train no models of their own: minutes, not hours. */
export const ASKING_EXPERIMENTS: readonly ExperimentName[] = EXPERIMENTS.filter(
  (name) => !EXPERIMENT_WORDS[name].trains,
);

/**
 * Runs one experiment, or as many of its parts as begin before `until` (milliseconds since 1970), but at least one; what
 * ran lies in the session's store, and the next call goes on there.
 */
export async function askExperiment(
  experiment: ExperimentName,
  { dataset, model, seed, session }: Pick<TableStand, "dataset" | "model" | "seed" | "session">,
  {
    until,
    progress,
    signal,
  }: { until: number; progress: (report: Progress) => void; signal: AbortSignal },
): Promise<ExperimentRecord> {
  const { settings } = EXPERIMENT_WORDS[experiment];
  const work = runExperiment({ experiment, dataset, model, settings, seed }, session, signal);
  let known: ExperimentStatus | undefined;
  for (;;) {
    const { done, value } = await work.next();
    if (done) return toRecord(value);
    progress(value);
    const status = value.partial as ExperimentStatus | undefined;
    if (!status || status.outcomes.length === (known?.outcomes.length ?? 0)) continue;
    known = status;
    if (Date.now() < until) continue;
    await work.return(undefined as never); // between two parts
    return toRecord(known);
  }
}

/** What is kept of a status. */
function toRecord(status: ExperimentStatus & { made?: Made }): ExperimentRecord {
  const { secondsLeft: _, notice: __, made: ___, ...record } = status;
  return record;
}

/** The experiments as Markdown lines, one heading below the page's. */
export const experimentLines = (records: readonly ExperimentRecord[]): string[] =>
  records.map((record) => experimentMarkdown(record).replace(/^## /, "### "));
