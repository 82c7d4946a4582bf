import {
  isHighBetter,
  joinResults,
  type OurGain,
  type OurResults,
  type OurScore,
  type ResultsFile,
  type SweepPoint,
} from "../../papers/results";
import { EXPERIMENT_WORDS, type ExperimentName } from "../../task/experiments/names";
import {
  compare,
  findPoint,
  summarise,
  type MeasureName,
  type Point,
} from "../../task/experiments/readings";
import { NEAR_MEAN, PRETRAINING, WITH_HOURS, WITHOUT_HOURS } from "../../task/experiments/series";
import type { Spread } from "../../task/table/interval";
import { TASKS } from "../../task/tasks/registry";
import type { ExperimentRecord } from "./record";

/** Of the examples of a task, a fifth is tested (paper 1, A.3.2). */
const TEST_SHARE = 0.2;

/** The series that the claim about more tokens means by each measure. */
const SWEPT: Readonly<Record<"perplexity" | "gain", string>> = {
  perplexity: PRETRAINING,
  gain: NEAR_MEAN,
};

/** A spread as results have it; one seed has no interval, and claims its own value. */
const toEnds = ({ mean, low = mean, high = mean, n }: Spread) => ({ mean, low, high, seeds: n });

function sweepsOf(experiment: ExperimentName, points: readonly Point[]): SweepPoint[] {
  if (experiment !== "tokens") return [];
  return points.flatMap(({ series, measure, x, spread }) => {
    const isSwept = measure in SWEPT && SWEPT[measure as keyof typeof SWEPT] === series;
    if (!isSwept || spread.n === 1 || x === undefined) return [];
    return [{ over: "share", at: x, measure, ...toEnds(spread) }];
  });
}

/** Fine-tuned with times, without, and the random twin, of each task that both have. */
function timesOf(points: readonly Point[], test: number): Pick<OurResults, "scores" | "gains"> {
  const scores: OurScore[] = [];
  const gains: OurGain[] = [];
  for (const { name: task, headline: metric } of TASKS) {
    const of = (at: string, measure: MeasureName) =>
      findPoint(points, { series: task, at, measure });
    const [timed, plain] = [of(WITH_HOURS, "score"), of(WITHOUT_HOURS, "score")];
    if (!timed || !plain) continue;
    const common = { task, split: "random", metric, test } as const;
    scores.push({ ...common, row: "fine-tuned-times", ...toEnds(timed.spread) });
    scores.push({ ...common, row: "fine-tuned", ...toEnds(plain.spread) });
    const gain = compare(timed, plain);
    if (!gain) continue;
    const pair = { row: "fine-tuned-times", against: "fine-tuned" };
    gains.push({ ...common, ...pair, ...toBetter(metric, gain) });
  }
  return { scores, gains };
}

/** A difference turned so that above 0 is better. */
function toBetter(metric: OurScore["metric"], difference: Spread) {
  const { mean, low, high, seeds } = toEnds(difference);
  return isHighBetter(metric)
    ? { mean, low, high, seeds }
    : { mean: -mean, low: -high, high: -low, seeds };
}

/** A file of results as the verdict on the papers' claims reads it (`readResults`). */
export function toResultsFile(records: readonly ExperimentRecord[]): ResultsFile {
  const all = records.map((record) => {
    const { experiment, outcomes, settings } = record;
    const points = summarise(outcomes.flatMap(({ readings }) => readings));
    const none = { scores: [], gains: [] };
    return {
      ...(experiment === "times" ? timesOf(points, Math.floor(TEST_SHARE * settings.count)) : none),
      sweeps: sweepsOf(experiment, points),
      perplexities: record.perplexities ?? {},
      about: [EXPERIMENT_WORDS[experiment].title.toLowerCase(), record.model, record.data.name]
        .filter((part) => part !== undefined)
        .join(", "),
    };
  });
  return { footfallResults: 1, ...joinResults(all) };
}
