import type { CurveRow, PlannedSetting, SweepRecord, SweepRun } from "./record";

/** A geometric mean over seeds with its 95 % interval; the latter is undefined for one seed. */
export interface Spread {
  readonly mean: number;
  readonly interval: readonly [low: number, high: number] | undefined;
}

/** Student's t at 97.5 % for 1, 2, ... degrees of freedom, to those of `MOST_SEEDS`. */
const T_95 = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262];

/** Standard errors in half a 95 % interval, for so many degrees of freedom; for more, a little too many. */
export const reach95 = (degrees: number): number => T_95[Math.min(degrees, T_95.length) - 1]!;

/** The spread of perplexities: of their logarithms, which are means of losses. Undefined for none. */
export function spreadOf(values: readonly number[]): Spread | undefined {
  if (values.length === 0) return undefined;
  const logs = values.map(Math.log);
  const mean = logs.reduce((sum, value) => sum + value, 0) / logs.length;
  if (logs.length === 1) return { mean: values[0]!, interval: undefined };
  const squares = logs.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const error = Math.sqrt(squares / (logs.length - 1) / logs.length);
  const reach = reach95(logs.length - 1) * error;
  const low = Math.exp(Math.max(0, mean - reach)); // who knew everything would have a perplexity of 1
  return { mean: Math.exp(mean), interval: [low, Math.exp(mean + reach)] };
}

/** What a setting came to, over its seeds. */
export interface SettingSummary {
  readonly planned: PlannedSetting;
  /** Runs that came to their end. */
  readonly runs: readonly SweepRun[];
  /** Per check-in, all pieces of it hidden: the measure that can be compared. */
  readonly cellPerplexity: Spread | undefined;
  readonly sequentialCellPerplexity: Spread | undefined;
  readonly perplexity: Spread | undefined;
  /** Of a hidden token, nats. */
  readonly loss: number | undefined;
  readonly frequency: Spread | undefined;
  readonly persistence: Spread | undefined;
  /** As many equally likely cells cover this area: comparable over resolutions. */
  readonly km2: Spread | undefined;
  /** Per check-in with as much hidden as in the setting's own training. */
  readonly ownPerplexity: Spread | undefined;
  /** Mean of a run, of its training and of its scores. */
  readonly seconds: number | undefined;
  readonly scoreSeconds: number | undefined;
  readonly tokens: number | undefined;
  /** Multiplications and additions of a run. */
  readonly operations: number | undefined;
  /** What kept it from running or from coming to its end. */
  readonly problems: readonly string[];
}

const last = ({ curve }: SweepRun): CurveRow | undefined => curve.at(-1);

const meanOf = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : values.reduce((sum, one) => sum + one, 0) / values.length;

const scale = (spread: Spread, factor: number): Spread => ({
  mean: factor * spread.mean,
  interval: spread.interval && [factor * spread.interval[0], factor * spread.interval[1]],
});

function summarise(planned: PlannedSetting, all: readonly SweepRun[]): SettingSummary {
  const runs = all.filter(({ problem }) => problem === undefined);
  const over = (value: (run: SweepRun) => number | undefined): Spread | undefined =>
    spreadOf(runs.map(value).filter((found) => found !== undefined));
  const cellPerplexity = over((run) => last(run)?.cellPerplexity);
  const perplexity = over((run) => last(run)?.perplexity);
  const steps = meanOf(runs.map((run) => run.steps));
  const told = all.flatMap(({ problem }) => problem ?? []);
  return {
    planned,
    runs,
    cellPerplexity,
    sequentialCellPerplexity: over((run) => last(run)?.sequentialCellPerplexity),
    perplexity,
    loss: perplexity && Math.log(perplexity.mean),
    frequency: over(({ baselines }) => baselines?.frequency.cellPerplexity),
    persistence: over(({ baselines }) => baselines?.persistence.cellPerplexity),
    km2: cellPerplexity && scale(cellPerplexity, planned.cellKm2),
    ownPerplexity: over(({ scores }) => scores?.ownPerplexity),
    seconds: meanOf(runs.map(({ seconds }) => seconds)),
    scoreSeconds: meanOf(runs.flatMap(({ scores }) => scores?.seconds ?? [])),
    tokens: meanOf(runs.map(({ tokens }) => tokens)),
    operations: steps && planned.operationsPerStep && steps * planned.operationsPerStep,
    problems: planned.obstacle === undefined ? told : [planned.obstacle, ...told],
  };
}

/** Every setting of a sweep with what it came to so far. */
export function summariseSweep({
  settings,
  runs,
}: Pick<SweepRecord, "settings" | "runs">): SettingSummary[] {
  return settings.map((planned) =>
    summarise(
      planned,
      runs.filter(({ setting }) => setting === planned.setting.name),
    ),
  );
}
