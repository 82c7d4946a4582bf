import type { RunOutcome } from "../task/table/results";
import type { AdaptTable } from "./adapt";
import type { AdaptStand } from "./adapt-stand";

/** A run of a table that was kept, and the weights that it was made with. */
export interface KnownRun {
  /** Hash of all weights; undefined where an earlier version kept the table without its origin. */
  readonly weights: string | undefined;
  readonly run: RunOutcome;
}

/** The runs of a kept table, for `AdaptJob.known`. */
export const knownOf = ({ origin, runs }: Pick<AdaptTable, "origin" | "runs">): KnownRun[] =>
  runs.map((run) => ({ weights: origin?.model.hash, run }));

/**
 * The runs that a table may take over, and what must be said where some are left out because the weights have changed
 * since: keys name where the weights lie, and a training that goes on, or another download, leaves others there.
 */
export function takeKnown(
  known: readonly KnownRun[],
  { table, origin: { model } }: Pick<AdaptStand, "table" | "origin">,
): { runs: RunOutcome[]; notes: string[] } {
  const own = known.filter(({ run }) => run.key.startsWith(`${table} `));
  const same = own.filter((one) => one.weights === undefined || one.weights === model.hash);
  const leftOut = own.length - same.length;
  const counted = leftOut === 1 ? "1 kept run was" : `${leftOut} kept runs were`;
  return {
    runs: same.map(({ run }) => run),
    notes: leftOut > 0 ? [`${counted} made with other weights of ${model.name} and left out`] : [],
  };
}
