import type { ClaimTest, Headline } from "./claim-types";
import { HEADLINES, PAIR_TASKS } from "./headlines";
import { UNTESTED, type Judgement } from "./judgement";
import { countWords, decide, isEnough, shortageOf, tooSmall } from "./minimum";
import { isHighBetter, isMeasured, type OurResults, type OurScore } from "./results";
import {
  blockWords,
  endsOf,
  findPair,
  findRow,
  mostGain,
  PAPERS_SPLIT,
  pairWords,
  printedGain,
  signOf,
  withInterval,
  type Pair,
} from "./row-pairs";
import { spreadOf } from "../task/table/interval";
import { TASK_WORDS } from "./task-words";

type RowTest<K extends ClaimTest["kind"]> = Extract<ClaimTest, { kind: K }>;
type Scores = readonly OurScore[];
type Results = Pick<OurResults, "scores" | "gains">;
type Sign = -1 | 0 | 1;

/** A gain of less than this share of the paper's own is not the gain that the paper speaks of. */
const OF_PRINTED = 0.5;

/** The row of the rule that a forecast must beat to know anything. */
export const STAYING = "staying";

const isBetterMean = (a: OurScore, b: OurScore): boolean =>
  isHighBetter(a.metric) ? a.mean > b.mean : a.mean < b.mean;

const scoresOf = (pairs: readonly Pair[]): OurScore[] => pairs.flatMap(({ a, b }) => [a, b]);

const seedsOf = (scores: Scores): number => Math.min(...scores.map(({ seeds }) => seeds));

/** 1 better; -1 worse, or at best half as much better as printed; 0 where the interval holds both. */
function gainSign(pair: Pair): Sign {
  const { low, high } = endsOf(pair);
  if (low > 0) return 1;
  const printed = printedGain(pair.headline);
  const isSmall = printed !== undefined && mostGain(pair) < OF_PRINTED * printed;
  return high <= 0 || isSmall ? -1 : 0;
}

/** Fine-tuned above its twin in every measure of the claim. */
function judgeBeats(test: RowTest<"beats">, results: Results): Judgement {
  const { task, metrics, better, worse } = test;
  const pairs = metrics.flatMap(
    (metric) => findPair(results, { task, metric }, [better, worse]) ?? [],
  );
  if (pairs.length < metrics.length) return UNTESTED;
  const signs = pairs.map(gainSign);
  const said = pairs.map((pair) => `${pairWords(pair)}${blockWords(results.scores, pair)}`);
  const scores = scoresOf(pairs);
  const sign = signs.includes(-1) ? -1 : signs.includes(0) ? 0 : 1;
  return decide(sign, scores, `${said.join("; ")} (${countWords(seedsOf(scores), "seed")})`);
}

const wordsOf = (tasks: readonly Headline[]): string =>
  tasks.map(({ task }) => TASK_WORDS[task] ?? task).join(", ");

/** Each row of some against one, on all tasks that have both. */
function judgeStaysBelow({ rows, than }: RowTest<"stays-below">, results: Results): Judgement {
  const all = HEADLINES.flatMap((task) =>
    rows.flatMap((row) => findPair(results, task, [row, than]) ?? []),
  );
  if (all.length === 0) return UNTESTED;
  const pairs = all.filter(({ a, b }) => isEnough(a) && isEnough(b));
  const tasks = (found: readonly Pair[]): Headline[] => [
    ...new Set(found.map(({ headline }) => headline)),
  ];
  if (pairs.length === 0) {
    return tooSmall(shortageOf(scoresOf(all))!, countWords(tasks(all).length, "task"));
  }
  const of = (sign: Sign): Headline[] => tasks(pairs.filter((pair) => signOf(pair) === sign));
  const [above, unsure] = [of(1), of(0)];
  const count = tasks(pairs).length;
  if (above.length > 0) {
    const said = `above it on ${above.length} of ${count} tasks: ${wordsOf(above)}`;
    return decide(-1, scoresOf(pairs), said);
  }
  const open = unsure.length > 0 ? `, intervals touch on ${wordsOf(unsure)}` : "";
  const said = `above it on none of ${count} tasks${open}`;
  return decide(unsure.length > 0 ? 0 : 1, scoresOf(pairs), said);
}

/** The least gain that the paper prints in a measure, of the tasks that do gain. */
function leastPrinted(metric: string): number {
  const gains = HEADLINES.filter((one) => one.metric === metric).map(printedGain);
  return Math.min(...gains.flatMap((gain) => gain ?? []));
}

/** Where nobody has learnt anything nothing gains: a task gains nothing only beside one that does. */
function gainsElsewhere(task: string, results: Results): boolean {
  const others = HEADLINES.filter((one) => one.task !== task);
  const pairs = others.flatMap((one) => findPair(results, one, ["fine-tuned", "random"]) ?? []);
  return pairs.some((pair) => scoresOf([pair]).every(isEnough) && signOf(pair) === 1);
}

