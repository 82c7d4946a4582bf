import type { Headline } from "./claim-types";
import { publishedCells } from "./published";
import {
  findScore,
  isHighBetter,
  metricWords,
  type OurGain,
  type OurResults,
  type OurScore,
} from "./results";
import { shortNumber } from "./judgement";

type Scores = readonly OurScore[];

/** The papers hold cells out at random, so that split decides. */
export const PAPERS_SPLIT = "random";

/** A row's score of a task; the papers' split unless told. */
export const findRow = (
  scores: Scores,
  { task, metric }: Headline,
  row: string,
  split: OurScore["split"] = PAPERS_SPLIT,
): OurScore | undefined => findScore(scores, { task, metric, row, split });

/** Two rows in one measure, and the gain seed by seed where it was worked out. */
export interface Pair {
  readonly headline: Headline;
  readonly a: OurScore;
  readonly b: OurScore;
  readonly gain: OurGain | undefined;
}

/** The first of two rows held against the second; undefined where one is missing. */
export function findPair(
  { scores, gains }: Pick<OurResults, "scores" | "gains">,
  headline: Headline,
  [better, worse]: readonly [string, string],
): Pair | undefined {
  const [a, b] = [findRow(scores, headline, better), findRow(scores, headline, worse)];
  const pairs = gains.filter(({ against }) => against === worse);
  const gain = findScore(pairs, { ...headline, row: better, split: PAPERS_SPLIT });
  return a && b && { headline, a, b, gain: gain as OurGain | undefined };
}

/** How much better the first row may be at least and at most; above 0 is better. */
export function endsOf({ a, b, gain }: Pair): { low: number; high: number } {
  if (gain !== undefined) return gain; // the same examples and seeds say it more sharply
  const [low, high] = [a.low - b.high, a.high - b.low];
  return isHighBetter(a.metric) ? { low, high } : { low: -high, high: -low };
}

/** 1 where the first row is better with intervals apart, -1 where it is worse, 0 where they touch. */
export function signOf(pair: Pair): -1 | 0 | 1 {
  const { low, high } = endsOf(pair);
  return low > 0 ? 1 : high < 0 ? -1 : 0;
}

/**
 * The gain over the random twin that paper 1 prints for a task, so that ours can stand beside it: scores without a
 * unit as they are, errors as a share of the twin's.
 */
export function printedGain({ task, metric }: Headline): number | undefined {
  const cells = publishedCells().filter((cell) => cell.task === task && cell.metric === metric);
  const of = (wanted: string) => cells.find(({ row }) => row === wanted)?.value;
  const [fine, random] = [of("fine-tuned"), of("random")];
  if (fine === undefined || random === undefined) return undefined;
  return isHighBetter(metric) ? fine - random : (random - fine) / random;
}

/** The most that the gain may be, in the unit of `printedGain`. */
export const mostGain = (pair: Pair): number =>
  isHighBetter(pair.headline.metric) ? endsOf(pair).high : endsOf(pair).high / pair.b.mean;

/** A mean with the ends of its interval over seeds; one seed has none. */
export const withInterval = ({ mean, low, high, seeds }: OurScore): string =>
  seeds < 2
    ? shortNumber(mean)
    : `${shortNumber(mean)} [${shortNumber(low)}, ${shortNumber(high)}]`;

/** Both rows and the gain in words. */
export function pairWords({ headline, a, b, gain }: Pair): string {
  const paired = gain && `, seed by seed better by ${withInterval(gain)}`;
  return `${metricWords(headline.metric)} ${withInterval(a)} against ${withInterval(b)}${paired ?? ""}`;
}

/** What the same rows came to with whole blocks held out; empty where that was not run. */
export function blockWords(scores: Scores, { headline, a, b }: Pair): string {
  const found = [a, b].map(({ row }) => findRow(scores, headline, row, "block"));
  if (found.some((score) => score === undefined)) return "";
  const means = found.map((score) => shortNumber(score!.mean));
  return `; with whole blocks held out ${means.join(" against ")}`;
}
