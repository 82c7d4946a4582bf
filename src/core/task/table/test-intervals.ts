import { createPace, type Progress } from "../../pace";
import { createRandom } from "../../random";
import { sortedQuantile } from "../../truth/deciles";
import type { Places } from "../coordinates";
import { widthOf } from "../tasks/examples";
import type { MetricName } from "../tasks/metric-names";
import { scoreAnswers, takeAnswers, takeLabels, type Answers } from "../tasks/scoring";
import type { Labels } from "../tasks/types";

/** 95 % intervals of the scores of one run, [low, high]. */
export type TestIntervals = Readonly<Partial<Record<MetricName, readonly [number, number]>>>;

/** An example that is drawn twice is a tie with itself, which shifts a measure of ties. */
const SHIFTED: readonly MetricName[] = ["kendall"];

interface Asked {
  readonly metrics: readonly MetricName[];
  readonly centres: Places;
  readonly seed: number;
  readonly rounds?: number;
  readonly signal?: AbortSignal | undefined;
}

function countOf(labels: Labels): number {
  if (labels.kind === "numbers") return labels.targets.length / labels.names.length;
  return (labels.kind === "classes" ? labels.classes : labels.cells).length;
}

/**
 * What one run leaves open: percentile bootstrap (Efron 1979) over its test examples, which says nothing of other
 * divisions and weights; several seeds do. The same seed gives the same intervals. A score that most draws do not have
 * is absent. Throws "stopped".
 */
export async function* drawTestIntervals(
  labels: Labels,
  answers: Answers,
  { metrics, centres, seed, rounds = 200, signal }: Asked,
): AsyncGenerator<Progress, TestIntervals, void> {
  const asked = metrics.filter((name) => !SHIFTED.includes(name));
  const width = widthOf(labels);
  const count = countOf(labels);
  const random = createRandom(seed, "bootstrap of the test examples");
  const pace = createPace(signal);
  const drawn = new Map(asked.map((name) => [name, [] as number[]]));
  for (let round = 0; round < rounds; round++) {
    const rows = Uint32Array.from({ length: count }, () => random.integer(count));
    const scores = scoreAnswers(takeLabels(labels, rows), takeAnswers(answers, rows, width), {
      metrics: asked,
      centres,
    });
    for (const [name, values] of drawn) if (scores[name] !== undefined) values.push(scores[name]);
    if (!pace.due()) continue;
    await pace.rest();
    yield { phase: "draw the test examples again", done: round, total: rounds, unit: "draws" };
  }
  const known = [...drawn].filter(([, values]) => values.length > rounds / 2);
  const ends = (values: readonly number[]): [number, number] => {
    const sorted = Float64Array.from(values).sort();
    return [sortedQuantile(sorted, 0.025), sortedQuantile(sorted, 0.975)];
  };
  return Object.fromEntries(known.map(([name, values]) => [name, ends(values)]));
}
