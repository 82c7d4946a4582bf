import type { LocatedPoints } from "./points";

/** Points of one user far outside the time of all others: a clock that was never set. */
export interface ClockWarning {
  user: string;
  points: number;
  fromMs: number;
  toMs: number;
}

type TimedPoints = Pick<LocatedPoints, "users" | "user" | "timeMs">;

const YEAR_MS = 365 * 86_400_000;
const SAMPLE = 100_000;

/** The time in which nearly all points lie: the quantiles .005 and .995, from an even sample of rows. */
function mainPeriod(timeMs: Float64Array): [fromMs: number, toMs: number] {
  const step = Math.max(1, Math.floor(timeMs.length / SAMPLE));
  const sample = Float64Array.from(
    { length: Math.ceil(timeMs.length / step) },
    (_, i) => timeMs[i * step]!,
  );
  sample.sort();
  const at = (share: number) => sample[Math.floor(share * (sample.length - 1))] ?? 0;
  return [at(0.005), at(0.995)];
}

/** Tells times more than a year outside the time in which nearly all points lie. */
export function createClockCheck({ timeMs }: TimedPoints): (timeMs: number) => boolean {
  const [fromMs, toMs] = mainPeriod(timeMs);
  return (time) => time < fromMs - YEAR_MS || time > toMs + YEAR_MS;
}

/**
 * Users with points more than a year outside the main period, by their names in `names`. The points stay
 * unless a rule drops them; the report names the users.
 */
export function findClockWarnings(
  points: TimedPoints,
  names: readonly string[] = points.users,
): ClockWarning[] {
  const isBad = createClockCheck(points);
  const warnings = new Map<number, ClockWarning>();
  for (let i = 0; i < points.timeMs.length; i++) {
    const timeMs = points.timeMs[i]!;
    if (!isBad(timeMs)) continue;
    const u = points.user[i]!;
    const known = warnings.get(u);
    const warning = known ?? { user: names[u]!, points: 0, fromMs: timeMs, toMs: timeMs };
    warning.points++;
    warning.fromMs = Math.min(warning.fromMs, timeMs);
    warning.toMs = Math.max(warning.toMs, timeMs);
    warnings.set(u, warning);
  }
  return [...warnings.values()];
}
