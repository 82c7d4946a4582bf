import type { ClaimTest } from "./claim-types";
import { judgement, shortNumber, UNTESTED, type Judgement } from "./judgement";
import { MINIMUM, tooSmall } from "./minimum";
import { isMeasured, type OurPerplexities, type OurResults, type SweepPoint } from "./results";

type Trend = Extract<ClaimTest, { kind: "trend" }>;

/** An untrained model may be this many times less or more sure than a fair choice among all tokens. */
const NEAR_TIMES = 1.5;

function judgeStart({ untrained, vocabulary }: OurPerplexities): Judgement {
  if (untrained === undefined || vocabulary === undefined) return UNTESTED;
  const times = untrained / vocabulary;
  return judgement(
    times < NEAR_TIMES && times > 1 / NEAR_TIMES,
    `${shortNumber(untrained)} with a vocabulary of ${shortNumber(vocabulary)}`,
  );
}

function judgeFall({ untrained, trained }: OurPerplexities, times: number): Judgement {
  if (untrained === undefined || trained === undefined) return UNTESTED;
  const fold = shortNumber(untrained / trained);
  return judgement(
    untrained / trained >= times,
    `${shortNumber(untrained)} to ${shortNumber(trained)}, ${fold}-fold`,
  );
}

function judgeOrder({ trained, shuffled }: OurPerplexities): Judgement {
  if (trained === undefined || shuffled === undefined) return UNTESTED;
  return judgement(
    shuffled > trained,
    `${shortNumber(shuffled)} in another order, ${shortNumber(trained)} in the true one`,
  );
}

function judgeSmall({ trained, smallData }: OurPerplexities, times: number): Judgement {
  if (trained === undefined || smallData === undefined) return UNTESTED;
  return judgement(
    smallData / trained <= times,
    `${shortNumber(smallData)} against ${shortNumber(trained)}, ${shortNumber(smallData / trained)} times as much; printed: ${shortNumber(times)} times`,
  );
}

function pointsOf({ over, measure }: Trend, sweeps: readonly SweepPoint[]): SweepPoint[] {
  const fits = (point: SweepPoint): boolean =>
    point.over === over && point.measure === measure && isMeasured(point);
  return sweeps.filter(fits).toSorted((a, b) => a.at - b.at);
}

function judgeTrend(test: Trend, sweeps: readonly SweepPoint[]): Judgement {
  const points = pointsOf(test, sweeps);
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || first.at === last.at) return UNTESTED;
  const [rises, falls] = [last.low > first.high, last.high < first.low];
  const [isMet, isDenied] = test.goes === "up" ? [rises, falls] : [falls, rises];
  const list = points.map(({ at, mean }) => `${shortNumber(mean)} at ${shortNumber(at)}`);
  const said = list.join(", ");
  const seeds = Math.min(first.seeds, last.seeds);
  const isChance = test.measure !== "vocabulary"; // which no seed changes
  if (isChance && seeds < MINIMUM.seeds) return tooSmall(`fewer than ${MINIMUM.seeds} seeds`, said);
  if (!isMet && !isDenied) return tooSmall("the intervals touch", said);
  return judgement(isMet, said);
}

/** Judges a claim about perplexities or sweeps. */
export function judgeNumbers(
  test: Extract<
    ClaimTest,
    { kind: "starts-near-vocabulary" | "falls" | "rises-when-shuffled" | "small-data" | "trend" }
  >,
  { perplexities, sweeps }: OurResults,
): Judgement {
  switch (test.kind) {
    case "starts-near-vocabulary":
      return judgeStart(perplexities);
    case "falls":
      return judgeFall(perplexities, test.times);
    case "rises-when-shuffled":
      return judgeOrder(perplexities);
    case "small-data":
      return judgeSmall(perplexities, test.times);
    case "trend":
      return judgeTrend(test, sweeps);
    default:
      throw test satisfies never;
  }
}
