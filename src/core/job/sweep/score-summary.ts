import { FAR_TASK } from "../../task/experiments/series";
import type { Point } from "../../task/experiments/readings";
import { clampSpread, spreadOf, type Spread } from "../../task/table/interval";
import { SPLIT_NAMES, type SplitName } from "../../task/tasks/examples";
import { METRICS, metricRange, type MetricName } from "../../task/tasks/metric-names";
import { TASKS } from "../../task/tasks/registry";
import type { TaskName } from "../../task/tasks/types";
import { gainOf } from "../experiment/downstream";
import { shortNumber } from "../../papers/judgement";
import type { ProbeScore, SweepRecord, SweepRun } from "./record";

/** What the runs of a setting score on one task and split; spreads over seeds. */
export interface ScoreSummary {
  readonly setting: string;
  readonly task: TaskName;
  /** Of the task. */
  readonly title: string;
  readonly metric: MetricName;
  readonly split: SplitName;
  readonly own: Spread;
  readonly twin: Spread;
  /** Seed by seed: a difference of F, or the share of the twin's error that is gone. */
  readonly gain: Spread;
  /** The gain of each seed. */
  readonly gains: ReadonlyMap<number, number>;
}

type Found = Pick<SweepRecord, "settings" | "runs">;

const probesOf = (run: SweepRun, task: TaskName, split: SplitName): ProbeScore[] =>
  (run.scores?.probes ?? []).filter((one) => one.task === task && one.split === split);

function summarise(
  setting: string,
  runs: readonly SweepRun[],
  { name: task, title, headline: metric }: (typeof TASKS)[number],
  split: SplitName,
): ScoreSummary[] {
  const found = runs.flatMap((run) =>
    probesOf(run, task, split).map((probe) => ({ ...probe, seed: run.seed })),
  );
  const gains = new Map(found.map(({ seed, own, twin }) => [seed, gainOf(metric, own, twin)]));
  const own = spreadOf(found.map((probe) => probe.own));
  const twin = spreadOf(found.map((probe) => probe.twin));
  const gain = spreadOf([...gains.values()]);
  if (!own || !twin || !gain) return [];
  const clamped = (spread: Spread): Spread => clampSpread(spread, metricRange(metric));
  const [ours, twins] = [clamped(own), clamped(twin)];
  return [{ setting, task, title, metric, split, own: ours, twin: twins, gain, gains }];
}

/** The scores of every setting so far, task by task, on both splits. */
export function summariseScores({ settings, runs }: Found): ScoreSummary[] {
  return settings.flatMap(({ setting: { name } }) => {
    const own = runs.filter(({ setting }) => setting === name);
    return TASKS.flatMap((task) =>
      SPLIT_NAMES.flatMap((split) => summarise(name, own, task, split)),
    );
  });
}

/** The gains on a split, for a chart: a curve for each task, a place for each setting. */
export function scorePoints(rows: readonly ScoreSummary[], wanted: SplitName): Point[] {
  return rows
    .filter(({ split }) => split === wanted)
    .map(({ title: series, setting: at, gain: spread, gains: values }) => {
      return { series, at, measure: "probeGain", spread, values };
    });
}

/** The mean gain over the near tasks of each setting, on a split. */
function meanGains(rows: readonly ScoreSummary[], wanted: SplitName): [name: string, Spread][] {
  const names = [...new Set(rows.map(({ setting }) => setting))];
  return names.flatMap((name) => {
    const isMeant = ({ setting, split, task }: ScoreSummary): boolean =>
      setting === name && split === wanted && task !== FAR_TASK;
    const own = rows.filter(isMeant);
    const seeds = [...(own[0]?.gains.keys() ?? [])];
    const means = seeds.map(
      (seed) => own.reduce((sum, { gains }) => sum + (gains.get(seed) ?? NaN), 0) / own.length,
    );
    const spread = spreadOf(means.filter(Number.isFinite));
    return spread === undefined ? [] : [[name, spread]];
  });
}

/** "0.12", with its interval where there is one. */
export function scoreText({ mean, low, high }: Spread): string {
  const text = (value: number): string =>
    Math.abs(value) < 10 ? value.toFixed(3) : shortNumber(value);
  if (low === undefined || high === undefined) return text(mean);
  return `${text(mean)} [${text(low)}, ${text(high)}]`;
}

/** The question of a row with its measure: "Population, F-Score". */
export const questionText = ({ title, metric }: ScoreSummary): string =>
  `${title}, ${METRICS[metric].title}`;

/** What frozen states gain by each setting, in one sentence; undefined before two settings are scored. */
export function scoreFinding(rows: readonly ScoreSummary[]): string | undefined {
  const all = meanGains(rows, "random");
  if (all.length < 2) return undefined;
  const list = all.map(([name, spread]) => `${scoreText(spread)} with ${name}`).join(", ");
  const [best, ...rest] = all.toSorted(([, a], [, b]) => b.mean - a.mean);
  const isApart = rest.every(([, { high }]) => high !== undefined && best![1].low! > high);
  const told = isApart ? `most with ${best![0]}` : "which of them is most cannot be told";
  return `Mean gain of a linear probe over the random twin on near tasks, random split: ${list}; ${told}.`;
}

/** Head and rows of the table of scores: both splits side by side. */
export function scoreTable(rows: readonly ScoreSummary[], column: string) {
  const parts = SPLIT_NAMES.map((split) => `${split} split`);
  const head = [
    column,
    "question",
    ...parts.flatMap((words) => [`${words}: probe`, `${words}: twin`, `${words}: gain`]),
  ];
  const pairs = rows.filter(({ split }) => split === "random");
  return {
    head,
    rows: pairs.map((row) => {
      const block = rows.find(
        ({ setting, task, split }) =>
          setting === row.setting && task === row.task && split === "block",
      );
      const cells = [row, block].flatMap((one) =>
        one ? [one.own, one.twin, one.gain].map(scoreText) : ["–", "–", "–"],
      );
      return [row.setting, questionText(row), ...cells];
    }),
  };
}

/** What must be known to read the scores; empty where there are none. */
export function scoreNotes({
  runs,
  withScores,
}: Pick<SweepRecord, "runs" | "withScores">): string[] {
  if (withScores !== true) return ["No scores on tasks were asked for."];
  const scores = runs.flatMap((run) => run.scores ?? []);
  if (scores.length === 0) return [];
  const seconds = scores.reduce((sum, one) => sum + one.seconds, 0);
  return [
    `Scores are those of linear probes on frozen states of up to 1,000 places where somebody checks in, the same places for all settings of a seed, beside a twin with random weights; they took ${Math.round(seconds)} s in all. Places are cells of the data's own resolution, written as their ancestors or the cell in their middle where a run reads others. The gain is a difference of F, or the share of the twin's error that is gone (kilometres; of numbers the root mean square).`,
    "Water is far from what people’s ways can tell, so no gain is expected there; means leave it out.",
    "Random split: at a coarse resolution a tested place often shares its cell with one that was learnt, from which the twin profits as well. By blocks it does not.",
    ...new Set(scores.flatMap(({ notes }) => notes)),
  ];
}
