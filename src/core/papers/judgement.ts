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

/** Digits that say something, three unless told: "0.459", "2,327", "−0.4". */
export function shortNumber(value: number, digits = 3): string {
  const rounded = Number(value.toPrecision(Math.abs(value) >= 1000 ? 6 : digits));
  return rounded.toLocaleString("en-GB", { maximumFractionDigits: 6 }).replace("-", "−");
}

/** A number with its unit: "65.6 km", "38.1%", "38 of 42", "0.476°". */
export function withUnit(value: number, unit = "", digits = 3): string {
  const isClose = unit === "" || unit === "%" || unit === "°";
  return `${shortNumber(value, digits)}${isClose ? "" : " "}${unit}`;
}

/** How many claims came out which way. */
export function countOutcomes(verdicts: readonly Judgement[]): Record<Outcome, number> {
  const counts: Record<Outcome, number> = { reproduced: 0, not: 0, "not-tested": 0 };
  for (const { outcome } of verdicts) counts[outcome]++;
  return counts;
}