function judgeGainsNothing(test: RowTest<"gains-nothing">, results: Results): Judgement {
  const pair = findPair(results, test, ["fine-tuned", "random"]);
  if (pair === undefined) return UNTESTED;
  const said = `${pairWords(pair)}${blockWords(results.scores, pair)}`;
  const isNothing = mostGain(pair) < OF_PRINTED * leastPrinted(test.metric);
  if (isNothing && signOf(pair) !== 1 && !gainsElsewhere(test.task, results)) {
    const short = shortageOf(scoresOf([pair]));
    return tooSmall(short ?? "no other task is known to gain here", said);
  }
  const sign = signOf(pair) === 1 ? -1 : isNothing ? 1 : 0;
  return decide(sign, [pair.a, pair.b], said);
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
  const sign = best.high < most ? 1 : best.low >= most ? -1 : 0;
  return decide(sign, [best], `the best row, ${best.row}, reaches ${withInterval(best)}`);
}

/** The last score of a row; where it is one model's, the mean over all models of its set-up. */
function findPooled(scores: Scores, test: RowTest<"reaches">): OurScore | undefined {
  const last = findRow(scores, test, test.row);
  if (last?.origin === undefined) return last;
  const { setup } = last.origin;
  const runs = new Map(
    scores.flatMap((score) => {
      const isAlike = score.origin?.setup === setup && findRow([score], test, test.row);
      return isAlike ? [[score.origin.run, score] as const] : [];
    }),
  );
  const alike = [...runs.values()];
  const { mean, low = mean, high = mean, n: seeds } = spreadOf(alike.map((one) => one.mean))!;
  const tests = alike.flatMap(({ test: count }) => count ?? []);
  return {
    ...last,
    mean,
    low,
    high,
    seeds,
    ...(tests.length > 0 && { test: Math.min(...tests) }),
  };
}

/** What the rule that needs no model comes to on the same examples; empty where that was not run. */
function stayingWords(scores: Scores, test: RowTest<"reaches">): string {
  const staying = findPooled(scores, { ...test, row: STAYING });
  return staying === undefined ? "" : `; ${STAYING} where one is ${withInterval(staying)}`;
}

function judgeReaches(test: RowTest<"reaches">, scores: Scores): Judgement {
  const score = findPooled(scores, test);
  if (score === undefined) return UNTESTED;
  const isHigh = isHighBetter(test.metric);
  const [worst, best] = isHigh ? [score.low, score.high] : [score.high, score.low];
  const reaches = (end: number): boolean => (isHigh ? end >= test.bound : end <= test.bound);
  const sign = reaches(worst) ? 1 : reaches(best) ? 0 : -1;
  const seeds = countWords(score.seeds, "seed");
  return decide(sign, [score], `${withInterval(score)} (${seeds})${stayingWords(scores, test)}`);
}

/** Gain as a share of the twin: at least, in the mean, and at most. */
function sharesOf(pair: Pair): readonly [low: number, mean: number, high: number] {
  const { low, high } = endsOf(pair);
  return [low / pair.b.mean, pair.a.mean / pair.b.mean - 1, high / pair.b.mean];
}

function judgeMeanGain({ share }: RowTest<"gains-on-average">, results: Results): Judgement {
  const found = PAIR_TASKS.map((task) => findPair(results, task, ["fine-tuned", "random"]));
  const pairs = found.flatMap((pair) => (pair && pair.b.mean > 0 ? [pair] : []));
  if (pairs.length < PAIR_TASKS.length) return UNTESTED;
  const shares = pairs.map(sharesOf);
  const meanOf = (end: 0 | 1 | 2): number =>
    shares.reduce((sum, one) => sum + one[end], 0) / shares.length;
  const percent = (gain: number): string =>
    `${gain < 0 ? "−" : "+"}${Math.abs(100 * gain).toFixed(1)}%`;
  const sign = meanOf(0) >= share ? 1 : meanOf(2) < share ? -1 : 0;
  const ends = `[${percent(meanOf(0))}, ${percent(meanOf(2))}]`;
  const each = shares.map(([, mean]) => percent(mean)).join(", ");
  return decide(sign, scoresOf(pairs), `${percent(meanOf(1))} ${ends} on average: ${each}`);
}

function judgeHelps({ row, than }: RowTest<"helps">, results: Results): Judgement {
  const all = HEADLINES.flatMap((task) => findPair(results, task, [row, than]) ?? []);
  if (all.length === 0) return UNTESTED;
  const pairs = all.filter(({ a, b }) => isEnough(a) && isEnough(b));
  if (pairs.length === 0)
    return tooSmall(shortageOf(scoresOf(all))!, all.map(pairWords).join("; "));
  const of = (sign: Sign): Headline[] =>
    pairs.filter((pair) => signOf(pair) === sign).map(({ headline }) => headline);
  const [better, worse] = [of(1), of(-1)];
  const list = (found: readonly Headline[]): string =>
    found.length > 0 ? ` (${wordsOf(found)})` : "";
  return decide(
    worse.length > 0 ? -1 : better.length > 0 ? 1 : 0,
    scoresOf(pairs),
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
      return judgeStaysBelow(test, results);
    case "gains-nothing":
      return judgeGainsNothing(test, results);
    case "stays-weak":
      return judgeStaysWeak(test, scores);
    case "reaches":
      return judgeReaches(test, scores);
    case "gains-on-average":
      return judgeMeanGain(test, results);
    case "helps":
      return judgeHelps(test, results);
    default:
      throw test satisfies never;
  }
}
