import type { AdaptTable } from "../../core/job/adapt";
import type { TruthRole } from "../../core/task/tasks/types";
import type { AdaptSpec } from "../../notebook/steps/adapt";
import { fileName } from "../words";

type Table = Pick<AdaptTable, "origin" | "task">;
type Chosen = NonNullable<AdaptSpec["truths"]>;

/** “value” of tenth.csv: the truths that somebody brought for a table; undefined where there are none. */
export function truthsText({ origin }: Table): string | undefined {
  const truths = Object.values(origin?.truths ?? {});
  if (truths.length === 0) return undefined;
  return truths.map(({ title, files }) => `“${title}” of ${files.join(", ")}`).join("; ");
}

const chosenNames = (chosen: Chosen, role: TruthRole): string[] =>
  chosen[role]?.layer.paths.map(fileName) ?? [];

/** Why a kept table is not of the truths that are chosen now, in a sentence; undefined where it is, as far as names tell. */
export function otherTruths(table: Table, chosen: Chosen = {}): string | undefined {
  const { origin, task } = table;
  if (origin?.truths === undefined) return undefined;
  const { truths } = origin;
  const isSame = (role: TruthRole): boolean =>
    (truths[role]?.files ?? []).join() === chosenNames(chosen, role).join();
  if (task.needs.every(isSame)) return undefined;
  const kept = truthsText(table) ?? "the simulated country’s own truth";
  return `This table is of ${kept}, which is not the truth that is chosen now: choose it again, or fill the table anew.`;
}
