import type { ClaimTest, Headline } from "./claim-types";
import { HEADLINES, PAIR_TASKS } from "./headlines";
import {
  findScore,
  isHighBetter,
  isMeasured,
  metricWords,
  type OurGain,
  type OurResults,
  type OurScore,
} from "./results";
import { TASK_WORDS } from "./task-words";
import { judgement, shortNumber, UNTESTED, type Judgement } from "./judgement";

type RowTest<K extends ClaimTest["kind"]> = Extract<ClaimTest, { kind: K }>;
type Scores = readonly OurScore[];
type Results = Pick<OurResults, "scores" | "gains">;

/** The papers hold cells out at random, so that split decides. */
const PAPERS_SPLIT = "random";

const find = (
  scores: Scores,
  { task, metric }: Headline,
  row: string,
  split: OurScore["split"] = PAPERS_SPLIT,
): OurScore | undefined => findScore(scores, { task, metric, row, split });

type Sign = -1 | 0 | 1;

/** 1 where a is better than b with intervals apart, -1 where it is worse, 0 where they touch. */
function compare(a: OurScore, b: OurScore): Sign {
  const isHigh = isHighBetter(a.metric);
  if (a.low > b.high) return isHigh ? 1 : -1;
  if (a.high < b.low) return isHigh ? -1 : 1;
  return 0;
}

/** Two rows in one measure, and the gain seed by seed where it was worked out. */
interface Pair {
  readonly metric: string;
  readonly a: OurScore;
  readonly b: OurScore;
  readonly gain: OurGain | undefined;
}

function findPair(
  { scores, gains }: Results,
  headline: Headline,
  [better, worse]: readonly [string, string],
): Pair | undefined {
  const [a, b] = [find(scores, headline, better), find(scores, headline, worse)];
  const pairs = gains.filter(({ against }) => against === worse);
  const gain = findScore(pairs, { ...headline, row: better, split: PAPERS_SPLIT });
  return a && b && { metric: headline.metric, a, b, gain: gain as OurGain | undefined };
}

/** Which row is better; the same examples and seeds say it more sharply than two intervals. Two seeds at least. */
function signOf({ a, b, gain }: Pair): Sign | undefined {
  if (Math.min(a.seeds, b.seeds) < 2) return undefined;
  if (gain === undefined) return compare(a, b);
  return gain.low > 0 ? 1 : gain.high < 0 ? -1 : 0;
}

function pairWords({ metric, a, b, gain }: Pair): string {
  const paired = gain && `, seed by seed better by ${withInterval(gain)}`;
  return `${metricWords(metric)} ${withInterval(a)} against ${withInterval(b)}${paired ?? ""}`;
}

const isBetterMean = (a: OurScore, b: OurScore): boolean =>
  isHighBetter(a.metric) ? a.mean > b.mean : a.mean < b.mean;

const withInterval = ({ mean, low, high }: OurScore): string =>
  `${shortNumber(mean)} [${shortNumber(low)}, ${shortNumber(high)}]`;

const seedWords = (seeds: number): string =>
  seeds === 1 ? "one seed: no spread over seeds is known" : `${seeds} seeds`;

function blockWords(scores: Scores, headline: Headline, rows: readonly string[]): string {
  const found = rows.map((row) => find(scores, headline, row, "block"));
  if (found.some((score) => score === undefined)) return "";
  const means = found.map((score) => shortNumber(score!.mean));
  return `; with whole blocks held out ${means.join(" against ")}`;
}

const ONE_SEED = "one seed only, so no interval: ";

/** Fine-tuned above its twin in every measure of the claim. */
function judgeBeats(test: RowTest<"beats">, results: Results): Judgement {
  const { task, metrics, better, worse } = test;
  const pairs = metrics.flatMap(
    (metric) => findPair(results, { task, metric }, [better, worse]) ?? [],
  );
  if (pairs.length < metrics.length) return UNTESTED;
  const signs = pairs.map(signOf);
  const said = pairs.map(
    (pair) =>
      `${pairWords(pair)}${blockWords(results.scores, { task, metric: pair.metric }, [better, worse])}`,
  );
  if (signs.includes(undefined)) return { ...UNTESTED, evidence: `${ONE_SEED}${said.join("; ")}` };
  const seeds = Math.min(...pairs.flatMap(({ a, b }) => [a.seeds, b.seeds]));
  return judgement(
    signs.every((sign) => sign === 1),
    `${said.join("; ")} (${seeds} seeds)`,
  );
}

const wordsOf = (tasks: readonly Headline[]): string =>
  tasks.map(({ task }) => TASK_WORDS[task] ?? task).join(", ");

