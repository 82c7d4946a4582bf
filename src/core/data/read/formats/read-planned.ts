import { FootfallError } from "../../../errors";
import type { Progress } from "../../../pace";
import type { FileFacts, PointSink, ReadOptions } from "../source";
import { checkPlan, describePlanTimes, type TablePlan } from "../table-plan";
import { describeSwapped } from "../table-warnings";

/** Throws where the two coordinates are swapped and nobody said what to do about it. */
function checkSwapped(plan: TablePlan, options: ReadOptions): void {
  if (!plan.looksSwapped || options.swapped !== undefined) return;
  throw new FootfallError(
    "bad-file",
    `${plan.sample.path}: ${describeSwapped(plan)}; swap them, or choose other columns`,
  );
}

/** The columns of a plan by role, for the report. */
function namesOf({ roles }: TablePlan): FileFacts["columns"] {
  const { user, time, lat, lng } = roles;
  return { user: user!.value, time: time!.value, lat: lat!.value, lng: lng!.value };
}

/**
 * Reads the rows of a table by its plan and says what was read. `rows` gives them to the sink and returns their
 * number; it begins only when the plan has stood its checks. Throws "missing-column" and "bad-file".
 */
export async function* readPlanned(
  plan: TablePlan,
  { format, options, sink }: { format: string; options: ReadOptions; sink: PointSink },
  rows: AsyncGenerator<Progress, number, void>,
): AsyncGenerator<Progress, FileFacts, void> {
  const { path } = plan.sample;
  checkPlan(plan);
  checkSwapped(plan, options);
  sink.beginFile(path);
  const count = yield* rows;
  const times = describePlanTimes(plan)?.value;
  return { path, format, rows: count, columns: namesOf(plan), times };
}
