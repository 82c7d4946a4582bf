import type { Ledger } from "../data/ledger";
import { buildTrajectories } from "../data/rules";
import { openSomePoints, type PointsSpec } from "./collect-points";
import { coverageOf, type Coverage } from "./coverage";
import { describeDaysOff, type DaysOff } from "./days-off";
import { mergedPeople, type MergedPerson } from "./merged-points";
import type { Report, Session } from "./session";

/** Asks what rules would leave of some files, before anything is imported (DI-15, DI-16). */
export interface RulesJob extends PointsSpec {
  kind: "rules";
}

export interface RulesResult {
  ledger: Ledger;
  /** False where only the first rows were looked at. */
  isAll: boolean;
  /** Where the check-ins lie that would be kept. */
  coverage: Coverage;
  /** Resampled positions that no point stands behind, of all of them; undefined for other rules. */
  filledShare: number | undefined;
  /** Undefined where the rules say nothing of days off. */
  daysOff: DaysOff | undefined;
  /** Some people, to see what the rule for check-ins does. */
  people: MergedPerson[];
}

/** Applies the rules to all points where they are in memory or few, else to those of the first rows. */
export async function* runRules(
  job: RulesJob,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, RulesResult, void> {
  const { collected, isAll } = yield* openSomePoints(job, session, signal);
  const { rules } = job;
  const built = yield* buildTrajectories(collected.points, rules, { signal });
  const { points, report } = collected;
  const { rowsRead, rejected } = report;
  const { calendar } = rules;
  const positions = built.checkIns.user.length;
  return {
    ledger: { ...built.ledger, rowsRead, rejected },
    isAll,
    coverage: coverageOf(built.trajectories, rules.resolution, true),
    filledShare:
      rules.stays.kind === "resample" ? built.filled / Math.max(1, positions) : undefined,
    daysOff: calendar && (await describeDaysOff(calendar, points, built, report, session)),
    people: mergedPeople(collected, built),
  };
}