function judgeStaysBelow({ rows, than }: RowTest<"stays-below">, scores: Scores): Judgement {
  const tested = HEADLINES.filter(
    (task) => find(scores, task, than) && rows.some((row) => find(scores, task, row)),
  );
  if (tested.length === 0) return UNTESTED;
  const above = tested.filter((task) =>
    rows.some((row) => {
      const score = find(scores, task, row);
      return score !== undefined && isBetterMean(score, find(scores, task, than)!);
    }),
  );
  if (above.length === 0) return judgement(true, `below it on all of ${tested.length} tasks`);
  return judgement(
    false,
    `above it on ${above.length} of ${tested.length} tasks: ${wordsOf(above)}`,
  );
}

function judgeGainsNothing(test: RowTest<"gains-nothing">, results: Results): Judgement {
  const rows = ["fine-tuned", "random"] as const;
  const pair = findPair(results, test, rows);
  if (pair === undefined) return UNTESTED;
  const sign = signOf(pair);
  const said = `${pairWords(pair)}${blockWords(results.scores, test, rows)}`;
  if (sign === undefined) return { ...UNTESTED, evidence: `${ONE_SEED}${said}` };
  return judgement(sign < 1, said);
}

function judgeStaysWeak(test: RowTest<"stays-weak">, scores: Scores): Judgement {
  const { task, metric, most } = test;
  const rows = scores.filter(
    (score) =>
      score.task === task &&
      score.metric === metric &&
      score.split === PAPERS_SPLIT &&
      isMeasured(score),
  );
  const [first, ...rest] = rows;
  if (first === undefined) return UNTESTED;
  const best = rest.reduce((top, score) => (isBetterMean(score, top) ? score : top), first);
  return judgement(best.mean < most, `the best row, ${best.row}, reaches ${withInterval(best)}`);
}

function judgeReaches(test: RowTest<"reaches">, scores: Scores): Judgement {
  const score = find(scores, test, test.row);
  if (score === undefined) return UNTESTED;
  const isMet = isHighBetter(test.metric) ? score.mean >= test.bound : score.mean <= test.bound;
  return judgement(isMet, `${withInterval(score)} (${seedWords(score.seeds)})`);
}

function judgeMeanGain({ share }: RowTest<"gains-on-average">, scores: Scores): Judgement {
  const gains = PAIR_TASKS.flatMap((task) => {
    const [fine, random] = ["fine-tuned", "random"].map((row) => find(scores, task, row));
    return fine && random && random.mean > 0 ? [fine.mean / random.mean - 1] : [];
  });
  if (gains.length < PAIR_TASKS.length) return UNTESTED;
  const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
  const percent = (gain: number): string =>
    `${gain < 0 ? "−" : "+"}${Math.abs(100 * gain).toFixed(1)}%`;
  return judgement(mean >= share, `${percent(mean)} on average: ${gains.map(percent).join(", ")}`);
}

function judgeHelps({ row, than }: RowTest<"helps">, results: Results): Judgement {
  const pairs = HEADLINES.flatMap((task) => {
    const pair = findPair(results, task, [row, than]);
    const sign = pair && signOf(pair);
    return sign === undefined ? [] : [{ task, sign }];
  });
  if (pairs.length === 0) return UNTESTED;
  const of = (sign: number): Headline[] =>
    pairs.filter((pair) => pair.sign === sign).map(({ task }) => task);
  const [better, worse] = [of(1), of(-1)];
  const list = (found: readonly Headline[]): string =>
    found.length > 0 ? ` (${wordsOf(found)})` : "";
  return judgement(
    better.length > 0 && worse.length === 0,
    `better on ${better.length} of ${pairs.length} tasks${list(better)}, worse on ${worse.length}${list(worse)}`,
  );
}

/** Judges a claim about the rows of adaptation tables. */
export function judgeRows(
  test: Extract<
    ClaimTest,
    {
      kind:
        | "beats"
        | "stays-below"
        | "gains-nothing"
        | "stays-weak"
        | "reaches"
        | "gains-on-average"
        | "helps";
    }
  >,
  results: Results,
): Judgement {
  const { scores } = results;
  switch (test.kind) {
    case "beats":
      return judgeBeats(test, results);
    case "stays-below":
      return judgeStaysBelow(test, scores);
    case "gains-nothing":
      return judgeGainsNothing(test, results);
    case "stays-weak":
      return judgeStaysWeak(test, scores);
    case "reaches":
      return judgeReaches(test, scores);
    case "gains-on-average":
      return judgeMeanGain(test, scores);
    case "helps":
      return judgeHelps(test, results);
    default:
      throw test satisfies never;
  }
}
