import { judgement, type Judgement } from "./judgement";
import type { OurScore } from "./results";

/**
 * Below this a table says nothing of a claim, for or against it: of 100 test examples a share is known to 10 points
 * at best (95 %), and two seeds have an interval of 13 times their deviation.
 */
export const MINIMUM = { seeds: 3, test: 100 } as const;

/** What some scores are short of, in words; undefined where they are enough for a verdict. */
export function shortageOf(
  scores: readonly Pick<OurScore, "seeds" | "test">[],
): string | undefined {
  const seeds = Math.min(...scores.map((score) => score.seeds));
  if (seeds < MINIMUM.seeds) return `${countWords(seeds, "seed")}, at least ${MINIMUM.seeds}`;
  const tests = scores.flatMap(({ test }) => test ?? []);
  if (tests.length < scores.length) return "the number of test examples is not said";
  const test = Math.min(...tests);
  if (test >= MINIMUM.test) return undefined;
  return `${countWords(test, "test example")}, at least ${MINIMUM.test}`;
}

/** "1 seed", "3 seeds". */
export const countWords = (count: number, unit: string): string =>
  `${count} ${unit}${count === 1 ? "" : "s"}`;

/** True where a score is enough for a verdict. */
export const isEnough = (score: OurScore): boolean => shortageOf([score]) === undefined;

/** A verdict that is none: what was run cannot tell. */
export const tooSmall = (why: string, evidence: string): Judgement => {
  return { outcome: "not-tested", evidence: `too small to tell (${why}): ${evidence}` };
};

/**
 * A claim by what its intervals say: 1 reproduced, -1 left out by them, 0 where they hold both. Scores that are short
 * of the minimum decide nothing.
 */
export function decide(
  sign: -1 | 0 | 1,
  scores: readonly Pick<OurScore, "seeds" | "test">[],
  evidence: string,
): Judgement {
  const why = shortageOf(scores);
  if (why !== undefined) return tooSmall(why, evidence);
  if (sign === 0) return tooSmall("the interval holds both yes and no", evidence);
  return judgement(sign === 1, evidence);
}
