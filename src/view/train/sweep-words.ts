import type { SweepPlan } from "../../core/job/sweep/probe";
import type { CurveRow, SweepBudget, SweepRecord } from "../../core/job/sweep/record";
import type { SettingSummary, Spread } from "../../core/job/sweep/summary";
import type { SweepStatus } from "../../core/job/sweep/sweep";
import { readValues } from "../../core/job/sweep/values";
import type { LossCurve } from "../chart/LossChart";
import { formatCount, formatCounted, formatMeasure, formatSeconds } from "../words";

/** "12.3", with its 95 % interval where there is one. */
export function spreadText(spread: Spread | undefined): string {
  if (spread === undefined) return "–";
  const { mean, interval } = spread;
  if (interval === undefined) return formatMeasure(mean);
  return `${formatMeasure(mean)} [${formatMeasure(interval[0])}, ${formatMeasure(interval[1])}]`;
}

/** Why a text is no list of values; undefined where it is one. */
export function valuesProblem(over: SweepRecord["over"], text: string): string | undefined {
  try {
    readValues(over, text);
    return undefined;
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}

/** How many runs a sweep has in all. */
export function countRuns({ settings, seeds }: Pick<SweepRecord, "settings" | "seeds">): number {
  return seeds * settings.filter(({ obstacle }) => obstacle === undefined).length;
}

/** How long a sweep would take, in one sentence. */
export function planSentence({ steps, seconds, settings }: SweepPlan, seeds: number): string {
  const runs = formatCounted(countRuns({ settings, seeds }), "run");
  return `${runs} of ${formatCounted(steps, "step")} each take about ${formatSeconds(seconds)} on this device.`;
}

function toCurve(name: string, rows: readonly CurveRow[]): LossCurve {
  return {
    name,
    x: rows.map(({ tokens }) => tokens),
    y: rows.map(({ cellPerplexity }) => cellPerplexity),
  };
}

/** The curve of each setting's first run, by tokens seen; the run that goes is among them. */
export function sweepCurves({ settings, runs, current, config }: SweepStatus): LossCurve[] {
  return settings.flatMap(({ setting: { name } }) => {
    const own = runs.find((run) => run.setting === name && run.seed === config.seed);
    const live = current?.setting === name && current.seed === config.seed ? current : undefined;
    const rows = (own ?? live)?.curve ?? [];
    return rows.length > 1 ? [toCurve(name, rows)] : [];
  });
}

/** A setting that has run, with what it must beat. */
interface Ran {
  readonly name: string;
  readonly own: Spread;
  readonly rival: Spread;
}

function findRan(rows: readonly SettingSummary[]): Ran[] {
  return rows.flatMap(({ planned, cellPerplexity: own, persistence: rival }) =>
    own === undefined || rival === undefined ? [] : [{ name: planned.setting.name, own, rival }],
  );
}

/**
 * What came out, in one sentence; undefined before two settings can be compared. A finer resolution has more cells
 * to choose from, so resolutions are compared by how far each is below the baseline of its own.
 */
export function sweepFinding(
  rows: readonly SettingSummary[],
  over: SweepRecord["over"],
): string | undefined {
  const ran = findRan(rows);
  if (ran.length < 2) return undefined;
  const share = ({ own, rival }: Ran): number => own.mean / rival.mean;
  const rank = over === "resolution" ? share : ({ own }: Ran): number => own.mean;
  const best = ran.reduce((a, b) => (rank(b) < rank(a) ? b : a));
  const what =
    over === "resolution" ? "Best against its own baseline" : "Lowest perplexity per check-in";
  const none = ran.every((one) => share(one) >= 1) ? "; none is below that yet" : "";
  return `${what} so far: ${spreadText(best.own)} with ${best.name}, where staying near the neighbours has ${formatMeasure(best.rival.mean)}${none}.`;
}

/** What the queue does now. */
export function nowText({ setting, step, isScored }: NonNullable<SweepStatus["current"]>): string {
  return isScored === true
    ? `${setting}, its scores on tasks`
    : `${setting}, step ${formatCount(step)}`;
}

/** How far a sweep has come, in words. */
export function progressText(record: SweepRecord): string {
  const all = countRuns(record);
  const { runs, isFinished } = record;
  if (isFinished && runs.length === all) return formatCounted(all, "run");
  return `${formatCount(runs.length)} of ${formatCounted(all, "run")}${isFinished ? ", then the time was over" : ""}`;
}

/** What the length of a sweep can be counted in; hours are kept as minutes. */
export type LengthUnit = SweepBudget["kind"] | "hours";

/** From here on a queue is counted in hours, unless somebody says otherwise. */
const LONG_MINUTES = 120;

/** The unit of a length, as far as it says so itself. */
export const unitOf = (budget: SweepBudget): LengthUnit =>
  budget.kind === "minutes" && budget.minutes >= LONG_MINUTES ? "hours" : budget.kind;

/** A length in a unit; 10 minutes, an hour and 300 steps to begin with. */
export function toBudget(unit: LengthUnit, length?: number): SweepBudget {
  if (unit === "steps") return { kind: "steps", steps: Math.round(length ?? 300) };
  return { kind: "minutes", minutes: unit === "hours" ? 60 * (length ?? 1) : (length ?? 10) };
}
