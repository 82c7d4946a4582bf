export type Outcome = "reproduced" | "not" | "not-tested";

/** What our results say of a claim, with the numbers that say it. */
export interface Judgement {
  readonly outcome: Outcome;
  readonly evidence: string;
}

/** Nothing of ours speaks to the claim. */
export const UNTESTED: Judgement = { outcome: "not-tested", evidence: "not run here" };

export function judgement(isMet: boolean, evidence: string): Judgement {
  return { outcome: isMet ? "reproduced" : "not", evidence };
}

/** Three digits that say something: "0.459", "2,327", "−0.4". */
export function shortNumber(value: number): string {
  const rounded = Number(value.toPrecision(Math.abs(value) >= 1000 ? 6 : 3));
  return rounded.toLocaleString("en-GB", { maximumFractionDigits: 6 }).replace("-", "−");
}

/** How many claims came out which way. */
export function countOutcomes(verdicts: readonly Judgement[]): Record<Outcome, number> {
  const counts: Record<Outcome, number> = { reproduced: 0, not: 0, "not-tested": 0 };
  for (const { outcome } of verdicts) counts[outcome]++;
  return counts;
}
